package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// judgment is what a judge made of a round, in the words of a test.
func judgment(judge string, upright, crossed bot.Pick) bot.Judgment {
	return bot.Judgment{Judge: judge, Setting: "3fa2c1", Model: judge + "-2026", Picks: [2]bot.Pick{upright, crossed}, Cost: bot.Cost{Pico: 7, Known: true}, At: noon}
}

// What judges say is kept by round and by judge, the last word of each, over a
// reopening and in a copy, and goes with the tasting and with the workspace. It
// touches neither votes nor cells.
func testJudge(t *testing.T, h *harness) {
	s := h.store(t)
	ctx := t.Context()
	there := bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: "T2"}, Channel: "C1"}
	id, other, elsewhere := sealed(t, s, place, two), sealed(t, s, place, two), sealed(t, s, there, two)
	cells, err := s.Cells(ctx, team)
	must(t, err)

	fails := judgment("owl", bot.None, bot.Tie)
	fails.Failed[0] = bot.OffGrammar
	must(t, s.Judge(ctx, id.Round(2), judgment("owl", bot.Second, bot.Second)))
	must(t, s.Judge(ctx, id.Round(1), judgment("owl", bot.First, bot.First)))
	must(t, s.Judge(ctx, id.Round(1), judgment("rook\x00/", bot.Bad, bot.First)))
	must(t, s.Judge(ctx, id.Round(1), judgment("ant", bot.First, bot.Second)))
	must(t, s.Judge(ctx, id.Round(2), fails)) // its last word
	must(t, s.Judge(ctx, other.Round(1), judgment("owl", bot.Tie, bot.Tie)))
	must(t, s.Judge(ctx, elsewhere.Round(1), judgment("owl", bot.Bad, bot.Bad)))
	want := map[int][]bot.Judgment{
		1: {judgment("ant", bot.First, bot.Second), judgment("owl", bot.First, bot.First), judgment("rook\x00/", bot.Bad, bot.First)},
		2: {fails},
	}
	for range 2 {
		got, err := s.Judgments(ctx, id)
		must(t, err)
		equal(t, "what judges made of a tasting", got, want)
		after, err := s.Cells(ctx, team)
		must(t, err)
		equal(t, "cells beside judges", after, cells)
		for n := range 2 {
			vs, err := s.Votes(ctx, id.Round(n+1))
			must(t, err)
			equal(t, "votes beside judges", vs, keptOf(two(id), n+1))
		}
		s = h.reopen(t, s)
	}

	// A revealed tasting can be judged too: judges may take longer.
	move(t, s, id, bot.Closed, bot.Revealed)
	late := judgment("wren", bot.First, bot.First)
	must(t, s.Judge(ctx, id.Round(2), late))
	want[2] = append(want[2], late)

	// What comes once it is fixed what judges made of it is later than that, by whatever clock.
	fixed := noon.Add(time.Minute)
	must(t, s.Update(ctx, id, bot.Revealed, func(t *bot.Tasting) error { t.JudgedAt = fixed; return nil }))
	slow, exact, quick := judgment("x-slow", bot.Tie, bot.Tie), judgment("y-exact", bot.Tie, bot.Tie), judgment("z-quick", bot.Tie, bot.Tie)
	exact.At, quick.At = fixed, fixed.Add(time.Hour)
	revealed, err := s.Tasting(ctx, id)
	must(t, err)
	for _, j := range []bot.Judgment{slow, exact, quick} {
		must(t, s.Judge(ctx, id.Round(2), j))
	}
	after, err := s.Judgments(ctx, id)
	must(t, err)
	for _, j := range after[2] {
		if too := revealed.TooLate(j); too != slices.ContainsFunc([]bot.Judgment{slow, exact, quick}, func(k bot.Judgment) bool { return k.Judge == j.Judge }) {
			t.Errorf("what %s made of a round counts as of %v, too late is %t; it was fixed at %v", j.Judge, j.At, too, fixed)
		}
		if j.Judge == quick.Judge {
			equal(t, "what came in order", j, quick)
		}
	}
	want = after

	copied := h.path + ".copy"
	must(t, s.Snapshot(ctx, copied))
	restored := h.open(t, copied)
	defer restored.Close()
	got, err := restored.Judgments(ctx, id)
	must(t, err)
	equal(t, "what judges made of a tasting, in a copy", got, want)

	must(t, s.Delete(ctx, other))
	wantUnjudged(t, s, other)
	must(t, s.DeleteWorkspace(ctx, team))
	wantUnjudged(t, s, id)
	if kept, err := s.Judgments(ctx, elsewhere); err != nil || len(kept[1]) != 1 {
		t.Errorf("another workspace's judgments are %v, %v", kept, err)
	}
	wantWordless(t, s, h.path+".after", "ant-2026", "wren-2026")
}

