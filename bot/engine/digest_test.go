package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/engine"
)

// in is a place's zone.
func in(t testing.TB, zone string) *time.Location {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// usually has digests come on Mondays at 9:00 in Berlin unless somebody says otherwise.
func usually(s *stage) {
	s.opt.Digest, s.opt.TimeZone = &command.UsualWeekTime, in(s, "Europe/Berlin")
	s.room.admins = []string{"boss"}
}

// digests are those that stand in the room, by when they were due, in a zone.
func (s *stage) digests(zone *time.Location) (due []string) {
	for _, m := range s.room.all() {
		if at, ok := strings.CutPrefix(m.Key, "digest/"); ok {
			until, err := time.Parse("2006-01-02T1504Z", at)
			if err != nil {
				s.Error(err)
			}
			due = append(due, until.In(zone).Format("2006-01-02 15:04"))
		}
	}
	return due
}

// until lets time pass up to a time on the clock of a zone, while the bot is away.
func (s *stage) until(zone *time.Location, at string) {
	s.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04:05", at, zone)
	if err != nil {
		s.Fatal(err)
	}
	if time.Until(t) < 0 {
		s.Fatalf("it is %s already", time.Now().In(zone))
	}
	s.away(time.Until(t))
}

// endless leaves a tasting open for years, so that there is something to tell.
func (s *stage) endless() bot.TastingID {
	s.Helper()
	id := s.start("start kestrel nova pack=fruit rounds=2 ballot=private until=2h")
	if err := s.store.Update(s.Context(), id, bot.Open, func(t *bot.Tasting) error {
		t.Closes = time.Now().AddDate(3, 0, 0)
		t.Wake = t.Closes
		return nil
	}); err != nil {
		s.Fatal(err)
	}
	return id
}

// The first announcement in a channel says that a summary comes. The first one comes
// a week later at the earliest, and tells what was revealed since; a lone result is
// not told twice, and where nothing happened nothing is said.
func TestDigestIsAnnouncedFirst(t *testing.T) {
	play(t, usually, func(s *stage) {
		zone := in(s, "Europe/Berlin")
		s.until(zone, "2000-01-03 08:00:00") // a Monday
		first := s.hold("start kestrel nova pack=fruit rounds=6 until=5d", 6, mostly)
		a := s.announcement(first)
		if a.Comes.String() != "A summary of the week comes here Mondays at 9:00." || a.Off == nil || a.Off.ID != "digest/off" {
			s.Errorf("the first announcement says %q of summaries, with the button %v", a.Comes, a.Off)
		}
		second := s.hold("start kestrel nova pack=fruit rounds=6 until=5d", 6, mostly)
		if a := s.announcement(second); !a.Comes.IsZero() || a.Off != nil {
			s.Errorf("the second announcement says it again: %q", a.Comes)
		}
		s.until(zone, "2000-01-03 08:59:50")
		s.sleep(time.Minute)
		s.until(zone, "2000-01-10 08:00:00")
		for range 4 {
			s.hold("start kestrel nova pack=fruit rounds=6 until=5d", 6, mostly)
		}
		s.until(zone, "2000-01-10 08:59:50")
		s.sleep(time.Minute)
		if got := s.digests(zone); !slices.Equal(got, []string{"2000-01-10 09:00"}) {
			s.Fatalf("digests came on %v; want the first one a week after it was announced", got)
		}
		d := s.room.called(s.T, "digest/2000-01-10T0800Z").now().(bot.Digest)
		if len(d.Found) != 3 || !strings.Contains(d.Counts.String(), "And 1 more test. 6 people voted.") || len(d.Week.Tests) != 4 || len(d.Week.Standings.Rows) != 2 {
			s.Errorf("it tells of %d tests, %q, and behind it stand %d, with standings of %d models", len(d.Found), d.Counts, len(d.Week.Tests), len(d.Week.Standings.Rows))
		}
		if got := d.Title.String(); got != "The week in taste · 3–10 Jan" {
			s.Errorf("a week that is over is called %q", got)
		}
		s.until(zone, "2000-01-12 09:00:00")
		s.hold("start kestrel nova pack=fruit rounds=6 until=5d", 6, mostly)
		for _, monday := range []string{"2000-01-17", "2000-01-24"} { // after a lone result, and after nothing
			s.until(zone, monday+" 08:59:50")
			s.sleep(time.Minute)
		}
		s.endless()
		s.until(zone, "2000-01-31 08:59:50")
		s.sleep(time.Minute)
		if got := s.digests(zone); !slices.Equal(got, []string{"2000-01-10 09:00", "2000-01-31 09:00"}) {
			s.Errorf("digests came on %v; want none on one result or none, and one on what is under way", got)
		}
	})
}

// Whoever names a week that is not over posts nothing, and keeps no digest from coming.
func TestNoDigestOfTheFuture(t *testing.T) {
	play(t, usually, func(s *stage) {
		zone := in(s, "Europe/Berlin")
		for range 2 {
			s.hold("start kestrel nova pack=fruit rounds=2 until=5d", 2, mostly)
		}
		s.endless()
		if n := s.notice(s.press(starter, "digest/post/2000-01-10T0800Z")); !n.Error {
			s.Errorf("the digest of a week to come is posted: %q", n.Text)
		}
		s.until(zone, "2000-01-10 08:59:50")
		s.sleep(time.Minute)
		if got := s.digests(zone); !slices.Equal(got, []string{"2000-01-10 09:00"}) {
			s.Errorf("digests are %v", got)
		}
	})
}

// Where the chat takes an announcement in plain words alone, these say that a digest
// comes; where it takes none at all, the next announcement says it.
func TestDigestIsToldWhereAnnouncementsAreRefused(t *testing.T) {
	for name, refuses := range map[string]func(bot.Post) bool{
		"all but plain words": func(p bot.Post) bool { _, is := p.(bot.Announcement); return is },
		"the first":           func(p bot.Post) bool { return strings.Contains(asText(p), "Taste test 1") },
	} {
		t.Run(name, func(t *testing.T) {
			play(t, usually, func(s *stage) {
				id := s.start("start kestrel nova pack=fruit rounds=2 until=2h")
				s.room.now(func(c *room) { c.refuses = func(_ bot.Place, p bot.Post) bool { return refuses(p) } })
				s.press(starter, "1/close")
				s.sleep(time.Minute)
				if got := s.tasting(id).State; got != bot.Revealed {
					s.Fatalf("a minute later it is %v", got)
				}
				s.hold("start kestrel nova pack=fruit rounds=2 until=2h", 2, mostly)
				s.sleep(time.Minute)
				said := 0
				for _, m := range s.room.all() {
					if strings.HasSuffix(m.Key, "/announcement") {
						said += strings.Count(asText(m.now()), "A summary of the week comes here")
					}
				}
				set, err := s.store.Settings(s.Context(), lounge)
				if err != nil {
					s.Fatal(err)
				}
				if told := set.Weekly.Told; told.IsZero() || said != 1 {
					s.Errorf("that a summary comes is said %d times, and noted at %v", said, told)
				}
			})
		})
	}
}

// No digest comes where people were not told of it, where it is not known in which
// zone they are, or in a thread; and none tells a channel what was started in one.
func TestDigestOnlyWhereItMay(t *testing.T) {
	for _, c := range []struct {
		name string
		set  func(*stage)
		at   bot.Place
	}{
		{"nobody knows the zone", func(s *stage) { s.opt.TimeZone = nil }, lounge},
		{"the configuration says off", func(s *stage) { s.opt.Digest = nil }, lounge},
		{"in a thread", nil, bot.Place{Workspace: team, Channel: "lounge/1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			play(t, func(s *stage) {
				usually(s)
				if c.set != nil {
					c.set(s)
				}
			}, func(s *stage) {
				for n := range 2 {
					ask := s.notice(s.bot.Command(s.Context(), bot.Command{At: c.at, User: starter, Text: `start kestrel nova prompt="Hello?" until=2h`}))
					s.press(starter, ask.Buttons[0].ID)
					s.wait()
					s.press(starter, fmt.Sprint(n+1, "/close"))
					s.wait()
					if a := s.announcement(bot.TastingID{Workspace: team, N: uint64(n + 1)}); !a.Comes.IsZero() {
						s.Errorf("an announcement says %q", a.Comes)
					}
				}
				for range 3 {
					s.away(7*day - time.Hour)
					s.sleep(time.Hour)
				}
				if got := s.digests(time.UTC); len(got) > 0 {
					s.Errorf("digests came on %v", got)
				}
				if got := s.notice(s.command("bo", "digest")).Text.String(); c.at != lounge && !strings.Contains(got, "Nothing was revealed here") {
					s.Errorf("the channel is told of its thread: %s", got)
				}
			})
		})
	}
}

