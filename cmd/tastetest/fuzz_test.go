package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A configuration is read, or refused with a sentence that names the file; a value that
// is refused is not shown, since it may be a key in the wrong place.
func FuzzSettings(f *testing.F) {
	f.Add("store: x.db\nbackup: {every: 24h, keep: 7}\nlog_level: debug\n")
	f.Add("models:\n  - {name: a, base_url: 'https://example.com/v1', model: m, price: {input: 1, output: 2}}\n")
	f.Add("starters: [web:ann]\nweb: {listen: ':80'}\nnotify:\n  - {robot: feishu}\n")
	f.Add("retention: 6m\nlimits: {usd_per_day: none}\ncharts: maybe\n")
	f.Add("a: &a [*a]\n? x\n: !!binary y\n")
	f.Add(example)
	f.Fuzz(func(t *testing.T, text string) {
		file := filepath.Join(t.TempDir(), "tastetest.yaml")
		if err := os.WriteFile(file, []byte(text+"\nlanguage: S3CR3T-in-the-wrong-place\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := readSettings(file)
		if err == nil {
			if s.Language == "" || s.Web.Listen == "" {
				t.Fatalf("%q is read as %+v", text, s)
			}
			return
		}
		if strings.Contains(err.Error(), "S3CR3T") || !strings.Contains(err.Error(), "tastetest.yaml") {
			t.Fatalf("%q is refused with %v", text, err)
		}
	})
}
