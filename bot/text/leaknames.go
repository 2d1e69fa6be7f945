package text

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Known are the configured names, as patterns; nil where there are none. Making them
// takes longer than looking through an answer: they are made once for many, which may
// be looked through at once.
type Known struct {
	distinct *regexp.Regexp   // those that are no words: kestrel-7b
	plain    *regexp.Regexp   // ordinary words: kestrel, formal
	self     []*regexp.Regexp // where a text calls itself by one of them
	parts    map[string]bool  // kestrel, 7b
}

// has reports whether word is a part of a configured name.
func (k Known) has(word string) bool { return k.parts[strings.ToLower(word)] }

var (
	idProvider = regexp.MustCompile(`^.*/`)                                                            // openai/…
	idTag      = regexp.MustCompile(`[:@][^:@]*$`)                                                     // …:free
	idRelease  = regexp.MustCompile(`[-_](?:latest|preview|exp|\d{8}|\d{4}-\d{2}-\d{2}|\d{2}-\d{2})$`) // …-20250219
	idBetween  = regexp.MustCompile(`[-_ .:/]+`)

	// Too common to give anybody away.
	commonName = regexp.MustCompile(`(?i)^(?:sonnet|haiku|opus|meta|google|nova|` + wordNames + `)$`)
)

// NewKnown takes the ids and aliases of models.
func NewKnown(names []string) Known {
	k := Known{parts: make(map[string]bool)}
	var distinct, plain, titled []string
	for _, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		for _, part := range idBetween.Split(name, -1) {
			k.parts[part] = true
		}
		short := idTag.ReplaceAllString(idProvider.ReplaceAllString(name, ""), "")
		for _, form := range []string{name, short, idRelease.ReplaceAllString(short, "")} {
			letters := strings.Map(onlyLetter, form)
			switch {
			case utf8.RuneCountInString(letters) < 3, commonName.MatchString(form):
			case letters == form:
				plain = append(plain, form)
				first, n := utf8.DecodeRuneInString(form)
				titled = append(titled, string(unicode.ToTitle(first))+form[n:])
			default:
				tokens := idBetween.Split(form, -1)
				for i := range tokens {
					tokens[i] = regexp.QuoteMeta(tokens[i])
				}
				distinct = append(distinct, `(?i:`+strings.Join(tokens, `[-_ .:/]?`)+`)`)
			}
		}
	}
	k.distinct = oneOf(``, distinct, ``)
	k.plain = oneOf(`(?i)`, plain, ``)

	all := slices.Concat(distinct, plain)
	k.self = []*regexp.Regexp{
		oneOf(`(?im)(?:\b(?:my name is|my name's|call me) `+introducedAs+`|(?:`+callsItselfChinese+`)`+introducedAsChinese+`)`, all, ``),
		oneOf(`(?im)^ *(?:—|–|--|~) *`, all, ` *[.!]?$`),
		oneOf(`(?im)\bas `+introducedAs, all, `(?:,| I\b)`),
		// "I'm Formal", not "I'm formal".
		oneOf(`(?i:\b(?:I am|I'm) `+introducedAs+`)`, slices.Concat(distinct, titled), ``),
	}
	return k
}

// onlyLetter is r, or drops it if it is no letter.
func onlyLetter(r rune) rune {
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
