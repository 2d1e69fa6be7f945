package web_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

// Bars are as long as their counts, however their percentages are rounded.
func TestEqualCountsHaveEqualBars(t *testing.T) {
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	post := samples.Reveal
	post.Bars = []bot.Bar{{Label: bot.Literal("kestrel"), Count: 10, Percent: 34}, {Label: bot.Literal("nova"), Count: 10, Percent: 33}, {Label: bot.Literal("equal"), Count: 10, Percent: 33}, {Label: bot.Literal("both bad")}}
	m.put(channel, bot.PostKey{Tasting: tasting(12), Round: 1, What: "ballot"}, post)
	page := joined(t, url, "Ada").get("/channel")
	var drawn []string
	for _, bar := range regexp.MustCompile(`(?s)<svg viewBox="0 0 (\d+) 1".*?class="fill" width="(\d+)"`).FindAllStringSubmatch(page, -1) {
		drawn = append(drawn, bar[2]+"/"+bar[1])
	}
	want := []string{"10/30", "10/30", "10/30", "0/30"}
	if !slices.Equal(drawn, want) {
		t.Errorf("10, 10, 10 and 0 of 30 are drawn %v, want %v", drawn, want)
	}
}
