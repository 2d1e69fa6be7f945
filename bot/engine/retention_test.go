package engine_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

const day = 24 * time.Hour

// kept returns the numbers of those of the first n tastings that are kept.
func (s *stage) kept(n uint64) (numbers string) {
	s.Helper()
	for i := range n {
		_, err := s.store.Tasting(s.Context(), bot.TastingID{Workspace: team, N: i + 1})
		if err != nil && !errors.Is(err, bot.ErrNotFound) {
			s.Fatal(err)
		}
		if err == nil {
			numbers += fmt.Sprint(i+1, " ")
		}
	}
	return strings.TrimSpace(numbers)
}

// away lets time pass while the bot is not running.
func (s *stage) away(d time.Duration) {
	s.Helper()
	s.stop()
	s.sleep(d)
	s.begin()
	s.wait()
}

// Whatever is over, and however it ended, is kept for as long as was
// configured and then deleted, within an hour. What is not over stays.
func TestRetention(t *testing.T) {
	var log bytes.Buffer
	play(t, func(s *stage) {
		s.opt.Retention = 180 * day
		s.log = io.MultiWriter(s.log, &log)
	}, func(s *stage) {
		const prompt = ` prompt="Describe a secret." until=2h`
		s.start("start kestrel nova" + prompt)
		ballot := s.room.called(s.T, "1.1/ballot")
		for i := range 5 {
			s.tap(ballot.Ref, fmt.Sprint("voter", i), bot.Left, true)
		}
		s.press(starter, "1/close")
		s.wait()
		s.start("start kestrel nova" + prompt)
		s.press(starter, "2/cancel")
		s.start("start kestrel nova" + prompt)
		if err := s.bot.Gone(s.Context(), lounge, bot.ErrLost); err != nil {
			s.Fatal(err)
		}
		s.press(starter, s.notice(s.command(starter, "start kestrel nova"+prompt)).Buttons[1].ID) // not now
		open := s.start("start kestrel nova" + prompt)
		if err := s.store.Update(s.Context(), open, bot.Open, func(t *bot.Tasting) error {
			t.Closes = time.Now().Add(400 * day)
			t.Wake = t.Closes
			return nil
		}); err != nil {
			s.Fatal(err)
		}
		for n, want := range []bot.State{bot.Revealed, bot.Cancelled, bot.Failed, bot.Open} {
			if got := s.tasting(bot.TastingID{Workspace: team, N: uint64(n) + 1}).State; got != want {
				s.Fatalf("tasting %d is %v, want %v", n+1, got, want)
			}
		}
		standings := func() string { return strings.Join(bot.English(s.standings("standings").Says), " ") }
		before := standings()

		s.away(179 * day)
		if got := s.kept(5); got != "1 2 3 4" {
			s.Errorf("a day before the time is up tastings %s are kept, want all four", got)
		}
		if got := standings(); got != before {
			s.Errorf("a day before the time is up standings say %q, want still %q", got, before)
		}
		s.sleep(day + 2*time.Hour)
		if got := s.kept(5); got != "4" {
			s.Errorf("once the time is up tastings %s are kept, want the open one, 4", got)
		}
		if got := standings(); got == before || !strings.Contains(got, "nothing to rank") {
			s.Errorf("standings say %q, want that there is nothing to rank", got)
		}

		// Its posts still stand. Nothing that people do there goes wrong.
		if err := s.bot.React(s.Context(), bot.Tap{Ref: ballot.Ref, User: "voter0", Choice: bot.Right, On: true}); err != nil {
			s.Errorf("an emoji on a deleted ballot: %v", err)
		}
		for what, n := range map[string]bot.Notice{
			"a press on its button": s.notice(s.press("voter0", "1/results")),
			"results 1":             s.notice(s.command("voter0", "results 1")),
		} {
			if !n.Error || strings.Contains(n.Text.String(), "Sorry") {
				s.Errorf("%s is answered with %+v, want a sentence", what, n)
			}
		}
		if got := s.start("start kestrel nova" + prompt).N; got != 5 {
			s.Errorf("the next tasting has number %d, want 5", got)
		}

		if n := strings.Count(log.String(), `msg="deleted old tastings" tastings=`); n == 0 || strings.Contains(log.String(), "level=ERROR") {
			s.Errorf("the log tells of %d deletions, want some, and no errors:\n%s", n, log.String())
		}
	})
}

