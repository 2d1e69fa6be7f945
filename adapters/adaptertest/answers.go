package adaptertest

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tastetest/tastetest/bot"
)

func command(t *testing.T, w World, h *heard) {
	ann, bob := w.Join(t, "Ann"), w.Join(t, "Bob")
	h.answer(bot.Reply{Post: bot.Notice{Title: bot.Literal("Taste test 7"), Text: bot.Literal("6 of 9 have tasted."), Code: bot.Literal("6 voted\n3 have not")}})
	shown := w.Command(t, ann, `start pack=humour prompt="Two  words"`)
	for _, want := range []string{"Taste test 7", "6 of 9 have tasted.", "3 have not"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the answer is without %q:\n%s", want, shown)
		}
	}
	want := []bot.Command{{At: w.Place(), User: ann, Text: `start pack=humour prompt="Two  words"`}}
	if diff := cmp.Diff(want, h.command, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("heard is not what was typed (-want +got):\n%s", diff)
	}
	if n := w.Messages(t, w.Place()); n != 0 {
		t.Errorf("%d messages stand in the channel after a private answer", n)
	}
	if seen := w.Private(t, bob); strings.Contains(seen, "6 of 9") {
		t.Errorf("Bob sees the answer to Ann:\n%s", seen)
	}
}

func userError(t *testing.T, w World, h *heard) {
	ann := w.Join(t, "Ann")
	h.answer(bot.Reply{Post: bot.Notice{Text: bot.Literal("There is no pack humor. Did you mean humour?"), Code: bot.Literal("humour\nstyle"), Error: true}})
	shown := w.Command(t, ann, "start pack=humor")
	for _, want := range []string{"Did you mean humour?", "style"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the answer is without %q:\n%s", want, shown)
		}
	}
}

func later(t *testing.T, w World, h *heard) {
	ann := w.Join(t, "Ann")
	ready := make(chan struct{})
	h.answer(bot.Reply{
		Post: bot.Notice{Text: bot.Literal("The models are being asked.")},
		Later: func(ctx context.Context, say func(bot.Post) error) error {
			select {
			case <-ready:
			case <-ctx.Done():
			}
			return say(bot.Notice{Text: bot.Literal("14 of 15 ready.")})
		},
	})
	if shown := w.Command(t, ann, "start"); !strings.Contains(shown, "The models are being asked.") {
		t.Errorf("the first answer is:\n%s", shown)
	}
	close(ready)
	Eventually(t, "the report arrives", func() bool { return strings.Contains(w.Private(t, ann), "14 of 15 ready.") })

	h.answer(bot.Reply{
		Post: bot.Notice{Text: bot.Literal("Again.")},
		Later: func(context.Context, func(bot.Post) error) error {
			return errors.New("pq: password of kestrel refused")
		},
	})
	w.Command(t, ann, "start")
	Eventually(t, "an apology arrives", func() bool { return strings.Contains(w.Private(t, ann), "Sorry") })
	shown := w.Private(t, ann)
	if strings.Contains(shown, "kestrel") {
		t.Errorf("what went wrong inside is shown:\n%s", shown)
	}
	words := strings.FieldsFunc(shown, func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '0' || r > '9') })
	if !slices.ContainsFunc(words, func(id string) bool { return len(id) >= 6 && strings.Contains(h.logged.String(), id) }) {
		t.Errorf("the apology has no id that stands in the log:\n%s\nlogged:\n%s", shown, h.logged.String())
	}
}

func press(t *testing.T, w World, h *heard) {
	ann := w.Join(t, "Ann")
	ref := post(t, w, ballotKey(w, 3), ballot(w))
	h.answer(bot.Reply{Post: bot.Notice{Text: bot.Literal("6 of 9 have tasted.")}})
	if shown := w.Press(t, ref, ann, "7/status"); !strings.Contains(shown, "6 of 9 have tasted.") {
		t.Errorf("the answer is:\n%s", shown)
	}
	if len(h.presses) != 1 || h.presses[0].Button != "7/status" || h.presses[0].User != ann || h.presses[0].At.Workspace != w.Place().Workspace {
		t.Errorf("heard %+v", h.presses)
	}
}

