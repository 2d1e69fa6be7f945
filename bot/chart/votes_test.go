package chart_test

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/chart"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/stats"
)

// parts are the numbers of an SVG's elements of a class: of circles the
// middle, of bars both ends.
func parts(t *testing.T, svg, expression string) (all [][2]float64) {
	t.Helper()
	for _, m := range regexp.MustCompile(expression).FindAllStringSubmatch(svg, -1) {
		var x [2]float64
		for i, s := range m[1:] {
			f, err := strconv.ParseFloat(s, 64)
			if err != nil {
				t.Fatal(err)
			}
			x[i] = f
		}
		all = append(all, x)
	}
	return all
}

func TestTheDotIsInTheMiddleOfTheGrey(t *testing.T) {
	p, _ := chart.Votes(announcement("kestrel", "nova", 3), bot.Sentence.String)
	dots := parts(t, p.SVG(), `<circle class="ink"[^>]* cx="([\d.]+)"`)
	greys := parts(t, p.SVG(), `<path class="grey"[^>]* d="M([\d.]+) [\d.]+H([\d.]+)`)
	greys = greys[1:] // the first is in the legend
	if len(dots) != 5 || len(greys) != 4 {
		t.Fatalf("%d dots and %d grey parts, want one in all and one a round, and a dot in the key", len(dots), len(greys))
	}
	for i, g := range greys {
		if m := (g[0] + g[1]) / 2; math.Abs(m-dots[i][0]) > 4 { // the last part's corners are cut off here
			t.Errorf("row %d: the grey is from %v to %v, and the dot at %v", i, g[0], g[1], dots[i][0])
		}
	}
}

// What a part of a bar says is the share of its own votes.
func TestTheGreySaysTheShareOfItsOwnVotes(t *testing.T) {
	for _, tt := range []struct {
		counts [4]int
		want   []string
	}{
		{[4]int{3, 3, 1, 1}, []string{"38%", "25%", "38%"}},   // and 13% + 13% would be 26
		{[4]int{18, 18, 2, 2}, []string{"45%", "10%", "45%"}}, // 5% + 5%
		{[4]int{5, 5, 1, 1}, []string{"42%", "17%", "42%"}},   // 8% + 8% would be 16
		{[4]int{24, 12, 3, 1}, []string{"60%", "10%", "30%"}}, // 8% + 3% would be 11
	} {
		a := bot.Announcement{Title: bot.Say("no votes.")}
		n := tt.counts[0] + tt.counts[1] + tt.counts[2] + tt.counts[3]
		for i, p := range stats.Percent(tt.counts[:]...) {
			a.Bars = append(a.Bars, bot.Bar{Label: bot.Quoted([]string{"kestrel", "nova", "equal", "both bad"}[i]), Count: tt.counts[i], Percent: p})
		}
		p, ok := chart.Votes(a, bot.Sentence.String)
		if !ok {
			t.Fatalf("%v: nothing is drawn", tt.counts)
		}
		var drawn []string
		for _, m := range regexp.MustCompile(`<text class="on-(?:one|grey|two)"[^>]*>([^<]*)<`).FindAllStringSubmatch(p.SVG(), -1) {
			drawn = append(drawn, m[1])
		}
		if !slices.Equal(drawn, tt.want) {
			t.Errorf("%v of %d votes are labelled %v, want %v", tt.counts, n, drawn, tt.want)
		}
	}
}

func TestTheWhiskerIsTheVerdictsInterval(t *testing.T) {
	a := announcement("kestrel", "nova", 3)
	whiskers := func() [][2]float64 {
		p, _ := chart.Votes(a, bot.Sentence.String)
		return parts(t, p.SVG(), `<path class="ink"[^>]* d="M([\d.]+) [\d.]+H([\d.]+)V`)
	}
	drawn := whiskers()
	if len(drawn) != 2*3 {
		t.Fatalf("%d strokes, want a line and its two ends, and as many in the key: only the row of all has a whisker", len(drawn))
	}
	x := func(share float64) float64 { return 162 + (574-162)*share }
	if line := drawn[0]; math.Abs(line[0]-x(0.41)) > 0.1 || math.Abs(line[1]-x(0.8)) > 0.1 {
		t.Errorf("41 to 80%% is drawn from %v to %v, want %v to %v", line[0], line[1], x(0.41), x(0.8))
	}
	if a.Fits = (bot.Span{}); len(whiskers()) != 0 {
		t.Error("the verdict names no interval, and a whisker is drawn")
	}
}

func TestNoPictureWithoutPercentages(t *testing.T) {
	a := announcement("kestrel", "nova", 3)
	for i := range a.Bars {
		a.Bars[i].Percent = 0
	}
	if _, ok := chart.Votes(a, bot.Sentence.String); ok {
		t.Error("under five voters the post gives counts alone, and a picture gives shares")
	}
	if _, ok := chart.Votes(bot.Announcement{}, bot.Sentence.String); ok {
		t.Error("nobody voted, and there is a picture")
	}
	if _, ok := chart.Ranks(bot.Standings{Rows: []bot.Standing{{Model: "kestrel", Rank: "–"}}}, bot.Sentence.String); ok {
		t.Error("no model has a rank, and there is a picture")
	}
}

