package engine_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/proof"
)

// A round that is taken out is void: its answers are gone from posts, page and
// store, votes on it count nowhere, and the reveal says that it was there.
func TestRoundTakenOut(t *testing.T) {
	t.Parallel()
	play(t, nil, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=4 until=3h")
		second := s.room.called(s.T, "1.2/ballot")
		for i := range 4 {
			for v := range 5 {
				m := s.room.called(s.T, fmt.Sprintf("1.%d/ballot", i+1))
				s.tap(m.Ref, fmt.Sprint("voter", v), s.choiceOf(id.Round(i+1), bot.First), true)
			}
		}
		menu := second.now().(bot.Ballot).Menu
		if len(menu) != 1 || menu[0].ID != "1.2/remove" || menu[0].Confirm.IsZero() {
			s.Fatalf("the menu of a ballot is %+v", menu)
		}
		if n := s.notice(s.press("stranger", menu[0].ID)); !n.Error || !strings.Contains(n.Text.String(), "Only whoever started") {
			s.Errorf("a stranger takes out a round: %q", n.Text)
		}
		ask := s.notice(s.command(starter, "remove 1.2"))
		if len(ask.Buttons) != 1 || ask.Buttons[0].ID != "1.2/remove" || !s.tasting(id).Rounds[1].Live() {
			s.Fatalf("before it is confirmed: %q, buttons %+v", ask.Text, ask.Buttons)
		}
		before := s.tasting(id).Rounds[1].Commitment
		if n := s.notice(s.press(starter, ask.Buttons[0].ID)); n.Error {
			s.Fatalf("it is not taken out: %q", n.Text)
		}
		s.wait()
		for _, view := range []bot.Post{second.now(), s.room.called(s.T, "1/head").now()} {
			if said := asText(view); strings.Contains(said, "ALPHA") || strings.Contains(said, "OMEGA") {
				s.Errorf("after it was taken out a post says %s", said)
			}
		}
		shown, err := s.bot.View(s.Context(), bot.Place{Workspace: team, Channel: "lounge"}, bot.Voter{Workspace: team, User: "voter1"})
		if err != nil || strings.Count(asText(shown), "ALPHA") != 3 || !strings.Contains(asText(shown), "removed") {
			s.Errorf("a page shows %s, %v", asText(shown), err)
		}
		if b := second.now().(bot.Ballot); b.Removed.String() != "removed" || b.State.TakesVotes() || len(b.Menu) > 0 || !strings.HasPrefix(b.Title.String(), "Round 2 of 4") {
			s.Errorf("the ballot is %s", asText(b))
		}
		x, err := s.store.Texts(s.Context(), id.Round(2))
		if err != nil || x.Answers[0].Text+x.Answers[0].Raw+x.Answers[1].Text+x.Answers[1].Raw != "" || x.Answers[0].Attempts == 0 {
			s.Errorf("the store keeps %s, %v", asText(x), err)
		}
		if h := s.room.called(s.T, "1/head").now().(bot.Head); !strings.HasPrefix(h.Intro.String(), "3 prompts") {
			s.Errorf("the head says %q", h.Intro)
		}
		err = s.bot.React(s.Context(), bot.Tap{Ref: second.Ref, User: "late", Choice: bot.Left, On: true, Only: true})
		if err == nil || !strings.Contains(err.Error(), "taken out") {
			s.Errorf("whoever votes in it on a page is told %v", err)
		}
		s.tap(second.Ref, "late", bot.Left, true)
		if again := s.notice(s.press(starter, "1.2/remove")); !again.Error {
			s.Errorf("taken out twice: %q", again.Text)
		}
		s.press(starter, "1/close")
		s.wait()

		got := s.tasting(id)
		if n := got.Rounds[1].Counts.Tally().N(); n != 0 || !got.Rounds[1].Removed() || got.Rounds[1].VoidBy != 0 {
			s.Errorf("%d votes count in it, removed %v, by the fault of %d", n, got.Rounds[1].Removed(), got.Rounds[1].VoidBy)
		}
		if rows, err := s.store.Votes(s.Context(), id.Round(2)); err != nil || len(rows) != 0 {
			s.Errorf("once it is sealed %d votes on it are kept, %v", len(rows), err)
		}
		a := s.announcement(id)
		if a.Base.String() != "15 votes, 5 people, 3 prompts" || len(a.Rounds) != 3 {
			s.Errorf("announced are %q, %d rounds", a.Base, len(a.Rounds))
		}
		if notes := asText(a.Notes); !strings.Contains(notes, "Taken out while people voted, and counted nowhere: 1 round (1.2).") || strings.Contains(notes, "Without a ballot") {
			s.Errorf("the notes are %s", notes)
		}
		lines, err := proof.Verify(string(a.Proof))
		if said := strings.Join(lines, "\n"); err != nil || !strings.Contains(said, fmt.Sprintf("Round 1.2 was taken out while people voted: its answers are gone, and its sides stay secret. Its commitment must be the one shown with the ballot: %x", before)) {
			s.Errorf("the proof shows %s, %v", said, err)
		}
		if b, ok := second.now().(bot.Ballot); !ok || b.Removed.IsZero() {
			s.Errorf("after the reveal it is %s", asText(second.now()))
		}
		if box := s.standings("standings"); strings.Contains(asText(box), "20 votes") || !strings.Contains(asText(box), "15 votes") {
			s.Errorf("the standings are %s", asText(box))
		}
		if n := s.notice(s.command(starter, "remove 1.1")); !n.Error || !strings.Contains(n.Text.String(), "only while people vote") {
			s.Errorf("after the reveal it can be taken out: %q", n.Text)
		}
	})
}

