package standings

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tastetest/tastetest/bot"
)

// tasted is a revealed tasting between two of the models.
func tasted(n int, first, second string, rounds ...bot.Round) bot.Tasting {
	return bot.Tasting{
		ID: bot.TastingID{Workspace: bot.Workspace{Platform: "test", ID: "T1"}, N: uint64(n)}, State: bot.Revealed, Ballot: bot.Reaction, Rounds: rounds,
		Models: [2]bot.Card{{Name: first, Source: "api"}, {Name: second, Source: "api"}},
	}
}

// round is a plain round on a pack's prompt.
func round(prompt int, c bot.Counts, words ...int) bot.Round {
	r := bot.Round{Kind: bot.Plain, Pack: "fruit", Prompt: fmt.Sprint("f", prompt), Ready: true, Counts: c}
	copy(r.Words[:], words)
	return r
}

// turned is the same tasting with the other model called the first.
func turned(t bot.Tasting) bot.Tasting {
	t.Models[0], t.Models[1] = t.Models[1], t.Models[0]
	t.Rounds = slices.Clone(t.Rounds)
	for i := range t.Rounds {
		r := &t.Rounds[i]
		c := r.Counts
		for side := range c {
			r.Counts[1-side] = [4]int{c[side][1], c[side][0], c[side][2], c[side][3]}
		}
		r.Cost[0], r.Cost[1] = r.Cost[1], r.Cost[0]
		r.Took[0], r.Took[1] = r.Took[1], r.Took[0]
		r.Words[0], r.Words[1] = r.Words[1], r.Words[0]
	}
	return t
}

func drawTasting(t *rapid.T, names []string) bot.Tasting {
	a := rapid.IntRange(0, len(names)-1).Draw(t, "first")
	b := (a + rapid.IntRange(1, len(names)-1).Draw(t, "second")) % len(names)
	rounds := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) bot.Round {
		var c bot.Counts
		for side := range c {
			for i := range c[side] {
				c[side][i] = rapid.IntRange(0, 5).Draw(t, "votes")
			}
		}
		r := round(rapid.IntRange(1, 15).Draw(t, "prompt"), c, rapid.IntRange(1, 200).Draw(t, "words"), rapid.IntRange(1, 200).Draw(t, "words"))
		r.Cost = [2]bot.Cost{{Pico: rapid.Int64Range(1, 1e10).Draw(t, "cost"), Known: true}, {Pico: rapid.Int64Range(1, 1e10).Draw(t, "cost"), Known: rapid.Bool().Draw(t, "known")}}
		r.Took = [2]time.Duration{time.Second, 2 * time.Second}
		return r
	}), 1, 8).Draw(t, "rounds")
	return tasted(0, names[a], names[b], rounds...)
}

// Which model is called the first, in which order tastings were held and what
// models are called: none of it changes a standing.
func TestStandingsProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := []string{"auk", "bee", "cat", "dog", "eel"}
		ts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) bot.Tasting { return drawTasting(t, names) }), 1, 10).Draw(t, "tastings")
		for i := range ts {
			ts[i].ID.N = uint64(i + 1)
		}
		want := Post(ts, nil, Scope{})

		other := slices.Clone(ts)
		for i := range other {
			if rapid.Bool().Draw(t, "turn") {
				other[i] = turned(other[i])
			}
		}
		if d := cmp.Diff(want, Post(other, nil, Scope{})); d != "" {
			t.Fatalf("which model is called the first changes the standings:\n%s", d)
		}
		rng := rand.New(rand.NewPCG(1, uint64(len(ts))))
		rng.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
		if d := cmp.Diff(want, Post(other, nil, Scope{})); d != "" {
			t.Fatalf("the order of the tastings changes the standings:\n%s", d)
		}

		to := rng.Perm(len(names))
		for i := range other {
			for j := range other[i].Models {
				other[i].Models[j].Name = names[to[slices.Index(names, other[i].Models[j].Name)]]
			}
		}
		renamed := Post(other, nil, Scope{})
		for _, row := range want.Rows {
			row.Model = bot.Verbatim(names[to[slices.Index(names, string(row.Model))]])
			if !slices.ContainsFunc(renamed.Rows, func(r bot.Standing) bool { return reflect.DeepEqual(r, row) }) {
				t.Fatalf("with other names there is no row %+v in\n%+v", row, renamed.Rows)
			}
		}
	})
}

