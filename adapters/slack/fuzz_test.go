package slack

import (
	"encoding/json"
	"strings"
	"testing"

	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/bot"
)

// Whatever a model writes becomes rich text of runs that Slack takes as they are: no
// mention, no link, no emoji by name.
func FuzzMarkdown(f *testing.F) {
	for _, x := range adaptertest.Hostile {
		f.Add(x.Text)
	}
	f.Add("# a\n\n| b | c |\n|---|---|\n| 1 | 2 |\n\n- x\n  1. y\n> z\n```go\n<!channel>\n```")
	f.Fuzz(func(t *testing.T, said string) {
		post := bot.Ballot{Title: bot.Say("Details"), Prompt: bot.Verbatim(said), Left: bot.Verbatim(said), Right: "b"}
		m := render(post)
		all := m.blocks
		for _, part := range m.parts {
			all = append(all, part.blocks...)
		}
		b, err := json.Marshal(all)
		if err != nil {
			t.Fatalf("%q cannot be sent: %v", said, err)
		}
		var v any
		if err := json.Unmarshal(b, &v); err != nil {
			t.Fatal(err)
		}
		dead(t, said, v)
	})
}

// dead fails if anything in a payload is more than text.
func dead(t *testing.T, said string, v any) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			dead(t, said, x)
		}
	case map[string]any:
		switch v["type"] {
		case "user", "usergroup", "channel", "broadcast", "link", "emoji", "team", "mrkdwn", "image":
			t.Fatalf("of %q comes a %v: %v", said, v["type"], v)
		}
		for _, x := range v {
			dead(t, said, x)
		}
	}
}

// What Slack posts, or somebody in its name, is taken apart without falling over, and
// what it is said to be for is nobody else's.
func FuzzBodies(f *testing.F) {
	const form = "application/x-www-form-urlencoded"
	f.Add("application/json", []byte(`{"type":"url_verification","challenge":"c"}`))
	f.Add("application/json", []byte(`{"type":"event_callback","team_id":"T1","authorizations":[{"team_id":"T2"}],"event":{"type":"reaction_added","item":{"ts":"1.1"}}}`))
	f.Add(form, []byte("command=%2Ftastetest&text=start&team_id=T1&channel_id=C1&user_id=U1"))
	f.Add(form, []byte(`payload={"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"actions":[{"value":"7.3/left"}],"container":{"message_ts":"1.1"},"view":{"state":{"values":{"a":{"b":{"selected_options":[{}]}}}}}}`))
	f.Add(form, []byte("payload=%zz&;"))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		what, payload, teams := unwrap(kind, body)
		if len(teams) > 0 && what == challenged {
			t.Fatalf("a challenge is for %v: %q", teams, body)
		}
		if strings.HasPrefix(kind, form) && what != "" && !json.Valid(payload) && !strings.Contains(string(body), "payload") {
			t.Fatalf("%q is handed on as %q", body, payload)
		}
		var cb api.InteractionCallback
		if json.Unmarshal(payload, &cb) == nil {
			blamed(cb.View, "x")
			chosen(cb.View)
		}
		var d delivery
		if json.Unmarshal(payload, &d) == nil {
			d.team()
		}
	})
}
