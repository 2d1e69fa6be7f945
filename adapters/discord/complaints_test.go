package discord

import (
	"fmt"
	"strings"
	"testing"
)

// What Discord finds wrong is said with its place, but never on which side of a
// ballot it stands, and never at length.
func TestComplaints(t *testing.T) {
	long := strings.Repeat(`{"code":"X","message":"`+strings.Repeat("y", 999)+`"},`, 20)
	for name, tt := range map[string]struct{ body, want string }{
		"of a form": {`{"code":50035,"message":"Invalid Form Body","errors":{"data":{"components":{"1":{"component":{"options":{"0":{"label":{"_errors":[{"code":"BASE_TYPE_BAD_LENGTH","message":"Must be between 1 and 100 in length."}]}}}}}}}}}`,
			"data.components.1.component.options.0.label: Must be between 1 and 100 in length. (BASE_TYPE_BAD_LENGTH)"},
		"of A": {`{"errors":{"embeds":{"1":{"description":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 4096 or fewer in length."}]}}}}}`,
			"embeds.description: Must be 4096 or fewer in length. (BASE_TYPE_MAX_LENGTH)"},
		"of both": {`{"errors":{"embeds":{"1":{"description":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 4096 or fewer in length."}]}},"2":{"description":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 4096 or fewer in length."}]}}}}}`,
			"embeds.description: Must be 4096 or fewer in length. (BASE_TYPE_MAX_LENGTH)"},
		"of all, and two": {`{"errors":{"_errors":[{"code":"B","message":"b"}],"nonce":{"_errors":[{"code":"A","message":"a"}]}}}`, "b (B); nonce: a (A)"},
		"none":            {`{"code":50035,"message":"Invalid Form Body"}`, ""},
		"a page":          {`<html>`, ""},
	} {
		if got := complaints([]byte(tt.body)); got != tt.want {
			t.Errorf("%s: %q, not %q", name, got, tt.want)
		}
	}
	var many []string
	for i := range 100 {
		many = append(many, fmt.Sprintf(`"field%d":{"_errors":[%s{"code":"X","message":"x"}]}`, i, long))
	}
	if got := complaints([]byte(`{"errors":{` + strings.Join(many, ",") + `}}`)); length(got) > 2000 || got == "" {
		t.Errorf("a hundred complaints are %d characters in the log", length(got))
	}
}
