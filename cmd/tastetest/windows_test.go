package main

import (
	"os"
	"strings"
	"testing"
	"unicode/utf16"
)

// A configuration and its secrets are read as Windows' editors save them.
func TestConfigurationAsWindowsSavesIt(t *testing.T) {
	const config = "store: t.db\nweb: {secret_file: door.txt}\n"
	s, err := readSettings(write(t, "\ufeff"+strings.ReplaceAll(config, "\n", "\r\n")))
	if err != nil || s.Store != "t.db" {
		t.Fatalf("with a byte order mark it is %+v, %v", s, err)
	}
	if err := os.WriteFile("door.txt", []byte("\ufeffa-long-secret-of-ours\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Web.secret().read(); err != nil || got != "a-long-secret-of-ours" {
		t.Errorf("the secret is read as %q, %v", got, err)
	}

	var wide strings.Builder
	for _, u := range utf16.Encode([]rune("\ufeff" + config)) {
		wide.Write([]byte{byte(u), byte(u >> 8)})
	}
	for saved, want := range map[string]string{
		wide.String():                       "tastetest.yaml: this is UTF-16; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)",
		config + "# f\xfcr uns\n":           "tastetest.yaml: line 3 is not UTF-8 text; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)",
		"{\\rtf1 store: t.db}":              "tastetest.yaml: this is rich text (RTF); save it as plain text",
		"PK\x03\x04 a word processor's own": "tastetest.yaml: this is a workbook or an archive, not text; save the sheet as “CSV UTF-8”",
	} {
		if _, err := readSettings(write(t, saved)); err == nil || err.Error() != want {
			t.Errorf("%.20q gives %v, want: %s", saved, err, want)
		}
	}
}
