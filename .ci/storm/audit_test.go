package main

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/bolt"
)

// A board is a room in which what stands is written down by hand.
type board struct {
	*slackRoom
	stand []post
}

func (b *board) posts() []post { return b.stand }

// The audit finds what it is there for: a vote that was acknowledged and is gone, one
// that nobody gave, a post that stands twice, one that does not stand, one that is
// still a ballot, and a reveal that says something else.
func TestAuditFinds(t *testing.T) {
	at := bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: slackTeam}, Channel: slackChannel}
	for _, tt := range []struct {
		name  string
		spoil func(l *ledger, b ballot, r *board)
		votes []string // by whom, for the first model
		want  string
	}{
		{"all is well", func(*ledger, ballot, *board) {}, []string{"U0001"}, ""},
		{"a vote that was acknowledged is gone", func(*ledger, ballot, *board) {}, nil, "Slack, lost: "},
		{"an older wish of somebody who has wished again since", func(l *ledger, b ballot, _ *board) {
			l.begin(b, "P1", bot.None)(unknown, false)
			l.begin(b, "P1", bot.First)(unknown, true)
		}, []string{"U0001"}, ""},
		{"a vote that nobody heard of, and stood", func(l *ledger, b ballot, _ *board) {
			l.begin(b, "P2", bot.Second)(unknown, true)
		}, []string{"U0001"}, "Slack, lost: "},
		{"one that was given after the closing may count or not", func(l *ledger, b ballot, _ *board) {
			l.closes(b.of())
			l.begin(b, "P2", bot.Second)(kept, true)
		}, []string{"U0001"}, ""},
		{"an older wish stands", func(l *ledger, b ballot, _ *board) {
			l.begin(b, "P1", bot.Second)(kept, true)
		}, []string{"U0001"}, "Slack, lost: "},
		{"a vote that was taken back stands", func(l *ledger, b ballot, _ *board) {
			l.begin(b, "P1", bot.None)(kept, true)
		}, []string{"U0001"}, "Slack, counted twice: "},
		{"a vote of somebody who never came", func(*ledger, ballot, *board) {}, []string{"U0001", "U0099"}, "Slack, counted twice: "},
		{"a ballot stands twice", func(_ *ledger, _ ballot, r *board) { r.stand = append(r.stand, r.stand[0]) }, []string{"U0001"}, "Slack, doubled: "},
		{"a post of no tasting", func(_ *ledger, _ ballot, r *board) { r.stand = append(r.stand, post{key: "9/head"}) }, []string{"U0001"}, "Slack, doubled: "},
		{"there is no announcement", func(_ *ledger, _ ballot, r *board) { r.stand = r.stand[:1] }, []string{"U0001"}, "Slack, missing: "},
		{"the ballot is not revealed", func(_ *ledger, _ ballot, r *board) { r.stand[0].text = writes(firstWord) + writes(secondWord) }, []string{"U0001"}, "Slack, reveals wrong: "},
		{"the models change places", func(_ *ledger, _ ballot, r *board) { r.stand[1].text = "nova ███ 1 · 100%\nkestrel  0 · 0%\n" }, []string{"U0001"}, "Slack, reveals wrong: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := bolt.OpenUnsynced(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "db"))
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			id := sealed(t, s, at, bot.Reaction, tt.votes)
			var found findings
			l, r := newLedger(), &board{slackRoom: &slackRoom{people: []string{"U0000", "U0001", "U0002"}}}
			b := ballot{room: r.name(), tasting: id.N, round: 1}
			l.begin(b, "P1", bot.First)(kept, true)
			counts := "kestrel ███ 1 · 100%\nnova  0 · 0%\n"
			if len(tt.votes) == 2 {
				counts = "kestrel ███ 2 · 100%\nnova  0 · 0%\n"
			}
			r.stand = []post{{key: "1.1/ballot", text: "kestrel, nova"}, {key: "1/announcement", text: counts}}
			tt.spoil(l, b, r)
			if left, err := newAudit([]room{r}, l, &found, 2).look(t.Context(), s, nil); err != nil || left != 0 {
				t.Fatalf("%d are left, %v", left, err)
			}
			all := strings.Join(found.list(), "\n")
			if tt.want == "" && all != "" || !strings.HasPrefix(all, tt.want) {
				t.Errorf("it finds %q, not %q", all, tt.want)
			}
		})
	}
}

