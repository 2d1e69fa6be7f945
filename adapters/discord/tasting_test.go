package discord_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
)

// One round by emoji, from the command to the announcement.
func TestReactionTasting(t *testing.T) {
	t.Parallel()
	logged := &adaptertest.Logs{}
	s := newStage(t, logged)
	s.start(str("model", "kestrel"), str("against", "nova"), str("prompt", `Say "hello", or “hi”.`), str("until", "2h"))
	s.state(1, bot.Open)
	m := s.post("1.1/ballot")
	if !strings.Contains(string(m.Payload), `Say \"hello\", or “hi”.`) {
		t.Errorf("the prompt is not as it was typed: %s", m.Payload)
	}
	if got := emojiOf(m); !slices.Equal(got, []string{"🅰️", "🅱️", "🤝", "👎"}) {
		t.Errorf("the emoji stand as %q", got)
	}
	ann, bob, cy, dee := s.Join("Ann"), s.Join("Bob"), s.Join("Cy"), s.Join("Dee")
	s.tap(tasteID, m.ID, ann, "🅰️", true)
	s.DispatchReaction(tasteID, m.ID, ann, "🅰", true, false)         // told twice, without its selector
	s.Said.React(tasteID, m.ID, bob, "🅰️", true)                     // never told
	s.SetSuper(bot.Ref{Place: taste, Message: m.ID}, cy, "👎🏽", true) // a super reaction in a skin tone
	s.DispatchReaction(tasteID, m.ID, cy, "👎🏽", true, true)          //
	s.DispatchReaction(tasteID, m.ID, dee, "🅱️", false, false)       // a removal before its addition,
	s.DispatchReaction(tasteID, m.ID, dee, "🅱️", true, false)        // and in truth it was taken away
	s.says("1.1/ballot", "voted")
	for _, secret := range []string{"kestrel", "nova"} {
		for mark, ms := range s.posts() {
			for _, m := range ms {
				if strings.Contains(string(m.Payload), secret) {
					t.Errorf("before the reveal %s names %s: %s", mark, secret, m.Payload)
				}
			}
		}
	}
	s.closeIt(m, 1)
	s.state(1, bot.Revealed)
	s.says("1.1/ballot", "kestrel")
	a := s.post("1/announcement")
	for _, want := range []string{"3 votes, 3 people, 1 prompt", `"message_reference":{"message_id":"` + m.ID + `"}`} {
		if !strings.Contains(string(a.Payload), want) {
			t.Errorf("the announcement is without %s: %s", want, a.Payload)
		}
	}
	if text := logged.String(); strings.Contains(text, "ALPHA") || strings.Contains(text, token) {
		t.Errorf("an answer or the token is in the log:\n%s", text)
	}
	x := s.Press(t, tasteID, a.ID, ann, "1/results:round:1")
	if x.Kind != 4 || !strings.Contains(string(x.Data), "ALPHA on Say") {
		t.Errorf("each round: %v", x)
	}
	x = s.Press(t, tasteID, a.ID, ann, "1/results:details:0")
	if proof := s.Sent[x.Original+"/proof-1.txt"]; !bytes.Contains(proof, []byte("kestrel")) {
		t.Errorf("details: %v, with the proof %q", x, proof)
	}
}

func emojiOf(m fakechat.Message) []string {
	var names []string
	for _, e := range m.Emoji {
		names = append(names, e.Name)
	}
	return names
}

// Several rounds: a head in the channel, the ballots in its thread.
func TestRoundsInAThread(t *testing.T) {
	t.Parallel()
	s := newStage(t, t.Output())
	file := s.Upload([]byte("prompt\nHi\nBye\nThanks\n"))
	s.start(str("model", "kestrel"), str("against", "nova"), discordfake.Input{Name: "file", Type: 11, Value: file})
	s.state(1, bot.Open)
	if n := len(s.Said.Messages(tasteID)); n != 1 {
		t.Errorf("%d messages stand in the channel, not the head alone", n)
	}
	head := s.post("1/head")
	ann := s.Join("Ann")
	for n := 1; n <= 3; n++ {
		m := s.post(fmt.Sprintf("1.%d/ballot", n))
		if m.Channel != head.ID {
			t.Errorf("ballot %d stands in %s, not in the thread %s", n, m.Channel, head.ID)
		}
		s.tap(m.Channel, m.ID, ann, "🤝", true)
	}
	adaptertest.Eventually(t, "three votes are kept", func() bool {
		n := 0
		for r := 1; r <= 3; r++ {
			vs, err := s.store.Votes(t.Context(), tasting(1).Round(r))
			if err != nil {
				t.Fatal(err)
			}
			n += len(vs)
		}
		return n == 3
	})
	// Typed in the thread, a command knows which tasting is meant.
	x := s.Slash(t, head.ID, s.boss, "status")
	if !strings.Contains(string(x.Data), "1 has tasted") {
		t.Errorf("status in the thread: %v", x)
	}
	s.closeIt(head, 1)
	s.state(1, bot.Revealed)
	s.says("1/announcement", "3 votes, 1 person, 3 prompts")
}

