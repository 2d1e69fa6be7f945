package slack_test

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"github.com/tastetest/tastetest/adapters/slack"
)

func TestManifest(t *testing.T) {
	for _, url := range []string{"", "https://tastetest.example.com/slack/events"} {
		m := slack.NewManifest(url, true)
		if n := utf8.RuneCountInString(m.Display.Name); n > 35 {
			t.Errorf("the name has %d characters", n)
		}
		if n := utf8.RuneCountInString(m.Display.Description); n > 140 {
			t.Errorf("the description has %d characters", n)
		}
		if n := utf8.RuneCountInString(m.Display.Long); n < 175 || n > 4000 {
			t.Errorf("the long description has %d characters", n)
		}
		if m.Settings.Socket != (url == "") || (m.Settings.Events.URL == "") != (url == "") {
			t.Errorf("with the address %q: Socket Mode %v, events to %q", url, m.Settings.Socket, m.Settings.Events.URL)
		}
		if _, err := yaml.Marshal(m); err != nil {
			t.Error(err)
		}
	}
	if few, all := slack.NewManifest("", false).OAuth.Scopes.Bot, slack.NewManifest("", true).OAuth.Scopes.Bot; len(few) >= len(all) {
		t.Errorf("without the optional scopes there are %d, with them %d", len(few), len(all))
	}
}

// The page for the admin who approves the app has each scope with its reason.
func TestReadmeHasEveryScope(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range slack.Scopes() {
		if !strings.Contains(string(text), "| `"+s.Name+"` | "+s.Why) {
			t.Errorf("README.md has no row: | `%s` | %s |", s.Name, s.Why)
		}
	}
}

func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		name string
		set  func(*world)
		want string // in the one finding that is not fine; "": all are
	}{
		{"all is fine", func(*world) {}, ""},
		{"a scope is missing", func(w *world) { w.team.Lacks = "reactions:read" }, "reactions:read"},
		{"an optional scope is missing", func(w *world) { w.team.Lacks = "channels:history" }, ""},
		{"a revoked token", func(w *world) { w.team.Revoked = true }, "Install to Workspace"},
		{"a wrong app token", func(w *world) { w.team.AppToken = "xapp-2" }, "App-Level Tokens"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, logger(t), false)
			w.Change(func() { tt.set(w) })
			var bad []string
			for _, f := range w.chat.Check(t.Context()) {
				if !f.OK {
					bad = append(bad, f.What+": "+f.Say)
				}
			}
			if tt.want == "" && len(bad) > 0 || tt.want != "" && (len(bad) != 1 || !strings.Contains(bad[0], tt.want)) {
				t.Errorf("not fine: %q, want one with %q", bad, tt.want)
			}
		})
	}
}