func form(t *testing.T, w World, h *heard) {
	ann := w.Join(t, "Ann")
	h.answer(bot.Reply{Form: &bot.Form{
		ID: "start", Title: bot.Literal("New taste test"), Intro: bot.Literal("Two models."), Submit: bot.Literal("Continue"),
		Fields: []bot.Field{
			{Name: "first", Label: bot.Literal("Model"), Kind: bot.Select, Options: []bot.Option{{Value: "kestrel", Label: bot.Literal("kestrel")}, {Value: "nova", Label: bot.Literal("nova")}}, Value: "nova"},
			{Name: "prompts", Label: bot.Literal("Your own prompts"), Kind: bot.Area, Hint: bot.Literal("A blank line between prompts."), Value: "Two\nlines"},
			{Name: "file", Label: bot.Literal("Or a file"), Kind: bot.Upload},
		},
	}})
	shown := w.Command(t, ann, "start")
	for _, want := range []string{"New taste test", "Model", "kestrel", "nova", "Your own prompts", "A blank line between prompts.", "Two\nlines", "Continue"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the form is without %q:\n%s", want, shown)
		}
	}
	h.answer(bot.Reply{Post: bot.Notice{Text: bot.Literal("Row 3 has no prompt."), Error: true}})
	values := map[string]string{"first": "kestrel", "prompts": "Line one\nline two\n\n<b>@everyone</b> 好"}
	file := bot.File{Name: "prompts.csv", Data: []byte("prompt\r\n\x00\xff")}
	if shown := w.Submit(t, ann, "start", values, map[string]bot.File{"file": file}); !strings.Contains(shown, "Row 3 has no prompt.") {
		t.Errorf("the answer to the form is:\n%s", shown)
	}
	if len(h.forms) != 1 {
		t.Fatalf("heard %d forms, not 1", len(h.forms))
	}
	got := h.forms[0]
	if got.Form != "start" || got.User != ann || got.At.Workspace != w.Place().Workspace || !maps.Equal(got.Values, values) {
		t.Errorf("heard %+v, not the values %q", got, values)
	}
	if f := got.Files["file"]; f.Name != file.Name || string(f.Data) != string(file.Data) {
		t.Errorf("the file arrived as %+v", f)
	}

	// All that is wrong is said at once.
	h.answer(bot.Reply{Post: bot.Notice{Error: true, Field: "first", Text: bot.Literal("Choose another model.\nPaste a prompt."), Faults: []bot.Fault{
		{Field: "first", Text: bot.Literal("Choose another model.")}, {Field: "prompts", Text: bot.Literal("Paste a prompt.")},
	}}})
	shown = w.Submit(t, ann, "start", values, nil)
	for _, want := range []string{"Choose another model.", "Paste a prompt."} {
		if !strings.Contains(shown, want) {
			t.Errorf("of two mistakes %q is not said:\n%s", want, shown)
		}
	}
}

func suggest(t *testing.T, w World, h *heard) {
	ann := w.Join(t, "Ann")
	h.offer = []bot.Suggestion{{Text: "start kestrel ", Help: bot.Literal("a model")}, {Text: "start nova ", Help: bot.Literal("a model")}}
	got := w.Suggest(t, ann, "start ")
	if len(got) != 2 || !strings.Contains(got[0], "kestrel") || !strings.Contains(got[1], "nova") {
		t.Errorf("offered %q", got)
	}
	if len(h.command) != 1 || h.command[0].User != ann || h.command[0].Text != "start " {
		t.Errorf("asked for %+v", h.command)
	}
}

func tell(t *testing.T, w World, h *heard) {
	ann, bob := w.Join(t, "Ann"), w.Join(t, "Bob")
	to := bot.Voter{Workspace: w.Place().Workspace, User: ann}
	if err := w.Chat().Tell(t.Context(), to, bot.Notice{Text: bot.Literal("14 of 15 ready.")}); err != nil {
		t.Fatalf("tell: %v", err)
	}
	Eventually(t, "Ann is told", func() bool { return strings.Contains(w.Private(t, ann), "14 of 15 ready.") })
	if seen := w.Private(t, bob); strings.Contains(seen, "14 of 15") {
		t.Errorf("Bob sees what Ann was told:\n%s", seen)
	}
	if n := w.Messages(t, w.Place()); n != 0 {
		t.Errorf("%d messages stand in the channel", n)
	}
}

func admin(t *testing.T, w World, _ *heard) {
	for _, user := range []string{w.Join(t, "Ann"), "nobody", ""} {
		if ok, err := w.Chat().Admin(t.Context(), w.Place(), user); ok && err == nil {
			t.Errorf("%q is an admin", user)
		}
	}
}

// addressed fails unless two messages have two addresses that a browser understands.
func addressed(t *testing.T, w World, _ *heard) {
	seen := make(map[string]bool)
	for n := range uint64(2) {
		id := bot.TastingID{Workspace: w.Place().Workspace, N: 12 + n}
		head := Samples(w.Place().Workspace).Head
		head.Tasting = id
		ref := post(t, w, bot.PostKey{Tasting: id, What: bot.HeadPost}, head)
		link, err := w.Chat().(bot.Addressed).Address(t.Context(), ref)
		if err != nil {
			t.Fatalf("address: %v", err)
		}
		if u, err := url.Parse(link); err != nil || u.Host == "" && u.Fragment == "" || seen[link] {
			t.Errorf("the address of message %d is %q (%v), want one of its own", n+1, link, err)
		}
		seen[link] = true
	}
}