// Further prompts have texts and are judged by their numbers, after the rounds', over the
// start of a draft, a reopening and in a copy; nobody votes on them, sealing knows nothing
// of them, and they go with the tasting and with the workspace.
func testFurther(t *testing.T, h *harness) {
	s := h.store(t)
	ctx := t.Context()
	described := bot.Tasting{
		Place: place, State: bot.Draft, Wake: noon, Rounds: make([]bot.Round, 2), Starter: person("starter"),
		Further: bot.Further{N: 2, Judge: "owl", Rounds: 120, Correlation: 0.61, Slope: 0.4, Cost: [2]bot.Cost{{Pico: 7, Known: true}, {}}},
	}
	xs := make([]bot.Texts, 4)
	for i := range xs {
		xs[i].Prompt = bot.Prompt{ID: fmt.Sprint("prompt", i+1), Text: "Why?"}
	}
	if got, err := s.CreateTasting(ctx, described, xs[:2]); err == nil {
		t.Errorf("two rounds and two further prompts with two texts gave %v; want an error", got.ID)
	}
	draft, err := s.CreateTasting(ctx, described, xs)
	must(t, err)
	made, err := s.Start(ctx, draft.ID, func(t *bot.Tasting) error { t.State = bot.Open; return nil })
	must(t, err)
	id := made.ID
	_, err = s.Texts(ctx, draft.ID.Round(3))
	wantErr(t, "texts of a further prompt of a draft that was started", err, bot.ErrNotFound)
	xs[3].Answers[0] = bot.Answer{Text: "Because.", Attempts: 1}
	must(t, s.SetTexts(ctx, id.Round(4), xs[3]))

	check := func(what string, s bot.Store, want map[int][]bot.Judgment) {
		t.Helper()
		equal(t, "further prompts, "+what, tasting(t, s, id).Further, described.Further)
		for i := range xs {
			x, err := s.Texts(ctx, id.Round(i+1))
			must(t, err)
			equal(t, fmt.Sprintf("texts of %d, %s", i+1, what), x, xs[i])
		}
		got, err := s.Judgments(ctx, id)
		must(t, err)
		equal(t, "what a judge made of them, "+what, got, want)
	}
	check("as started", s, nil)
	for _, n := range []int{3, 4, 5} {
		wantErr(t, "Hear of a further prompt", s.Hear(ctx, id.Round(n), person("bob"), bot.First, on(noon)), bot.ErrNotFound)
		wantErr(t, "Choose of a further prompt", s.Choose(ctx, id.Round(n), person("bob"), bot.First, noon), bot.ErrNotFound)
	}
	_, err = s.Texts(ctx, id.Round(5))
	wantErr(t, "texts after the further prompts", err, bot.ErrNotFound)
	wantErr(t, "set texts after the further prompts", s.SetTexts(ctx, id.Round(5), xs[3]), bot.ErrNotFound)

	hear(t, s, id.Round(1), "bob", bot.First, on(noon))
	move(t, s, id, bot.Open, bot.Closing)
	must(t, s.Seal(ctx, id, nil, func(t *bot.Tasting, kept bot.Rows) error {
		t.State = bot.Closed
		t.Count(kept)
		return nil
	}))
	must(t, s.Judge(ctx, id.Round(2), judgment("owl", bot.First, bot.First)))
	must(t, s.Judge(ctx, id.Round(4), judgment("owl", bot.Second, bot.Second)))
	wantErr(t, "Judge after the further prompts", s.Judge(ctx, id.Round(5), judgment("owl", bot.First, bot.First)), bot.ErrNotFound)
	want := map[int][]bot.Judgment{2: {judgment("owl", bot.First, bot.First)}, 4: {judgment("owl", bot.Second, bot.Second)}}
	check("judged", s, want)
	wantVotes(t, s, id.Round(1), row(id.Round(1), "bob", bot.First, on(noon)))
	s = h.reopen(t, s)
	check("reopened", s, want)
	copied := h.path + ".further"
	must(t, s.Snapshot(ctx, copied))
	restored := h.open(t, copied)
	defer restored.Close()
	check("in a copy", restored, want)

	must(t, restored.Delete(ctx, id))
	_, err = restored.Texts(ctx, id.Round(4))
	wantErr(t, "texts of a further prompt of a deleted tasting", err, bot.ErrNotFound)
	wantUnjudged(t, restored, id)
	must(t, s.DeleteWorkspace(ctx, team))
	wantWordless(t, s, h.path+".gone", "owl-2026", "prompt4", "Because.")
}

