package llm

import (
	"encoding/hex"
	"html"
	"index/suffixarray"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sashabaranov/go-openai"
)

// From how many bytes of letters and digits on a text repeats another. Shorter runs
// are in any two texts about models.
const (
	leastEcho  = 12 // as many Latin letters, or four Chinese characters
	leastShort = 4  // in quotes, or if all that was asked is no longer
)

var (
	// How letters, or what is none, are written in JSON within JSON, on a page, in an
	// address, or by Python as bytes.
	escape = regexp.MustCompile(`(?:&|\\+u0026)(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);|\\+u[0-9a-fA-F]{4}|(?:\\+x[0-9a-fA-F]{2}|%[0-9a-fA-F]{2})+|\\+[nrtbf]`)

	// What a provider quotes within its own words: there one word says what it is about.
	quoted = regexp.MustCompile("\\B(?:['`‘“«]|\\\\+\")[^'`’”»\"\\\\]+")
)

// withoutEcho hides in what a provider said what repeats one of the texts that were
// asked, whole or in part, in whatever case, spacing and escapes. Its own words stay.
func withoutEcho(said string, asked ...string) string {
	heard, at := letters(said)
	hide := make([]bool, len(heard))
	for _, text := range asked {
		all, _ := letters(text)
		least := min(leastEcho, len(all))
		if least < leastShort {
			continue
		}
		index := suffixarray.New(all)
		mark := func(from, to int) {
			if index.Lookup(heard[from:to], 1) == nil {
				return
			}
			for from > 0 && at[from-1] == at[from] { // whole letters
				from--
			}
			for to < len(at) && at[to] == at[to-1] {
				to++
			}
			for i := range hide[from:to] {
				hide[from+i] = true
			}
		}
		for i := range len(heard) - least + 1 {
			mark(i, i+least)
		}
		for _, q := range quoted.FindAllStringIndex(said, -1) {
			from := sort.Search(len(at), func(i int) bool { return at[i].from >= q[0] })
			to := sort.Search(len(at), func(i int) bool { return at[i].from >= q[1] })
			if to-from >= leastShort {
				mark(from, to)
			}
		}
	}
	var out strings.Builder
	told := 0
	for i := 0; i < len(hide); i++ {
		if !hide[i] {
			continue
		}
		out.WriteString(said[told:at[i].from] + hidden)
		for i+1 < len(hide) && hide[i+1] {
			i++
		}
		told = at[i].to
	}
	return out.String() + said[told:]
}

// A stretch is where something stands in a text, in bytes.
type stretch struct{ from, to int }

// letters are the small letters and the digits of a text as UTF-8, and for each byte
// where it stands. Letters that JSON writes as two escapes, as rare Chinese ones, are
// left out, however they are written.
func letters(text string) (run []byte, at []stretch) {
	add := func(r rune, from, to int) {
		if r > 0xFFFF || !unicode.In(r, unicode.Letter, unicode.Digit, unicode.Mark) {
			return
		}
		run = utf8.AppendRune(run, unicode.ToLower(r))
		for len(at) < len(run) {
			at = append(at, stretch{from, to})
		}
	}
	plain := func(from, to int) {
		for i, r := range text[from:to] {
			add(r, from+i, from+i+utf8.RuneLen(r))
		}
	}
	told := 0
	for _, e := range escape.FindAllStringIndex(text, -1) {
		plain(told, e[0])
		for _, r := range unescaped(text[e[0]:e[1]]) {
			add(r, e[0], e[1])
		}
		told = e[1]
	}
	plain(told, len(text))
	return run, at
}

// unescaped is what an escape stands for; nothing, if that is no letter or none can be
// told.
func unescaped(e string) string {
	bare := strings.TrimLeft(e, `\`)
	if page, ok := strings.CutPrefix(bare, "u0026"); ok && page != "" {
		bare = "&" + page
	}
	switch bare[0] {
	case '&':
		return html.UnescapeString(bare)
	case 'u':
		r, _ := strconv.ParseUint(bare[1:], 16, 16)
		return string(rune(r))
	case 'x', '%':
		b, _ := hex.DecodeString(strings.NewReplacer(`\`, "", "x", "", "%", "").Replace(bare))
		return string(b)
	}
	return ""
}

// texts are what a model is asked with.
func texts(ms []openai.ChatCompletionMessage) (all []string) {
	for _, m := range ms {
		all = append(all, m.Content)
	}
	return all
}
