package slack_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/bot"
)

// The bytes sent: wherever text of people or models stands, Slack takes it as
// it is. Nothing is unfurled, and the fallback text is escaped.
func TestBytesSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, logger(t), false)
	run(t, w, newPlayer())
	texts := []string{"&lt;!channel&gt; &amp;lt;", "*bold* _x_ :tada: @here <!here|here>", "😀😀😀", "```\nalone", strings.Repeat("👩‍👩‍👧‍👦", 8000), strings.Repeat("<!channel> ", 700)}
	for _, x := range adaptertest.Hostile {
		texts = append(texts, x.Text)
	}
	for _, x := range adaptertest.Odd {
		texts = append(texts, x.Text)
	}
	for i, x := range texts {
		if testing.Short() && i%3 != 0 {
			continue
		}
		b := samples.Ballot
		b.Title, b.Prompt, b.Left, b.Right, b.Note, b.Legend, b.Progress = bot.Literal(x), bot.Verbatim(x), bot.Verbatim(x), bot.Verbatim(x), bot.Literal(x), bot.Literal(x), bot.Literal(x)
		b.Prompt = bot.Verbatim(cut(x, 4000))
		r := samples.Reveal
		r.Title, r.Prompt, r.Verdict, r.Notes, r.Answer = bot.Literal(x), bot.Verbatim(cut(x, 4000)), bot.Literal(cut(x, 200)), []bot.Sentence{bot.Literal(cut(x, 200))}, bot.Verbatim(cut(x, 100))
		r.Sides[0].Text, r.Sides[1].Text, r.Sides[0].Model = bot.Verbatim(x), bot.Verbatim(x), bot.Verbatim(cut(x, 40))
		h := samples.Head
		h.Question, h.Intro = bot.Literal(cut(x, 150)), bot.Literal(cut(x, 300))
		h.Progress = bot.Dotted(bot.Literal(cut(x, 100)), bot.Say("closes {when}", closes))
		a := samples.Announcement
		a.Title, a.Question, a.Bars = bot.Literal(cut(x, 200)), bot.Literal(cut(x, 150)), []bot.Bar{{Label: bot.Literal(cut(x, 40)), Count: 3}, {Label: bot.Literal("b")}, {Label: bot.Literal("c")}, {Label: bot.Literal("d")}}
		for j, p := range []bot.Post{b, r, h, a, bot.Notice{Title: bot.Literal(x), Text: bot.Literal(x), Code: bot.Literal(x)}} {
			ref, err := w.chat.Post(t.Context(), w.Place(), key(i*10+j+1, "x"), time.Time{}, p)
			if err == nil {
				err = w.chat.Edit(t.Context(), ref, p)
			}
			if err != nil {
				t.Errorf("%T of %.40q: %v", p, x, err)
			}
		}
	}
	posts, edits := w.Journal("chat.postMessage"), w.Journal("chat.update")
	if len(posts) == 0 || len(edits) == 0 {
		t.Errorf("%d posts and %d edits were sent", len(posts), len(edits))
	}
	timed := 0
	for _, call := range append(posts, edits...) {
		form, err := url.ParseQuery(string(call.Body))
		if err != nil {
			t.Fatal(err)
		}
		if s := form.Get("text"); strings.ContainsAny(s, "<>") {
			t.Errorf("a fallback text has a live sign in it: %.200q", s)
		}
		for k, want := range map[string]string{"unfurl_links": "false", "unfurl_media": "false", "mrkdwn": "false", "link_names": "", "parse": ""} {
			if unfurl := strings.HasPrefix(k, "unfurl"); unfurl && call.Method == "chat.update" {
				continue // an edit unfurls nothing
			}
			if form.Get(k) != want {
				t.Errorf("%s is %q, not %q", k, form.Get(k), want)
			}
		}
		for _, m := range formatted.FindAllStringSubmatch(form.Get("blocks"), -1) {
			var s string
			if err := json.Unmarshal([]byte(m[1]), &s); err != nil {
				t.Fatal(err)
			}
			if s = timeInText.ReplaceAllString(s, ""); formatting.MatchString(s) {
				t.Errorf("a line in which Slack reads formatting is %.300q", s)
			}
			timed++
		}
	}
	if timed == 0 {
		t.Error("no line with a time was given to Slack to read: nothing is shown by this")
	}
}

