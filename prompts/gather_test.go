package prompts

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

func gather(t *testing.T, most int, lines ...string) Gathering {
	t.Helper()
	g, err := Gather(strings.NewReader(strings.Join(lines, "\n")), "ours", most)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// What is personal or secret is taken out and listed; what only looks like it stays.
func TestMasks(t *testing.T) {
	for _, tt := range []struct{ said, want string }{
		{"Write to ada.lovelace+x@mail.example.co.uk today.", "Write to ⟨e-mail address⟩ today."},
		{"Call +49 30 1234567 or (212) 555-0123 or 030 1234567.", "Call ⟨phone number⟩ or ⟨phone number⟩ or ⟨phone number⟩."},
		{"请打 13812345678 这个电话。", "请打 ⟨phone number⟩ 这个电话。"},
		{"My card is 4111 1111 1111 1111, thanks.", "My card is ⟨card number⟩, thanks."},
		{"Use sk-proj_abcdefghijkl0123456789 for it.", "Use ⟨key⟩ for it."},
		{"Token: AKIAIOSFODNN7EXAMPLE, header Authorization: Bearer abc.def-0123456789==", "Token: ⟨key⟩, header Authorization: ⟨key⟩"},
		{"Hash 0123456789abcdef0123456789abcdef here.", "Hash ⟨key⟩ here."},
		{"Ada Lovelace asks, and Ada waits; the ada language does not.", "⟨user⟩ asks, and ⟨user⟩ waits; the ada language does not."},
		{"王小明想写一封信，不用客气。", "⟨user⟩想写一封信，不用客气。"},
		{"On 2026-11-28 at 17:00 we sold 4111 1111 1111 1112 cakes for 1,250.00.", "On 2026-11-28 at 17:00 we sold 4111 1111 1111 1112 cakes for 1,250.00."},
		{"Room 12345, order 98765432, supercalifragilisticexpialidocious-and-more-letters.", "Room 12345, order 98765432, supercalifragilisticexpialidocious-and-more-letters."},
	} {
		got, masks := mask(7, tt.said, userNames([]string{"Ada Lovelace", "王小明", "Al"}))
		if got != tt.want {
			t.Errorf("%s\nis masked as %s\nwant         %s", tt.said, got, tt.want)
		}
		if n := strings.Count(tt.want, "⟨"); len(masks) != n {
			t.Errorf("%s: %d masks are listed, want %d", tt.said, len(masks), n)
		}
		for _, m := range masks {
			if m.Line != 7 || !strings.Contains(tt.said, m.Was) {
				t.Errorf("%s: listed as %+v", tt.said, m)
			}
		}
	}
}

// Each way to write what somebody asked is read, users' names from each, and nothing
// that a model said.
func TestTraces(t *testing.T) {
	g := gather(t, 40,
		`{"prompt": "Apologise to Grace for a late birthday cake.", "system": "You are a baker.", "user": {"name": "Grace Hopper"}}`,
		`{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "name": "Linus", "content": [{"type": "text", "text": "Refuse Linus a refund for worn boots."}]}, {"role": "assistant", "content": "No."}, {"role": "user", "content": "And politely?"}]}`,
		`{"attributes": {"gen_ai.system_instructions": "[{\"type\":\"text\",\"content\":\"Speak plainly.\"}]", "gen_ai.input.messages": "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Explain tides to a sailor.\"}]}]"}}`,
		`{"attributes": [{"key": "gen_ai.input.messages", "value": {"stringValue": "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Describe a lighthouse for Margaret.\"}]}]"}}, {"key": "user.name", "value": {"stringValue": "Margaret"}}]}`,
		`{"event": "deployed"}`,
		``,
	)
	var got []string
	for _, p := range g.Pack.Prompts {
		if !p.Disabled {
			t.Errorf("%s is not disabled", p.ID)
		}
		got = append(got, p.ID+" "+p.System+"| "+p.Text)
	}
	want := "line-1 You are a baker.| Apologise to ⟨user⟩ for a late birthday cake.\n" +
		"line-2 Be brief.| Refuse ⟨user⟩ a refund for worn boots.\n" +
		"line-3 Speak plainly.| Explain tides to a sailor.\n" +
		"line-4 | Describe a lighthouse for ⟨user⟩."
	if all := strings.Join(got, "\n"); all != want || g.Read != 5 || g.Skipped != 1 {
		t.Errorf("%d read, %d skipped:\n%s\nwant\n%s", g.Read, g.Skipped, all, want)
	}
}

// The same question comes once, what no pack takes not at all, and of many kinds each
// has its turn. What is written is a pack.
func TestGather(t *testing.T) {
	lines := []string{
		`{"prompt": "Write a toast for a retiring postman who hated dogs."}`,
		`{"prompt": "write a toast for a  retiring postman who hated dogs."}`,
		`{"prompt": "Write the toast for our retiring postman who always hated dogs."}`,
		`{"prompt": "Greet {{name}} in the morning."}`,
		`{"prompt": "` + strings.Repeat("word ", 151) + `"}`,
		`{"prompt": "为什么海水是咸的？"}`,
		`{"prompt": "Why is the harbour empty on Sundays?"}`,
	}
	for _, said := range []string{`Praise a kettle: \"loudly\".`, "Describe rusty anchors.", "Sell the violin cheaply.", "Climb down, ladder thief.", "Comfort her old pillow."} {
		lines = append(lines, `{"prompt": "`+said+`"}`)
	}
	g := gather(t, 5, lines...)
	if g.Twice != 2 || g.Unfit != 1 || g.Long != 1 || g.Over != 3 || len(g.Pack.Prompts) != 5 {
		t.Errorf("twice %d, unfit %d, long %d, over %d, kept %d; want 2, 1, 1, 3, 5", g.Twice, g.Unfit, g.Long, g.Over, len(g.Pack.Prompts))
	}
	var first []string
	for _, p := range g.Pack.Prompts[:3] {
		first = append(first, p.ID)
	}
	if got := strings.Join(first, " "); got != "line-1 line-6 line-7" {
		t.Errorf("the first of each kind are %s", got)
	}
	var out bytes.Buffer
	if err := WritePack(&out, g.Pack); err != nil {
		t.Fatal(err)
	}
	back, err := Parse("ours.yaml", out.Bytes())
	if err != nil || len(back.Prompts) != 5 || back.Prompts[4].Text != g.Pack.Prompts[4].Text || !back.Prompts[0].Disabled {
		t.Errorf("read again: %v\n%s", err, out.String())
	}
}

func TestWrongTraces(t *testing.T) {
	if _, err := Gather(strings.NewReader(`{"prompt": "Praise a kettle."}`), "Our Tone", 5); err == nil || !strings.Contains(err.Error(), "a pack is not called") {
		t.Errorf("a pack called Our Tone: %v", err)
	}
	for what, test := range map[string]struct{ data, want string }{
		"no JSON":      {"prompt: hi", "line 1 is not an object like"},
		"a list":       {`["hi"]`, "line 1 is not an object like"},
		"nothing":      {"", "of 0 lines none has a prompt"},
		"only answers": {`{"completion": "hi"}`, "of 1 lines none has a prompt"},
	} {
		if _, err := Gather(strings.NewReader(test.data), "ours", 5); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", what, err, test.want)
		}
	}
}

// Whatever people typed is written so that it is read again as it was.
func TestWritePackKeepsTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.StringOf(rapid.SampledFrom([]rune("ab: -#'\"\n|>&*!%@`{}[],?\\字\t"))).Draw(t, "text")
		p := bot.Pack{Version: 1, Name: "ours", Title: "ours", Language: "en", Description: "d",
			Prompts: []bot.Prompt{{ID: "line-1", Category: "other", Text: "x" + text.CleanTyped(said) + "x", Disabled: true}}}
		if !promptFault(p.Prompts[0]).IsZero() {
			t.Skip("no pack takes it")
		}
		var out bytes.Buffer
		if err := WritePack(&out, p); err != nil {
			t.Fatal(err)
		}
		back, err := Parse("ours.yaml", out.Bytes())
		if err != nil || back.Prompts[0].Text != p.Prompts[0].Text {
			t.Fatalf("%q is read as %v, %v\n%s", p.Prompts[0].Text, back.Prompts, err, out.String())
		}
	})
}
