package prompts

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostAlike is from where on two prompts ask the same, by [alike]. Of the
// embedded prompts no two are over 0.25; one in which a name, a number and a
// word or two were swapped stays over 0.45.
const mostAlike = 0.35

// alike returns how much of what two texts speak of they share, from 0 to 1:
// the Jaccard index of their marks.
func alike(a, b map[string]bool) float64 {
	both := 0
	for m := range a {
		if b[m] {
			both++
		}
	}
	if both == 0 {
		return 0
	}
	return float64(both) / float64(len(a)+len(b)-both)
}

// marks returns what a prompt speaks of: its words of four letters and more,
// and each two Chinese characters that stand together. What nearly every
// prompt says, of its length for example, is left out.
func marks(text string) map[string]bool {
	found := make(map[string]bool)
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) })
	for _, word := range words {
		last := rune(0)
		for _, r := range word {
			if pair := string([]rune{last, r}); unicode.Is(unicode.Han, last) && unicode.Is(unicode.Han, r) && !strings.Contains(commonHan, pair) {
				found[pair] = true
			}
			last = r
		}
		if utf8.RuneCountInString(word) > 3 && !unicode.Is(unicode.Han, last) && !strings.Contains(commonWords, " "+word+" ") {
			found[word] = true
		}
	}
	return found
}

const (
	commonWords = " about after answer answers before does dont every explain exactly first from have into last line lines most must never nobody only sentence sentences should somebody someone tell than that their them then there they this what when where which will with without word words would write your "
	commonHan   = "不超过 写一 一条 一段 一句 最后 后一 不要 不能 先给 给答 答案 一个 讲给 理由"
)