// A bot that was down when the time was up deletes as soon as it runs; one that
// was told nothing keeps everything.
func TestRetentionAtTheStart(t *testing.T) {
	for _, tt := range []struct {
		name      string
		retention time.Duration
		want      string
	}{
		{"30 days", 30 * day, ""},
		{"a day more than has passed", 4001 * day, "1"},
		{"for ever", 0, "1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			play(t, func(s *stage) { s.opt.Retention = tt.retention }, func(s *stage) {
				s.start(`start kestrel nova prompt="Hello?" until=2h`)
				s.press(starter, "1/close")
				s.wait()
				s.away(4000 * day)
				if got := s.kept(1); got != tt.want {
					s.Errorf("after 4000 days tastings %q are kept, want %q", got, tt.want)
				}
			})
		})
	}
}

func TestEnded(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2026, 1, day, 12, 0, 0, 0, time.UTC) }
	for name, tt := range map[string]struct {
		tasting bot.Tasting
		want    time.Time
	}{
		"revealed":                   {bot.Tasting{State: bot.Revealed, Created: at(1), Wake: at(2), RevealedAt: at(3)}, at(3)},
		"imported":                   {bot.Tasting{State: bot.Revealed, Created: at(1), Wake: at(31), RevealedAt: at(3)}, at(3)},
		"revealed, nobody says when": {bot.Tasting{State: bot.Revealed, Created: at(1), Wake: at(31)}, at(1)},
		"cancelled":                  {bot.Tasting{State: bot.Cancelled, Told: true, Created: at(1), Closes: at(9), Wake: at(2)}, at(2)},
		"failed, nobody says when":   {bot.Tasting{State: bot.Failed, Told: true, Created: at(1)}, at(1)},
	} {
		if got := tt.tasting.Ended(); !got.Equal(tt.want) {
			t.Errorf("%s: ended %v, want %v", name, got, tt.want)
		}
	}
}

// What nobody could be told of yet is not over, however old it is.
func TestRetentionUntold(t *testing.T) {
	play(t, func(s *stage) { s.opt.Retention = day }, func(s *stage) {
		at := bot.Place{Workspace: bot.Workspace{Platform: "a chat that is switched off", ID: "T1"}, Channel: "C1"}
		// Not due before its post is there: without one there is nobody to tell.
		soon := time.Now().Add(time.Minute)
		made, err := s.store.CreateTasting(s.Context(), bot.Tasting{Place: at, State: bot.Failed, Created: time.Now(), Wake: soon}, nil)
		if err != nil {
			s.Fatal(err)
		}
		head := bot.PostKey{Tasting: made.ID, What: "head"}
		if err := s.store.Posted(s.Context(), at, head, bot.Ref{Place: at, Message: "m1"}); err != nil {
			s.Fatal(err)
		}
		s.away(10 * day)
		if got := s.tasting(made.ID); got.Settled() { // fatal if it is not there
			s.Fatal("its post was edited, though there is no chat")
		}
	})
}

// Once the bot was removed from a workspace, everything of it is gone; other
// workspaces go on, and a later tasting has a number of its own.
func TestLeft(t *testing.T) {
	var log bytes.Buffer
	play(t, func(s *stage) {
		s.opt.Policy.Everyone = true
		s.log = io.MultiWriter(s.log, &log)
	}, func(s *stage) {
		const text = `start kestrel nova prompt="Hello?" until=2h`
		there := bot.Place{Workspace: bot.Workspace{Platform: "room", ID: "T2"}, Channel: "lounge"}
		ask := s.notice(s.bot.Command(s.Context(), bot.Command{At: there, User: "bo", Text: text}))
		s.bot.Press(s.Context(), bot.Press{At: there, User: "bo", Button: ask.Buttons[0].ID})
		s.wait()
		s.start(text)
		s.press(starter, "1/close")
		s.wait()
		s.start(text)
		var open *message
		for _, m := range s.room.all() {
			if m.Key == "2.1/ballot" {
				open = m
			}
		}
		s.tap(open.Ref, "bo", bot.Left, true)

		for range 2 { // twice is fine
			if err := s.bot.Left(s.Context(), team); err != nil {
				s.Fatal(err)
			}
			s.sleep(3 * time.Hour)
			if got := s.kept(2); got != "" {
				s.Errorf("tastings %s are kept", got)
			}
		}
		if err := s.bot.React(s.Context(), bot.Tap{Ref: open.Ref, User: "cy", Choice: bot.Left, On: true}); err != nil {
			s.Errorf("an emoji that comes afterwards: %v", err)
		}
		if got := s.tasting(bot.TastingID{Workspace: there.Workspace, N: 1}).State; got != bot.Revealed {
			s.Errorf("the other workspace's tasting is %v, want revealed", got)
		}
		if got := s.start(text).N; got != 3 {
			s.Errorf("installed again, the next tasting has number %d, want 3", got)
		}
		if strings.Contains(log.String(), "level=ERROR") || strings.Contains(log.String(), "level=WARN") {
			s.Errorf("the log complains:\n%s", log.String())
		}
	})
}

