package discord_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/bot"
)

// What Discord is sent for each post, in each language.
func TestGolden(t *testing.T) {
	t.Run("en", func(t *testing.T) { goldens(t, samples, bot.Voice{}, "") })
	t.Run("zh", func(t *testing.T) {
		goldens(t, adaptertest.InSentences(adaptertest.Samples(workspace), workspace), bot.Voice{Lang: bot.Zh}, ".zh")
	})
}

func goldens(t *testing.T, samples adaptertest.Posts, voice bot.Voice, end string) {
	closed := samples.Ballot
	closed.State, closed.Menu, closed.Progress = bot.Closing, nil, bot.Say("voting is over, the reveal is coming")
	long := samples.Ballot
	long.Left = bot.Verbatim(strings.Repeat(string(long.Left+"\n\n"), 12))
	longReveal := samples.Reveal
	longReveal.Sides[0].Text = long.Left
	few := samples.Reveal
	few.Bars = []bot.Bar{{Label: bot.Literal("kestrel"), Count: 2}, {Label: bot.Literal("nova"), Count: 1}, {Label: bot.Say("equal")}, {Label: bot.Say("both bad")}}
	longSeat := samples.Seat
	longSeat.Right = long.Left
	for _, tt := range []struct {
		name   string
		post   bot.Post
		answer *bot.Reply // to somebody alone, instead
	}{
		{name: "head", post: samples.Head},
		{name: "ballot", post: samples.Ballot},
		{name: "ballot-closed", post: closed},
		{name: "ballot-removed", post: samples.Removed},
		{name: "ballot-long", post: long},
		{name: "reveal", post: samples.Reveal},
		{name: "reveal-long", post: longReveal},
		{name: "reveal-few", post: few},
		{name: "announcement", post: samples.Announcement},
		{name: "notice", post: samples.Notice},
		{name: "standings", post: samples.Standings},
		{name: "seat", answer: &bot.Reply{Post: samples.Seat}},
		{name: "seat-long", answer: &bot.Reply{Post: longSeat}},
		{name: "seat-done", answer: &bot.Reply{Post: samples.SeatDone}},
		{name: "shows", answer: &bot.Reply{Post: samples.Shows}},
		{name: "mine", answer: &bot.Reply{Post: samples.Mine}},
		{name: "boss", answer: &bot.Reply{Post: samples.Boss}},
		{name: "form", answer: &bot.Reply{Form: &samples.Form}},
		{name: "link", answer: &bot.Reply{Post: adaptertest.Link()}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake(t, logger(t))
			var got []json.RawMessage
			if tt.answer != nil {
				h := &recorder{reply: spoken(*tt.answer, voice)}
				adaptertest.Start(t, f.chat(t), h)
				x := f.Slash(t, tasteID, f.Join("Ada"), "status")
				got = append(got, x.Data)
			} else {
				ref, err := f.chat(t).Post(t.Context(), taste, bot.PostKey{Tasting: tasting(12), Round: 1, What: "ballot"}, time.Time{}, bot.Speak(tt.post, voice))
				if err != nil {
					t.Fatal(err)
				}
				for _, channel := range []string{tasteID, ref.Message} {
					for _, m := range f.Said.Messages(channel) {
						got = append(got, m.Payload)
					}
				}
			}
			golden(t, tt.name+end, got)
		})
	}
}

// What Discord is sent of a block's posts and of the list of schedules, in each
// language.
func TestGoldenOfSchedules(t *testing.T) {
	when := bot.Verbatim("Mon 10:00")
	blocks := adaptertest.Blocks(tasting(12).Workspace, when)
	for lang, end := range map[bot.Lang]string{bot.En: "", bot.Zh: ".zh"} {
		voice := bot.Voice{Lang: lang}
		for i, name := range []string{"block-first", "block-third"} {
			t.Run(name+end, func(t *testing.T) {
				f := newFake(t, logger(t))
				if _, err := f.chat(t).Post(t.Context(), taste, bot.PostKey{Tasting: tasting(12), Round: blocks[i].Round.Round, What: "ballot"}, time.Time{}, bot.Speak(blocks[i], voice)); err != nil {
					t.Fatal(err)
				}
				var got []json.RawMessage
				for _, m := range f.Said.Messages(tasteID) {
					got = append(got, m.Payload)
				}
				golden(t, name+end, got)
			})
		}
		t.Run("schedules"+end, func(t *testing.T) {
			f := newFake(t, logger(t))
			adaptertest.Start(t, f.chat(t), &recorder{reply: bot.Reply{Post: bot.Speak(adaptertest.Schedules(when), voice)}})
			x := f.Slash(t, tasteID, f.Join("Ada"), "schedule")
			golden(t, "schedules"+end, []json.RawMessage{x.Data})
		})
	}
}

// What Discord is sent to who wants to be reminded, in each language; the buttons of the
// direct message work, though Discord does not say there which server they are of.
func TestGoldenOfReminders(t *testing.T) {
	ask, set, reminder := adaptertest.Reminders(workspace, bot.Verbatim("Fri 9:00"), bot.Verbatim("Fri 17:00"))
	for lang, end := range map[bot.Lang]string{bot.En: "", bot.Zh: ".zh"} {
		voice := bot.Voice{Lang: lang}
		for name, n := range map[string]bot.Notice{"remind": ask, "remind-set": set} {
			t.Run(name+end, func(t *testing.T) {
				f := newFake(t, logger(t))
				adaptertest.Start(t, f.chat(t), &recorder{reply: bot.Reply{Post: bot.Speak(n, voice)}})
				x := f.Slash(t, tasteID, f.Join("Ada"), "status")
				golden(t, name+end, []json.RawMessage{x.Data})
			})
		}
		t.Run("reminder"+end, func(t *testing.T) {
			f := newFake(t, logger(t))
			h := &recorder{reply: bot.Reply{Post: bot.Speak(bot.Notice{Text: bot.Say("No reminders")}, voice)}}
			chat, ada := f.chat(t), f.Join("Ada")
			adaptertest.Start(t, chat, h)
			if err := chat.Tell(t.Context(), bot.Voter{Workspace: workspace, User: ada}, bot.Speak(reminder, voice)); err != nil {
				t.Fatal(err)
			}
			said := f.Said.Private(ada)
			if len(said) != 1 {
				t.Fatalf("%d direct messages were sent, want one", len(said))
			}
			golden(t, "reminder"+end, []json.RawMessage{said[0].Payload})
			x := f.Press(t, "9"+ada, said[0].ID, ada, "dm/"+workspace.ID+"/12/remind/never")
			if x.Data == nil {
				t.Error("a press in the direct message is not answered")
			}
			h.mu.Lock()
			pressed := h.presses
			h.mu.Unlock()
			if len(pressed) != 1 || pressed[0].At.Workspace != workspace || pressed[0].User != ada || pressed[0].Button != "12/remind/never" {
				t.Errorf("a press in the direct message arrives as %+v", pressed)
			}
		})
	}
}

// spoken is a reply in the voice of its place.
func spoken(r bot.Reply, v bot.Voice) bot.Reply {
	if r.Form != nil {
		form := *r.Form
		form.Voice = v
		r.Form = &form
		return r
	}
	r.Post = bot.Speak(r.Post, v)
	return r
}

func golden(t *testing.T, name string, messages []json.RawMessage) {
	t.Helper()
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(messages); err != nil {
		t.Fatal(err)
	}
	adaptertest.Golden(t, name+".golden.json", buf.String())
}