// What the fonts lack is not drawn as an empty box: a number stands there, and
// the text says whose.
func TestANameThatCannotBeDrawnIsANumber(t *testing.T) {
	for _, name := range []string{"🦅 kestrel", "نسر", "kestrel\u202egnp", "e\u0323\u0302\u0301", "한국어"} {
		p, _ := chart.Votes(announcement("nova", name, 3), bot.Sentence.String)
		if svg := p.SVG(); !strings.Contains(svg, ">#2</text>") || !p.Numbered {
			t.Errorf("%q is drawn by its letters", name)
		}
		if !strings.Contains(p.Alt, "#2: "+name) {
			t.Errorf("%q: the text does not say who #2 is:\n%s", name, p.Alt)
		}
	}
	p, _ := chart.Votes(announcement("Cafe\u0301", "naïve Ωmega Ёж", 3), bot.Sentence.String)
	if p.Numbered || !strings.Contains(p.SVG(), ">Café</text>") {
		t.Errorf("letters with accents can be drawn:\n%s", p.Alt)
	}
}

func TestTheTextHasTheNumbers(t *testing.T) {
	p, _ := chart.Votes(announcement("kestrel", "nova", 5), bot.Sentence.String)
	for _, want := range []string{"n=33", "kestrel + ½ (equal + both bad): 56% (41%–80%)", "12.3: kestrel 3 · nova 5 · equal 2 · both bad 1 (n=11)"} {
		if !strings.Contains(p.Alt, want) {
			t.Errorf("the text does not say %q:\n%s", want, p.Alt)
		}
	}
	a := announcement(strings.Repeat("长", 900), "nova", 20)
	if p, _ = chart.Votes(a, bot.Sentence.String); len([]rune(p.Alt)) > 1024 {
		t.Errorf("the text has %d characters; Discord takes 1,024", len([]rune(p.Alt)))
	}
	if p, _ = chart.Ranks(standings(5), bot.Sentence.String); !strings.Contains(p.Alt, "#3 "+longName+" (3–4): 54% (46 to 63), n=286, $3.12") {
		t.Errorf("the text lacks what the picture shows:\n%s", p.Alt)
	}
}

// Whoever sees nothing but the picture knows what its rows and signs are.
func TestThePictureHasItsKey(t *testing.T) {
	for lang, want := range map[bot.Lang][]string{
		bot.En: {">All votes</text>", ">kestrel, with half of the grey</text>", ">what the true share may be</text>"},
		bot.Zh: {">全部票</text>", ">kestrel，灰色算一半</text>", ">有可能的范围</text>"},
	} {
		p, _ := chart.Votes(announcement("kestrel", "nova", 3), say.Words{Voice: bot.Voice{Lang: lang}}.Text)
		for _, s := range want {
			if !strings.Contains(p.SVG(), s) {
				t.Errorf("the picture does not say %s", s)
			}
		}
	}
	a := announcement("kestrel", "nova", 3)
	a.Fits = bot.Span{}
	if p, _ := chart.Votes(a, bot.Sentence.String); strings.Contains(p.SVG(), "what the true share may be") {
		t.Error("the key has a whisker, and the picture has none")
	}
}

// A picture has no words of its own: it is in the language of whoever asks.
func TestAPictureIsInTheLanguageOfItsReader(t *testing.T) {
	chinese := map[string]string{"equal": "差不多", "both bad": "都不好", "Beats the average model": "胜过平均水平", "Per 1,000 answers": "每 1000 次回答"}
	words := func(s bot.Sentence) string {
		if zh, ok := chinese[s.String()]; ok {
			return zh
		}
		return s.String()
	}
	votes, _ := chart.Votes(announcement("kestrel", "nova", 3), words)
	ranks, _ := chart.Ranks(standings(3), words)
	for _, want := range []string{">差不多 · 都不好</text>", ">胜过平均水平</text>", ">每 1000 次回答</text>", "½ (差不多 + 都不好)"} {
		if !strings.Contains(votes.SVG()+ranks.SVG(), want) {
			t.Errorf("the pictures do not say %s", want)
		}
	}
	for _, english := range []string{"equal", "bad", "average", "answers"} {
		if strings.Contains(votes.SVG(), english+"</text>") || strings.Contains(ranks.SVG(), english+"</text>") {
			t.Errorf("in a Chinese picture stands %q", english)
		}
	}
}

// As in the verdict's sentence, the share is told from the side of the model
// ahead, and never as 50% where it is not one half.
func TestTheShareIsToldFromTheSideAhead(t *testing.T) {
	a := announcement("kestrel", "nova", 1)
	a.Bars = bars([4]string{"kestrel", "nova", "equal", "both bad"}, [4]int{199, 201, 0, 0}, true)
	a.Fits = bot.Span{Low: 0.412, High: 0.578}
	if p, _ := chart.Votes(a, bot.Sentence.String); !strings.Contains(p.Alt, "nova + ½ (equal + both bad): 50.3% (42%–59%)") {
		t.Errorf("nova is ahead with 201 of 400:\n%s", p.Alt)
	}
}

// Prompts are as long as people paste them.
func BenchmarkLongPrompts(b *testing.B) {
	a := announcement(strings.Repeat("kestrel", 20), "nova", 12)
	for i := range a.Rounds {
		a.Rounds[i].Prompt = bot.Verbatim(strings.Repeat("Describe the sea. ", 1000))
	}
	for b.Loop() {
		chart.Votes(a, bot.Sentence.String)
	}
}

func BenchmarkVotes(b *testing.B) {
	a := announcement("kestrel", "通义千问", 30)
	for b.Loop() {
		p, _ := chart.Votes(a, bot.Sentence.String)
		if _, err := p.PNG(chart.Light); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRanks(b *testing.B) {
	s := standings(30)
	for b.Loop() {
		p, _ := chart.Ranks(s, bot.Sentence.String)
		if _, err := p.PNG(chart.Light); err != nil {
			b.Fatal(err)
		}
	}
}
