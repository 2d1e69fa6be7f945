package llm

import (
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
	// How a letter, or what is none, is written in JSON within JSON, or on a page.
	escape = regexp.MustCompile(`(?:&|\\+u0026)(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);|\\+u[0-9a-fA-F]{4}|\\+[nrtbf]`)

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
		if u := strings.TrimLeft(text[e[0]:e[1]], `\`); u[0] == 'u' && len(u) == len("uXXXX") {
			r, _ := strconv.ParseUint(u[1:], 16, 16)
			add(rune(r), e[0], e[1])
		}
		told = e[1]
	}
	plain(told, len(text))
	return run, at
}

// texts are what a model is asked with.
func texts(ms []openai.ChatCompletionMessage) (all []string) {
	for _, m := range ms {
		all = append(all, m.Content)
	}
	return all
}