// A private ballot leads through its rounds in one message of one's own.
func TestPrivateTasting(t *testing.T) {
	t.Parallel()
	s := newStage(t, t.Output())
	file := s.Upload([]byte("prompt\nHi\nBye\n"))
	s.start(str("model", "kestrel"), str("against", "nova"), str("ballot", "private"), discordfake.Input{Name: "file", Type: 11, Value: file})
	s.state(1, bot.Open)
	head := s.post("1/head")
	if len(head.Emoji) != 0 {
		t.Errorf("emoji stand on the head of a private ballot: %v", head.Emoji)
	}
	for _, name := range []string{"Ann", "Bob", "Cy"} {
		user := s.Join(name)
		x := s.Press(t, tasteID, head.ID, user, "1/taste")
		if m, _ := s.Said.Message(tasteID, x.Original); m.Only != user {
			t.Fatalf("the seat is shown to %q", m.Only)
		}
		seat := x.Original
		for range 2 {
			y := s.Press(t, tasteID, seat, user, chosen(t, x.Data, "🅰️"))
			if y.Kind != 7 {
				t.Errorf("a tap is answered with %v", y)
			}
			x = y
		}
		if !strings.Contains(string(x.Data), "You have tasted all 2 rounds") {
			t.Errorf("after the last tap: %v", x)
		}
		y := s.Press(t, tasteID, seat, user, "1."+firstRound(x.Data)+"/show") // look again
		if !strings.Contains(string(y.Data), "1 of 2") {
			t.Errorf("looking again: %v", y)
		}
	}
	if n := len(s.Said.Messages(tasteID)); n != 1 {
		t.Errorf("%d messages stand in the channel, not the head alone", n)
	}
	s.closeIt(head, 1)
	s.state(1, bot.Revealed)
	s.says("1/announcement", "6 votes, 3 people, 2 prompts")
}

// chosen is the ID of the button with a label that begins so.
func chosen(t *testing.T, raw json.RawMessage, label string) string {
	t.Helper()
	var said discordfake.Sent
	if err := json.Unmarshal(raw, &said); err != nil {
		t.Fatal(err)
	}
	for _, row := range said.Components {
		for _, c := range row.Components {
			if strings.HasPrefix(c.Label, label) {
				return c.ID
			}
		}
	}
	t.Fatalf("there is no button %q in %s", label, raw)
	return ""
}

func firstRound(raw json.RawMessage) string {
	_, rest, _ := strings.Cut(string(raw), `"custom_id":"1.`)
	n, _, _ := strings.Cut(rest, "/")
	return n
}