// Removed in the middle of any step, the bot drops it without a complaint.
func TestLeftInTheMiddle(t *testing.T) {
	t.Parallel()
	const steps = 25
	stride := 1
	if testing.Short() {
		stride = 4
	}
	var left atomic.Int32
	for stop := 0; stop < steps; stop += stride {
		t.Run(fmt.Sprint("after step ", stop+1), func(t *testing.T) {
			var log bytes.Buffer
			var n atomic.Int32
			play(t, func(s *stage) {
				s.log = io.MultiWriter(s.log, &log)
				s.opt.Step = func(string) {
					if n.Add(1) != int32(stop)+1 {
						return
					}
					left.Add(1)
					s.room.now(func(c *room) { c.lost = true })
					if err := s.bot.Left(s.Context(), team); err != nil {
						s.Errorf("Left: %v", err)
					}
				}
			}, func(s *stage) {
				ask := s.notice(s.command(starter, "start kestrel nova pack=fruit rounds=3 until=2h"))
				s.press(starter, ask.Buttons[0].ID)
				s.sleep(5 * time.Hour)
				ts, err := s.store.Tastings(s.Context(), team, bot.Query{})
				if err != nil {
					s.Fatal(err)
				}
				if n.Load() > int32(stop) && len(ts) > 0 {
					s.Errorf("%d tastings are kept, the first %v", len(ts), ts[0].State)
				}
				if strings.Contains(log.String(), "level=ERROR") {
					s.Errorf("the log complains:\n%s", log.String())
				}
			})
		})
	}
	if int(left.Load()) < 10/stride {
		t.Errorf("the bot was removed in only %d of %d runs", left.Load(), steps/stride)
	}
}

// A vanishing store loses a tasting right after it was found.
type vanishing struct {
	bot.Store
	found func(call string, id bot.TastingID) // may be nil
}

func (v *vanishing) ByRef(ctx context.Context, ref bot.Ref) (bot.RoundID, error) {
	id, err := v.Store.ByRef(ctx, ref)
	if err == nil && v.found != nil {
		v.found("ByRef", id.TastingID)
	}
	return id, err
}

func (v *vanishing) Tasting(ctx context.Context, id bot.TastingID) (bot.Tasting, error) {
	t, err := v.Store.Tasting(ctx, id)
	if err == nil && v.found != nil {
		v.found("Tasting", id)
	}
	return t, err
}

// An emoji whose tasting is deleted while it is on its way is no error: the
// chat would bring it again for ever.
func TestReactWhileDeleting(t *testing.T) {
	for _, moment := range []string{"ByRef", "Tasting"} {
		t.Run("after "+moment, func(t *testing.T) {
			v := &vanishing{}
			play(t, func(s *stage) {
				s.wrap = func(store bot.Store) bot.Store { v.Store = store; return v }
			}, func(s *stage) {
				id := s.start(`start kestrel nova prompt="Hello?" until=2h`)
				ref := s.room.called(s.T, "1.1/ballot").Ref
				v.found = func(call string, id bot.TastingID) {
					if call == moment {
						if err := s.store.Delete(s.Context(), id); err != nil {
							s.Error(err)
						}
					}
				}
				if err := s.bot.React(s.Context(), bot.Tap{Ref: ref, User: "bo", Choice: bot.Left, On: true}); err != nil {
					s.Errorf("React: %v", err)
				}
				if votes, err := s.store.Votes(s.Context(), id.Round(1)); err != nil || len(votes) > 0 {
					s.Errorf("votes %v, %v are kept", votes, err)
				}
			})
		})
	}
}
