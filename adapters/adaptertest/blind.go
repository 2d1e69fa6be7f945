package adaptertest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
)

// Two answers that are easy to find in what is sent, and their tasting.
const (
	one = "Zephyr writes one way, and ends here."
	two = "Quince has quite another manner of putting things, and takes longer over it."
)

func tasting(w World) bot.TastingID {
	return bot.TastingID{Workspace: w.Place().Workspace, N: 7}
}

func ballotKey(w World, round int) bot.PostKey {
	return bot.PostKey{Tasting: tasting(w), Round: round, What: "ballot"}
}

func ballot(w World) bot.Ballot {
	return bot.Ballot{
		Round: tasting(w).Round(3), Title: bot.Literal("Taste test 7 · Which reply is better?"), Prompt: "Why is the sky blue?",
		Left: one, Right: two, Legend: bot.Literal("🅰️ better · 🅱️ better · 🤝 equal · 👎 both bad"), Progress: bot.Literal("4 voted · names at Thu 17:00"),
		Privacy: bot.Literal("Everyone can see who tapped what."), State: bot.Open, Details: []bot.Sentence{bot.Literal("commitment 4f1c0a6b")},
		Menu: []bot.Button{{ID: "7/status", Label: bot.Literal("Status")}, {ID: "7/close", Label: bot.Literal("Close and reveal"), Confirm: bot.Literal("Close voting now?")}},
	}
}

func seat(w World) bot.Seat {
	s := bot.Seat{
		Round: tasting(w).Round(3), Title: bot.Literal("Taste test 7 · 2 of 10"), Question: bot.Literal("Which would you send?"), Prompt: "Why is the sky blue?", Left: one, Right: two,
		Position: 2, Of: 10, Done: 1, Note: bot.Literal("Each tap is saved."), Nav: []bot.Button{{ID: "7.2/show", Label: bot.Literal("Skip")}},
	}
	for _, c := range bot.Choices {
		s.Buttons = append(s.Buttons, bot.Button{ID: "7.3/" + string(c.Choice), Label: bot.Literal(c.Emoji + " " + c.Label.String())})
	}
	return s
}

func exchanged(s string) string {
	return strings.NewReplacer(one, two, two, one).Replace(s)
}

// Two worlds in which all is the same but the sides: what clients are sent
// differs by the exchanged texts alone.
func ballotIsBlind(t *testing.T, w World, h *heard) {
	ann := w.Join(t, "Ann")
	b := ballot(w)
	ref := post(t, w, ballotKey(w, 3), b)
	before := w.Seen(t, ref, ann)
	if !strings.Contains(before, "Zephyr") || !strings.Contains(before, "Quince") {
		t.Fatalf("the ballot shows not both answers:\n%s", before)
	}
	b.Left, b.Right = b.Right, b.Left
	if err := w.Chat().Edit(t.Context(), ref, b); err != nil {
		t.Fatalf("edit: %v", err)
	}
	if diff := cmp.Diff(before, exchanged(w.Seen(t, ref, ann))); diff != "" {
		t.Errorf("with the sides exchanged the ballot differs by more than its texts (-before +after):\n%s", diff)
	}

	s := seat(w)
	h.answer(bot.Reply{Post: s})
	seen := w.Press(t, ref, ann, "7/taste")
	s.Left, s.Right = s.Right, s.Left
	h.answer(bot.Reply{Post: s})
	if diff := cmp.Diff(seen, exchanged(w.Press(t, ref, ann, "7/taste"))); diff != "" {
		t.Errorf("with the sides exchanged the seat differs by more than its texts (-before +after):\n%s", diff)
	}
	if logged := h.logged.String(); strings.Contains(logged, "Zephyr") || strings.Contains(logged, "Quince") {
		t.Errorf("an answer stands in the log:\n%s", logged)
	}
}

func ballotShows(t *testing.T, w World, h *heard) {
	ann := w.Join(t, "Ann")
	ref := post(t, w, ballotKey(w, 3), ballot(w))
	seen := w.Seen(t, ref, ann)
	for _, want := range []string{"Why is the sky blue?", one, two, "🅰️", "🅱️", "🤝", "👎", "4 voted", "names at Thu 17:00", "Everyone can see who tapped what.", "4f1c0a6b"} {
		if !strings.Contains(seen, want) {
			t.Errorf("the ballot is without %q:\n%s", want, seen)
		}
	}
}

func seatAndHead(t *testing.T, w World, h *heard) {
	ann := w.Join(t, "Ann")
	head := bot.Head{
		Tasting: tasting(w), Question: bot.Literal("Which model should answer?"), Intro: bot.Literal("10 prompts, two unnamed answers each."), Progress: bot.Literal("6 of 9 have tasted"),
		Privacy: bot.Literal("Votes are secret here."), State: bot.Open, Main: &bot.Button{ID: "7/taste", Label: bot.Literal("Start tasting"), Primary: true},
	}
	ref := post(t, w, bot.PostKey{Tasting: tasting(w), What: "head"}, head)
	seen := w.Seen(t, ref, ann)
	for _, want := range []string{head.Question.String(), head.Intro.String(), head.Progress.String(), head.Privacy.String(), "Start tasting"} {
		if !strings.Contains(seen, want) {
			t.Errorf("the head is without %q:\n%s", want, seen)
		}
	}
	h.answer(bot.Reply{Post: seat(w)})
	seen = w.Press(t, ref, ann, "7/taste")
	for _, want := range []string{"Which would you send?", "Why is the sky blue?", one, two, "2 of 10", "better", "both bad", "Each tap is saved.", "Skip"} {
		if !strings.Contains(seen, want) {
			t.Errorf("the seat is without %q:\n%s", want, seen)
		}
	}
}

// A long answer beside a short one: both are there, whole or cut alike, and
// which of them is the long one changes nothing else.
func longTexts(t *testing.T, w World, h *heard) {
	ann := w.Join(t, "Ann")
	b := ballot(w)
	b.Left, b.Right = bot.Verbatim(strings.Repeat("wörds and 好的 ", 600)+"the end"), two
	ref := post(t, w, ballotKey(w, 3), b)
	left := w.Seen(t, ref, ann)
	if !strings.Contains(left, "the end") || !strings.Contains(left, two) {
		t.Fatalf("a text of %d characters does not arrive whole, beside a short one", len([]rune(b.Left)))
	}
	b.Left, b.Right = b.Right, b.Left
	if err := w.Chat().Edit(t.Context(), ref, b); err != nil {
		t.Fatalf("edit: %v", err)
	}
	right := strings.NewReplacer(string(b.Right), two, two, string(b.Right)).Replace(w.Seen(t, ref, ann))
	if diff := cmp.Diff(left, right); diff != "" {
		t.Errorf("the place of the long text changes more than the texts:\n%s", diff)
	}
}