// A line of a post that Slack reads formatting in, the times in it, and what
// else it would read there.
var (
	formatted  = regexp.MustCompile(`\{"type":"mrkdwn","text":("(?:[^"\\]|\\.)*")`)
	timeInText = regexp.MustCompile(`<!date\^\d+\^[^|<>]+\|[^|<>]+>`)
	formatting = regexp.MustCompile("[*_~`<>&@\\n]|:[\\w+-]+:")
)

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// Whatever two models write, Slack takes it, both sides have the same form,
// and exchanging them exchanges their texts and nothing else.
func TestAnyTexts(t *testing.T) {
	w := newWorld(t, logger(t), false)
	run(t, w, newPlayer())
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		word := rapid.SampledFrom([]string{"word ", "# ", "- ", "1. ", "> ", "```\n", "**", "_", "`", "|a|b|\n|-|-|\n|c|d|\n", "\n", "\n\n", "  ", "<!channel>", "&amp;", "好的", "👍🏽", "[x](http://y)", "~~", "***\n", "\\", "\x00", strings.Repeat("long ", 900)})
		side := rapid.Custom(func(rt *rapid.T) string { return strings.Join(rapid.SliceOfN(word, 0, 30).Draw(rt, "words"), "") })
		b := samples.Ballot
		b.Left, b.Right = bot.Verbatim("LEFT "+side.Draw(rt, "left")), bot.Verbatim("RIGHT "+side.Draw(rt, "right"))
		post := func(b bot.Ballot) string {
			n++
			ref, err := w.chat.Post(t.Context(), w.Place(), key(n, "x"), time.Time{}, b)
			if err != nil {
				rt.Fatalf("post: %v", err)
			}
			return w.Seen(t, ref, "")
		}
		one := post(b)
		b.Left, b.Right = b.Right, b.Left
		two := post(b)
		if strings.Count(one, "\n") != strings.Count(two, "\n") || len(one) != len(two) {
			rt.Errorf("with the sides exchanged the form is another:\n%s\n%s", one, two)
		}
	})
}

// A seat shows both answers, whole, in one modal, however long they are.
func TestLongSeat(t *testing.T) {
	t.Parallel()
	w := newWorld(t, logger(t), false)
	h := newPlayer()
	run(t, w, h)
	ann := w.Join(t, "Ann")
	s := samples.Seat
	s.Left, s.Right = bot.Verbatim(strings.Repeat("word ", 1599)+"LAST"), bot.Verbatim(strings.Repeat("字", 7999)+"末")
	h.answer(bot.Reply{Post: s})
	if shown := w.Slack.Press(ann, "CT1", "", "12/taste"); !strings.Contains(shown, "LAST") || !strings.Contains(shown, "末") {
		t.Errorf("the seat is without an end:\n%.500s", shown)
	}
	a := samples.Announcement
	for i := range 20 {
		a.Rounds = append(a.Rounds, bot.Reveal{Round: twelve.Round(i + 3), Title: bot.Literal(fmt.Sprint("Round ", i)), Prompt: "p", Sides: [2]bot.RevealSide{{Text: s.Left}, {Text: s.Right}}})
		a.Proof += bot.Verbatim(strings.Repeat("0123456789abcdef", 20) + "\n")
	}
	h.answer(bot.Reply{Post: a})
	for i := range len(a.Rounds) + 2 {
		if shown := w.Slack.Press(ann, "CT1", "", fmt.Sprint("12/results#", i)); !strings.Contains(shown, fmt.Sprintf("%d of %d", i+1, len(a.Rounds)+2)) {
			t.Errorf("page %d of the results:\n%.300s", i+1, shown)
		}
	}
}

// What leaves before the reveal names no model: buttons and metadata carry a
// round and what was tapped, no more.
func TestNothingBesideTheTexts(t *testing.T) {
	w := newWorld(t, logger(t), false)
	run(t, w, newPlayer())
	ref, err := w.chat.Post(t.Context(), w.Place(), key(1, "ballot"), time.Time{}, samples.Ballot)
	if err != nil {
		t.Fatal(err)
	}
	m, _ := w.Message("CT1", ref.Message)
	var p struct {
		Metadata struct {
			Payload map[string]any `json:"event_payload"`
		} `json:"metadata"`
	}
	if err := json.Unmarshal(m.Payload, &p); err != nil || len(p.Metadata.Payload) != 1 || p.Metadata.Payload["key"] != "12.1/ballot" {
		t.Errorf("the metadata is %v, %v", p.Metadata.Payload, err)
	}
}
