package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/proof"
)

// One round in a channel, from the wish to the reveal.
func TestOneRound(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start(`start kestrel nova prompt="A cake came late. Apologise." until=2h`)
		m := s.room.called(s.T, "1.1/ballot")
		ballot := m.now().(bot.Ballot)
		if ballot.Prompt != "A cake came late. Apologise." || ballot.Progress.String() != "0 voted · models revealed "+time.Now().UTC().Add(2*time.Hour).Truncate(time.Hour).Format("15:04") {
			s.Errorf("ballot = %+v", ballot)
		}
		if ballot.Legend.String() != "🅰️ better · 🅱️ better · 🤝 equal · 👎 both bad" {
			s.Errorf("the legend says %q", ballot.Legend)
		}
		for i, user := range []string{"bo", "cy", "di", "ed", "flo"} {
			pick := bot.First
			if i == 4 {
				pick = bot.Second
			}
			s.tap(m.Ref, user, s.choiceOf(id.Round(1), pick), true)
		}
		s.sleep(20 * time.Second)
		if got := m.now().(bot.Ballot).Progress; !strings.HasPrefix(got.String(), "5 voted") {
			s.Errorf("after five votes the ballot says %q", got)
		}
		s.sleep(2 * time.Hour)
		s.wait()
		r, ok := m.now().(bot.Reveal)
		if !ok {
			s.Fatalf("two hours later the ballot is still %+v", m.now())
		}
		if want := "kestrel 4 · nova 1 · equal 0 · both bad 0"; r.Summary.String() != want {
			s.Errorf("reveal says %q, want %q", r.Summary, want)
		}
		for i, side := range r.Sides {
			if first := strings.Contains(string(side.Text), "ALPHA"); first != (side.Model == "kestrel") {
				s.Errorf("side %d: %q is said to be by %s", i, side.Text, side.Model)
			}
			if string(side.Text) != []string{string(ballot.Left), string(ballot.Right)}[i] {
				s.Errorf("the reveal shows the sides in another order than the ballot")
			}
		}
		a := s.announcement(id)
		if a.Title.String() != "Taste test 1: too few prompts for a verdict." || a.Base.String() != "5 votes, 5 people, 1 prompt" {
			s.Errorf("announcement: %q, %q", a.Title, a.Base)
		}
		if said, err := proof.Verify(string(a.Proof)); err != nil || len(said) != 1 || !strings.Contains(ballot.Details[0].String(), lastWord(said[0])) {
			s.Errorf("Verify = %q, %v; the ballot said %q", said, err, ballot.Details)
		}
	})
}

func lastWord(s string) string { return s[strings.LastIndex(s, " ")+1:] }

// Ten rounds stand in the thread of a head, and the names come when all are over.
func TestManyRounds(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit until=3h")
		head := s.room.called(s.T, "1/head")
		if got := head.now().(bot.Head).Intro; !strings.HasPrefix(got.String(), "10 prompts, two unnamed answers each") {
			s.Errorf("head says %q", got)
		}
		flipped := 0
		for n := 1; n <= 10; n++ {
			m := s.room.called(s.T, fmt.Sprintf("1.%d/ballot", n))
			if m.Ref.Channel != "lounge/"+head.Ref.Message {
				s.Errorf("ballot %d stands in %q, not in the head's thread", n, m.Ref.Channel)
			}
			if s.tasting(id).Rounds[n-1].Flip {
				flipped++
			}
			for v := range 6 {
				s.tap(m.Ref, fmt.Sprint("voter", v), s.choiceOf(id.Round(n), bot.First), true)
			}
		}
		if flipped != 5 {
			s.Errorf("the first model stands on the right in %d of 10 rounds, want 5", flipped)
		}
		if ask := s.notice(s.command(starter, "close")); len(ask.Buttons) != 1 || !strings.Contains(ask.Text.String(), "6 people have tasted") {
			s.Errorf("close is answered with %+v", ask)
		}
		s.press(starter, "1/close")
		s.wait()
		a := s.announcement(id)
		if a.Title.String() != "Taste test 1: kestrel is preferred." || a.Base.String() != "60 votes, 6 people, 10 prompts" {
			s.Errorf("announcement: %q, %q", a.Title, a.Base)
		}
		for n := 1; n <= 10; n++ {
			if _, ok := s.room.called(s.T, fmt.Sprintf("1.%d/ballot", n)).now().(bot.Reveal); !ok {
				s.Errorf("round %d is not revealed", n)
			}
		}
		if got := s.tasting(id).State; got != bot.Revealed {
			s.Errorf("the tasting is %v", got)
		}
		if got := head.now().(bot.Head).Intro; got.String() != "10 prompts, two answers each." {
			s.Errorf("after the reveal the head says %q", got)
		}
	})
}

