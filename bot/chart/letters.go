package chart

import (
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// The fonts are subsets, made by fonts/subset.sh from packages of Debian, and packed.
// Both families are under the SIL Open Font License 1.1, which stands beside them.
//
//go:embed fonts/*.otf.gz
var fontFiles embed.FS

// A typeface is a font with the one in which to look for what it lacks.
type typeface [2]*sfnt.Font

// typefaces are the regular and the bold one. Both turn to the regular Chinese.
var typefaces = sync.OnceValue(func() (faces [2]typeface) {
	open := func(name string) *sfnt.Font {
		f, err := readFont(name)
		if err != nil {
			panic(fmt.Sprintf("the font %s in the program: %v", name, err))
		}
		return f
	}
	chinese := open("NotoSansSC-GB2312.otf")
	return [2]typeface{{open("Inter-Regular.otf"), chinese}, {open("Inter-SemiBold.otf"), chinese}}
})

func readFont(name string) (*sfnt.Font, error) {
	packed, err := fontFiles.Open("fonts/" + name + ".gz")
	if err != nil {
		return nil, err
	}
	defer packed.Close()
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(unpacked)
	if err != nil {
		return nil, err
	}
	return sfnt.Parse(data)
}

// letters looks glyphs up. It is for one goroutine.
type letters struct {
	faces [2]typeface
	buf   sfnt.Buffer
}

func newLetters() *letters { return &letters{faces: typefaces()} }

// find returns the glyph of r, and the font that has it; ok: one has.
func (l *letters) find(bold bool, r rune) (f *sfnt.Font, g sfnt.GlyphIndex, ok bool) {
	face := l.faces[0]
	if bold {
		face = l.faces[1]
	}
	for _, f := range face {
		if g, err := f.GlyphIndex(&l.buf, r); err == nil && g != 0 {
			return f, g, true
		}
	}
	return face[0], 0, false
}

// has reports whether all of s can be drawn. There are no combining marks and
// no right-to-left letters in the fonts, so a string that can be drawn is drawn
// rune by rune, from left to right.
func (l *letters) has(s string) bool {
	for _, r := range s {
		if _, _, ok := l.find(false, r); !ok {
			return false
		}
	}
	return true
}

// composed is s with each accent in the letter that it is on.
func composed(s string) string { return norm.NFC.String(s) }

// advance is how wide r is at a size, in 64ths of its unit.
func (l *letters) advance(f *sfnt.Font, g sfnt.GlyphIndex, size float64) fixed.Int26_6 {
	a, err := f.GlyphAdvance(&l.buf, g, fixed.Int26_6(size*64), font.HintingNone)
	if err != nil {
		return 0 // a glyph that cannot be read has no width
	}
	return a
}

// width is how wide s is in units.
func (l *letters) width(s string, size float64, bold bool) float64 {
	var sum fixed.Int26_6
	for _, r := range s {
		f, g, _ := l.find(bold, r)
		sum += l.advance(f, g, size)
	}
	return float64(sum) / 64
}

// within is s if it is at most so wide. Else its middle is left out, for the
// names of models often begin alike and often end alike.
func (l *letters) within(s string, most, size float64, bold bool) string {
	if l.width(s, size, bold) <= most {
		return s
	}
	runes := []rune(s)
	first, last := 0, len(runes)
	for used := l.width("…", size, bold); ; {
		next := runes[first]
		if head, tail := first, len(runes)-last; head > tail {
			next = runes[last-1]
		}
		if used += l.width(string(next), size, bold); used > most {
			return string(runes[:first]) + "…" + string(runes[last:])
		}
		if first > len(runes)-last {
			last--
		} else {
			first++
		}
	}
}

// begin is the beginning of s that is at most so wide.
func (l *letters) begin(s string, most, size float64) string {
	used, dots, fit := 0.0, l.width("…", size, false), 0
	for i, r := range s {
		if used+dots <= most {
			fit = i
		}
		if used += l.width(string(r), size, false); used > most {
			return strings.TrimRight(s[:fit], " ") + "…"
		}
	}
	return s
}

// name is what stands for a name in the picture: its number, if not all of it
// can be drawn.
func (p *Picture) name(l *letters, s string, number int) string {
	s = composed(strings.Join(strings.Fields(s), " "))
	if s != "" && l.has(s) {
		return s
	}
	p.Numbered = true
	return fmt.Sprintf("#%d", number)
}
