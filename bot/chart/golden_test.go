package chart_test

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/chart"
	"github.com/tastetest/tastetest/bot/say"
)

var update = flag.Bool("update", false, "write the golden pictures anew: look at them all")

const (
	longName    = "meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8"
	chineseName = "通义千问-2.5-Max 长文本增强版（内部评测代号：夜莺与玫瑰）"
)

// inChinese words what samples say as a place does in which Chinese is spoken.
func inChinese(s bot.Sentence) string {
	for _, said := range []bot.Sentence{bot.Say("equal"), bot.Say("both bad"), bot.Say("Beats the average model"), bot.Say("Per 1,000 answers")} {
		if s.String() == said.String() {
			s = said
		}
	}
	return say.Words{Voice: bot.Voice{Lang: bot.Zh}}.Text(s)
}

func TestPicturesLookAsTheyDid(t *testing.T) {
	votes := func(first, second string, rounds int) func() (chart.Picture, bool) {
		return func() (chart.Picture, bool) {
			return chart.Votes(announcement(first, second, rounds), bot.Sentence.String)
		}
	}
	ranks := func(models int) func() (chart.Picture, bool) {
		return func() (chart.Picture, bool) { return chart.Ranks(standings(models), bot.Sentence.String) }
	}
	prices := func(models int) func() (chart.Picture, bool) {
		return func() (chart.Picture, bool) { return chart.Prices(standings(models), bot.Sentence.String) }
	}
	courses := func(models int) func() (chart.Picture, bool) {
		return func() (chart.Picture, bool) { return chart.Courses(coursesOf(models), bot.Sentence.String) }
	}
	for _, c := range []struct {
		name string
		draw func() (chart.Picture, bool)
		on   chart.Ground
	}{
		{"votes-light", votes("kestrel", "nova", 5), chart.Light},
		{"votes-one-dark", votes("kestrel", "通义千问", 1), chart.Dark},
		{"votes-30-light", votes("kestrel", "nova", 30), chart.Light},
		{"votes-long-dark", votes(longName, chineseName, 10), chart.Dark},
		{"votes-missing-light", votes("🦅 kestrel", "nova", 6), chart.Light},
		{"ranks-1-dark", ranks(1), chart.Dark},
		{"ranks-light", ranks(5), chart.Light},
		{"ranks-30-dark", ranks(30), chart.Dark},
		{"prices-light", prices(12), chart.Light},
		{"courses-dark", courses(3), chart.Dark},
		{"votes-zh-light", func() (chart.Picture, bool) { return chart.Votes(announcement("红隼", "nova", 5), inChinese) }, chart.Light},
		{"ranks-zh-dark", func() (chart.Picture, bool) { return chart.Ranks(standings(5), inChinese) }, chart.Dark},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, ok := c.draw()
			if !ok {
				t.Fatal("there is nothing to draw")
			}
			data, err := p.PNG(c.on)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, filepath.Join("testdata", c.name+".png"), data)
		})
	}
	for name, draw := range map[string]func() (chart.Picture, bool){"votes": votes("kestrel", "<nova> & “co”", 5), "ranks": ranks(5)} {
		p, _ := draw()
		path := filepath.Join("testdata", name+".svg")
		if *update {
			write(t, path, []byte(p.SVG()))
		}
		if want, err := os.ReadFile(path); err != nil || string(want) != p.SVG() {
			t.Errorf("%s is drawn otherwise (err %v): go test -update, and look at it", path, err)
		}
	}
}

// compare finds pictures alike if next to all pixels are nearly so: a library
// that rounds otherwise moves an edge by a shade.
func compare(t *testing.T, path string, data []byte) {
	t.Helper()
	if *update {
		write(t, path, data)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, got := decode(t, file), decode(t, data)
	if want.Bounds() != got.Bounds() {
		t.Fatalf("%s is %v, and was %v", path, got.Bounds(), want.Bounds())
	}
	const shade, share = 40, 0.001
	other := 0
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			a, b := [3]int{}, [3]int{}
			a[0], a[1], a[2] = channels(want, x, y)
			b[0], b[1], b[2] = channels(got, x, y)
			if max(abs(a[0]-b[0]), abs(a[1]-b[1]), abs(a[2]-b[2])) > shade {
				other++
			}
		}
	}
	if most := share * float64(want.Bounds().Dx()*want.Bounds().Dy()); float64(other) > most {
		t.Errorf("%s: %d pixels are of another colour, %.0f may be: go test -update, and look at it", path, other, most)
	}
}

func decode(t *testing.T, data []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func channels(img image.Image, x, y int) (r, g, b int) {
	cr, cg, cb, _ := img.At(x, y).RGBA()
	return int(cr >> 8), int(cg >> 8), int(cb >> 8)
}

func abs(x int) int { return max(x, -x) }

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