// A private tasting leads each person through the rounds in an order of their own.
func TestPrivate(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=8 ballot=private until=3h")
		if got := len(s.room.keys()); got != 1 {
			s.Fatalf("posts %v, want the head alone", s.room.keys())
		}
		orders := make(map[string]bool)
		sides := make(map[string]bool)
		for v := range 6 {
			user := fmt.Sprint("voter", v)
			order, seen := "", ""
			seat := s.press(user, "1/taste").Post.(bot.Seat)
			for seat.Round.Round != 0 {
				order += seat.Round.String() + " "
				left := strings.Contains(string(seat.Left), "ALPHA")
				seen += fmt.Sprint(seat.Round.Round, left, " ")
				button := seat.Buttons[0].ID // prefer ALPHA, wherever it stands
				if !left {
					button = seat.Buttons[1].ID
				}
				seat = s.press(user, button).Post.(bot.Seat)
			}
			if seat.Done != 8 {
				s.Errorf("%s has tasted %d of 8", user, seat.Done)
			}
			orders[order], sides[seen] = true, true
			again := s.press(user, seat.Nav[0].ID).Post.(bot.Seat)
			if again.Mine == "" || again.Position != 1 {
				s.Errorf("looking again shows %+v", again)
			}
		}
		if len(orders) < 4 || len(sides) < 4 {
			s.Errorf("six people saw %d orders of rounds and %d of sides", len(orders), len(sides))
		}
		s.sleep(20 * time.Second)
		if got := s.room.called(s.T, "1/head").now().(bot.Head).Progress; !strings.HasPrefix(got.String(), "6 have tasted") {
			s.Errorf("head says %q", got)
		}
		s.press(starter, "1/close")
		s.wait()
		a := s.announcement(id)
		if a.Bars[0].Count != 48 || a.Title.String() != "Taste test 1: kestrel is preferred." {
			s.Errorf("announcement %q, %+v; all 48 votes were for kestrel", a.Title, a.Bars)
		}
		if late := s.notice(s.press("voter0", "1.1/left")); !late.Error || !strings.Contains(late.Text.String(), "over") {
			s.Errorf("a vote after the reveal is answered with %+v", late)
		}
	})
}

// A private vote can be changed, skipped and taken back.
func TestSeat(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.start("start kestrel nova pack=fruit rounds=3 ballot=private until=3h")
		first := s.press("bo", "1/taste").Post.(bot.Seat)
		second := s.press("bo", first.Nav[0].ID).Post.(bot.Seat)
		if second.Position != 2 || second.Done != 0 {
			s.Fatalf("skipping leads to %+v", second)
		}
		s.press("bo", second.Buttons[2].ID)
		back := s.press("bo", "1/taste").Post.(bot.Seat)
		if back.Round != first.Round || back.Done != 1 {
			s.Errorf("coming back leads to round %v with %d done, want %v with 1", back.Round, back.Done, first.Round)
		}
		for range 2 { // the same tap twice is one vote
			s.press("bo", first.Buttons[0].ID)
		}
		if got := s.press("bo", first.Round.String()+"/show").Post.(bot.Seat); got.Mine != bot.Left {
			s.Errorf("after tapping the left: %q", got.Mine)
		}
		s.press("bo", first.Buttons[1].ID)
		changed := s.press("bo", first.Round.String()+"/show").Post.(bot.Seat)
		if changed.Mine != bot.Right || changed.Done != 2 {
			s.Errorf("after changing to the right: %q, %d done", changed.Mine, changed.Done)
		}
		gone := s.press("bo", first.Round.String()+"/clear").Post.(bot.Seat)
		if gone.Mine != "" || gone.Done != 1 {
			s.Errorf("after taking it back: %q, %d done", gone.Mine, gone.Done)
		}
		rest := s.press("bo", first.Nav[0].ID).Post.(bot.Seat) // skipped again
		if rest.Mine == "" || len(rest.Voted) != 3 || rest.Voted[0] || !rest.Voted[1] || rest.Voted[2] {
			s.Errorf("the second round shows %q, voted %v", rest.Mine, rest.Voted)
		}
		last := s.press("bo", rest.Buttons[0].ID).Post.(bot.Seat)
		if last.Position != 3 {
			s.Fatalf("after the second round comes position %d", last.Position)
		}
		if again := s.press("bo", last.Buttons[0].ID).Post.(bot.Seat); again.Round != first.Round {
			s.Errorf("after the last round comes %v, not the skipped %v", again.Round, first.Round)
		}
		if end := s.press("bo", first.Buttons[0].ID).Post.(bot.Seat); end.Round.Round != 0 || end.Done != 3 {
			s.Errorf("after all rounds comes %+v", end)
		}
		if other := s.press("cy", "1/taste").Post.(bot.Seat); other.Done != 0 {
			s.Errorf("somebody else is shown %d votes", other.Done)
		}
	})
}

