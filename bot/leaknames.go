package bot

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// known are the configured names, as patterns; nil where there are none.
type known struct {
	distinct *regexp.Regexp   // those that are no words: kestrel-7b
	plain    *regexp.Regexp   // ordinary words: kestrel, formal
	self     []*regexp.Regexp // where a text calls itself by one of them
	parts    map[string]bool  // kestrel, 7b
}

// has reports whether word is a part of a configured name.
func (k known) has(word string) bool { return k.parts[strings.ToLower(word)] }

var (
	provider = regexp.MustCompile(`^.*/`)                                                            // openai/…
	tag      = regexp.MustCompile(`[:@][^:@]*$`)                                                     // …:free
	release  = regexp.MustCompile(`[-_](?:latest|preview|exp|\d{8}|\d{4}-\d{2}-\d{2}|\d{2}-\d{2})$`) // …-20250219
	between  = regexp.MustCompile(`[-_ .:/]+`)

	// Too common to give anybody away.
	common = regexp.MustCompile(`(?i)^(?:sonnet|haiku|opus|meta|google|nova|` + wordNames + `)$`)
)

func knownNames(names []string) known {
	k := known{parts: make(map[string]bool)}
	var distinct, plain, titled []string
	for _, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		for _, part := range between.Split(name, -1) {
			k.parts[part] = true
		}
		short := tag.ReplaceAllString(provider.ReplaceAllString(name, ""), "")
		for _, form := range []string{name, short, release.ReplaceAllString(short, "")} {
			letters := strings.Map(letter, form)
			switch {
			case utf8.RuneCountInString(letters) < 3, common.MatchString(form):
			case letters == form:
				plain = append(plain, form)
				first, n := utf8.DecodeRuneInString(form)
				titled = append(titled, string(unicode.ToTitle(first))+form[n:])
			default:
				tokens := between.Split(form, -1)
				for i := range tokens {
					tokens[i] = regexp.QuoteMeta(tokens[i])
				}
				distinct = append(distinct, `(?i:`+strings.Join(tokens, `[-_ .:/]?`)+`)`)
			}
		}
	}
	k.distinct = oneOf(``, distinct, ``)
	k.plain = oneOf(`(?i)`, plain, ``)

	all := append(distinct, plain...)
	k.self = []*regexp.Regexp{
		oneOf(`(?im)(?:\b(?:my name is|my name's|call me) `+introduced+`|(?:`+callsChinese+`)`+introducedChinese+`|^ *(?:—|–|--|~) *)`, all, ``),
		oneOf(`(?im)\bas `+introduced, all, `(?:,| I\b)`),
		// "I'm Formal", not "I'm formal".
		oneOf(`(?i:\b(?:I am|I'm) `+introduced+`)`, append(distinct, titled...), ``),
	}
	return k
}

// letter is r, or drops it if it is no letter.
func letter(r rune) rune {
	if unicode.IsLetter(r) {
		return r
	}
	return -1
}

// oneOf returns a pattern for any of names between two others; nil without names.
func oneOf(before string, names []string, after string) *regexp.Regexp {
	if len(names) == 0 {
		return nil
	}
	return regexp.MustCompile(before + `(?P<name>` + strings.Join(names, `|`) + `)` + after)
}
