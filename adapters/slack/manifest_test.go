package slack_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/adapters/slack"
	"github.com/tastetest/tastetest/adapters/slack/slackfake"
)

// What Slack's schema of manifests, version 2, says of the keys that stand in
// ours (github.com/slackapi/manifest-schema). Texts: how long they are at least
// and at most.
var manifestSchema = map[string][2]int{
	"_metadata.major_version": {}, "_metadata.minor_version": {},
	"display_information.name": {1, 35}, "display_information.description": {1, 140},
	"display_information.long_description": {175, 4000}, "display_information.background_color": {4, 7},
	"features.app_home.home_tab_enabled": {}, "features.app_home.messages_tab_enabled": {}, "features.app_home.messages_tab_read_only_enabled": {},
	"features.bot_user.display_name": {1, 80}, "features.bot_user.always_online": {},
	"features.slash_commands[].command": {2, 32}, "features.slash_commands[].url": {8, 3000}, "features.slash_commands[].description": {1, 2000},
	"features.slash_commands[].usage_hint": {1, 1000}, "features.slash_commands[].should_escape": {},
	"oauth_config.scopes.bot[]":                {1, 50},
	"settings.event_subscriptions.request_url": {8, 3500}, "settings.event_subscriptions.bot_events[]": {1, 50},
	"settings.interactivity.is_enabled": {}, "settings.interactivity.request_url": {8, 3500}, "settings.interactivity.message_menu_options_url": {8, 3500},
	"settings.org_deploy_enabled": {}, "settings.socket_mode_enabled": {}, "settings.token_rotation_enabled": {},
}

// checkManifest compares a value, as it was read from YAML, with the schema.
func checkManifest(t *testing.T, path string, v any) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			checkManifest(t, strings.TrimPrefix(path+"."+k, "."), x)
		}
		return
	case []any:
		seen := make(map[any]bool)
		for _, x := range v {
			if _, ok := x.(string); ok && seen[x] {
				t.Errorf("%s: %v stands there twice", path, x)
			} else if ok {
				seen[x] = true
			}
			checkManifest(t, path+"[]", x)
		}
		return
	}
	limits, known := manifestSchema[path]
	s, isText := v.(string)
	switch n := utf8.RuneCountInString(s); {
	case !known:
		t.Errorf("%s is not in Slack's schema", path)
	case isText != (limits != [2]int{}):
		t.Errorf("%s is %v, of another type than in Slack's schema", path, v)
	case isText && (n < limits[0] || n > limits[1]):
		t.Errorf("%s has %d characters, not %d to %d", path, n, limits[0], limits[1])
	}
}

// What each event needs, by its page in Slack's documentation; any of several.
var eventScopes = map[string][]string{
	"reaction_added": {"reactions:read"}, "reaction_removed": {"reactions:read"},
	"member_joined_channel": {"channels:read", "groups:read"},
	"channel_left":          {"channels:read"}, "channel_archive": {"channels:read"}, "channel_deleted": {"channels:read"},
	"group_left": {"groups:read"}, "group_archive": {"groups:read"}, "group_deleted": {"groups:read"},
	"app_mention": {"app_mentions:read"}, "message.im": {"im:history"},
	"channel_id_changed": nil, "app_uninstalled": nil, "tokens_revoked": nil,
}

