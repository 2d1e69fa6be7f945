package engine_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/bot/schedule"
	"github.com/tastetest/tastetest/bot/stats"
)

// in has an admin say something in a channel of their own.
func (s *stage) in(channel, text string) bot.Notice {
	s.Helper()
	return s.notice(s.bot.Command(s.Context(), bot.Command{At: bot.Place{Workspace: team, Channel: channel}, User: "boss", Text: text}))
}

// twin runs a second bot on the same store and the same chat, until stop is called.
func (s *stage) twin() (stop func()) {
	other := engine.New(s.logger(), s.store, s.opt)
	other.Add(s.room)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- other.Run(ctx) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			s.Errorf("Run: %v", err)
		}
	}
}

// Promise 20: for a year, in four zones whose clocks change (one by half an hour, one at
// midnight), with two processes on one store, both killed between two steps of most
// occurrences and started again: each occurrence opens one round, once, when it should.
func TestScheduleYear(t *testing.T) {
	if testing.Short() {
		t.Skip("a year takes seconds")
	}
	t.Parallel()
	chance := rand.New(rand.NewPCG(12, 20))
	killed, changes := 0, 0
	play(t, bossy, func(s *stage) {
		type expected struct {
			schedule.Occurrence
			channel string
		}
		var all []expected
		for zone, when := range map[string]string{
			"Europe/Berlin": "15 2 26,29 * *", "America/New_York": "15 2 2,29 * *", "Australia/Lord_Howe": "15 2 26,27 * *", "America/Santiago": "15 0 12,15 * *",
		} { // in 2000 clocks were changed on days of these numbers
			plan, err := schedule.Parse(when)
			if err != nil {
				s.Fatal(err)
			}
			loc, err := time.LoadLocation(zone)
			if err != nil {
				s.Fatal(err)
			}
			channel := strings.ToLower(zone[strings.IndexByte(zone, '/')+1:])
			s.in(channel, "settings time_zone="+zone)
			ask := s.in(channel, "schedule "+when+" start kestrel nova pack=fruit rounds=1 block=4 until=2h")
			s.bot.Press(s.Context(), bot.Press{At: bot.Place{Workspace: team, Channel: channel}, User: "boss", Button: ask.Buttons[0].ID})
			for _, o := range plan.Due(time.Now(), time.Now().AddDate(1, 0, 0), "", loc) {
				all = append(all, expected{o, channel})
				changes += stats.Bit(o.Clock != schedule.Plain)
			}
		}
		slices.SortStableFunc(all, func(a, b expected) int { return a.At.Compare(b.At) })
		for _, o := range all {
			s.stop()
			if d := time.Until(o.At) - 3*time.Second; d > 0 {
				s.sleep(d)
			}
			var n atomic.Int32
			kill := int32(1 + chance.IntN(14))
			s.opt.Step = func(string) {
				if n.Add(1) >= kill {
					runtime.Goexit() // as if the process were dead
				}
			}
			s.begin()
			stop := s.twin()
			s.sleep(9 * time.Second)
			stop()
			if n.Load() >= kill {
				killed++
			}
			s.opt.Step = nil
			s.stop()
			s.begin()
			s.sleep(6 * time.Second)
		}
		opened, posted := make(map[string]int), make(map[string]time.Time)
		ts, err := s.store.Tastings(s.Context(), team, bot.Query{})
		if err != nil {
			s.Fatal(err)
		}
		for _, x := range ts {
			posts, err := s.store.Posts(s.Context(), x.ID)
			if err != nil {
				s.Fatal(err)
			}
			for i, name := range x.Run.Opened {
				opened[x.Place.Channel+" "+name]++
				for _, p := range posts {
					if p.Key.What == bot.BallotPost && p.Key.Round == i+1 {
						posted[x.Place.Channel+" "+name] = p.On
					}
				}
			}
		}
		for _, o := range all {
			key := o.channel + " " + o.Name
			if late := posted[key].Sub(o.At); opened[key] != 1 || late < 0 || late > 3*time.Minute {
				s.Errorf("%s: opened %d times, and its ballot was posted %v after %v", key, opened[key], late, o.At)
			}
			delete(opened, key)
		}
		if len(opened) > 0 {
			s.Errorf("rounds were opened at no occurrence: %v", opened)
		}
		keys := s.room.keys()
		slices.Sort(keys)
		if once := slices.Compact(slices.Clone(keys)); len(once) != len(keys) {
			s.Errorf("of %d posts only %d are not said twice", len(keys), len(once))
		}
	})
	if changes == 0 || killed < 40 {
		t.Errorf("the processes were killed %d times, and clocks changed %d times; this test shows little", killed, changes)
	}
}