// keptOf are the rows of a round that stay when it is sealed, in the order in which a store gives them.
func keptOf(vs []bot.Vote, round int) (kept []bot.Vote) {
	for _, v := range vs {
		if v.Round.Round == round && v.Pick() != bot.None {
			kept = append(kept, v)
		}
	}
	return kept
}

func wantUnjudged(t *testing.T, s bot.Store, id bot.TastingID) {
	t.Helper()
	if got, err := s.Judgments(t.Context(), id); err != nil || len(got) > 0 {
		t.Errorf("a tasting that is not there has judgments %v, %v", got, err)
	}
}

// Nothing of a judge is kept before a tasting is sealed, nor of one that ended
// without a reveal, nor of what is not there, nor by whoever has lost their job.
func testJudgeRefused(t *testing.T, h *harness) {
	s := h.store(t)
	ctx := t.Context()
	j := judgment("owl", bot.First, bot.First)
	for _, st := range []bot.State{bot.Draft, bot.Asking, bot.Posting, bot.Open, bot.Closing, bot.Cancelled, bot.Failed} {
		id := create(t, s, st).ID
		wantErr(t, "Judge in a tasting that is "+st.String(), s.Judge(ctx, id.Round(1), j), bot.ErrMoved)
		wantUnjudged(t, s, id)
	}
	id := sealed(t, s, place, two)
	wantErr(t, "Judge of no round", s.Judge(ctx, id.Round(3), j), bot.ErrNotFound)
	wantErr(t, "Judge of round 0", s.Judge(ctx, id.Round(0), j), bot.ErrNotFound)
	wantErr(t, "Judge of no tasting", s.Judge(ctx, bot.TastingID{Workspace: team, N: 99}.Round(1), j), bot.ErrNotFound)

	key := bot.JobKey{Workspace: team, Kind: bot.JudgeJob, Name: "1/owl"}
	must(t, s.Schedule(ctx, key, noon.Add(-1)))
	for {
		job := take(t, s, noon, time.Hour)
		if job.Term == 0 {
			t.Fatal("the job was not given")
		}
		if job.Key == key {
			stale := bot.For(ctx, job)
			must(t, s.Finish(ctx, job, noon, bot.Past{}))
			wantErr(t, "Judge for a job that was given back", s.Judge(stale, id.Round(1), j), bot.ErrTerm)
			break
		}
	}
	wantUnjudged(t, s, id)
	must(t, s.Delete(ctx, id))
	wantErr(t, "Judge of a deleted tasting", s.Judge(ctx, id.Round(1), j), bot.ErrNotFound)
}
