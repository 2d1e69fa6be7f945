package chart_test

import (
	"image"
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/chart"
)

// A sight is how somebody sees colours: a matrix over linear red, green, blue.
// The first three are those of Machado, Oliveira and Fernandes (2009) for people
// who lack one kind of cone; the last sees no colour.
var sights = map[string][9]float64{
	"all":          {1, 0, 0, 0, 1, 0, 0, 0, 1},
	"protanopia":   {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
	"deuteranopia": {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
	"tritanopia":   {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900},
	"monochromat":  {0.2126, 0.7152, 0.0722, 0.2126, 0.7152, 0.0722, 0.2126, 0.7152, 0.0722},
}

// The first model, grey, the second model and the ground are told apart by
// everybody, as they stand in the picture.
func TestEverybodyTellsTheColoursApart(t *testing.T) {
	p, _ := chart.Votes(announcement("kestrel", "nova", 1), bot.Sentence.String) // 5 of 8, 1 grey, 2
	for name, g := range map[string]chart.Ground{"light": chart.Light, "dark": chart.Dark} {
		data, err := p.PNG(g)
		if err != nil {
			t.Fatal(err)
		}
		img := decode(t, data)
		seen := map[string][3]float64{"ground": colourAt(img, 4, 4), "first": colourAt(img, 500, 112), "grey": colourAt(img, 850, 112), "second": colourAt(img, 960, 112)}
		apart(t, name, seen)
		for part, from := range map[string]image.Rectangle{"first": image.Rect(330, 120, 420, 165), "grey": image.Rect(850, 120, 930, 165), "second": image.Rect(1060, 120, 1140, 165)} {
			if c := contrast(img, from, seen[part]); c < 4.5 {
				t.Errorf("%s: what stands on %s has a contrast of %.1f, want 4.5", name, part, c)
			}
		}
	}
}

func colourAt(img image.Image, x, y int) [3]float64 { return linear(channels(img, x, y)) }

func linear(r, g, b int) (c [3]float64) {
	for i, v := range []int{r, g, b} {
		if c[i] = float64(v) / 255; c[i] <= 0.04045 {
			c[i] /= 12.92
		} else {
			c[i] = math.Pow((c[i]+0.055)/1.055, 2.4)
		}
	}
	return c
}

// apart fails if somebody takes one of the colours for another.
func apart(t *testing.T, where string, seen map[string][3]float64) {
	t.Helper()
	for who, m := range sights {
		least := 20.0 // ΔE of 1976; 2.3 can just be seen
		if who == "monochromat" {
			least = 8
		}
		for a, x := range seen {
			for b, y := range seen {
				if who == "monochromat" && (a != "grey" && b != "grey" || a == "ground" || b == "ground") {
					continue // the models are told apart by their sides, with grey between
				}
				if d := distance(lab(through(m, x)), lab(through(m, y))); a < b && d < least && b+a != "groundgrey" && a+b != "greyground" {
					t.Errorf("%s, %s: %s and %s are %.1f apart, want %v", where, who, a, b, d, least)
				}
			}
		}
	}
}

// The page's style sheet gives the picture colours of its own.
func TestEverybodyTellsThePagesColoursApart(t *testing.T) {
	css, err := os.ReadFile("../../adapters/web/static/base.css")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{"card": "ground", "one": "first", "two": "second", "grey": "grey"}
	var grounds []map[string][3]float64
	for i, m := range regexp.MustCompile(`--(card|one|two|grey): #([0-9a-f]{6});`).FindAllStringSubmatch(string(css), -1) {
		if i%len(names) == 0 {
			grounds = append(grounds, make(map[string][3]float64))
		}
		v, err := strconv.ParseUint(m[2], 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		grounds[len(grounds)-1][names[m[1]]] = linear(int(v>>16), int(v>>8&0xff), int(v&0xff))
	}
	as := []string{"the page, light", "the page, dark as the machine is", "the page, dark by choice"}
	if len(grounds) != len(as) {
		t.Fatalf("%d grounds in the style sheet, want %d: %v", len(grounds), len(as), as)
	}
	for i, seen := range grounds {
		apart(t, as[i], seen)
	}
}

// contrast is the greatest of any point in r with a colour, as WCAG has it.
func contrast(img image.Image, r image.Rectangle, with [3]float64) (most float64) {
	light := func(c [3]float64) float64 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] + 0.05 }
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			a, b := light(colourAt(img, x, y)), light(with)
			most = max(most, a/b, b/a)
		}
	}
	return most
}

func through(m [9]float64, c [3]float64) (out [3]float64) {
	for i := range out {
		out[i] = min(1, max(0, m[3*i]*c[0]+m[3*i+1]*c[1]+m[3*i+2]*c[2]))
	}
	return out
}

// lab is CIE L*a*b* under D65.
func lab(c [3]float64) [3]float64 {
	f := func(t float64) float64 {
		if t > 0.008856 {
			return math.Cbrt(t)
		}
		return 7.787*t + 16.0/116
	}
	x := f((0.4124*c[0] + 0.3576*c[1] + 0.1805*c[2]) / 0.95047)
	y := f(0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2])
	z := f((0.0193*c[0] + 0.1192*c[1] + 0.9505*c[2]) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func distance(a, b [3]float64) float64 {
	return math.Hypot(math.Hypot(a[0]-b[0], a[1]-b[1]), a[2]-b[2])
}