// Two pasted texts; whoever pasted them does not vote.
func TestCompare(t *testing.T) {
	play(t, nil, func(s *stage) {
		form := s.command(starter, "compare").Form
		if form == nil || form.ID != "compare" {
			s.Fatalf("compare opens %+v", form)
		}
		reply := s.bot.Submit(s.Context(), bot.Submission{At: lounge, User: starter, Form: "compare", Values: map[string]string{
			"prompt": "Which is friendlier?", "first": "Come in.", "second": "Do come in.", "first_name": "old sign", "until": "2h",
		}})
		s.press(starter, s.notice(reply).Buttons[0].ID)
		s.wait()
		for user, barred := range map[string]bool{starter: true, "bo": false} {
			shown, err := s.bot.View(s.Context(), lounge, bot.Voter{Workspace: team, User: user})
			if err != nil || len(shown) != 1 || (!shown[0].Barred.IsZero()) != barred {
				s.Errorf("%s is shown %+v, %v; want to be told that a vote would not count: %v", user, shown, err, barred)
			}
			if says := shown[0].Post.(bot.Ballot).Privacy.String(); strings.Contains(says, "once you have voted yourself") == barred {
				s.Errorf("%s, whose vote counts: %v, is told %q", user, !barred, says)
			}
		}
		m := s.room.called(s.T, "1.1/ballot")
		s.tap(m.Ref, starter, bot.Left, true)
		s.tap(m.Ref, "bo", s.choiceOf(bot.TastingID{Workspace: team, N: 1}.Round(1), bot.First), true)
		s.sleep(time.Minute)
		if b := m.now().(bot.Ballot); !strings.HasPrefix(b.Progress.String(), "1 voted") {
			s.Errorf("while voting the ballot says %q; the starter's own vote must not count", b.Progress)
		}
		s.press(starter, "1/close")
		s.wait()
		a := s.announcement(bot.TastingID{Workspace: team, N: 1})
		if a.Base.String() != "1 vote, 1 person, 1 prompt" || a.Bars[0].Label.String() != "old sign" || a.Bars[0].Count != 1 || a.Bars[0].Percent != 0 {
			s.Errorf("announcement: %q %+v; the starter's own vote must not count, and one vote has no percentage", a.Base, a.Bars)
		}
	})
}

// A closing time that is typed with compare holds, and is refused before
// anybody has pasted anything.
func TestCompareUntil(t *testing.T) {
	play(t, nil, func(s *stage) {
		if n := s.notice(s.command(starter, "compare until=yesteryear")); !n.Error || !strings.Contains(n.Text.String(), "yesteryear") {
			s.Errorf("a time that is none is answered with %+v", n)
		}
		form := s.command(starter, "compare until=3h").Form
		if form == nil {
			s.Fatal("compare until=3h opens no form")
		}
		for _, f := range form.Fields {
			if f.Name == "until" {
				s.Error("the form asks for the closing time again")
			}
		}
		before := time.Now()
		reply := s.bot.Submit(s.Context(), bot.Submission{At: lounge, User: starter, Form: form.ID, Values: map[string]string{
			"prompt": "Which is friendlier?", "first": "Come in.", "second": "Do come in.",
		}})
		s.press(starter, s.notice(reply).Buttons[0].ID)
		s.wait()
		got, err := s.store.Tasting(s.Context(), bot.TastingID{Workspace: team, N: 1})
		if err != nil || got.Closes.Sub(before).Round(time.Minute) != 3*time.Hour {
			s.Errorf("it closes %v, which is not three hours after %v (%v)", got.Closes, before, err)
		}
	})
}