func TestManifest(t *testing.T) {
	for _, url := range []string{"", "https://tastetest.example.com/slack/events"} {
		m := slack.NewManifest(url, true)
		text, err := yaml.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var tree map[string]any
		if err := yaml.Unmarshal(text, &tree); err != nil {
			t.Fatal(err)
		}
		checkManifest(t, "", tree)
		few := slack.NewManifest(url, false)
		for _, m := range []slack.Manifest{m, few} {
			for _, e := range m.Settings.Events.Bot {
				needs, known := eventScopes[e]
				if !known {
					t.Errorf("the event %s is not known here", e)
				}
				for _, s := range needs {
					if !slices.Contains(m.OAuth.Scopes.Bot, s) {
						t.Errorf("the event %s needs the scope %s, which is not asked for", e, s)
					}
				}
			}
		}
		for m, hears := range map[*slack.Manifest]bool{&m: true, &few: false} {
			if m.Features.Home.ReadOnly == hears || slices.Contains(m.Settings.Events.Bot, "message.im") != hears {
				t.Errorf("who may write to the bot is not who is heard: read only %v, events %v", m.Features.Home.ReadOnly, m.Settings.Events.Bot)
			}
		}
		if c := m.Features.Commands[0]; c.Command != "/tastetest" || !c.Escape || (c.URL == "") != (url == "") {
			t.Errorf("with the address %q the command is %+v", url, c)
		}
		if x := m.Settings.Interactivity; !x.Enabled || (x.URL == "") != (url == "") || (x.Options == "") != (url == "") {
			t.Errorf("with the address %q interactivity is %+v", url, x)
		}
		if m.Settings.Socket != (url == "") || (m.Settings.Events.URL == "") != (url == "") {
			t.Errorf("with the address %q: Socket Mode %v, events to %q", url, m.Settings.Socket, m.Settings.Events.URL)
		}
	}
	if few, all := slack.NewManifest("", false).OAuth.Scopes.Bot, slack.NewManifest("", true).OAuth.Scopes.Bot; len(few) >= len(all) {
		t.Errorf("without the optional scopes there are %d, with them %d", len(few), len(all))
	}
}

// The page for the admin who approves the app has each scope with its reason.
func TestReadmeHasEveryScope(t *testing.T) {
	text, err := os.ReadFile("reference.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range slack.Scopes() {
		if !strings.Contains(string(text), "| `"+s.Name+"` | "+s.Why) {
			t.Errorf("reference.md has no row: | `%s` | %s |", s.Name, s.Why)
		}
	}
}

// An app that was installed before there was an optional scope goes on without it, and
// doctor says what is lost.
func TestDoctorSaysWhatIsLost(t *testing.T) {
	for _, scope := range slack.Scopes() {
		if scope.Optional == "" {
			continue
		}
		w := newWorld(t, logger(t), false)
		w.Change(func() { w.team.Lacks = scope.Name })
		said := ""
		for _, f := range w.chat.Check(t.Context(), false) {
			if strings.HasSuffix(f.What, ": scopes") && f.OK {
				said = f.Say
			}
		}
		if want := "without " + scope.Name + " (" + scope.Optional + ")"; !strings.Contains(said, want) {
			t.Errorf("of an app that lacks %s doctor says %q; want it fine, and %q", scope.Name, said, want)
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
		{"an app token without its scope", func(w *world) {
			w.Calls.Fail("apps.connections.open", 1, fault(`{"ok":false,"error":"missing_scope","needed":"connections:write"}`))
		}, "lacks the scope connections:write"},
		{"a person’s token", func(w *world) {
			w.Calls.Fail("auth.test", 1, fault(`{"ok":true,"team_id":"T1","user":"ann","user_id":"U1"}`))
		}, "Bot User OAuth Token"},
		{"in no channel", func(w *world) { w.AddRoom(slackfake.Room{ID: "CT1", Team: "T1", Absent: true}) }, "/invite @tastetest"},
		{"a scope for channels is missing", func(w *world) {
			w.Calls.Fail("users.conversations", 1, fault(`{"ok":false,"error":"missing_scope","needed":"groups:read"}`))
		}, "lacks the scope groups:read"},
		{"Slack does not answer", func(w *world) { w.Calls.Fail("auth.test", 1, fakechat.Fault{Lose: true}) }, "network and proxy"},
		{"another bot has a socket open", func(w *world) {
			other := w.start(t)
			adaptertest.Start(t, other, newPlayer())
			adaptertest.Eventually(t, "it is open", func() bool { return w.Sockets.Open() == 1 })
		}, "another connection to Slack is open with the same app token"},
		{"a clock that is late", func(w *world) { w.Change(func() { w.Skew = 3 * time.Minute }) }, "behind Slack’s"},
		{"a clock that is early", func(w *world) { w.Change(func() { w.Skew = -3 * time.Minute }) }, "ahead of Slack’s"},
		{"a clock that is a little late", func(w *world) { w.Change(func() { w.Skew = 30 * time.Second }) }, ""},
		{"Slack has trouble", func(w *world) { w.Calls.Fail("auth.test", 1, fakechat.Fault{Status: 503}) }, "network and proxy"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, logger(t), false)
			tt.set(w)
			var bad []string
			for _, f := range w.chat.Check(t.Context(), true) {
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
