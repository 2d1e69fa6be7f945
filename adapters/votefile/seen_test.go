package votefile_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/votefile"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/bolt"
)

// held puts a sealed tasting into a store: round by round, who picked what.
func held(t *testing.T, s bot.Store, state bot.State, ballot bot.BallotKind, channel string, picks ...map[string]bot.Pick) bot.Tasting {
	t.Helper()
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	x := bot.Tasting{
		Place:  bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: "T1"}, Channel: channel},
		Ballot: ballot, State: bot.Closing, Orders: []byte("0123456789abcdef"), Nonce: []byte("fedcba9876543210"), Opened: at, ClosedAt: at.Add(time.Hour), RevealedAt: at.Add(2 * time.Hour), Wake: at.AddDate(100, 0, 0),
		Models: [2]bot.Card{{Name: "kestrel", Source: "api", System: "TOPSECRET"}, {Name: "nova", Source: "api"}},
	}
	var votes []bot.Vote
	var texts []bot.Texts
	for i := range picks {
		x.Rounds = append(x.Rounds, bot.Round{Kind: bot.Plain, Ready: true, Category: []string{"humour", "support"}[i%2], Flip: i%2 == 1})
		texts = append(texts, bot.Texts{Prompt: bot.Prompt{Text: fmt.Sprint("Prompt ", i+1), System: "TOPSECRET"}, Answers: [2]bot.Answer{{Text: "of kestrel", Raw: "RAWTEXT"}, {Text: "of nova"}}})
	}
	x, err := s.CreateTasting(t.Context(), x, texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, round := range picks {
		for user, p := range round {
			v := bot.Vote{Round: x.ID.Round(i + 1), Voter: bot.Voter{Workspace: x.ID.Workspace, User: user}}
			v.Choose(p, at.Add(time.Duration(len(votes))*time.Minute))
			votes = append(votes, v)
		}
	}
	if state < bot.Closed {
		return x
	}
	if err := s.Seal(t.Context(), x.ID, votes, func(x *bot.Tasting, kept bot.Rows) error { x.Count(kept); return nil }); err != nil {
		t.Fatal(err)
	}
	if state == bot.Revealed {
		if err := s.Update(t.Context(), x.ID, bot.Closed, func(x *bot.Tasting) error { x.State = bot.Revealed; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	return x
}

// What goes with a page of results tells of a private ballot what the page does: its
// counts. Not who, not when, not on which side; not where they are too few; and nothing
// of what is not revealed, or of another channel.
func TestSeen(t *testing.T) {
	s, err := bolt.Open(t.Context(), slog.New(slog.NewTextHandler(t.Output(), nil)), filepath.Join(t.TempDir(), "tastetest.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	all := map[string]bot.Pick{"UANA": bot.First, "UBO": bot.Second, "UCY": bot.Tie, "UDI": bot.First}
	two := map[string]bot.Pick{"UANA": bot.First, "UBO": bot.Second}
	open := held(t, s, bot.Revealed, bot.Reaction, "C1", all, all)
	secret := held(t, s, bot.Revealed, bot.Private, "C1", all, two, all)
	held(t, s, bot.Closing, bot.Reaction, "C1", all)
	held(t, s, bot.Closed, bot.Private, "C1", all)
	held(t, s, bot.Revealed, bot.Reaction, "C2", all)

	at := open.Place
	rows, err := votefile.Seen(t.Context(), s, at, bot.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	counts := make(map[string]int)
	for _, r := range rows {
		counts[fmt.Sprintf("%d.%d", r.Tasting, r.Round)]++
		switch {
		case r.Tasting == open.ID.N:
			if r.Judge == "" || strings.Contains(r.Judge, "U") || r.Position == 0 {
				t.Errorf("a row of what everybody saw has voter %q at position %d", r.Judge, r.Position)
			}
		case r.Judge != "" || r.SideKnown || r.Position != 0 || r.Changes != 0 || r.ModelA != "kestrel" || r.FirstModel != "model_a" || r.AnswerA != "of kestrel" || r.Tstamp != float64(secret.ClosedAt.Unix()):
			t.Errorf("a row of a private ballot tells more than its count: %+v", r)
		}
	}
	if got, want := fmt.Sprint(counts), fmt.Sprint(map[string]int{"1.1": 4, "1.2": 4, "2.1": 4, "2.3": 4}); got != want {
		t.Errorf("rows by round: %s, want %s", got, want)
	}
	won := func(r votefile.Row) string { return r.Winner }
	var private []string
	for _, r := range rows {
		if r.Tasting == secret.ID.N && r.Round == 1 {
			private = append(private, won(r))
		}
	}
	if got := strings.Join(private, " "); got != "model_a model_a model_b tie" {
		t.Errorf("the private round is written as %q, want its counts in order", got)
	}

	exported, err := votefile.Collect(t.Context(), s, false, false, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range exported {
		if slices.ContainsFunc(rows, func(r votefile.Row) bool { return r.Judge == e.Judge }) {
			t.Errorf("%s is called so in the machine’s export too: whoever has both can tell their secret votes", e.Judge)
		}
	}
	var file bytes.Buffer
	if err := votefile.WriteJSONL(&file, rows); err != nil {
		t.Fatal(err)
	}
	if err := votefile.WriteCSV(&file, rows, true); err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{"UANA", "TOPSECRET", "RAWTEXT", `"C2"`} {
		if strings.Contains(file.String(), never) {
			t.Errorf("the files have %q", never)
		}
	}
	line, _, _ := strings.Cut(file.String(), "\n")
	var first votefile.Row
	if err := json.Unmarshal([]byte(line), &first); err != nil || first.Prompt != "Prompt 1" {
		t.Errorf("the first line is %s (%v)", line, err)
	}
	few, err := votefile.Seen(t.Context(), s, at, bot.Filter{Category: "support"})
	if err != nil || len(few) != 4 {
		t.Errorf("of category support there are %d rows, want 4 (%v)", len(few), err)
	}
}