// Ballot and reveal cut long answers alike; the results have them whole.
func TestLongAnswers(t *testing.T) {
	long := strings.Repeat("word ", 3000) + "end"
	other := long + "!" // beyond what is shown
	play(t, func(s *stage) { s.models[0].answers, s.models[1].answers = []string{long}, []string{other} }, func(s *stage) {
		s.start(`start kestrel nova prompt="Hello?" until=2h`)
		m := s.room.called(s.T, "1.1/ballot")
		b := m.now().(bot.Ballot)
		if b.Left != b.Right || len(b.Left) > 8010 || !strings.HasSuffix(string(b.Left), "…") {
			s.Errorf("the sides are cut to %d and %d characters", len(b.Left), len(b.Right))
		}
		if b.Note.String() != "Answers are shown up to 8,000 characters; the results have them whole." {
			s.Errorf("the ballot notes %q", b.Note)
		}
		s.press(starter, "1/close")
		s.wait()
		if r := m.now().(bot.Reveal); r.Sides[0].Text != b.Left {
			s.Errorf("the reveal shows %d characters, the ballot %d", len(r.Sides[0].Text), len(b.Left))
		}
		if a := s.command("bo", "results").Post.(bot.Announcement); !slices.Contains([]string{long, other}, string(a.Rounds[0].Sides[0].Text)) {
			s.Errorf("the results show %d characters of %d", len(a.Rounds[0].Sides[0].Text), len(long))
		}
	})
}

// Nobody can tell the sides of a tasting from those of others: nothing about
// them repeats.
func TestSidesAreDrawnAnew(t *testing.T) {
	play(t, nil, func(s *stage) {
		const n = 24
		flipped, seen := 0, make(map[string]bool)
		for i := range n {
			id := s.start(fmt.Sprintf(`start kestrel nova prompt="Prompt %d?" until=2h`, i))
			got := s.tasting(id)
			seen[string(got.Nonce)], seen[string(got.Orders)] = true, true
			if got.Rounds[0].Flip {
				flipped++
			}
			s.press(starter, id.String()+"/cancel")
		}
		if flipped == 0 || flipped == n { // by chance once in eight million
			s.Errorf("of %d tastings of one round the first model stood on the right in %d", n, flipped)
		}
		if len(seen) != 2*n {
			s.Errorf("%d tastings have %d nonces and keys of orders, want %d", n, len(seen), 2*n)
		}
	})
}

// What is described and not wanted, changed, or never answered leaves nothing
// behind, and uses up no number.
func TestADraftUsesUpNoNumber(t *testing.T) {
	play(t, func(s *stage) { s.opt.Library = shelf{pack(30)} }, func(s *stage) {
		ask := func() []bot.Button {
			s.Helper()
			n := s.notice(s.command(starter, "start kestrel nova pack=fruit rounds=5 until=2h"))
			if n.Error || len(n.Buttons) < 3 || strings.Contains(n.Title.String(), "1") {
				s.Fatalf("what was described is answered %q with %+v", n.Title, n.Buttons)
			}
			return n.Buttons
		}
		dropped, changed, forgotten := ask(), ask(), ask()
		s.press(starter, dropped[1].ID)
		more := s.notice(s.press(starter, changed[2].ID))
		if n := s.notice(s.press(starter, "d3/taste")); !n.Error || n.Text.String() != "That tasting has not been started." {
			s.Errorf("a draft is tasted: %q", n.Text)
		}
		s.sleep(30 * time.Minute)
		wanted := s.notice(s.press(starter, ask()[0].ID))
		if wanted.Title.String() != "Taste test 1" {
			s.Errorf("the first that is wanted is called %q", wanted.Title)
		}
		s.sleep(31 * time.Minute)
		ts, err := s.store.Tastings(s.Context(), team, bot.Query{})
		if err != nil || len(ts) != 1 || ts[0].ID.N != 1 || ts[0].State != bot.Open {
			s.Errorf("an hour later these are kept: %+v, %v; want test 1 alone", ts, err)
		}
		for what, button := range map[string]string{"dropped": dropped[0].ID, "changed": changed[0].ID, "changed into another": more.Buttons[0].ID, "forgotten": forgotten[0].ID, "started": "d5/go", "started and then dropped": "d5/drop"} {
			if n := s.notice(s.press(starter, button)); !n.Error || !strings.HasPrefix(n.Text.String(), "That draft has been started or dropped already.") {
				s.Errorf("yes to what was %s is answered %q", what, n.Text)
			}
		}
		if id := s.start("start kestrel nova pack=fruit rounds=1 until=2h"); id.N != 2 {
			s.Errorf("the second that is wanted has number %d", id.N)
		}
	})
}