// Stopped after any step of a run and started again, the bot goes on where it was.
func TestScheduleStoppedAnywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("fourteen stories take seconds")
	}
	t.Parallel()
	stopped := 0
	for stop := range 14 {
		play(t, bossy, func(s *stage) {
			s.scheduled("schedule daily 10:00 start kestrel nova pack=fruit rounds=1 block=2")
			for range 2 {
				s.away(time.Until(time.Now().Truncate(day).Add(10*time.Hour)) - time.Minute)
				var n atomic.Int32
				s.stop()
				s.opt.Step = func(string) {
					if n.Add(1) == int32(stop+1) {
						runtime.Goexit()
					}
				}
				s.begin()
				s.sleep(3 * time.Minute)
				if n.Load() > int32(stop) {
					stopped++
				}
				s.stop()
				s.opt.Step = nil
				s.begin()
				s.sleep(3 * time.Minute)
				s.away(time.Until(time.Now().Truncate(day).Add(day)))
			}
			if keys := s.room.keys(); !slices.Equal(keys, []string{"1.1/ballot", "1.2/ballot"}) {
				s.Errorf("stopped after step %d, two days have the posts %v", stop+1, keys)
			}
			if told := s.room.heard(); len(told) > 2 || stop > 8 && len(told) != 1 {
				s.Errorf("stopped after step %d, it has told %q", stop+1, told)
			}
		})
	}
	if stopped < 12 {
		t.Errorf("it was stopped %d times; this test shows little", stopped)
	}
}

// When the machine's clock is set back by days nothing is done again; when it is set
// forward, or the bot was down, what is late is caught up within hours, once, or left
// out, and the log says so.
func TestScheduleAndTheClock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	var chat *room
	play(t, func(s *stage) { bossy(s); s.path, chat = path, s.room }, func(s *stage) {
		s.scheduled("schedule daily 10:00 start kestrel nova pack=fruit rounds=1")
		s.at(1, 10, 0)
		s.at(2, 10, 0)
	})
	// Each bubble begins at the same instant, so this one is a day and ten hours back.
	var log strings.Builder
	play(t, func(s *stage) { s.path, s.room, s.log = path, chat, &log }, func(s *stage) {
		s.at(1, 10, 0)
		s.at(2, 10, 0)
		if got := s.ballots(); !slices.Equal(got, []string{"1.1", "1.2"}) {
			s.Errorf("the clock was set back, and the days that come again have %v", got)
		}
		s.at(3, 10, 0)
		if got := s.ballots(); len(got) != 3 {
			s.Errorf("the day after has %v", got)
		}
		s.at(4, 13, 50) // down over its time: caught up
		if got := s.ballots(); len(got) != 4 || strings.Contains(log.String(), "left out") {
			s.Errorf("less than four hours late it has %v", got)
		}
		s.at(5, 14, 10)
		if got := s.ballots(); len(got) != 4 || !strings.Contains(log.String(), "times of a schedule are left out") {
			s.Errorf("more than four hours late it has %v, and the log says\n%s", got, log.String())
		}
		s.at(8, 11, 0) // two whole days are missing
		if got := s.ballots(); len(got) != 5 {
			s.Errorf("after days away it has %v; want one round more", got)
		}
	})
}

// In another zone the times are those of that zone, and no day has two.
func TestScheduleInAnotherZone(t *testing.T) {
	play(t, bossy, func(s *stage) {
		s.in("lounge", "settings time_zone=Europe/Berlin")
		s.scheduled("schedule daily 10:00 start kestrel nova pack=fruit rounds=1")
		s.at(1, 9, 0) // 10:00 in Berlin
		if got := s.ballots(); len(got) != 1 {
			s.Fatalf("at ten in Berlin there are %v", got)
		}
		s.in("lounge", "settings time_zone=America/New_York")
		s.at(1, 15, 0) // 10:00 in New York
		if got := s.ballots(); len(got) != 1 {
			s.Errorf("it is ten a second time on that day: %v", got)
		}
		s.at(2, 9, 0)
		if got := s.ballots(); len(got) != 1 {
			s.Errorf("it comes by the zone of before: %v", got)
		}
		s.at(2, 15, 0)
		if got := s.ballots(); len(got) != 2 {
			s.Errorf("at ten in New York there are %v", got)
		}
		s.in("lounge", "settings time_zone=Asia/Tokyo")
		if n := s.in("lounge", "schedule"); !strings.Contains(n.Text.String(), "next 10:00") {
			s.Errorf("in Tokyo the list says %s", n.Text)
		}
	})
}