// A year of digests at the worst times that four zones have: once a week each, on the
// clock of the place, by two processes on one store that are killed at every step.
func TestYearOfDigests(t *testing.T) {
	if testing.Short() {
		t.Skip("a year takes some seconds")
	}
	t.Parallel()
	for zone, when := range map[string]string{
		"Europe/Berlin": "Sun 2:30", "America/New_York": "Sun 1:30", "Australia/Lord_Howe": "Sun 2:15", "Africa/Cairo": "Fri 0:00",
	} {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			kills := 0
			play(t, func(s *stage) { usually(s); s.log = io.Discard }, func(s *stage) {
				loc := in(s, zone)
				s.away(time.Until(time.Date(2026, 1, 1, 12, 0, 0, 0, loc)))
				s.endless()
				s.command("boss", "settings time_zone="+zone)
				if n := s.notice(s.command("boss", "digest "+when)); n.Error {
					s.Fatal(n.Text)
				}
				w, err := command.Weekly(when)
				if err != nil {
					s.Fatal(err)
				}
				var want []string
				for d := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() == 2026; d = d.AddDate(0, 0, 1) {
					if d.Weekday() != w.Day {
						continue
					}
					due := onClock(d.Add(time.Duration(w.Hour)*time.Hour+time.Duration(w.Minute)*time.Minute), loc)
					want = append(want, due.Format("2006-01-02 15:04"))
					halt := int32(len(want)%5 + 1) // the step after which whoever takes it dies
					var n atomic.Int32
					s.opt.Step = func(string) {
						if n.Add(1) == halt {
							kills++
							runtime.Goexit()
						}
					}
					s.away(time.Until(due) - 10*time.Second)
					end := s.beside()
					s.sleep(20 * time.Second)
					end()
					s.opt.Step = nil
					s.away(time.Minute)
					end = s.beside()
					s.sleep(20 * time.Second)
					end()
				}
				if diff := cmp.Diff(want, s.digests(loc)); diff != "" {
					s.Errorf("digests of %s in %s (-the clock on the wall, +came):\n%s", when, zone, diff)
				}
			})
			if kills < 35 {
				t.Errorf("it was killed %d times; want most weeks", kills)
			}
		})
	}
}