// On a private ballot nothing stands anywhere but in the store: what was acknowledged
// is there once, also where an emoji would not have to be.
func TestAuditFindsOnPrivateBallots(t *testing.T) {
	at := bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: slackTeam}, Channel: slackChannel}
	for _, tt := range []struct {
		name  string
		acts  func(l *ledger, b ballot)
		votes []string
		says  string // the announcement
		want  string
	}{
		{"all is well, and two votes are not told", func(*ledger, ballot) {}, []string{"U0001", "U0002"}, "too few votes to be shown", ""},
		{"of three they are", func(l *ledger, b ballot) { l.begin(b, "P3", bot.First)(kept, false) }, []string{"U0001", "U0002", "U0003"}, "kestrel ███ 3 · 100%\nnova  0 · 0%\n", ""},
		{"and rightly", func(l *ledger, b ballot) { l.begin(b, "P3", bot.First)(kept, false) }, []string{"U0001", "U0002", "U0003"}, "kestrel ███ 2 · 100%\nnova  0 · 0%\n", "Slack, private, reveals wrong: "},
		{"one is gone", func(*ledger, ballot) {}, []string{"U0001"}, "", "Slack, private, lost: "},
		{"one that nobody was told is kept may be gone", func(l *ledger, b ballot) { l.begin(b, "P3", bot.First)(unknown, false) }, []string{"U0001", "U0002"}, "", ""},
		{"one that was acknowledged after the closing was asked for is gone", func(l *ledger, b ballot) {
			l.closes(b.of())
			l.begin(b, "P3", bot.First)(kept, false)
		}, []string{"U0001", "U0002"}, "", "Slack, private, lost: "},
		{"one of nobody", func(*ledger, ballot) {}, []string{"U0001", "U0002", "U0099"}, "", "Slack, private, counted twice: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := bolt.OpenUnsynced(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "db"))
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			id := sealed(t, s, at, bot.Private, tt.votes)
			var found findings
			l, r := newLedger(), &board{slackRoom: &slackRoom{people: []string{"U0000", "U0001", "U0002", "U0003"}}}
			b := ballot{room: r.name(), tasting: id.N, round: 1, private: true}
			l.begin(b, "P1", bot.First)(kept, false)
			l.begin(b, "P2", bot.First)(kept, false)
			tt.acts(l, b)
			says := tt.says
			if says == "" {
				says = "kestrel, nova"
				if len(tt.votes) > 2 {
					says = "kestrel ███ 3 · 100%\nnova  0 · 0%\n"
				}
			}
			r.stand = []post{{key: "1/head", text: "1"}, {key: "1/announcement", text: says}}
			if left, err := newAudit([]room{r}, l, &found, 3).look(t.Context(), s, nil); err != nil || left != 0 {
				t.Fatalf("%d are left, %v", left, err)
			}
			all := strings.Join(found.list(), "\n")
			if tt.want == "" && all != "" || !strings.HasPrefix(all, tt.want) {
				t.Errorf("it finds %q, not %q", all, tt.want)
			}
		})
	}
}

// What people see of a private ballot says which round it is, whose side is whose, and
// what became of their vote.
func TestSeats(t *testing.T) {
	seat := "Taste test 7\n" + writes(secondWord) + "\n" + writes(firstWord) + "\n[7.2/left]\n[7.2/right]\n[7.1/show]\n"
	if b, ok := seated("page", seat); !ok || b.tasting != 7 || b.round != 2 || !b.flip || !b.private {
		t.Errorf("%q is seen as %+v, %v", seat, b, ok)
	}
	first, second := ballot{tasting: 7, round: 1}, ballot{tasting: 7, round: 2}
	for _, tt := range []struct {
		on    ballot
		back  bool
		shown string
		want  outcome
	}{
		{first, false, seat, kept},
		{second, false, seat, unknown}, // what stood there before
		{second, true, seat, kept},
		{second, true, seat + "[7.2/clear]", unknown},
		{first, true, seat, unknown},
		{ballot{tasting: 8, round: 1}, false, seat, unknown},
		{second, false, "You have tasted all 2 rounds.\n[7.1/show]", kept},
		{first, false, "Voting in taste test 7 has just closed; this vote came too late.", refused},
		{first, true, "Voting in taste test 7 is over: the models are revealed.", refused},
		{first, true, "Voting in taste test 6 is over: the models are revealed.", unknown},
		{first, false, "Sorry, that did not work.", unknown},
		{first, false, "", unknown},
	} {
		if got := told(tt.on, tt.back, tt.shown); got != tt.want {
			t.Errorf("who tapped on %v (back: %v) and is shown %q knows %d, not %d", tt.on, tt.back, tt.shown, got, tt.want)
		}
	}
	if i, ok := (post{key: "7/head", taste: true}).invites(); !ok || i.tasting != 7 {
		t.Errorf("a head with its button opens %+v, %v", i, ok)
	}
	if _, ok := (post{key: "7/head"}).invites(); ok {
		t.Error("a head without the button opens a private ballot")
	}
}

// sealed makes a tasting that is over, with votes for the first model.
func sealed(t *testing.T, s *bolt.Store, at bot.Place, how bot.BallotKind, votes []string) bot.TastingID {
	t.Helper()
	x, err := s.CreateTasting(t.Context(), bot.Tasting{
		Place: at, Ballot: how, Rounds: []bot.Round{{Ready: true}}, State: bot.Closing, Wake: time.Now(), Nonce: make([]byte, 16),
		Models: [2]bot.Card{{Name: firstName}, {Name: secondName}},
	}, make([]bot.Texts, 1))
	if err != nil {
		t.Fatal(err)
	}
	var rows []bot.Vote
	for _, user := range votes {
		v := bot.Vote{Round: x.ID.Round(1), Voter: bot.Voter{Workspace: at.Workspace, User: user}}
		v.Choose(bot.First, time.Now())
		rows = append(rows, v)
	}
	if err := s.Seal(t.Context(), x.ID, rows, func(t *bot.Tasting, kept bot.Rows) error { t.Count(kept); return nil }); err != nil {
		t.Fatal(err)
	}
	if err := s.Update(t.Context(), x.ID, bot.Closed, func(t *bot.Tasting) error { t.State = bot.Revealed; return nil }); err != nil {
		t.Fatal(err)
	}
	return x.ID
}
