package storetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// full is a tasting in which every field says something.
func full() bot.Tasting {
	zone := time.FixedZone("", 8*60*60)
	return bot.Tasting{
		Place: place, Starter: person("ann"), Question: "哪个更好？\n<b>&\x00", Ballot: bot.Private,
		Models: [2]bot.Card{
			{
				Name: "kestrel", Source: "api", Settings: map[string]string{"temperature": "0.7"}, System: "Be brief.",
				Price: &bot.Price{Input: 3_000_000, Output: 15_000_000, CachedInput: 1, AsOf: "2026-01-05"}, MaxTokens: 100,
				Returned: "kestrel-2026", Names: []string{"kestrel", "kes"},
			},
			{Name: "nova", Source: "file"},
		},
		Rounds: []bot.Round{
			{
				Kind: bot.Control, Prompt: "cake", Category: "humour", Flip: true, Ready: true, Void: "kestrel answered 401", VoidBy: 1,
				Flagged: true, Commitment: []byte{0, 1, 255}, Unread: true, Reposted: true, Split: 2, Counts: bot.Counts{{1, 2, 3, 4}, {5, 6, 7, 8}},
			},
			{Kind: bot.Plain},
		},
		Pack: "humour", Invited: []string{"bob", "cho"}, Barred: []string{"ann"}, TimeZone: "Asia/Shanghai",
		Nonce: []byte("0123456789abcdef"), State: bot.Asking, Note: "why",
		Created: noon.In(zone), Opened: noon.Add(1), Closes: noon.Add(time.Hour), ClosedAt: noon.Add(2 * time.Hour), RevealedAt: noon.Add(3 * time.Hour),
		Wake: noon.Add(time.Minute), Rouse: noon.Add(time.Hour), Extended: true, Nudged: true, Late: true,
		Asked: noon.Add(-1), Answered: noon.Add(1), Reserved: -1, Day: "2026-01-05", Told: true, Crowd: true,
	}
}

func testCreate(t *testing.T, h *harness) {
	s := h.store(t)
	_, err := s.Tasting(t.Context(), bot.TastingID{Workspace: team, N: 1})
	wantErr(t, "a tasting of an empty store", err, bot.ErrNotFound)

	want := full()
	got, err := s.CreateTasting(t.Context(), want, make([]bot.Texts, 2))
	must(t, err)
	want.ID = bot.TastingID{Workspace: team, N: 1}
	equal(t, "what CreateTasting returns", got, want)
	equal(t, "what Tasting returns", tasting(t, s, want.ID), want)

	other := bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: "T2"}, Channel: "C1"}
	for _, tt := range []struct {
		at   bot.Place
		want uint64
	}{{place, 2}, {other, 1}, {place, 3}, {other, 2}} {
		if got := createAt(t, s, tt.at, bot.Open); got.ID != (bot.TastingID{Workspace: tt.at.Workspace, N: tt.want}) {
			t.Errorf("a tasting in %v has ID %+v; want %d of the same workspace", tt.at, got.ID, tt.want)
		}
	}
}

func testCreateRefused(t *testing.T, h *harness) {
	s := h.store(t)
	if got, err := s.CreateTasting(t.Context(), full(), make([]bot.Texts, 1)); err == nil {
		t.Errorf("two rounds with one text gave tasting %v; want an error", got.ID)
	}
	if ws, err := s.Workspaces(t.Context()); err != nil || len(ws) > 0 {
		t.Errorf("after that Workspaces = %v, %v; want none", ws, err)
	}
	if got := create(t, s, bot.Open); got.ID.N != 1 {
		t.Errorf("the first tasting has number %d; want 1", got.ID.N)
	}
}

func testTastings(t *testing.T, h *harness) {
	s := h.store(t)
	thread := bot.Place{Workspace: team, Channel: "C2/5"}
	for _, tt := range []struct {
		at bot.Place
		st bot.State
	}{{place, bot.Revealed}, {thread, bot.Open}, {place, bot.Open}, {place, bot.Draft}} {
		createAt(t, s, tt.at, tt.st)
	}
	for _, tt := range []struct {
		name string
		q    bot.Query
		want []string
	}{
		{"all", bot.Query{}, []string{"d1", "3", "2", "1"}},
		{"of a channel", bot.Query{Channel: "C1"}, []string{"d1", "3", "1"}},
		{"in a state", bot.Query{States: []bot.State{bot.Open}}, []string{"3", "2"}},
		{"in two states", bot.Query{States: []bot.State{bot.Draft, bot.Revealed}}, []string{"d1", "1"}},
		{"the newest two", bot.Query{States: []bot.State{bot.Open, bot.Revealed}, Limit: 2}, []string{"3", "2"}},
		{"the newest of a channel in a state", bot.Query{Channel: "C2", States: []bot.State{bot.Open}, Limit: 1}, []string{"2"}},
		{"of a thread", bot.Query{Channel: "C2/5"}, []string{"2"}},
		{"of another thread", bot.Query{Channel: "C2/55"}, nil},
		{"of an unknown channel", bot.Query{Channel: "C"}, nil},
	} {
		ts, err := s.Tastings(t.Context(), team, tt.q)
		must(t, err)
		var got []string
		for _, t := range ts {
			got = append(got, t.ID.String())
		}
		equal(t, "tastings "+tt.name, got, tt.want)
	}
	if ts, err := s.Tastings(t.Context(), bot.Workspace{Platform: "slack", ID: "T"}, bot.Query{}); err != nil || len(ts) > 0 {
		t.Errorf("an unknown workspace has tastings %v, %v", ts, err)
	}
}

