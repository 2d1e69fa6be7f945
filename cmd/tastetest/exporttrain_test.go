package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// preferred stores a revealed tasting: each round has so many votes for the first
// model, the second, equal and both bad.
func preferred(t *testing.T, s bot.Store, change func(*bot.Tasting), votes ...[4]int) {
	t.Helper()
	ctx := t.Context()
	made := bot.Tasting{
		Place: bot.Place{Workspace: here, Channel: "room"}, Starter: bot.Voter{Workspace: here, User: "starter"}, Ballot: bot.Reaction, Pack: "humour",
		Models: [2]bot.Card{card("kestrel", "0"), card("nova", "0")}, State: bot.Closing, Created: noon, Opened: noon, ClosedAt: noon,
	}
	var texts []bot.Texts
	for i := range votes {
		made.Rounds = append(made.Rounds, bot.Round{Kind: bot.Plain, Prompt: fmt.Sprint("p", i+1), Pack: "humour", Category: "creative", Ready: true, Flip: i%2 == 1})
		texts = append(texts, bot.Texts{Prompt: bot.Prompt{Text: fmt.Sprint("prompt ", i+1)}, Answers: [2]bot.Answer{{Text: fmt.Sprint("kestrel on ", i+1)}, {Text: fmt.Sprint("nova on ", i+1)}}})
	}
	if change != nil {
		change(&made)
	}
	for i := range made.Further.N {
		texts = append(texts, bot.Texts{Prompt: bot.Prompt{ID: fmt.Sprint("f", i+1), Pack: "humour", Text: fmt.Sprint("further ", i+1)}, Answers: [2]bot.Answer{{Text: "of kestrel"}, {Text: "of nova"}}})
	}
	made, err := s.CreateTasting(ctx, made, texts)
	if err != nil {
		t.Fatal(err)
	}
	var rows []bot.Vote
	for i, counts := range votes {
		voter := 0
		for p, n := range counts {
			for range n {
				v := bot.Vote{Round: made.ID.Round(i + 1), Voter: bot.Voter{Workspace: here, User: fmt.Sprint("voter", voter)}}
				v.Choose(bot.Pick(p+1), noon)
				rows = append(rows, v)
				voter++
			}
		}
	}
	if err := s.Seal(ctx, made.ID, rows, func(t *bot.Tasting, kept bot.Rows) error { t.Count(kept); return nil }); err != nil {
		t.Fatal(err)
	}
	if made.State = bot.Revealed; change != nil {
		change(&made)
	}
	if made.State != bot.Revealed {
		return
	}
	err = s.Update(ctx, made.ID, bot.Closed, func(t *bot.Tasting) error {
		t.State, t.RevealedAt = bot.Revealed, noon.Add(time.Hour)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// training exports to a file, and returns its objects, what stands beside it, and
// what was said.
func training(t *testing.T, path string, flags ...string) (objects []map[string]any, beside, said string) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out.jsonl")
	_, said, code := tastetest(t.Context(), append([]string{"export", "--store", path, "--out", out}, flags...)...)
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, said)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		var o map[string]any
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(line, "voter") || strings.Contains(line, "starter") {
			t.Errorf("it names somebody: %s", line)
		}
		objects = append(objects, o)
	}
	about, err := os.ReadFile(out + ".md")
	if err != nil {
		t.Fatal(err)
	}
	return objects, string(about), said
}