// What is said of tables that are not the usual ones.
func TestUnusualStandings(t *testing.T) {
	four, two, one := bot.Counts{{4, 1, 0, 0}}, bot.Counts{{2, 3, 0, 0}}, bot.Counts{{5, 0, 0, 0}}
	many := func(n int, c ...bot.Counts) (rs []bot.Round) {
		for i := range n {
			rs = append(rs, round(i, c[i%len(c)], 50, 40))
		}
		return rs
	}
	simulated := tasted(9, "auk", "bee", many(6, four)...)
	simulated.Crowd = true
	sealed := tasted(9, "auk", "bee", many(6, four)...)
	sealed.State = bot.Closed
	imported := tasted(9, "auk", "bee", many(6, four, two)...)
	imported.Imported = "abc"
	var crowded []bot.Tasting // a row of models, each compared with the next, on few prompts
	for i := range 8 {
		crowded = append(crowded, tasted(i+1, fmt.Sprint("m", i), fmt.Sprint("m", (i+1)%8), many(6, four, two)...))
	}
	free := many(6, four, two)
	for i := range free {
		free[i].Cost = [2]bot.Cost{{Pico: 2e9, Known: true}, {Pico: 5e9, Known: true}}
	}
	for _, tt := range []struct {
		name  string
		ts    []bot.Tasting
		ranks string // model rank, in order
		says  []string
	}{
		{"never compared", []bot.Tasting{tasted(1, "auk", "bee", many(9, four, two)...), tasted(2, "cat", "dog", many(9, two, four)...)},
			"auk 1–4 bee 1–4 cat 1–4 dog 1–4", []string{"Never compared with each other, not even through others: auk and bee / cat and dog.", "Their scores hold within each group only"}},
		{"always won", []bot.Tasting{tasted(1, "auk", "bee", many(8, one)...)},
			"auk 1 bee 2", []string{"auk is preferred to bee with 100% (85 to 100) of 40 votes."}},
		{"one on few prompts", []bot.Tasting{tasted(1, "auk", "bee", many(9, four, two)...), tasted(2, "bee", "cat", many(3, four)...)},
			"auk 1–2 bee 1–2 cat –", []string{"Not ranked yet: cat (3 prompts). A model is ranked once it was tasted on 5 different prompts."}},
		{"the other's rival on few prompts", []bot.Tasting{tasted(1, "auk", "bee", many(3, four)...), tasted(2, "auk", "cat", append(many(2, four), many(4, two)[2:]...)...)},
			"auk – cat – bee –", []string{"auk (4 prompts), cat (4 prompts) and bee (3 prompts)"}},
		{"few prompts for many models", crowded,
			"m0 – m1 – m2 – m3 – m4 – m5 – m6 – m7 –", []string{"it takes votes on more different prompts than there are models, and here are 6 prompts for 8 models"}},
		{"simulated beside real", []bot.Tasting{tasted(1, "auk", "bee", many(6, four)...), simulated},
			"auk 1 bee 2", []string{"Rounds left out: 6 with simulated voters."}},
		{"sealed, and not revealed yet", []bot.Tasting{sealed},
			"", []string{"nothing to rank"}},
		{"the demo", []bot.Tasting{simulated},
			"auk 1 bee 2", []string{"Most voters here are simulated: this is a demonstration."}},
		{"imported", []bot.Tasting{imported},
			"auk 1–2 bee 1–2", []string{"6 rounds came from an import.", "auk is ahead of bee with"}},
		{"the first is cheaper", []bot.Tasting{tasted(1, "auk", "bee", free...)},
			"auk 1–2 bee 1–2", []string{"; bee costs 2.5 times as much."}},
		{"the longer answer wins", []bot.Tasting{tasted(1, "auk", "bee", append(round2(20, one, 90, 30), round2(20, bot.Counts{{0, 5, 0, 0}}, 30, 90)...)...)},
			"auk 1–2 bee 1–2", []string{"People lean to the longer answer", "an answer half as long again gets"}},
		{"the left answer wins", []bot.Tasting{tasted(1, "auk", "bee", many(20, bot.Counts{{4, 1, 0, 0}, {1, 4, 0, 0}}, bot.Counts{{3, 1, 1, 0}, {1, 3, 0, 1}})...)},
			"auk 1–2 bee 1–2", []string{"People lean to the left answer", "Between equals the left answer gets"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := Post(tt.ts, nil, Scope{})
			var ranks []string
			for _, r := range p.Rows {
				ranks = append(ranks, string(r.Model+" "+r.Rank))
			}
			if got := strings.Join(ranks, " "); got != tt.ranks {
				t.Errorf("ranked %q, want %q", got, tt.ranks)
			}
			said := strings.Join(bot.English(slices.Concat(p.Says, p.Notes, p.Details)), "\n")
			for _, want := range tt.says {
				if !strings.Contains(said, want) {
					t.Errorf("does not say %q:\n%s", want, said)
				}
			}
			for _, never := range []string{"NaN", "Inf", "p =", "significant"} {
				if strings.Contains(said, never) || strings.Contains(fmt.Sprint(p.Rows), never) {
					t.Errorf("says %q: %+v\n%s", never, p.Rows, said)
				}
			}
		})
	}
}

