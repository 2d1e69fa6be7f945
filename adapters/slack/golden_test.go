package slack_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/bot"
)

func logger(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// What Slack is sent of each post, in each language. The fake holds it to
// Slack's limits, and TestTypes to Slack's own types.
func TestGolden(t *testing.T) {
	for lang, end := range map[bot.Lang]string{bot.En: "", bot.Zh: ".zh"} {
		t.Run(string(lang), func(t *testing.T) { goldens(t, bot.Voice{Lang: lang}, end) })
	}
}

func goldens(t *testing.T, voice bot.Voice, end string) {
	w := newWorld(t, logger(t), false)
	h := newPlayer()
	run(t, w, h)
	ann := w.Join(t, "Ann")
	samples := samples
	if voice.Lang == bot.Zh {
		samples = adaptertest.InSentences(adaptertest.Samples(twelve.Workspace), twelve.Workspace)
	}
	results := samples.Announcement
	results.Rounds = append(results.Rounds[:1:1], lengthyShown)
	blocks := adaptertest.Blocks(twelve.Workspace, bot.Verbatim("Mon 10:00"))
	round := func(n int, what string) bot.PostKey { return bot.PostKey{Tasting: twelve, Round: n, What: what} }

	for _, tt := range []struct {
		name string
		key  bot.PostKey
		post bot.Post
	}{
		{"head", round(0, "head"), samples.Head},
		{"head-thread", round(0, "head"), threaded},
		{"ballot", round(1, "ballot"), samples.Ballot},
		{"ballot-markdown", round(2, "ballot"), code},
		{"ballot-long", round(3, "ballot"), lengthy},
		{"ballot-removed", round(4, "ballot"), samples.Removed},
		{"reveal", round(1, "reveal"), samples.Reveal},
		{"reveal-long", round(3, "reveal"), lengthyShown},
		{"announcement", round(0, "announcement"), samples.Announcement},
		{"block-first", round(1, "ballot"), blocks[0]},
		{"block-third", round(3, "ballot"), blocks[1]},
		{"digest", bot.DigestKey(twelve.Workspace, samples.Digest.Until), samples.Digest},
		{"announcement-first", bot.PostKey{Tasting: bot.TastingID{Workspace: twelve.Workspace, N: 13}, What: "announcement"}, adaptertest.FirstAnnouncement(samples.Announcement)},
		{"notice", round(0, "nudge"), bot.Notice{Text: bot.Say("{n} of {invited} invited {n?has|have} tasted so far. Voting closes {closes}.", bot.Count(6), bot.Count(9), closes)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ref, err := w.chat.Post(t.Context(), w.Place(), tt.key, time.Time{}, bot.Speak(tt.post, voice))
			if err != nil {
				t.Fatal(err)
			}
			m, _ := w.Message(ref.Channel, ref.Message)
			all := append([][]byte{m.Payload}, w.payloads(ref.Channel+"/"+ref.Message)...)
			golden(t, tt.name+end, all)
		})
	}

	ask, set, reminder := adaptertest.Reminders(twelve.Workspace, bot.Verbatim("Fri 9:00"), bot.Verbatim("Fri 17:00"))
	t.Run("reminder", func(t *testing.T) {
		if err := w.chat.Tell(t.Context(), bot.Voter{Workspace: twelve.Workspace, User: ann}, bot.Speak(reminder, voice)); err != nil {
			t.Fatal(err)
		}
		golden(t, "reminder"+end, w.payloads("D"+ann))
	})

	for _, tt := range []struct {
		name  string
		reply bot.Reply
	}{
		{"remind", bot.Reply{Post: ask}},
		{"remind-set", bot.Reply{Post: set}},
		{"seat", bot.Reply{Post: samples.Seat}},
		{"seat-done", bot.Reply{Post: samples.SeatDone}},
		{"form", bot.Reply{Form: &samples.Form}},
		{"results", bot.Reply{Post: results}},
		{"standings", bot.Reply{Post: samples.Standings}},
		{"digest-now", bot.Reply{Post: adaptertest.DigestAlone(samples.Digest)}},
		{"week", bot.Reply{Post: samples.Digest.Week}},
		{"question", bot.Reply{Post: question}},
		{"shows", bot.Reply{Post: samples.Shows}},
		{"mine", bot.Reply{Post: samples.Mine}},
		{"boss", bot.Reply{Post: samples.Boss}},
		{"mistake", bot.Reply{Post: mistake}},
		{"link", bot.Reply{Post: adaptertest.Link()}},
		{"schedules", bot.Reply{Post: adaptertest.Schedules(bot.Verbatim("Mon 10:00"))}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h.answer(spoken(tt.reply, voice))
			w.Command(t, ann, "results")
			payload := w.View(ann)
			if payload == nil {
				private := w.Memory.Private(ann)
				payload = private[len(private)-1].Payload
			}
			golden(t, tt.name+end, [][]byte{payload})
		})
	}
}

// golden compares what was sent with a file of testdata.
func golden(t *testing.T, name string, payloads [][]byte) {
	t.Helper()
	var b bytes.Buffer
	for _, p := range payloads {
		var v any
		if err := json.Unmarshal(p, &v); err != nil {
			t.Fatal(err)
		}
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		e.Encode(v)
	}
	adaptertest.Golden(t, name+".golden.json", b.String())
}

// spoken is a reply in a voice.
func spoken(r bot.Reply, v bot.Voice) bot.Reply {
	if r.Post != nil {
		r.Post = bot.Speak(r.Post, v)
	}
	if r.Form != nil {
		form := *r.Form
		form.Voice = v
		r.Form = &form
	}
	return r
}
