package votefile

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func TestCodebookExplainsEveryColumn(t *testing.T) {
	for _, c := range slices.Concat(columns, textColumns) {
		if !strings.Contains(Codebook, c.name) {
			t.Errorf("the codebook says nothing of %s", c.name)
		}
	}
	b, err := json.Marshal(Row{})
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(b, &fields); err != nil {
		t.Fatal(err)
	}
	for name := range fields {
		if !slices.ContainsFunc(columns, func(c column) bool { return c.name == name }) {
			t.Errorf("JSONL has %s, CSV does not", name)
		}
	}
}