// Stopped after any step and started again, with each response to a post lost
// besides: every post stands once, and each vote counts once.
func TestStoppedAnywhere(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"intended 1/head", "said 1/head", "posted 1/head", "intended 1.1/ballot", "said 1.1/ballot",
		"said 1.2/ballot", "closing", "sealed", "edited 1.1/ballot", "intended 1/announcement", "said 1/announcement", "posted 1/announcement"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && !slices.Contains([]string{"said 1/head", "intended 1.1/ballot", "sealed", "said 1/announcement"}, step) {
				t.Skip("one step in each part of a tasting's life: run without -short")
			}
			s := newStage(t, t.Output())
			s.stop()
			halt := make(chan struct{})
			var halted atomic.Bool
			s.step = func(name string) {
				if name == step && halted.CompareAndSwap(false, true) {
					close(halt)
					runtime.Goexit() // as if the process were dead
				}
			}
			s.begin()
			revive := func(wait bool) {
				if !wait {
					return
				}
				<-halt
				s.stop()
				s.ForgetNonces()
				s.step = nil
				s.begin()
			}
			s.Calls.Fail("POST /channels/{c}/messages", 1, fakechat.Fault{Lose: true})
			file := s.Upload([]byte("prompt\nHi\nBye\n"))
			early := strings.Contains(step, "head") || strings.HasSuffix(step, "d 1.1/ballot") && !strings.HasPrefix(step, "edited") || step == "said 1.2/ballot"
			s.start(str("model", "kestrel"), str("against", "nova"), discordfake.Input{Name: "file", Type: 11, Value: file})
			revive(early)
			s.state(1, bot.Open)
			ann := s.Join("Ann")
			for n := 1; n <= 2; n++ {
				m := s.post(fmt.Sprintf("1.%d/ballot", n))
				s.tap(m.Channel, m.ID, ann, "🅱️", true)
			}
			s.Calls.Fail("POST /channels/{c}/messages", 1, fakechat.Fault{Lose: true})
			head := s.post("1/head")
			x := s.Press(t, tasteID, head.ID, s.boss, "1/close")
			s.Press(t, tasteID, x.Original, s.boss, "1/close")
			revive(!early)
			s.state(1, bot.Revealed)
			var twice []string
			posts := s.posts()
			for _, key := range []string{"1/head", "1.1/ballot", "1.2/ballot", "1/announcement"} {
				if len(posts[key]) != 1 {
					twice = append(twice, fmt.Sprintf("%s: %d", key, len(posts[key])))
				}
			}
			if len(posts) != 4 || twice != nil {
				t.Errorf("posts that do not stand once: %v, of %d", twice, len(posts))
			}
			s.says("1/announcement", "2 votes, 1 person, 2 prompts")
		})
	}
}

// A deleted ballot is revealed in a new post; the tasting goes on.
func TestDeletedBallot(t *testing.T) {
	t.Parallel()
	s := newStage(t, t.Output())
	s.start(str("model", "kestrel"), str("against", "nova"), discordfake.Input{Name: "file", Type: 11, Value: s.Upload([]byte("prompt\nHi\nBye\n"))})
	s.state(1, bot.Open)
	m, ann := s.post("1.2/ballot"), s.Join("Ann")
	s.tap(m.Channel, m.ID, ann, "🅰️", true)
	adaptertest.Eventually(t, "the vote is kept", func() bool {
		vs, err := s.store.Votes(t.Context(), tasting(1).Round(2))
		return err == nil && len(vs) == 1
	})
	s.Said.Delete(m.Channel, m.ID)
	s.closeIt(s.post("1/head"), 1)
	s.state(1, bot.Revealed)
	if again := s.post("1.2/reveal"); again.Channel != m.Channel || !strings.Contains(string(again.Payload), "The ballot was deleted") {
		t.Errorf("the reveal stands in %s: %s", again.Channel, again.Payload)
	}
	s.says("1/announcement", "1 vote, 1 person")
}

// The form that start alone opens, filled in.
func TestStartForm(t *testing.T) {
	t.Parallel()
	s := newStage(t, t.Output())
	form := s.Slash(t, tasteID, s.boss, "start").Form(t)
	var asked []string
	for _, p := range form.Parts {
		asked = append(asked, fmt.Sprintf("%d %s", p.Field.Type, p.Field.ID))
	}
	if !slices.Equal(asked, []string{"3 first+second", "3 pack", "4 prompts", "19 file", "21 ballot"}) {
		t.Errorf("the form asks for %q", asked)
	}
	for name, tt := range map[string]struct {
		values map[string][]string
		files  map[string]bot.File
		want   []string
	}{
		"as it stands":  {nil, nil, []string{"kestrel against nova: 10 prompts from the pack mixed, reaction ballot"}},
		"pasted":        {map[string][]string{"first+second": {"nova", "kestrel"}, "prompts": {"Hi\n\nBye"}}, nil, []string{"nova against kestrel: 2 prompts from your own prompts"}},
		"uploaded":      {map[string][]string{"ballot": {"private"}}, map[string]bot.File{"file": {Name: "p.csv", Data: []byte("prompt\nHi\n")}}, []string{"kestrel against nova: 1 prompt from your own prompts, private ballot"}},
		"from one pack": {map[string][]string{"pack": {"style"}}, nil, []string{"10 prompts from the pack style"}},
	} {
		y := s.Fill(t, form, tasteID, s.boss, tt.values, tt.files)
		for _, want := range tt.want {
			if y.Kind != 4 || !strings.Contains(string(y.Data), want) {
				t.Errorf("filled in %s, it is answered without %q: %v", name, want, y)
			}
		}
	}
	stranger := s.Join("Stranger")
	if z := s.Slash(t, tasteID, stranger, "start"); z.Kind != 4 || !strings.Contains(string(z.Data), "Only admins") {
		t.Errorf("a stranger is answered with %v", z)
	}
}