// beside runs a second bot on the same store and in the same room until it is ended.
func (s *stage) beside() (end func()) {
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

// onClock is when the clocks of a zone show a time, found by looking at them every
// minute. One that they skip is as long after the gap begins as it should have been.
func onClock(wall time.Time, loc *time.Location) time.Time {
	shown := func(t time.Time) time.Time {
		t = t.In(loc)
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC)
	}
	for t := wall.Add(-15 * time.Hour); ; t = t.Add(time.Minute) {
		switch last := shown(t.Add(-time.Minute)); {
		case shown(t).Equal(wall):
			return t.In(loc)
		case shown(t).After(wall) && last.Before(wall):
			return t.Add(wall.Sub(last) - time.Minute).In(loc)
		}
	}
}

// The clock of the machine goes a day forward or back around a digest: each comes
// once, or is left out where by the clock it is half a day late, with a line in the
// log.
func TestDigestWhenTheClockJumps(t *testing.T) {
	path, chat := filepath.Join(t.TempDir(), "db"), &room{}
	var log bytes.Buffer
	zone := in(t, "Europe/Berlin")
	visit := func(at string, story func(*stage)) { // each bubble begins at the same instant, so time can go back
		play(t, func(s *stage) {
			usually(s)
			s.path, s.room, s.log = path, chat, &log
			s.room.admins = []string{"boss"}
		}, func(s *stage) {
			s.until(zone, at)
			if story != nil {
				story(s)
			}
			s.sleep(30 * time.Second)
		})
	}
	visit("2000-02-04 12:00:00", func(s *stage) { s.endless(); s.command("boss", "digest Mon 9:00") })
	for _, at := range []string{
		"2000-02-07 09:00:10", "2000-02-06 09:00:10", "2000-02-07 09:01:00", // back after it came
		"2000-02-14 09:00:10", "2000-02-13 09:00:20", "2000-02-14 09:00:20", // forward before it came, and back
		"2000-02-21 22:00:00", "2000-02-20 22:00:00", "2000-02-21 09:00:10", // forward to thirteen hours after it
		"2000-02-28 20:00:00", "2000-02-28 21:00:00", // eleven hours late
		"2000-03-27 09:00:10", "2000-03-26 09:00:10", // weeks later
	} {
		visit(at, nil)
	}
	visit("2000-04-03 08:59:50", func(s *stage) {
		s.sleep(20 * time.Second)
		want := []string{"2000-02-07 09:00", "2000-02-14 09:00", "2000-02-28 09:00", "2000-03-27 09:00", "2000-04-03 09:00"}
		if diff := cmp.Diff(want, s.digests(zone)); diff != "" {
			s.Errorf("digests (-want +came):\n%s", diff)
		}
	})
	if n := strings.Count(log.String(), "a digest is left out"); n != 1 || !strings.Contains(log.String(), `due="2000-02-21 09:00"`) {
		t.Errorf("the log tells of %d digests that were left out; want that of 21 February", n)
	}
}

