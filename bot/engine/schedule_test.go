package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// scheduled has an admin set up a schedule, and returns what was proposed.
func (s *stage) scheduled(text string) bot.Notice {
	s.Helper()
	ask := s.notice(s.command("boss", text))
	if ask.Error || len(ask.Buttons) != 2 {
		s.Fatalf("%q was answered with %q, want the question whether to set it up", text, ask.Text)
	}
	if yes := s.notice(s.press("boss", ask.Buttons[0].ID)); yes.Error {
		s.Fatalf("yes was answered with %q", yes.Text)
	}
	return ask
}

// bossy makes boss an admin of the room.
func bossy(s *stage) { s.room.admins = []string{"boss"} }

// at lets time pass until a time of January 2000, and the bot run for some minutes
// around it and be down before.
func (s *stage) at(date, hour, min int) {
	s.Helper()
	s.away(time.Until(time.Date(2000, 1, date, hour, min, 0, 0, time.UTC)) - time.Minute)
	s.sleep(3 * time.Minute)
}

// ballots are the rounds posted so far, in order: "1.1".
func (s *stage) ballots() (ids []string) {
	for _, key := range s.room.keys() {
		if id, ok := strings.CutSuffix(key, "/ballot"); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

// A schedule is a chain of blocks: each run posts the next round of one tasting, which
// is fixed from the first on and revealed as a whole at its end, when the next begins.
// Each test begins on Saturday 1 January 2000, at midnight.
func TestScheduleIsAChainOfBlocks(t *testing.T) {
	play(t, func(s *stage) { bossy(s); s.room.countFor = 2 * time.Hour }, func(s *stage) { // counts are edited into younger posts
		ask := s.scheduled("schedule weekdays 10:00 start kestrel nova pack=fruit rounds=1 block=3")
		for _, want := range []string{
			"kestrel against nova: 3 prompts from the pack fruit, reaction ballot.", "3 of them make one test.",
			"“weekdays 10:00” is UTC time. It comes next: Mon 10:00, Tue 10:00, Wed 10:00.", "Voting in the first closes Thu 10:00.",
		} {
			if !strings.Contains(ask.Text.String(), want) {
				s.Errorf("the proposal says nothing of %q:\n%s", want, ask.Text)
			}
		}
		if n := s.notice(s.command("boss", "schedule")); !strings.Contains(n.Text.String(), "1: weekdays 10:00 · kestrel nova pack=fruit rounds=1 · a round each time, 3 make one test · next Mon 10:00") || len(n.Buttons) != 3 {
			s.Errorf("the list says, with %d buttons:\n%s", len(n.Buttons), n.Text)
		}
		s.sleep(47 * time.Hour)
		if posts := s.room.keys(); len(posts) != 0 {
			s.Fatalf("before the first time there are posts %v", posts)
		}
		s.sleep(12 * time.Hour) // Monday 11:00
		fixed := s.tasting(tastingNo(1))
		if got := s.ballots(); !slices.Equal(got, []string{"1.1"}) || len(fixed.Rounds) != 3 || fixed.Starter.User != "boss" {
			s.Fatalf("on Monday there are %v, of %d rounds of %s", got, len(fixed.Rounds), fixed.Starter.User)
		}
		first := s.room.called(s.T, "1.1/ballot")
		details := strings.Join(bot.English(first.now().(bot.Ballot).Details), "\n")
		for n := range 3 {
			if !strings.Contains(details, fmt.Sprintf("%x", fixed.Rounds[n].Commitment)) {
				s.Errorf("the first post does not commit to round %d:\n%s", n+1, details)
			}
		}
		if !strings.Contains(details, "that it ends Thu 6 Jan 10:00") && !strings.Contains(details, "that it ends Thu 10:00") {
			s.Errorf("the first post does not fix the end:\n%s", details)
		}
		for _, user := range []string{"bo", "cy"} {
			s.tap(first.Ref, user, bot.Left, true)
		}
		s.sleep(24 * time.Hour)
		second := s.room.called(s.T, "1.2/ballot").now().(bot.Ballot)
		if got := second.Title.String(); got != "Taste test 1 · round 2 of 3 · Which reply is better?" {
			s.Errorf("the second is called %q", got)
		}
		if got := second.Note.String(); got != "Earlier rounds are still open; voted so far: 2 in round 1." {
			s.Errorf("of the earlier one it says %q", got)
		}
		for _, b := range second.Menu {
			if strings.Contains(b.ID, "extend") {
				s.Error("the end of a block, which is fixed, has a button to put it off")
			}
		}
		if n := s.notice(s.command("boss", "extend 1")); !n.Error || !strings.Contains(n.Text.String(), "its end was fixed") {
			s.Errorf("extend is answered %q", n.Text)
		}
		s.tap(s.room.called(s.T, "1.2/ballot").Ref, "bo", bot.Right, true)
		s.sleep(time.Minute)
		if got := s.room.called(s.T, "1.2/ballot").now().(bot.Ballot).Progress.String(); !strings.HasPrefix(got, "1 voted") {
			s.Errorf("a day after the block began the second says %q of a vote", got)
		}
		s.tap(first.Ref, "di", bot.Right, true) // the first is still open
		s.sleep(24 * time.Hour)
		if keys := s.room.keys(); !slices.Equal(keys, []string{"1.1/ballot", "1.2/ballot", "1.3/ballot"}) {
			s.Errorf("until Wednesday there are the posts %v; want a ballot each day and nothing more", keys)
		}
		s.sleep(24 * time.Hour) // Thursday 11:00
		now := s.tasting(tastingNo(1))
		if now.State != bot.Revealed || now.Extended {
			s.Fatalf("on Thursday the block is %v, extended %v", now.State, now.Extended)
		}
		for n := range 3 {
			if string(now.Rounds[n].Commitment) != string(fixed.Rounds[n].Commitment) || now.Rounds[n].Prompt != fixed.Rounds[n].Prompt {
				s.Errorf("round %d is not what was fixed", n+1)
			}
			if _, ok := s.room.called(s.T, fmt.Sprintf("1.%d/ballot", n+1)).now().(bot.Reveal); !ok {
				s.Errorf("round %d is not revealed", n+1)
			}
		}
		if a := s.announcement(tastingNo(1)); a.Base.String() != "4 votes, 3 people, 2 prompts" {
			s.Errorf("the block's announcement rests on %q", a.Base)
		}
		if got := s.ballots(); !slices.Equal(got, []string{"1.1", "1.2", "1.3", "2.1"}) {
			s.Errorf("on Thursday the next block begins; the rounds are %v", got)
		}
		prompts := map[string]bool{}
		for n := range uint64(2) {
			for _, r := range s.tasting(tastingNo(n + 1)).Rounds {
				prompts[r.Prompt] = true
			}
		}
		if len(prompts) != 6 {
			s.Errorf("two blocks of three have %d prompts, of a pack of twelve", len(prompts))
		}
	})
}

// With more rounds than one each run is a tasting of its own; when the pack is used up
// the starter is told, once, and the prompts come again, the longest unseen first.
func TestScheduleOfWholeTests(t *testing.T) {
	play(t, bossy, func(s *stage) {
		s.scheduled("schedule Mon 10:00 start kestrel nova pack=fruit rounds=5 until=24h")
		for _, monday := range []int{3, 10, 17} {
			s.at(monday, 10, 0)
			s.at(monday+1, 10, 0) // and a day later it closes, extended by as much
			s.at(monday+2, 10, 0)
		}
		var all []string
		for n := range uint64(3) {
			x := s.tasting(tastingNo(n + 1))
			if want := time.Date(2000, 1, 3+7*int(n), 10, 0, 0, 0, time.UTC); x.Created.Sub(want) > 2*time.Second || x.Created.Before(want) || x.Block() || !x.Extended || !x.Closes.Equal(x.Created.Add(48*time.Hour)) {
				s.Errorf("test %d begins %v and closes %v; want %v, and a day later, extended once", n+1, x.Created, x.Closes, want)
			}
			for _, r := range x.Rounds {
				all = append(all, r.Prompt)
			}
		}
		if first := slices.Compact(slices.Sorted(slices.Values(all[:12]))); len(first) != 12 {
			s.Errorf("of a pack of twelve the first twelve rounds have %d", len(first))
		}
		for _, again := range all[12:15] {
			if !slices.Contains(all[:5], again) {
				s.Errorf("prompt %s comes again before those of the first test", again)
			}
		}
		s.at(24, 10, 0)
		told := slices.DeleteFunc(s.room.heard(), func(said string) bool { return !strings.Contains(said, "have been seen here") })
		if len(told) != 1 || !strings.HasPrefix(told[0], "boss: ") {
			s.Errorf("that the pack is used up was told as %q; want its starter told once", told)
		}
	})
}

// Each button of the list does what it says; skipping twice by one button leaves out
// one time; a number is never given again.
func TestScheduleButtons(t *testing.T) {
	play(t, bossy, func(s *stage) {
		s.scheduled("schedule daily 10:00 start kestrel nova pack=fruit rounds=1")
		list := s.notice(s.command("boss", "schedule"))
		skip := list.Buttons[1].ID
		for range 2 {
			s.press("boss", skip)
		}
		if n := s.notice(s.command("boss", "schedule")); !strings.Contains(n.Text.String(), "next Sun 10:00") {
			s.Errorf("after its button was tapped twice:\n%s", n.Text)
		}
		s.sleep(11 * time.Hour)
		if got := s.ballots(); len(got) != 0 {
			s.Errorf("a time that was left out has come: %v", got)
		}
		if n := s.notice(s.command("boss", "schedule pause 1")); n.Error {
			s.Error(n.Text)
		}
		s.sleep(24 * time.Hour)
		list = s.notice(s.command("boss", "schedule"))
		if got := s.ballots(); len(got) != 0 || !strings.Contains(list.Text.String(), "paused") || len(list.Buttons) != 2 {
			s.Errorf("while it pauses there are %v, and the list says %s", got, list.Text)
		}
		s.press("boss", list.Buttons[0].ID) // resume, on Sunday at 11:00: what was missed is not caught up
		s.wait()
		if got := s.ballots(); len(got) != 0 {
			s.Errorf("resumed, it catches up what it missed while it paused: %v", got)
		}
		s.sleep(24 * time.Hour)
		if got := s.ballots(); !slices.Equal(got, []string{"1.1"}) {
			s.Errorf("resumed, it has posted %v", got)
		}
		s.command("boss", "schedule skip 1")
		s.sleep(24 * time.Hour)
		if got := s.ballots(); len(got) != 1 {
			s.Errorf("after a time is left out in the middle of a block there are %v", got)
		}
		s.press("boss", "schedule/1/remove")
		s.away(10 * day)
		x := s.tasting(tastingNo(1))
		if got := s.ballots(); len(got) != 1 || x.State != bot.Revealed {
			s.Errorf("removed, it has posted %v, and its block is %v", got, x.State)
		}
		if a := s.announcement(tastingNo(1)); strings.Count(strings.Join(bot.English(a.Notes), " "), "it was never opened") != 4 {
			s.Errorf("four rounds of the block were never opened; its notes say %q", bot.English(a.Notes))
		}
		s.scheduled("定时 每周一 9:00 start kestrel nova pack=fruit rounds=4")
		if n := s.notice(s.press("boss", "schedule/1/resume")); !n.Error || !strings.Contains(n.Text.String(), "There is no schedule 1 here") {
			s.Errorf("an old button is answered %q", n.Text)
		}
		if n := s.notice(s.command("boss", "recurring")); !strings.Contains(n.Text.String(), "2: 每周一 9:00") {
			s.Errorf("the list says %s", n.Text)
		}
	})
}

// Who cannot be looked up is not taken for somebody who is no admin any more: the time
// comes once they can be.
func TestScheduleWhileAdminsCannotBeRead(t *testing.T) {
	play(t, bossy, func(s *stage) {
		s.scheduled("schedule daily 10:00 start kestrel nova pack=fruit rounds=2")
		s.room.now(func(c *room) { c.hiding = true })
		s.sleep(10*time.Hour + 5*time.Minute)
		if keys := s.room.keys(); len(keys) > 0 {
			s.Errorf("while nobody can be asked there are the posts %v", keys)
		}
		s.room.now(func(c *room) { c.hiding = false })
		s.sleep(30 * time.Minute)
		if keys := s.room.keys(); !slices.Equal(keys, []string{"1/head", "1.1/ballot", "1.2/ballot"}) {
			s.Errorf("half an hour later there are the posts %v; want its test", keys)
		}
	})
}

// What is confirmed is a bound of every run, whichever prompts it gets.
func TestScheduleStaysBelowWhatWasConfirmed(t *testing.T) {
	if testing.Short() {
		t.Skip("five days of a schedule take half a second: run without -short")
	}
	play(t, func(s *stage) {
		bossy(s)
		long := pack(12)
		long.Prompts[7].Text = strings.Repeat("Describe it at length. ", 40)
		long.Prompts[3].System = strings.Repeat("You are a gardener. ", 40)
		s.opt.Library = shelf{long}
		s.models[0].price, s.models[1].price = &bot.Price{Input: 3e6, Output: 15e6}, &bot.Price{Input: 1e6, Output: 5e6}
	}, func(s *stage) {
		ask := s.scheduled("schedule daily 10:00 start kestrel nova pack=fruit rounds=3")
		s.sleep(5 * 24 * time.Hour)
		var most []int64
		for n := uint64(1); n <= 4; n++ { // all twelve prompts
			x := s.tasting(tastingNo(n))
			set, err := s.store.Settings(s.Context(), x.Place)
			if err != nil {
				s.Fatal(err)
			}
			most = append(most, set.Schedules[0].Most)
		}
		if told := strings.Join(s.room.heard(), "\n"); strings.Contains(told, "was agreed to") || !strings.Contains(ask.Text.String(), "costs at most "+bot.Say("{m}", bot.Money(most[0])).String()) {
			s.Errorf("proposed was %q, stored are %v, told was %q", ask.Text, most, told)
		}
	})
}

// Whoever takes a schedule over while the bot is about to pause it for want of its maker
// is not overruled.
func TestTakenOverWhileItPauses(t *testing.T) {
	var s *stage
	play(t, func(stage *stage) {
		s = stage
		s.room.admins = []string{"boss", "chief"}
		taken := false
		s.opt.Step = func(what string) {
			if what == "will pause 1" && !taken {
				taken = true
				s.command("chief", "schedule pause 1")
				s.command("chief", "schedule resume 1")
			}
		}
	}, func(s *stage) {
		s.scheduled("schedule daily 10:00 start kestrel nova pack=fruit rounds=4")
		s.room.now(func(c *room) { c.admins = []string{"chief"} })
		s.sleep(35 * time.Hour)
		if n := s.notice(s.command("chief", "schedule")); strings.Contains(n.Text.String(), "paused") {
			s.Errorf("taken over in time, it is listed as %s", n.Text)
		}
		if x := s.tasting(tastingNo(1)); x.Starter.User != "chief" {
			s.Errorf("its test is %s's", x.Starter.User)
		}
	})
}

// Paused while one of its times waits for the round before to be posted, a schedule
// opens no round that was not open.
func TestPausedWhileItWaits(t *testing.T) {
	play(t, bossy, func(s *stage) {
		s.room.noPosts = func(string) error { return errCut }
		s.scheduled("schedule 0 * * * * start kestrel nova pack=fruit rounds=1 block=3")
		s.sleep(2*time.Hour + 5*time.Minute)
		if got := s.tasting(tastingNo(1)).State; got != bot.Posting {
			s.Fatalf("the first round is %v; this test looks at one that cannot be posted", got)
		}
		s.command("boss", "schedule pause 1")
		s.room.now(func(c *room) { c.noPosts = nil })
		s.sleep(30 * time.Minute)
		if got := s.ballots(); !slices.Equal(got, []string{"1.1"}) {
			s.Errorf("paused, it has opened %v; want what it had begun and nothing more", got)
		}
	})
}

// What cannot be is refused with what is wrong, the nearest that is right and an
// example, and nothing is kept of it.
func TestScheduleRefused(t *testing.T) {
	play(t, bossy, func(s *stage) {
		for text, want := range map[string]string{
			"schedule Mon 25:00 start kestrel nova":                              "“25:00” is no time of day: those go from 0:00 to 23:59. For example: Mon 23:00",
			"schedule Funday 9:00 start kestrel nova":                            "I do not know the day “funday”. Did you mean Sunday? For example: Sunday 9:00",
			"schedule 0 0 30 2 * start kestrel nova":                             "“0 0 30 2 *” never comes: no such month has that day. The nearest that does: 0 0 28 2 *",
			"schedule weekdays 10:00":                                            "“weekdays 10:00” does not say what is to start. For example: /tastetest schedule weekdays 10:00 start kestrel nova rounds=1",
			"schedule kestrel nova rounds=1":                                     "Say when it is to start. For example: /tastetest schedule weekdays 10:00 start kestrel nova rounds=1",
			"schedule weekdays 10:00 start kestrel nvoa":                         "Did you mean “nova”?",
			"schedule weekdays 10:00 start kestrel nova pack=friut":              "Did you mean pack=fruit?",
			"schedule weekdays 10:00 start kestrel nova prompt=Hello":            "I do not know the option “prompt”",
			"schedule weekdays 10:00 start kestrel nova rounds=3 block=3":        "A block has a round each time. Say rounds=1",
			"schedule weekdays 10:00 start kestrel nova block=1":                 "A block is 2 to 20 times",
			"schedule weekdays 10:00 start kestrel nova rounds=1 ballot=private": "is voted on with emoji, in the channel. Leave ballot=private out",
			"schedule monthly 1st 10:00 start kestrel nova rounds=1":             "5 times are more than 90 days",
			"schedule Mon 10:00 start kestrel nova until=2000-01-04":             "That time is over already",
			"schedule pause 7":                  "There is no schedule 7 here",
			"schedule pause":                    "Which one? For example: /tastetest schedule pause=2",
			"start kestrel nova every=whenever": "I do not understand “whenever” in a time",
		} {
			n := s.notice(s.command("boss", text))
			if !n.Error || !strings.Contains(n.Text.String(), want) {
				s.Errorf("%q is answered %q; want %q", text, n.Text, want)
			}
		}
		for _, user := range []string{starter, "bo", "unlucky"} {
			for _, text := range []string{"schedule", "schedule weekdays 10:00 start kestrel nova", "schedule pause 1"} {
				if n := s.notice(s.command(user, text)); !n.Error || !strings.Contains(n.Text.String(), "Only admins set up tests that start by themselves") {
					s.Errorf("%s says %q and is answered %q", user, text, n.Text)
				}
			}
			if n := s.notice(s.press(user, "schedule/1/go")); !n.Error {
				s.Errorf("%s taps a button of the list and is answered %q", user, n.Text)
			}
		}
		if set, err := s.store.Settings(s.Context(), lounge); err != nil || len(set.Schedules) > 0 {
			s.Errorf("after refusals there are the schedules %v, %v", set.Schedules, err)
		}
		ask := s.notice(s.command("boss", `start kestrel nova pack=fruit rounds=4 every="Mon,Thu 14:00"`))
		if !strings.Contains(ask.Text.String(), "Mon 14:00, Thu 14:00") {
			s.Errorf("every= is answered %q", ask.Text)
		}
		s.sleep(2 * time.Hour) // and is not accepted
		if n := s.notice(s.press("boss", ask.Buttons[0].ID)); !n.Error {
			s.Errorf("a proposal of two hours ago is accepted: %q", n.Text)
		}
	})
}

// Whoever proposes a time that a change of clocks skips or repeats is told what happens
// then.
func TestScheduleSaysWhatClocksDo(t *testing.T) {
	play(t, bossy, func(s *stage) {
		s.command("boss", "settings time_zone=Europe/Berlin")
		got := s.notice(s.command("boss", "schedule daily 2:30 start kestrel nova pack=fruit rounds=1")).Text.String()
		for _, want := range []string{
			"“daily 2:30” is Europe/Berlin time. It comes next: ", "On 2000-03-26 clocks are put forward and there is no 02:30: that day it comes Sun 26 Mar 03:30.", "On 2000-10-29 clocks are put back and 02:30 comes twice: it comes the first time.",
		} {
			if !strings.Contains(got, want) {
				s.Errorf("nothing is said of %q:\n%s", want, got)
			}
		}
	})
}

// What is being typed of a schedule is completed: models behind the word start, also
// where the time is a field of its own.
func TestScheduleSuggests(t *testing.T) {
	play(t, bossy, func(s *stage) {
		for text, want := range map[string]string{
			"schedule weekdays 10:00 start k":                "schedule weekdays 10:00 start kestrel ",
			"schedule weekdays 10:00 start kestrel n":        "schedule weekdays 10:00 start kestrel nova ",
			`schedule kestrel when="weekdays 10:00" n`:       `schedule kestrel when="weekdays 10:00" nova `,
			"schedule weekdays 10:00 start kestrel nova blo": "schedule weekdays 10:00 start kestrel nova block=",
		} {
			all := s.bot.Suggest(s.Context(), bot.Command{At: lounge, User: "boss", Text: text})
			if len(all) == 0 || all[0].Text != want {
				s.Errorf("%q is completed to %v; want %q first", text, all, want)
			}
		}
	})
}

// What nobody confirms keeps within the spending limits; a model or a pack that is gone
// is told to the starter alone, and once. What can be again goes on.
func TestRunThatCannotStart(t *testing.T) {
	for name, c := range map[string]struct {
		fault func(*stage)
		mend  func(*stage)
		want  string
	}{
		"a spending limit":   {func(s *stage) { s.opt.Limits.Person = 1 }, func(s *stage) { s.opt.Limits.Person = 1e13 }, "your limit for today"},
		"dearer than agreed": {func(s *stage) { s.models[0].price = &bot.Price{Input: 1e8, Output: 1e8} }, func(s *stage) { s.models[0].price = nil }, "was agreed to when it was set up. To agree to more, remove it and set it up anew: /tastetest schedule remove=1"},
		"a model is gone":    {func(s *stage) { s.models[1].name = "wren" }, func(s *stage) { s.models[1].name = "nova" }, "I do not know the model “nova”"},
		"a pack is gone":     {func(s *stage) { s.opt.Library.(*changing).pack.Name = "nuts" }, func(s *stage) { s.opt.Library.(*changing).pack.Name = "fruit" }, "There is no pack “fruit”"},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(s *stage) {
				bossy(s)
				s.opt.Limits.Person = 1e13
				s.opt.Library = &changing{shelf{pack(12)}}
			}, func(s *stage) {
				s.scheduled("schedule daily 10:00 start kestrel nova pack=fruit rounds=1")
				between := func(change func(*stage)) { // two runs of the program
					s.stop()
					change(s)
					s.begin()
				}
				between(c.fault)
				s.at(1, 10, 0)
				s.at(2, 10, 0)
				told := s.room.heard()
				if posts := s.room.keys(); len(posts) > 0 || len(told) != 1 || !strings.HasPrefix(told[0], "boss: ") || !strings.Contains(told[0], c.want) {
					s.Errorf("after two times there are posts %v, and told was %q", posts, told)
				}
				if n := s.notice(s.command("boss", "schedule")); !strings.Contains(n.Text.String(), "The latest did not start: ") {
					s.Errorf("the list says %s", n.Text)
				}
				if held, err := s.store.Reserved(s.Context(), "usd/2000-01-02"); err != nil || held != 0 {
					s.Errorf("for what did not start %d is held, %v", held, err)
				}
				between(c.mend)
				s.at(3, 10, 0)
				if got := s.ballots(); !slices.Equal(got, []string{"1.1"}) {
					s.Errorf("once it can be again there are %v", got)
				}
			})
		})
	}
}