// What people preferred, as TRL reads it: no ties, nothing that names its author,
// nothing of an open tasting, and nothing that people wrote unless it is asked for.
func TestExportToTrainOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	s := openStore(t, path)
	preferred(t, s, nil, [4]int{5, 1, 1, 0}, [4]int{1, 3, 0, 0}, [4]int{2, 2, 0, 0}, [4]int{2, 1, 4, 0}, [4]int{0, 1, 1, 5}, [4]int{})
	preferred(t, s, func(t *bot.Tasting) { t.Rounds[0].Flagged = true }, [4]int{5, 0, 0, 0})
	preferred(t, s, func(t *bot.Tasting) { t.Pack, t.Rounds[0].Pack = "", "" }, [4]int{0, 4, 0, 0})
	preferred(t, s, func(t *bot.Tasting) { t.Models[0].Source = bot.Pasted }, [4]int{0, 4, 0, 0})
	preferred(t, s, func(t *bot.Tasting) { t.Ballot = bot.Private }, [4]int{2, 0, 0, 0})
	preferred(t, s, func(t *bot.Tasting) { t.Crowd = true }, [4]int{9, 0, 0, 0})
	preferred(t, s, func(t *bot.Tasting) { // sealed, and not revealed yet
		if t.State == bot.Revealed {
			t.State = bot.Closed
		}
	}, [4]int{9, 0, 0, 0})
	preferred(t, s, func(t *bot.Tasting) { t.Rounds[0].Kind = bot.Control }, [4]int{9, 0, 0, 0})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	dpo, beside, said := training(t, path, "--format=dpo", "--licence=CC BY 4.0")
	var got []string
	for _, o := range dpo {
		got = append(got, fmt.Sprint(o["id"], " ", o["prompt"], ": ", o["chosen"], ", not ", o["rejected"], " ", o["votes"], " of ", o["n"], fmt.Sprintf(" %.2f", o["margin"])))
	}
	want := "web/local/1.1 prompt 1: kestrel on 1, not nova on 1 [5 1] of 7 0.57\nweb/local/1.2 prompt 2: nova on 2, not kestrel on 2 [3 1] of 4 0.50"
	if strings.Join(got, "\n") != want {
		t.Errorf("dpo:\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
	for _, part := range []string{"as whoever exported this states it: CC BY 4.0", "The answers are by kestrel@", "| chosen, rejected |"} {
		if !strings.Contains(beside, part) {
			t.Errorf("beside it does not stand %q:\n%s", part, beside)
		}
	}
	if want := "Rounds left out: 2 without a preference, 1 with both answers bad, 1 in which an answer names its author, 2 with people’s own texts (--own-texts takes them), 2 with too few votes, 1 in which simulated people voted, whose taste is invented."; !strings.Contains(said, want) {
		t.Errorf("it says %s\nwant %s", said, want)
	}

	kto, beside, _ := training(t, path, "--format=kto")
	got = nil
	for _, o := range kto {
		got = append(got, fmt.Sprint(o["completion"], " ", o["label"], " ", o["votes"]))
	}
	if want := "kestrel on 1 true 5, nova on 1 false 1, nova on 2 true 3, kestrel on 2 false 1, nova on 5 false 1, kestrel on 5 false 0"; strings.Join(got, ", ") != want {
		t.Errorf("kto: %s\nwant %s", strings.Join(got, ", "), want)
	}
	if !strings.Contains(beside, "stated no licence") {
		t.Errorf("without a licence it says %s", beside)
	}

	if own, _, _ := training(t, path, "--format=dpo", "--own-texts"); len(own) != 4 {
		t.Errorf("with people's own texts there are %d preferences, want 4", len(own))
	}
	for _, wrong := range [][]string{{"--format=dpo", "--names"}, {"--own-texts"}, {"--licence=x"}} {
		if _, errs, code := tastetest(t.Context(), append([]string{"export", "--store", path}, wrong...)...); code != 2 {
			t.Errorf("%v: exit code %d, %s; want 2", wrong, code, errs)
		}
	}
}

// What judges answered comes along where it is asked for, to prompts that nobody voted on
// too, is no vote for analyse, and is nobody's vote after an import.
func TestExportOfJudges(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "db")
	s := openStore(t, path)
	preferred(t, s, func(t *bot.Tasting) { t.Further = bot.Further{N: 2, Judge: "owl"} }, [4]int{5, 1, 0, 0}, [4]int{1, 4, 0, 0})
	id := bot.TastingID{Workspace: here, N: 1}
	for n, picks := range map[int][2]bot.Pick{1: {bot.First, bot.First}, 2: {bot.First, bot.None}, 4: {bot.Second, bot.Second}} {
		if err := s.Judge(t.Context(), id.Round(n), bot.Judgment{Judge: "owl", Picks: picks, At: noon}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if plain := export(t, path); strings.Contains(plain, "model:owl") {
		t.Errorf("without --judges there are judges:\n%s", plain)
	}
	with := export(t, path, "--judges")
	for _, want := range []string{"/1.4,kestrel,nova,model_b,model:owl,", "/1.4,nova,kestrel,model_a,model:owl,", ",humour,f2,,", ",a prompt that only a judge read,"} {
		if !strings.Contains(with, want) {
			t.Errorf("what a judge made of a further prompt is not exported as %q:\n%s", want, with)
		}
	}
	if train := export(t, path, "--format", "dpo"); strings.Contains(train, "further") {
		t.Errorf("a further prompt is exported to train on:\n%s", train)
	}
	a := analyseJSON(t, with)
	if a.Votes != 11 || len(a.Judges) != 1 {
		t.Fatalf("%d votes and %d judges, want 11 and 1", a.Votes, len(a.Judges))
	}
	if j := a.Judges[0]; j.Judge != "owl" || j.Read != 3 || j.Rounds != 1 || j.Abstained != 1 || j.Both != 2 || j.Flips != 0 || *j.Agreement < 0.83 || *j.Agreement > 0.84 {
		t.Errorf("%+v, agreement %v; want 5 of 6 votes in the one round that it answered", j, *j.Agreement)
	}
	file := filepath.Join(dir, "votes.jsonl")
	if _, errs, code := tastetest(t.Context(), "export", "--store", path, "--judges", "--format", "jsonl", "--texts", "--out", file); code != 0 || errs != "11 votes and 6 answers of judges written to "+file+".\n" {
		t.Errorf("export: exit code %d, %s", code, errs)
	}
	into := filepath.Join(dir, "other.db")
	if out, errs, code := tastetest(t.Context(), "import", "--store", into, file); code != 0 {
		t.Fatalf("import: exit code %d, %s%s", code, out, errs)
	}
	if again := analyseJSON(t, export(t, into, "--judges")); again.Votes != 11 || len(again.Judges) != 0 {
		t.Errorf("after an import %d votes and %d judges, want people's 11", again.Votes, len(again.Judges))
	}
}
