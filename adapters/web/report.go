package web

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"regexp"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
)

// Report writes what has been revealed at a place, as far as f wants it, as one page
// that needs nothing else: no server, no script, no other file. v says in which
// language; a zero v, as the place is spoken to. It returns how many tastings are in it.
func Report(ctx context.Context, out io.Writer, title string, reader bot.Reader, at bot.Place, f bot.Filter, v bot.Voice) (int, error) {
	all, err := reader.Results(ctx, at, f, 0)
	if err != nil {
		return 0, err
	}
	for len(all.Tastings) < all.All {
		more, err := reader.Results(ctx, at, f, len(all.Tastings))
		if err != nil {
			return 0, err
		}
		if len(more.Tastings) == 0 {
			break // fewer than there were: retention goes on
		}
		all.Tastings = append(all.Tastings, more.Tastings...)
	}
	if v.Lang == "" {
		v = all.Voice
	}
	if !offered(v.Lang) {
		v.Lang = bot.En
	}
	style, err := wholeStyle()
	if err != nil {
		return 0, err
	}
	var laid texts
	page := frame{Title: title, Style: style, wording: wordingIn(v)}
	page.Results = newResultsView(page.wording, &laid, all, wish{}, "")
	for _, t := range all.Tastings {
		whole, err := reader.Result(ctx, at, t.Tasting.N)
		if err != nil {
			return 0, err
		}
		w := wording{say.Words{Voice: v}.For(whole.Announcement)}
		page.Results.Whole = append(page.Results.Whole, *resultItem(w, &laid, whole))
	}
	if _, err := io.WriteString(out, string(drawn(page.report()))); err != nil {
		return 0, fmt.Errorf("write the report: %w", err)
	}
	return len(all.Tastings), nil
}

// fontURL is where a style sheet names a file beside it.
var fontURL = regexp.MustCompile(`url\(([a-z-]+\.woff2)\)`)

// wholeStyle is the page's style, its fonts within.
func wholeStyle() (markup, error) {
	var all []byte
	for _, name := range []string{"base.css", "posts.css", "standings.css", "results.css"} {
		sheet, err := staticFiles.ReadFile("static/" + name)
		if err != nil {
			return "", fmt.Errorf("read the style: %w", err)
		}
		all = append(all, sheet...)
	}
	var missing error
	all = fontURL.ReplaceAllFunc(all, func(url []byte) []byte {
		font, err := staticFiles.ReadFile("static/" + string(fontURL.FindSubmatch(url)[1]))
		if err != nil {
			missing = err
		}
		return []byte("url(data:font/woff2;base64," + base64.StdEncoding.EncodeToString(font) + ")")
	})
	return markup(all), missing
}