// changing is a library whose pack may be renamed.
type changing struct{ shelf }

// A schedule pauses, and an admin is told, when whoever made it is forgotten or may no
// longer start; an admin who resumes it takes it over. A look-up that fails pauses nothing.
func TestScheduleWithoutItsMaker(t *testing.T) {
	for name, c := range map[string]struct {
		goes func(*stage)
		want string
	}{
		"forgotten":            {func(s *stage) { s.press("boss", "forget-me") }, "Whoever set it up was forgotten."},
		"no longer an admin":   {func(s *stage) { s.room.now(func(c *room) { c.admins = []string{"chief"} }) }, "Whoever set it up is no longer an admin."},
		"an admin by her name": {func(s *stage) { s.room.now(func(c *room) { c.admins = nil }) }, "Whoever set it up is no longer an admin."},
	} {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && name == "an admin by her name" {
				t.Skip("one who is no admin any more is enough")
			}
			play(t, func(s *stage) {
				bossy(s)
				s.opt.Policy.Everyone = true // may start, and yet nothing that nobody confirms
				if name == "an admin by her name" {
					s.opt.Policy.Admins = []string{"room:chief", "slack:U1"}
				}
			}, func(s *stage) {
				s.scheduled("schedule daily 10:00 start kestrel nova pack=fruit rounds=4")
				c.goes(s)
				s.sleep(35 * time.Hour)
				var said []string
				for _, m := range s.room.all() {
					said = append(said, m.now().(bot.Notice).Text.String())
				}
				for _, told := range s.room.heard() {
					if strings.HasPrefix(told, "chief: ") {
						said = append(said, told)
					}
				}
				if len(said) != 1 || !strings.Contains(said[0], c.want+" An admin can take it over: /tastetest schedule resume=1") {
					s.Fatalf("said is %q", said)
				}
				s.room.now(func(c *room) { c.admins = []string{"chief"} })
				if n := s.notice(s.command("chief", "schedule")); !strings.Contains(n.Text.String(), "paused: "+c.want) {
					s.Errorf("the list says %s", n.Text)
				}
				if n := s.notice(s.command("chief", "schedule resume 1")); !strings.Contains(n.Text.String(), "started in your name. Each costs at most $") {
					s.Errorf("taken over with the words %s, which do not name the cost", n.Text)
				}
				s.sleep(24 * time.Hour)
				if x := s.tasting(tastingNo(1)); x.Starter.User != "chief" {
					s.Errorf("taken over, its tests are %s's", x.Starter.User)
				}
			})
		})
	}
}
