package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/adapters/votefile"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store"
)

var (
	here = bot.Workspace{Platform: "web", ID: "local"}
	noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
)

func openStore(t *testing.T, path string) bot.Store {
	t.Helper()
	s, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func card(name, temperature string) bot.Card {
	return bot.Card{Name: name, Source: "api", Settings: map[string]string{"temperature": temperature}}
}

// taste stores a tasting of four rounds, the second of them void and the last
// a control pair, in which ann and bob vote, and takes it as far as state.
func taste(t *testing.T, s bot.Store, ballot bot.BallotKind, models [2]bot.Card, state bot.State, secret string) bot.Tasting {
	t.Helper()
	ctx := t.Context()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	x := make([]bot.Texts, 4)
	for i := range x {
		x[i].Prompt = bot.Prompt{ID: fmt.Sprintf("p%d", i+1), Text: "=1+1 " + secret}
		x[i].Answers = [2]bot.Answer{{Text: "first says " + secret}, {Text: "second says " + secret}}
	}
	made, err := s.CreateTasting(ctx, bot.Tasting{
		Place: bot.Place{Workspace: here, Channel: "room"}, Starter: bot.Voter{Workspace: here, User: "starter" + secret},
		Question: "Which? " + secret, Ballot: ballot, Models: models, Nonce: []byte("0123456789abcdef"), State: bot.Open,
		Rounds:  []bot.Round{{Prompt: "p1", Flip: true, Ready: true}, {Void: "kestrel answered 401"}, {Prompt: "p3", Ready: true, Flagged: true}, {Kind: bot.Control, Prompt: "c1", Ready: true}},
		Created: noon, Opened: noon, Closes: noon.Add(time.Hour), Wake: noon.Add(time.Hour),
	}, x)
	check(err)
	hear := func(round int, user string, p bot.Pick, at time.Duration) {
		t.Helper()
		check(s.Hear(ctx, made.ID.Round(round), bot.Voter{Workspace: here, User: user}, p, bot.Mark{On: true, At: noon.Add(at)}))
	}
	hear(1, "ann"+secret, bot.Second, time.Minute)
	hear(1, "ann"+secret, bot.First, 2*time.Minute)
	hear(1, "bob"+secret, bot.Tie, time.Minute)
	hear(3, "ann"+secret, bot.Bad, time.Minute+250*time.Millisecond)
	hear(4, "bob"+secret, bot.First, 3*time.Minute)
	if state == bot.Open {
		return made
	}
	check(s.Update(ctx, made.ID, bot.Open, func(t *bot.Tasting) error { t.State = bot.Closing; return nil }))
	if state == bot.Closing {
		return made
	}
	var votes []bot.Vote
	for _, n := range made.Live() {
		vs, err := s.Votes(ctx, made.ID.Round(n))
		check(err)
		votes = append(votes, vs...)
	}
	check(s.Seal(ctx, made.ID, votes, func(t *bot.Tasting, kept bot.Rows) error {
		t.ClosedAt = noon.Add(time.Hour)
		for v := range kept {
			side := 0
			if t.Seen(v.Round.Round, v.Voter.User).Flip {
				side = 1
			}
			t.Rounds[v.Round.Round-1].Counts[side][v.Pick()-1]++
		}
		return nil
	}))
	if state == bot.Closed {
		return made
	}
	check(s.Update(ctx, made.ID, bot.Closed, func(t *bot.Tasting) error {
		t.State, t.RevealedAt = bot.Revealed, noon.Add(61*time.Minute)
		return nil
	}))
	got, err := s.Tasting(ctx, made.ID)
	check(err)
	return got
}

func export(t *testing.T, path string, flags ...string) string {
	t.Helper()
	out, errs, code := tastetest(t.Context(), append([]string{"export", "--store", path}, flags...)...)
	if code != 0 {
		t.Fatalf("export %v: exit code %d: %s", flags, code, errs)
	}
	return out
}

func tastetest(ctx context.Context, args ...string) (out, errs string, code int) {
	var o, e bytes.Buffer
	code = run(ctx, args, streams{strings.NewReader(""), &o, &e})
	return o.String(), e.String(), code
}

var kestrelAndNova = [2]bot.Card{card("kestrel", "0.2"), card("nova", "")}

func TestExportFollowsTheArenaConvention(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tastetest.db")
	s := openStore(t, path)
	taste(t, s, bot.Reaction, kestrelAndNova, bot.Revealed, "")
	s.Close()

	rows, err := csv.NewReader(strings.NewReader(export(t, path, "--names", "--texts"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"question_id", "model_a", "model_b", "winner", "judge", "turn", "tstamp"}
	if d := cmp.Diff(want, rows[0][:7]); d != "" {
		t.Errorf("the first columns are not the convention's (-want +got):\n%s", d)
	}
	// In round 1 kestrel, the first model, stood on the right.
	for i, want := range [][]string{
		{"web/local/1.1", "nova", "kestrel", "model_b", "ann", "1", "1772452920.000"},
		{"web/local/1.1", "nova", "kestrel", "tie", "bob", "1", "1772452860.000"},
		{"web/local/1.3", "kestrel", "nova", "tie (bothbad)", "ann", "1", "1772452860.250"},
		{"web/local/1.4", "control (better)", "control (worse)", "model_a", "bob", "1", "1772452980.000"},
	} {
		if d := cmp.Diff(want, rows[i+1][:7]); d != "" {
			t.Errorf("row %d (-want +got):\n%s", i+1, d)
		}
	}
	cell := func(row int, column string) string { return rows[row][slices.Index(rows[0], column)] }
	for _, tt := range []struct {
		row          int
		column, want string
	}{
		{1, "first_model", "model_b"},
		{1, "changes", "1"},
		{2, "changes", "0"},
		{1, "position", "1"},
		{3, "position", "2"},
		{1, "void_rounds", "2"},
		{1, "excluded", ""},
		{3, "excluded", "an answer names its author"},
		{4, "excluded", "a control pair"},
		{4, "model_a_fingerprint", ""},
		{1, "answer_a", "second says "},
		{3, "answer_a", "first says "},
		{1, "prompt", "'=1+1 "},
		{1, "closed", "2026-03-02T13:00:00Z"},
	} {
		if got := cell(tt.row, tt.column); got != tt.want {
			t.Errorf("row %d: %s = %q, want %q", tt.row, tt.column, got, tt.want)
		}
	}
}

// Whatever is not revealed must not be in the file in any form.
func TestExportHasNothingOfAnOpenTasting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tastetest.db")
	s := openStore(t, path)
	taste(t, s, bot.Reaction, kestrelAndNova, bot.Revealed, "")
	s.Close()
	formats := [][]string{{}, {"--names", "--texts"}, {"--format", "jsonl"}, {"--format", "jsonl", "--names", "--texts"}}
	var before []string
	for _, f := range formats {
		before = append(before, export(t, path, f...))
	}
	s = openStore(t, path)
	for _, state := range []bot.State{bot.Open, bot.Closing, bot.Closed} {
		taste(t, s, bot.Private, [2]bot.Card{card("kestrel", "0.9"), card("hidden", "")}, state, "SECRET")
	}
	s.Close()
	for i, f := range formats {
		if d := cmp.Diff(before[i], export(t, path, f...)); d != "" {
			t.Errorf("export %v changed while other tastings were open (-before +after):\n%s", f, d)
		}
	}
}

func TestVotersArePseudonymsUnlessAskedFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tastetest.db")
	s := openStore(t, path)
	taste(t, s, bot.Private, kestrelAndNova, bot.Revealed, "")
	s.Close()
	first := export(t, path, "--format", "jsonl", "--texts")
	if strings.Contains(first, `"ann`) || strings.Contains(first, `"bob`) {
		t.Errorf("the export names voters:\n%s", first)
	}
	if again := export(t, path, "--format", "jsonl", "--texts"); again != first {
		t.Errorf("two exports of one store differ (-first +second):\n%s", cmp.Diff(first, again))
	}
}

func TestOneNameUnderTwoSettingsIsTwoModels(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tastetest.db")
	s := openStore(t, path)
	taste(t, s, bot.Reaction, kestrelAndNova, bot.Revealed, "")
	taste(t, s, bot.Reaction, [2]bot.Card{card("kestrel", "0.9"), card("nova", "")}, bot.Revealed, "")
	s.Close()
	rows, err := csv.NewReader(strings.NewReader(export(t, path))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	models := make(map[string]bool)
	for _, r := range rows[1:] {
		models[r[1]], models[r[2]] = true, true
	}
	cool, warm := card("kestrel", "0.2"), card("kestrel", "0.9")
	want := map[string]bool{"control (better)": true, "control (worse)": true, "nova": true, "kestrel@" + cool.Fingerprint(): true, "kestrel@" + warm.Fingerprint(): true}
	if d := cmp.Diff(want, models); d != "" {
		t.Errorf("models (-want +got):\n%s", d)
	}
}

func TestImportBringsBackWhatWasExported(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from.db"), filepath.Join(dir, "to.db")
	s := openStore(t, from)
	var want []bot.Tasting
	want = append(want, taste(t, s, bot.Reaction, kestrelAndNova, bot.Revealed, ""), taste(t, s, bot.Private, kestrelAndNova, bot.Revealed, ""))
	s.Close()
	file := filepath.Join(dir, "votes.jsonl")
	export(t, from, "--format", "jsonl", "--texts", "--out", file)

	for _, tt := range []struct{ into, want string }{
		{to, "2 taste tests added (8 votes), 0 taste tests there already.\n"},
		{to, "0 taste tests added (0 votes), 2 taste tests there already.\n"},
		{from, "0 taste tests added (0 votes), 2 taste tests there already.\n"},
	} {
		if out, errs, code := tastetest(t.Context(), "import", "--store", tt.into, file); out != tt.want || code != 0 {
			t.Fatalf("import into %s: %q, code %d, %s; want %q", filepath.Base(tt.into), out, code, errs, tt.want)
		}
	}
	// With names the same votes are still the same votes.
	named := filepath.Join(dir, "named.jsonl")
	export(t, from, "--format", "jsonl", "--texts", "--names", "--out", named)
	if out, _, _ := tastetest(t.Context(), "import", "--store", to, named); !strings.HasPrefix(out, "0 taste tests added") {
		t.Errorf("the same votes under other names were added again: %s", out)
	}

	s = openStore(t, to)
	got, err := s.Tastings(t.Context(), here, bot.Query{})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(got)
	for i, g := range got {
		w := want[i]
		if g.State != bot.Revealed || g.Models[0].Name != "kestrel" || g.Question != w.Question || !g.ClosedAt.Equal(w.ClosedAt) || !g.RevealedAt.Equal(w.RevealedAt) {
			t.Errorf("taste test %d came back as %+v", i+1, g)
		}
		for n := range w.Rounds {
			if g.Rounds[n].Counts != w.Rounds[n].Counts || g.Rounds[n].Live() != w.Rounds[n].Live() || g.Rounds[n].Flagged != w.Rounds[n].Flagged {
				t.Errorf("round %d.%d came back as %+v, was %+v", i+1, n+1, g.Rounds[n], w.Rounds[n])
			}
		}
	}
	cells, err := s.Cells(t.Context(), here)
	if err != nil {
		t.Fatal(err)
	}
	numbers := make(map[uint64]bool) // of people, in all that was imported
	for i, g := range got {
		for n := range g.Rounds {
			if votes := g.Rounds[n].Counts.Tally().N(); votes > 0 && (len(cells[g.ID]) <= n || len(cells[g.ID][n]) != votes) {
				t.Errorf("round %d.%d has %d votes and cells %v", i+1, n+1, votes, cells[g.ID])
			}
		}
		for _, round := range cells[g.ID] {
			for _, c := range round {
				numbers[c.Voter] = true
			}
		}
	}
	if len(numbers) != 2 {
		t.Errorf("cells are of %d voters; ann and bob voted in both taste tests", len(numbers))
	}
	s.Close()
	// Exported again, the reaction tasting is the same but for how often people changed their minds.
	again := export(t, to, "--format", "jsonl", "--texts")
	first := export(t, from, "--format", "jsonl", "--texts")
	unchanged := strings.NewReplacer(`"changes":1`, `"changes":0`)
	part := func(s string) string {
		lines := strings.Split(s, "\n")
		return unchanged.Replace(strings.Join(lines[:4], "\n"))
	}
	if d := cmp.Diff(part(first), part(again)); d != "" {
		t.Errorf("the export of an import differs (-first +again):\n%s", d)
	}
	if strings.Count(again, `"side_known":false`) != 4 {
		t.Errorf("the sides of an imported private ballot are said to be known:\n%s", again)
	}
}

// Whoever pasted two texts knows whose they are, and what a gate compares is no model:
// that is no evidence on models, wherever the votes are read.
func TestAComparisonStaysOutOfStandingsAfterAnImport(t *testing.T) {
	for why, only := range map[string]func(*bot.Tasting){
		votefile.ExcludedPasted: func(t *bot.Tasting) { t.Compared = true },
		votefile.ExcludedGate:   func(t *bot.Tasting) { t.Gate = &bot.Gate{Name: "pr-17"} },
	} {
		dir := t.TempDir()
		from, to := filepath.Join(dir, "from.db"), filepath.Join(dir, "to.db")
		s := openStore(t, from)
		made := taste(t, s, bot.Reaction, kestrelAndNova, bot.Closed, "")
		if err := s.Update(t.Context(), made.ID, bot.Closed, func(t *bot.Tasting) error {
			only(t)
			t.State = bot.Revealed
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		s.Close()
		file := filepath.Join(dir, "votes.jsonl")
		export(t, from, "--format", "jsonl", "--texts", "--out", file)
		if out, errs, code := tastetest(t.Context(), "import", "--store", to, file); code != 0 {
			t.Fatalf("import: %s%s", out, errs)
		}
		for path, why := range map[string]string{from: why, to: votefile.ExcludedPasted} {
			rows := export(t, path)
			if n := strings.Count(rows, why); n != 4 {
				t.Errorf("%s: %d of 4 rows say that they stay out, for %s:\n%s", filepath.Base(path), n, why, rows)
			}
		}
		s = openStore(t, to)
		got, err := s.Tastings(t.Context(), here, bot.Query{})
		if err != nil || len(got) != 1 || !got[0].Compared {
			t.Errorf("the comparison came back as %+v, %v", got, err)
		}
	}
}

func TestWrongImports(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "tastetest.db")
	s := openStore(t, path)
	taste(t, s, bot.Reaction, kestrelAndNova, bot.Revealed, "")
	s.Close()
	whole := export(t, path, "--format", "jsonl", "--texts")
	line, _, _ := strings.Cut(whole, "\n")
	for _, tt := range []struct{ name, file, want string }{
		{"empty", "", "there are no votes in this file; make one with: tastetest export --format jsonl --texts"},
		{"CSV", export(t, path), "line 1 is not a row of a JSONL export; make one with: tastetest export --format jsonl --texts"},
		{"no texts", export(t, path, "--format", "jsonl"), "line 1 has no texts; make the export with: tastetest export --format jsonl --texts"},
		{"a winner", whole + strings.Replace(line, `"winner":"`, `"winner":"x`, 1), "line 5 has an unknown winner; it is one of model_a, model_b, tie, tie (bothbad)"},
		{"a round", strings.Replace(line, `"round":1,`, `"round":5,`, 1), "line 1 has a round that cannot be"},
		{"a time to come", regexp.MustCompile(`"revealed":"\d+`).ReplaceAllString(line, `"revealed":"2999`), "line 1 has a time that cannot be, 2999-03-02: opened, closed and revealed lie between 2000 and today"},
		{"no time", regexp.MustCompile(`"closed":"[^"]*"`).ReplaceAllString(line, `"closed":"0001-01-01T00:00:00Z"`), "line 1 has a time that cannot be, 0001-01-01: opened, closed and revealed lie between 2000 and today"},
		{"an order", regexp.MustCompile(`"closed":"\d+`).ReplaceAllString(line, `"closed":"2001`), "line 1 has times in an order that cannot be: first comes opened, then closed, then revealed"},
		{"a vote's time", regexp.MustCompile(`"tstamp":[0-9.]+`).ReplaceAllString(line, `"tstamp":1e300`), "line 1 has a tstamp that cannot be: it is in seconds since 1970, and lies between 2000 and today"},
		{"a model's name", strings.ReplaceAll(line, `"Name":"`, `"Name":"\u001b[2J`), "line 1 has a model that cannot be: its name is one line of at most 200 characters, and no number of it is negative"},
		{"a long answer", regexp.MustCompile(`"Text":"`).ReplaceAllString(line, `"Text":"`+strings.Repeat("x", 1<<20)), "line 1 has a prompt of over a megabyte"},
		{"a negative number", regexp.MustCompile(`"Output":\d+`).ReplaceAllString(line, `"Output":-7`), "line 1 has an answer that cannot be: no number of it is negative"},
		{"mixed", whole + strings.Replace(line, `"round":1,"rounds":4`, `"round":2,"rounds":2`, 1), "line 5 does not fit the other rows of taste test 1; is the file made of two exports?"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			to := openStore(t, filepath.Join(t.TempDir(), "to.db"))
			_, err := votefile.Import(t.Context(), to, strings.NewReader(tt.file), nil, false)
			if err == nil || err.Error() != tt.want {
				t.Errorf("the error is %v, want %s", err, tt.want)
			}
			if ws, err := to.Workspaces(t.Context()); err != nil || len(ws) > 0 {
				t.Errorf("something was added: %v, %v", ws, err)
			}
		})
	}
}

// A judge has one vote a round: the last row counts, and what went is said. Names
// that differ only in case are asked about, and are one judge if told so.
func TestImportOfRepeatedVotes(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "tastetest.db")
	s := openStore(t, path)
	taste(t, s, bot.Reaction, kestrelAndNova, bot.Revealed, "")
	s.Close()
	whole := export(t, path, "--format", "jsonl", "--texts", "--names")
	line, _, _ := strings.Cut(whole, "\n")
	judge := regexp.MustCompile(`"judge":"([^"]*)"`).FindStringSubmatch(line)[1]
	changed := regexp.MustCompile(`"winner":"[^"]*"`).ReplaceAllString(line, `"winner":"tie (bothbad)"`)
	loud := strings.Replace(changed, `"judge":"`+judge, `"judge":"`+strings.ToUpper(judge), 1)
	for _, tt := range []struct {
		name, file  string
		flags       []string
		votes       int
		says, never string
	}{
		{"once", whole, nil, 4, "(4 votes)", "left out"},
		{"twice", whole + changed + "\n", nil, 4, "Of 5 rows 1 was left out: the same judge voted in the same round again, and the last row counts.", "ignore-case"},
		{"in capitals", whole + loud + "\n", nil, 5, fmt.Sprintf("Are these one each? They differ only in case, and count as different: %q and %q. With --ignore-case", judge, strings.ToUpper(judge)), "left out"},
		{"in capitals, told to be one", whole + loud + "\n", []string{"--ignore-case"}, 4, "Of 5 rows 1 was left out", "never said"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			to, file := filepath.Join(t.TempDir(), "to.db"), filepath.Join(t.TempDir(), "votes.jsonl")
			if err := os.WriteFile(file, []byte(tt.file), 0o600); err != nil {
				t.Fatal(err)
			}
			out, errs, code := tastetest(t.Context(), append([]string{"import", "--store", to, file}, tt.flags...)...)
			if code != 0 || !strings.Contains(out, tt.says) || strings.Contains(out, tt.never) {
				t.Errorf("exit code %d, says %q %q; want %q, never %q", code, out, errs, tt.says, tt.never)
			}
			rows := export(t, to, "--names")
			if n := strings.Count(rows, "\n") - 1; n != tt.votes {
				t.Errorf("%d votes are there, want %d:\n%s", n, tt.votes, rows)
			}
			if changed := strings.Contains(rows, "1.1,nova,kestrel,tie (bothbad),"+judge); changed != (tt.name == "twice" || tt.flags != nil) {
				t.Errorf("the vote that came last counts: %t\n%s", changed, rows)
			}
		})
	}
}