// Whatever is changed around a digest, two are seven days apart at least, and none is
// lost of which the time did not change.
func TestDigestIsMoved(t *testing.T) {
	play(t, usually, func(s *stage) {
		zone := in(s, "Europe/Berlin")
		s.until(zone, "2000-02-04 12:00:00") // a Friday
		s.endless()
		said := s.notice(s.command("boss", "digest Mon 9:00"))
		if said.Error || !strings.Contains(said.Text.String(), "comes here Mondays at 9:00, if there is something to tell. The next: Mon 09:00.") {
			s.Errorf("an admin is answered %q", said.Text)
		}
		told := s.room.called(s.T, "digest-told").now().(bot.Notice)
		if told.Text.String() != "A summary of the week comes here Mondays at 9:00." || len(told.Buttons) != 1 {
			s.Errorf("the channel is told %q, with %v", told.Text, told.Buttons)
		}
		live := func(at, typed string) {
			s.until(zone, at)
			if typed != "" {
				if n := s.notice(s.command("boss", typed)); n.Error {
					s.Errorf("%s is answered %q", typed, n.Text)
				}
			}
			s.sleep(time.Minute)
		}
		live("2000-02-07 08:59:50", "")
		live("2000-02-07 10:00:00", "digest Wed 9:00")
		live("2000-02-09 08:59:50", "") // two days after the last
		live("2000-02-16 08:59:50", "")
		live("2000-02-17 10:00:00", "digest Mon 9:00")
		live("2000-02-21 08:59:50", "") // five days
		live("2000-02-28 08:55:00", "settings time_zone=Asia/Shanghai")
		live("2000-02-28 08:59:50", "") // it was Monday 9:00 in Shanghai seven hours ago
		live("2000-02-29 10:00:00", "settings time_zone=Europe/Berlin")
		live("2000-03-06 08:59:50", "")
		live("2000-03-07 10:00:00", "digest off")
		live("2000-03-13 08:59:50", "")
		live("2000-03-14 10:00:00", "digest on")
		live("2000-03-20 08:59:50", "")
		want := []string{"2000-02-07 09:00", "2000-02-16 09:00", "2000-03-06 09:00", "2000-03-20 09:00"}
		if diff := cmp.Diff(want, s.digests(zone)); diff != "" {
			s.Errorf("digests (-want +came):\n%s", diff)
		}
		if n := len(s.room.keys()) - len(want); n != 2 { // the head, and that it was told of
			s.Errorf("the room has %v", s.room.keys())
		}
	})
}