// Which round is asked if nobody says; the last one cannot be taken out; nonsense is
// answered with what to type.
func TestWhichRoundIsTakenOut(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.start("start kestrel nova pack=fruit rounds=2 until=3h")
		for _, r := range []bot.Reply{s.press(starter, "1/remove"), s.command(starter, "remove"), s.command(starter, "remove 1")} {
			ask := s.notice(r)
			if len(ask.Buttons) != 2 || ask.Buttons[1].ID != "1.2/remove" || !strings.HasPrefix(ask.Buttons[1].Label.String(), "1.2: Describe fruit") || ask.Buttons[1].Confirm.IsZero() {
				s.Errorf("asked is %s", asText(ask))
			}
		}
		s.press(starter, "1.1/remove")
		for typed, want := range map[string]string{
			"remove 1.2":   "Too little of taste test 1 is left to take out another round. To end it without a reveal: /tastetest cancel 1",
			"remove 1.1":   "taken out",
			"remove 1.9":   "has no round “1.9”. For example: /tastetest remove 1.2",
			"remove 1.x":   "has no round “1.x”",
			"remove 9.1":   "There is no taste test 9",
			"remove apple": "is not a tasting’s number. For example: /tastetest remove 7.3",
		} {
			if n := s.notice(s.command(starter, typed)); !n.Error || !strings.Contains(n.Text.String(), want) {
				s.Errorf("%q is answered %q, want %q", typed, n.Text, want)
			}
		}
		if n := s.notice(s.press(starter, "1.9/remove")); !n.Error {
			s.Errorf("a round that is not there: %q", n.Text)
		}
		if h := s.room.called(s.T, "1.2/ballot"); h.now().(bot.Ballot).Removed.IsZero() != true {
			s.Error("the last round is taken out")
		}
	})
}

// Of a private ballot no round is named by its text: repeats and control pairs would be
// known by what is missing. Once one plain round is left none can be taken out, of any kind.
func TestRoundsOfAPrivateBallotAreNotListed(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=3 ballot=private retests=on until=5h")
		for _, r := range []bot.Reply{s.press(starter, "1/remove"), s.command(starter, "remove 1")} {
			ask := s.notice(r)
			if len(ask.Buttons) > 0 || strings.Contains(asText(ask), "Describe fruit") || !strings.Contains(ask.Text.String(), "Take it out on the page where you see it, or by its number: /tastetest remove 1.1") {
				s.Errorf("asked is %s", asText(ask))
			}
		}
		for len(s.tasting(id).Tasted()) > 1 {
			s.press(starter, id.Round(s.tasting(id).Tasted()[0]).String()+"/remove")
			s.wait()
		}
		for _, n := range s.tasting(id).Live() {
			if said := s.notice(s.press(starter, id.Round(n).String()+"/remove")); !said.Error || !strings.HasPrefix(said.Text.String(), "Too little of taste test 1 is left") {
				s.Errorf("round %d, %s, of what is left is answered %q", n, s.tasting(id).Rounds[n-1].Kind, said.Text)
			}
		}
	})
}

// The bot dies after any step of taking a round out: it is taken out in the end, whole.
func TestStoppedWhileARoundIsTakenOut(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"will remove", "removed", "texts removed", "removed from 1/head", "removed from 1.2/ballot"} {
		t.Run(at, func(t *testing.T) {
			play(t, nil, func(s *stage) {
				id := s.start("start kestrel nova pack=fruit rounds=3 until=3h")
				s.stop()
				died := false
				s.opt.Step = func(name string) {
					if name == at && !died {
						died = true
						runtime.Goexit() // as if the process were dead
					}
				}
				s.begin()
				go s.press(starter, "1.2/remove")
				s.sleep(10 * time.Second)
				if !died {
					s.Fatal("there is no such step; this test has tested nothing")
				}
				s.stop()
				s.opt.Step = nil
				s.begin()
				s.sleep(2 * time.Minute)
				if at == "will remove" { // nobody was told that it is
					if !s.tasting(id).Rounds[1].Live() {
						s.Error("it is taken out though that was not stored")
					}
					s.press(starter, "1.2/remove")
					s.wait()
				}
				x, err := s.store.Texts(s.Context(), id.Round(2))
				b := s.room.called(s.T, "1.2/ballot").now().(bot.Ballot)
				h := s.room.called(s.T, "1/head").now().(bot.Head)
				if err != nil || x.Answers[0].Text != "" || b.Removed.IsZero() || b.Left != "" || !strings.HasPrefix(h.Intro.String(), "2 prompts") {
					s.Errorf("after the restart: texts %q, %v; the ballot says %s, the head %q", x.Answers[0].Text, err, asText(b), h.Intro)
				}
			})
		})
	}
}

