package llm

import (
	"strings"
	"testing"
)

func TestRedact(t *testing.T) {
	r := newRedactor(Settings{Key: testKey, Headers: map[string]string{"X-Auth": "hunter2-of-ours", "X-Title": "Tastetest"}})
	for _, tt := range []struct{ text, want string }{
		{"Rate limit reached for m-1", "Rate limit reached for m-1"},
		{"no such key: " + testKey, "no such key: (hidden)"},
		{"it ends in QzYvT9secretsecret", "it ends in (hidden)"},
		{"it begins with sk-test-51Hx", "it begins with (hidden)"},
		{"another: sk-proj-AbC.x*** and gsk_9 and AIzaXyz1", "another: (hidden) and (hidden) and (hidden)"},
		{"masked ab****yz", "masked (hidden)"},
		{"Authorization: Bearer eyJhbGciOi.x", "Authorization: (hidden)"},
		{"X-Auth was hunter2-of-ours, X-Title was Tastetest", "X-Auth was (hidden), X-Title was Tastetest"},
		{"caf\xe9", "caf\uFFFD"},
	} {
		if got := r.redact(tt.text); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.text, got, tt.want)
		}
	}
	if got := r.redact(strings.Repeat("é", 5000)); got != strings.Repeat("é", 500)+" …" {
		t.Errorf("a long text is cut to %d bytes: %.20s", len(got), got)
	}
}