// What people type of the digest, and what they are answered.
func TestDigestCommand(t *testing.T) {
	play(t, usually, func(s *stage) {
		zone := in(s, "Europe/Berlin")
		s.until(zone, "2000-02-04 12:00:00")
		for _, c := range [][2]string{
			{"digest", "Nothing was revealed here in the last seven days, and nothing is under way.\nA weekly summary comes here Mondays at 9:00, once the first result has announced it."},
			{"weekly now", "Nothing was revealed here"},
			{"周报", "Nothing was revealed here"},
			{`digest on "Mon 25:00"`, "“25:00” is no time of day: those go from 0:00 to 23:59. For example: Mon 23:00"},
			{"digest Funday 9:00", "I do not know the day “funday”. Did you mean Sunday?"},
			{"digest 0 0 30 2 *", "“0 0 30 2 *” is not one time of the week"},
			{"digest Mon 9:00 Europe/Berln", "There is no time zone “Europe/Berln”. Did you mean time_zone=Europe/Berlin?"},
			{"digest Mon 9:00 Asia/Tokyo", "A channel has one time zone, and it is set for all that is said there. Type: /tastetest settings time_zone=Asia/Tokyo"},
			{"settings digest=Mon", "At what time of day?"},
			{"digest Sun 2:30", "On 26 Mar 2000 the clocks skip 2:30: it comes at 03:30 that day."},
			{"summary Sun 1:30", "comes here Sundays at 1:30"},
			{"digest 每周日 2:10", "On 26 Mar 2000 the clocks skip 2:10: it comes at 03:10 that day."},
		} {
			if got := s.notice(s.command("boss", c[0])).Text.String(); !strings.Contains(got, c[1]) {
				s.Errorf("%s is answered %q; want %q", c[0], got, c[1])
			}
		}
		s.until(zone, "2000-05-04 12:00:00")
		if got := s.notice(s.command("boss", "digest Sun 2:30")).Text.String(); !strings.Contains(got, "On 29 Oct 2000 the clocks show 2:30 twice: it comes the first time, and once.") {
			s.Errorf("in May it is answered %q", got)
		}
		for _, typed := range []string{"digest off", "digest Mon 9:00", "settings digest=off"} {
			if got := s.notice(s.command("bo", typed)); !got.Error || !strings.Contains(got.Text.String(), "Only admins") {
				s.Errorf("who is no admin types %s and is answered %q", typed, got.Text)
			}
		}
		if got := s.notice(s.command("boss", "settings digest=off charts=off")).Text.String(); !strings.Contains(got, "Weekly summary: none\nPictures: no\n") || !strings.Contains(got, "digest=off charts=off") {
			s.Errorf("settings say:\n%s", got)
		}
		if got := s.notice(s.press("bo", "digest/off")); !got.Error {
			s.Errorf("who is no admin may turn it off: %q", got.Text)
		}
	})
}