// A draft has an ID of its own, and a number only once it is started.
func testStart(t *testing.T, h *harness) {
	s := h.store(t)
	ctx := t.Context()
	texts := []bot.Texts{{Prompt: bot.Prompt{Text: "One?"}}, {Prompt: bot.Prompt{Text: "Two?"}}}
	draft := full()
	draft.State, draft.Wake = bot.Draft, noon.Add(time.Minute)
	for n := range uint64(3) {
		made, err := s.CreateTasting(ctx, draft, texts)
		must(t, err)
		equal(t, "the ID of a draft", made.ID, team.Draft(n+1))
		equal(t, "the draft of that ID", tasting(t, s, made.ID), made)
	}
	begin := func(t *bot.Tasting) error {
		t.State, t.Wake, t.Nudged = bot.Asking, noon, false
		return nil
	}
	why := errors.New("changed my mind")
	_, err := s.Start(ctx, team.Draft(1), func(t *bot.Tasting) error { t.State = bot.Asking; return why })
	wantErr(t, "a start that fails", err, why)
	if _, err := s.Start(ctx, team.Draft(1), func(*bot.Tasting) error { return nil }); err == nil {
		t.Error("a draft was started and is a draft still")
	}
	must(t, s.Delete(ctx, team.Draft(2)))

	want := draft
	want.ID = bot.TastingID{Workspace: team, N: 1}
	must(t, begin(&want))
	var started, late atomic.Int32
	var wg sync.WaitGroup
	for range 5 { // somebody presses quickly
		wg.Go(func() {
			switch got, err := s.Start(ctx, team.Draft(3), begin); {
			case err == nil:
				started.Add(1)
				equal(t, "what Start returns", got, want)
			case errors.Is(err, bot.ErrNotFound):
				late.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if started.Load() != 1 || late.Load() != 4 {
		t.Errorf("of five starts at once %d went well and %d found no draft; want 1 and 4", started.Load(), late.Load())
	}
	s = h.reopen(t, s)
	equal(t, "the tasting of the third draft", tasting(t, s, want.ID), want)
	for i, x := range texts {
		got, err := s.Texts(ctx, want.ID.Round(i+1))
		must(t, err)
		equal(t, "its texts", got, x)
		_, err = s.Texts(ctx, team.Draft(3).Round(i+1))
		wantErr(t, "texts of a draft that was started", err, bot.ErrNotFound)
	}
	_, err = s.Start(ctx, want.ID, begin)
	wantErr(t, "a start of what is started", err, bot.ErrMoved)
	var due []bot.JobKey
	for _, j := range drain(t, s, noon.Add(time.Hour)) {
		due = append(due, j.Key)
	}
	equal(t, "what is due", due, []bot.JobKey{want.ID.Job(), team.Draft(1).Job()})
	if id, ok := due[1].Tasting(); !ok || id != team.Draft(1) {
		t.Errorf("the job of a draft is of %v, %v", id, ok)
	}

	got, err := s.Start(ctx, team.Draft(1), begin)
	must(t, err)
	if got.ID.N != 2 {
		t.Errorf("after a draft that was dropped comes number %d; want 2", got.ID.N)
	}
	if next := create(t, s, bot.Draft).ID; next != team.Draft(4) {
		t.Errorf("the next draft is %v; want d4, since buttons of d3 may be about", next)
	}
}

func testTexts(t *testing.T, h *harness) {
	s := h.store(t)
	long := bot.Texts{
		Prompt: bot.Prompt{ID: "cake", Text: "A birthday cake came a day late.", Tags: []string{"x"}, Weight: 0.5, ShowAnswer: true},
		Answers: [2]bot.Answer{
			{Raw: strings.Repeat("蛋糕\x00<script>", 20_000), Text: "Hi Mara", Cost: bot.Cost{Pico: 7, Known: true}, Latency: time.Second, Attempts: 2},
			{Raw: "Dear Mara", Finish: "stop", Leaks: []text.Leak{{Level: text.Self, Match: "I am nova"}}},
		},
	}
	short := bot.Texts{Prompt: bot.Prompt{Text: "Why?"}}
	made, err := s.CreateTasting(t.Context(), full(), []bot.Texts{long, short})
	must(t, err)

	check := func(n int, want bot.Texts) {
		t.Helper()
		got, err := s.Texts(t.Context(), made.ID.Round(n))
		must(t, err)
		equal(t, fmt.Sprintf("texts of round %d", n), got, want)
	}
	check(1, long)
	check(2, short)
	must(t, s.SetTexts(t.Context(), made.ID.Round(2), long))
	must(t, s.SetTexts(t.Context(), made.ID.Round(1), short))
	move(t, s, made.ID, bot.Asking, bot.Posting)
	check(1, short)
	check(2, long)

	elsewhere := bot.TastingID{Workspace: bot.Workspace{Platform: "slack", ID: "T2"}, N: made.ID.N}
	for _, id := range []bot.RoundID{made.ID.Round(0), made.ID.Round(3), made.ID.Round(-1), elsewhere.Round(1)} {
		_, err := s.Texts(t.Context(), id)
		wantErr(t, fmt.Sprintf("texts of %v in %v", id, id.Workspace), err, bot.ErrNotFound)
		wantErr(t, fmt.Sprintf("set texts of %v in %v", id, id.Workspace), s.SetTexts(t.Context(), id, short), bot.ErrNotFound)
	}
}

func testUpdate(t *testing.T, h *harness) {
	s := h.store(t)
	made := create(t, s, bot.Asking)
	change := func(x *bot.Tasting) error {
		*x = full()
		x.State = bot.Posting
		return nil
	}
	must(t, s.Update(t.Context(), made.ID, bot.Asking, change))
	want := full()
	want.ID, want.State = made.ID, bot.Posting
	equal(t, "the tasting after a change", tasting(t, s, made.ID), want)

	wantErr(t, "a change in another state", s.Update(t.Context(), made.ID, bot.Asking, change), bot.ErrMoved)
	wantErr(t, "a change of no tasting", s.Update(t.Context(), bot.TastingID{Workspace: team, N: 9}, bot.Asking, change), bot.ErrNotFound)

	why := errors.New("changed my mind")
	err := s.Update(t.Context(), made.ID, bot.Posting, func(t *bot.Tasting) error {
		t.Question, t.State, t.Rounds[0].Category, t.Invited[0] = "?", bot.Open, "?", "?"
		return why
	})
	wantErr(t, "a change that fails", err, why)
	equal(t, "the tasting after a change that failed", tasting(t, s, made.ID), want)
}

// A tasting only moves forward, and one that is over not at all.
func testUpdateOnlyForward(t *testing.T, h *harness) {
	s := h.store(t)
	for from := bot.Draft; from <= bot.Failed; from++ {
		for to := bot.Draft; to <= bot.Failed; to++ {
			if from < to && !from.Over() {
				continue // may be
			}
			made := create(t, s, from)
			err := s.Update(t.Context(), made.ID, from, func(t *bot.Tasting) error {
				t.State, t.Note = to, "changed"
				return nil
			})
			got := tasting(t, s, made.ID)
			switch {
			case from == to && (err != nil || got.Note == ""):
				t.Errorf("in state %v a change failed: %v", from, err)
			case from != to && (err == nil || got.State != from || got.Note != ""):
				t.Errorf("from %v back to %v: error %v, now %v %q; want an error and no change", from, to, err, got.State, got.Note)
			}
		}
	}
	made := create(t, s, bot.Draft)
	path := []bot.State{bot.Draft, bot.Asking, bot.Posting, bot.Open, bot.Closing, bot.Closed, bot.Revealed}
	for i, to := range path[1:] {
		move(t, s, made.ID, path[i], to)
	}
	for _, to := range []bot.State{bot.Cancelled, bot.Failed} {
		move(t, s, create(t, s, bot.Open).ID, bot.Open, to)
	}
}

func testUpdateAtOnce(t *testing.T, h *harness) {
	s := h.store(t)
	made := create(t, s, bot.Open)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			err := s.Update(t.Context(), made.ID, bot.Open, func(t *bot.Tasting) error { t.Reserved++; return nil })
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := tasting(t, s, made.ID).Reserved; got != 50 {
		t.Errorf("50 changes at once added 1 each, and the sum is %d", got)
	}
}

// A list has what stands by now, however often it was asked for before.
func testListAfterChange(t *testing.T, h *harness) {
	s := h.store(t)
	first, id := create(t, s, bot.Revealed).ID, create(t, s, bot.Revealed).ID
	list := func(q bot.Query) (notes []string) {
		t.Helper()
		ts, err := s.Tastings(t.Context(), team, q)
		must(t, err)
		for _, t := range ts {
			notes = append(notes, t.ID.String()+t.Note)
		}
		return notes
	}
	for _, note := range []string{" one", " two", ""} {
		must(t, s.Update(t.Context(), id, bot.Revealed, func(t *bot.Tasting) error { t.Note = note; return nil }))
		for range 2 {
			equal(t, "all tastings", list(bot.Query{}), []string{id.String() + note, first.String()})
			equal(t, "the newest", list(bot.Query{Limit: 1}), []string{id.String() + note})
		}
	}
	must(t, s.Delete(t.Context(), id))
	equal(t, "all tastings, once one is deleted", list(bot.Query{}), []string{first.String()})
	if _, err := s.Forget(t.Context(), tasting(t, s, first).Starter); err != nil {
		t.Fatal(err)
	}
	ts, err := s.Tastings(t.Context(), team, bot.Query{})
	must(t, err)
	equal(t, "the starter, once forgotten", ts[0].Starter, tasting(t, s, first).Starter)
}