// round2 are n rounds on prompts of their own with answers of these lengths.
func round2(n int, c bot.Counts, first, second int) (rs []bot.Round) {
	for i := range n {
		rs = append(rs, round(1000*first+i, c, first, second))
	}
	return rs
}

// A round that was taken out or never opened had both answers, and is not told as one
// without; nor does it retire its prompt.
func TestRoundsTakenOutAreToldApart(t *testing.T) {
	counts := bot.Counts{{3, 1}, {2, 1}}
	void, removed, unopened := round(1, bot.Counts{}), round(1, bot.Counts{}), round(1, bot.Counts{})
	void.Void = "no answer"
	removed.Reason, removed.Commitment = bot.TakenOut(), []byte("c")
	unopened.Reason = bot.Unopened()
	ts := []bot.Tasting{tasted(1, "kestrel", "nova", void, removed, removed, unopened)}
	for range 8 {
		ts[0].Rounds = append(ts[0].Rounds, round(1, counts))
	}
	notes := fill(ts, nil, Scope{}).notes()
	if want := "Rounds left out: 1 without both answers, 2 that were taken out, 1 that were never opened."; len(notes) != 1 || notes[0].String() != want {
		t.Errorf("notes %q, want %q", notes, want)
	}
	ts[0].Rounds = append(ts[0].Rounds, removed)
	x := OnTrial(ts)[round(1, counts).PromptID()]
	if x.rounds != 9 || x.void != 1 || x.retired() {
		t.Errorf("with eight clear rounds, one void, three taken out and one unopened: %q", x.sentence())
	}
}

// From the tastings of a large workspace to the post: 100 models, 100,000
// rounds, 900,000 votes of 1,000 people.
func BenchmarkStandings(b *testing.B) {
	rng := rand.New(rand.NewPCG(5, 6))
	var ts []bot.Tasting
	cells := make(map[bot.TastingID][][]bot.Cell)
	for i := range 10_000 {
		first := rng.IntN(100)
		t := tasted(i, fmt.Sprint("m", first), fmt.Sprint("m", (first+1+rng.IntN(99))%100))
		for range 10 {
			var c bot.Counts
			var who []bot.Cell
			for range 9 {
				p := bot.Pick(1 + rng.IntN(4))
				c[rng.IntN(2)][p-1]++
				who = append(who, bot.Cell{Voter: uint64(1+rng.IntN(1000)) * 0x9e3779b97f4a7c15, Lean: p.Lean()})
			}
			cells[t.ID] = append(cells[t.ID], who)
			t.Rounds = append(t.Rounds, round(rng.IntN(1000), c, 20+rng.IntN(80), 20+rng.IntN(80)))
		}
		ts = append(ts, t)
	}
	b.Run("fit", func(b *testing.B) {
		box := fill(ts, cells, Scope{})
		for b.Loop() {
			box.rank()
		}
	})
	b.Run("post", func(b *testing.B) {
		for b.Loop() {
			Post(ts, cells, Scope{})
		}
	})
}