// Options are completed from what there is, also inside a thread.
func TestCompletions(t *testing.T) {
	t.Parallel()
	s := newStage(t, t.Output())
	s.start(str("model", "kestrel"), str("against", "nova"), discordfake.Input{Name: "file", Type: 11, Value: s.Upload([]byte("prompt\nHi\nBye\n"))})
	s.state(1, bot.Open)
	thread := s.post("1.1/ballot").Channel
	focused := func(name, value string) discordfake.Input {
		return discordfake.Input{Name: name, Type: 3, Value: value, Focused: true}
	}
	for _, tt := range []struct {
		channel, command string
		options          []discordfake.Input
		want             string
	}{
		{tasteID, "start", []discordfake.Input{focused("model", "")}, `"value":"kestrel"`},
		{tasteID, "start", []discordfake.Input{str("model", "kestrel"), focused("against", "n")}, `[{"name":"nova · a model","value":"nova"}]`},
		{tasteID, "start", []discordfake.Input{str("prompt", "two words"), focused("pack", "hum")}, `"value":"humour"`},
		{tasteID, "start", []discordfake.Input{focused("until", "")}, `"value":"tomorrow 17:00"`},
		{tasteID, "close", []discordfake.Input{focused("tasting", "")}, `"value":"1"`},
		{thread, "close", []discordfake.Input{focused("tasting", "")}, `"value":"1"`},
		{tasteID, "standings", []discordfake.Input{focused("category", "cre")}, `"value":"creative"`},
	} {
		x := s.Interact(t, tt.channel, s.boss, 4, s.SlashData(tt.command, tt.options), nil)
		if x.Kind != 8 || !strings.Contains(string(x.Data), tt.want) {
			t.Errorf("%s with %v: %v, not %s", tt.command, tt.options, x, tt.want)
		}
	}
}

// Whose votes count is limited to a role; others taste and are counted apart.
func TestVotersOfARole(t *testing.T) {
	t.Parallel()
	s := newStage(t, t.Output())
	s.fake.Mu.Lock()
	s.Guilds[guildID].Roles["888"], s.Guilds[guildID].Called = 0, map[string]string{"888": "Cooks"}
	s.fake.Mu.Unlock()
	s.start(str("model", "kestrel"), str("against", "nova"), str("prompt", "Hi"), str("ballot", "private"), str("voters", "<@&888> joined"))
	s.state(1, bot.Open)
	head := s.post("1/head")
	for i, name := range []string{"Ann", "Bob", "Cy", "Eve"} {
		user := s.Join(name)
		if i < 3 {
			s.fake.Mu.Lock()
			s.Guilds[guildID].Member[user] = []string{"888"}
			s.fake.Mu.Unlock()
		}
		x := s.Press(t, tasteID, head.ID, user, "1/taste")
		if apart := strings.Contains(string(x.Data), "counted apart"); apart != (i == 3) {
			t.Errorf("%s is shown %v", name, x)
		}
		s.Press(t, tasteID, x.Original, user, chosen(t, x.Data, "🤝"))
	}
	s.closeIt(head, 1)
	s.state(1, bot.Revealed)
	s.says("1/announcement", "3 votes, 3 people, 1 prompt")
	if shown := string(s.Press(t, tasteID, s.post("1/announcement").ID, s.boss, "1/shows").Data); !strings.Contains(shown, "1 other person was left out.") {
		t.Errorf("what the result shows is told as %s", shown)
	}
}