// A digest for its asker alone can be posted, once; its buttons show what stands
// behind it, and open the form of the next test, filled in.
func TestDigestNow(t *testing.T) {
	play(t, usually, func(s *stage) {
		zone := in(s, "Europe/Berlin")
		s.until(zone, "2000-02-04 12:00:00")
		s.hold("start kestrel nova pack=fruit rounds=8 until=5d", 6, func(n, v int) bot.Pick { return []bot.Pick{bot.First, bot.Second}[(n+v)%2] })
		posts := len(s.room.all())
		alone, ok := s.command("bo", "digest").Post.(bot.Digest)
		if !ok || alone.Post != nil || len(alone.Menu) > 0 || !strings.Contains(alone.Comes.String(), "The next: Mon 14 Feb 09:00.") {
			s.Errorf("digest alone is answered %+v", alone)
		}
		if end, title := time.Now().In(zone).Format("15:04"), alone.Title.String(); !strings.HasPrefix(title, "The week in taste · ") || !strings.HasSuffix(title, " Feb, until "+end) {
			s.Errorf("the week is not over at %s, and is called %q", end, title)
		}
		d := s.command(starter, "digest now").Post.(bot.Digest)
		if d.Post == nil || d.More == nil || d.Again == nil || len(s.room.all()) != posts {
			s.Fatalf("digest now has the buttons %v, %v, %v, and %d posts stand; want three, and none posted yet", d.Post, d.More, d.Again, len(s.room.all())-posts)
		}
		week, ok := s.press("bo", d.More.ID).Post.(bot.Week)
		if !ok || len(week.Tests) != 1 || week.Tests[0].Sides[0].Text == "" || len(week.Standings.Rows) != 2 || len(week.Moved) != 1 || week.Moved[0].String() != "Nothing moved that these votes can show." {
			s.Errorf("behind it stands %+v", week)
		}
		form := s.press(starter, d.Again.ID).Form
		if form == nil {
			s.Fatal("the next step opens no form")
		}
		got := map[string]string{}
		for _, f := range form.Fields {
			got[f.Name] = f.Value
		}
		if got["first"] != "kestrel" || got["second"] != "nova" || got["pack"] != "fruit" || got["ballot"] != "reaction" {
			s.Errorf("the form is filled in with %v", got)
		}
		if n := s.notice(s.press("bo", d.Again.ID)); !n.Error {
			s.Errorf("who may not start is answered %q", n.Text)
		}
		if n := s.notice(s.press("bo", d.Post.ID)); !n.Error {
			s.Errorf("who may not start posts a digest: %q", n.Text)
		}
		for range 2 {
			if n := s.notice(s.press(starter, d.Post.ID)); n.Error || n.Text.String() != "It stands in the channel." {
				s.Errorf("to post it is answered %q", n.Text)
			}
			s.sleep(2 * time.Minute)
		}
		if keys := s.room.keys(); len(keys) != posts+1 {
			s.Errorf("the room has %v; want the digest once", keys)
		}
		shown, err := s.bot.View(s.Context(), lounge, bot.Voter{Workspace: team, User: "bo"})
		if err != nil {
			s.Fatal(err)
		}
		last, ok := shown[len(shown)-1].Post.(bot.Digest)
		if !ok || len(last.Found) != 1 || last.Post != nil {
			s.Errorf("the page shows %+v at the end; want the digest that was posted", shown[len(shown)-1].Post)
		}
		s.away(13 * time.Hour)
		if n := s.notice(s.press(starter, d.Post.ID)); !n.Error {
			s.Errorf("half a day later it can be posted: %q", n.Text)
		}
	})
}

// A digest that speaks of an open tasting tells nothing of who wrote what, nor does
// its next step, nor what it cost.
func TestDigestTellsNothingOfWhatIsOpen(t *testing.T) {
	var heard [2]string
	var flips [2][]bool
	for turn := range heard {
		play(t, func(s *stage) {
			usually(s)
			s.opt.Rand = newSteady(byte(turn))
			priced(s)
		}, func(s *stage) {
			zone := in(s, "Europe/Berlin")
			s.until(zone, "2000-02-04 12:00:00")
			s.command("boss", "digest Mon 9:00")
			s.hold("start kestrel nova pack=fruit rounds=6 until=5d", 6, func(int, int) bot.Pick { return bot.Tie })
			open := s.start("start kestrel nova pack=fruit rounds=2 until=10d")
			for n := range 2 {
				s.tap(s.room.called(s.T, fmt.Sprintf("2.%d/ballot", n+1)).Ref, "bo", bot.Left, true)
			}
			for _, r := range s.tasting(open).Rounds {
				flips[turn] = append(flips[turn], r.Flip)
			}
			s.sleep(time.Hour)
			d := s.command(starter, "digest now").Post
			s.until(zone, "2000-02-07 08:59:50")
			s.sleep(time.Minute)
			heard[turn] = asText(d) + asText(s.press("bo", "digest/more/2000-02-07T0800Z").Post) + asText(s.room.called(s.T, "digest/2000-02-07T0800Z").now())
			if !strings.Contains(heard[turn], "test 2, open until") || !strings.Contains(heard[turn], "1 has tasted") {
				s.Errorf("it tells nothing of what is under way:\n%s", heard[turn])
			}
			heard[turn] = strings.ReplaceAll(strings.ReplaceAll(heard[turn], "⟦ALPHA", "⟦SOME"), "⟦OMEGA", "⟦SOME")
		})
	}
	for i := range flips[0] {
		if flips[0][i] == flips[1][i] {
			t.Fatalf("the sides were not exchanged: %v and %v; this test has tested nothing", flips[0], flips[1])
		}
	}
	if diff := cmp.Diff(strings.Split(heard[0], "\n"), strings.Split(heard[1], "\n")); diff != "" {
		t.Errorf("a digest tells which model is where (-one way, +the other):\n%s", diff)
	}
}
