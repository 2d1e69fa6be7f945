package web_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

// Two answers of very different form: the one is long and full of markdown.
var (
	plainAnswer  = "Quince says it in one line."
	formedAnswer = "# Zephyr\n\n" + strings.Repeat("- **point** of a list\n- `code` <b>tag</b> [link](https://example.com)\n\n| a | b |\n|---|---|\n| c | d |\n\n", 20)
)

// Everything that clients are sent of a tasting, once with the one side up and
// once with the other, is the same but for the texts and the commitment.
func TestBlind(t *testing.T) {
	for lang, samples := range map[string]adaptertest.Posts{"en": samples, "zh": crowded(sentences(adaptertest.Samples(workspace)))} {
		t.Run(lang, func(t *testing.T) { blind(t, lang, samples) })
	}
}

func blind(t *testing.T, lang string, samples adaptertest.Posts) {
	scene := func(left, right, commitment string) (sent string, rendered [2]string) {
		m := newMemory()
		_, url := serve(t, m, m, web.Options{})
		b := samples.Ballot
		b.Left, b.Right, b.Details = bot.Verbatim(left), bot.Verbatim(right), []bot.Sentence{bot.Quoted(commitment)}
		m.put(channel, bot.PostKey{Tasting: tasting(12), Round: 1, What: "ballot"}, b)
		h := m.put(channel, bot.PostKey{Tasting: tasting(13), What: "head"}, samples.Head)
		for i := 1; i <= 2; i++ {
			m.put(bot.Place{Workspace: workspace, Channel: "tasting/" + h.Message}, bot.PostKey{Tasting: tasting(13), Round: i, What: "ballot"}, b)
		}
		s := samples.Seat
		s.Left, s.Right = bot.Verbatim(left), bot.Verbatim(right)
		m.press = func(bot.Press) bot.Reply { return bot.Reply{Post: s} }

		ada := joined(t, url, "Ada").reads(lang)
		var all strings.Builder
		record := func(r *http.Response, err error) {
			if err != nil {
				t.Fatal(err)
			}
			defer r.Body.Close()
			r.Header.Del("Date")
			if r.Header.Get("Content-Length") != "" { // the sum of the texts: the same both times
				fmt.Fprintln(&all, r.Header.Get("Content-Length"))
				r.Header.Del("Content-Length")
			}
			keys := make([]string, 0, len(r.Header))
			for k := range r.Header {
				keys = append(keys, k)
			}
			slices.Sort(keys)
			for _, k := range keys {
				fmt.Fprintln(&all, k, r.Header[k])
			}
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(body)
		}
		get := func(path string) { record(ada.client.Get(url + path)) }
		get("/")
		get("/channel")
		record(ada.client.PostForm(url+"/tap", map[string][]string{"channel": {"tasting"}, "message": {"12.1/ballot"}, "tap": {"on:left"}}))
		get("/channel")
		_, o := ada.post("/press", "button", "13/taste", "in", "dialog")
		all.WriteString(o.Dialog)

		pair := strings.SplitN(article(ada.get("/channel"), "m-12-1-ballot"), `<div class="text" dir="auto">`, 3)
		if len(pair) != 3 {
			t.Fatal("the ballot has not two texts")
		}
		for i := range rendered {
			rendered[i], _, _ = strings.Cut(pair[i+1], "</div></section>")
		}
		return all.String(), rendered
	}
	one, texts := scene(plainAnswer, formedAnswer, "commitment aaaa")
	other, swapped := scene(formedAnswer, plainAnswer, "commitment bbbb")
	if texts[0] != swapped[1] || texts[1] != swapped[0] {
		t.Errorf("a text looks different on the other side:\n%q\n%q", texts, swapped)
	}
	other = strings.NewReplacer(texts[0], texts[1], texts[1], texts[0], "commitment bbbb", "commitment aaaa").Replace(other)
	if diff := cmp.Diff(strings.Split(one, "\n"), strings.Split(other, "\n")); diff != "" {
		t.Errorf("more than the texts and the commitment is different:\n%s", diff)
	}
}
