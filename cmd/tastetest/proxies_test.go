package main

import (
	"os"
	"path/filepath"
	"testing"
)

// A proxy is named by its address or its network, alone or in a list.
func TestTrustedProxies(t *testing.T) {
	for file, want := range map[string]string{
		"":                                    "none",
		"web: {trusted_proxies: 127.0.0.1}\n": "127.0.0.1",
		"web:\n  trusted_proxies:\n    - '::1'\n    - 10.0.0.0/8\n": "::1, 10.0.0.0/8",
	} {
		path := filepath.Join(t.TempDir(), "tastetest.yaml")
		if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := readSettings(path)
		if err != nil || s.Web.TrustedProxies.String() != want {
			t.Errorf("%q trusts %s, %v; want %s", file, s.Web.TrustedProxies, err, want)
		}
	}
}