// A chat that is away, or takes no edits for now, has the answers removed once it can.
func TestTakenOutOfABusyChat(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.start("start kestrel nova pack=fruit rounds=3 until=9h")
		s.room.now(func(c *room) { c.noEdit = true })
		s.press(starter, "1.2/remove")
		s.sleep(5 * time.Minute)
		m := s.room.called(s.T, "1.2/ballot")
		if !m.now().(bot.Ballot).Removed.IsZero() {
			s.Fatal("the chat takes edits; this test has tested nothing")
		}
		s.room.now(func(c *room) { c.noEdit = false })
		s.sleep(2 * time.Minute)
		if m.now().(bot.Ballot).Removed.IsZero() {
			s.Errorf("once the chat is back the ballot says %s", asText(m.now()))
		}
	})
}

// On private ballots: the seat of whoever may has the button, decks keep all else,
// and the commitment to the pool still fits.
func TestTakenOutOfDecks(t *testing.T) {
	t.Parallel()
	play(t, nil, func(s *stage) {
		id := s.start(wavesWish())
		decks := make(map[string][]string)
		deck := func(user string) (rounds []string) {
			for _, seat := range s.taste(user, better) {
				rounds = append(rounds, seat.Round.String())
			}
			return rounds
		}
		for n := range 4 {
			decks[guest(n)] = deck(guest(n))
		}
		var gone string // a plain round in the first deck
		for i, r := range s.tasting(id).Rounds {
			if r.Kind == bot.Plain && slices.Contains(decks[guest(0)], id.Round(i+1).String()) {
				gone = id.Round(i + 1).String()
			}
		}
		offers := func(user string) bool {
			seat, ok := s.press(user, gone+"/show").Post.(bot.Seat)
			return ok && strings.Contains(asText(seat.Nav), gone+"/remove")
		}
		s.room.now(func(c *room) { c.admins = []string{guest(0)} })
		if !offers(guest(0)) {
			s.Error("an admin’s seat does not offer to take its round out")
		}
		s.room.now(func(c *room) { c.admins = nil })
		if offers(guest(0)) {
			s.Error("anybody’s seat offers to take its round out")
		}
		s.press(starter, gone+"/remove")
		s.wait()
		if n, ok := s.press(guest(0), gone+"/left").Post.(bot.Notice); !ok || !strings.Contains(n.Text.String(), "taken out") {
			s.Errorf("a vote on it is answered %+v", n)
		}
		for user, before := range decks {
			last := s.press(user, "1/taste").Post.(bot.Seat)
			want := slices.DeleteFunc(slices.Clone(before), func(r string) bool { return r == gone })
			if last.Round.Round != 0 || last.Of != len(want) || last.Done != len(want) {
				s.Errorf("%s has voted in %d of %d rounds, not in %d of %d: their deck has changed", user, last.Done, last.Of, len(want), len(want))
			}
		}
		for n := 4; n < 8; n++ {
			if rounds := deck(guest(n)); slices.Contains(rounds, gone) || len(rounds) < 6 {
				s.Errorf("%s is dealt %v", guest(n), rounds)
			}
		}
		s.press(starter, "1/close")
		s.wait()
		lines, err := proof.Verify(string(s.announcement(id).Proof))
		if err != nil || !strings.Contains(strings.Join(lines, "\n"), "The pool, the decks and the rule: the commitment fits.") {
			s.Errorf("the proof shows %q, %v", lines, err)
		}
	})
}

// A round that is shown again goes with its repeat, whichever is taken out: both show
// the same texts.
func TestTakenOutWithItsRepeat(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=6 ballot=private retests=on until=5h")
		for i, r := range s.tasting(id).Rounds {
			if r.Kind == bot.Retest {
				s.press(starter, id.Round(i+1).String()+"/remove")
				s.wait()
				if got := s.tasting(id).Removed(); len(got) != 2 || !slices.Contains(got, r.Original) || !slices.Contains(got, i+1) {
					s.Errorf("taking out %d, the repeat of %d, takes out %v", i+1, r.Original, got)
				}
				for _, seat := range s.taste("bo", better) {
					if n := seat.Round.Round; n == i+1 || n == r.Original {
						s.Errorf("round %d is still shown", n)
					}
				}
				return
			}
		}
		s.Fatal("there is no repeat; this test has tested nothing")
	})
}
