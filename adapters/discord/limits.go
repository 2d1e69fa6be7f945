package discord

import (
	"strings"
	"unicode/utf16"

	"github.com/rivo/uniseg"

	"github.com/tastetest/tastetest/bot/text"
)

// Discord's limits, in characters.
// https://docs.discord.com/developers/resources/message#embed-object-embed-limits
const (
	mostTitle       = 256
	mostDescription = 4096
	mostEmbeds      = 6000 // of all embeds of a message together
	mostLabel       = 80   // of a button
	mostOption      = 100  // label, value and description of a select's option
	mostModalTitle  = 45
	mostModalLabel  = 45
	mostModalHint   = 100
	mostInput       = 4000
	mostModalFields = 5
)

// length counts as Discord's clients do, in UTF-16 units: never less than
// what its servers count.
func length(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// shorten cuts s, which is not markdown yet, to at most n characters.
func shorten(s string, n int) string {
	if length(s) <= n {
		return s
	}
	for room := n; room > 0; {
		cut := text.Cut(s, room)
		long := length(cut)
		if long <= n {
			return cut
		}
		room = min(room-1, room*n/long)
	}
	return "…"
}

// pieces cuts markdown into pieces of at most n characters, at the ends of
// lines, else of words. Code that is cut is closed and opened again: outside of
// it nothing in it is escaped.
func pieces(s string, n int) []string {
	var out []string
	for {
		piece, rest := firstPiece(s, n)
		if out = append(out, piece); rest == "" {
			return out
		}
		s = rest
	}
}

// firstPiece cuts a piece of at most n characters off markdown.
func firstPiece(s string, n int) (piece, rest string) {
	if length(s) <= n-len("\n```") {
		return s, ""
	}
	for room := n - len("\n```"); ; room-- {
		at := breakAt(s, max(1, room))
		piece, rest = strings.TrimRight(s[:at], " \n"), s[at:]
		closing, opening := openCode(piece)
		if opening == "" {
			return piece, strings.TrimLeft(rest, " \n")
		}
		if length(piece)+length(closing) > n && room > 1 {
			continue
		}
		if rest = strings.TrimPrefix(rest, "\n"); len(opening) >= at { // it would never end
			opening = ""
		}
		return piece + closing, opening + rest // with its indentation
	}
}

// breakAt returns where to cut s, in bytes, so that what is before has at most
// n characters.
func breakAt(s string, n int) int {
	at, line, word, seen, state := 0, 0, 0, 0, -1
	for rest := s; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if seen += length(cluster); seen > n {
			break
		}
		switch cluster {
		case "\n":
			line = at
		case " ":
			word = at
		}
		at += len(cluster)
	}
	switch {
	case line > at/2:
		return line
	case word > at/2:
		return word
	case at == 0: // one cluster longer than a message
		for i := range s {
			if length(s[:i]) > n {
				return at
			}
			at = i
		}
	}
	slashes := at - len(strings.TrimRight(s[:at], `\`))
	return at - slashes%2 // never between a backslash and what it escapes
}

// openCode returns what closes the code in which s ends, and what opens it
// again, with the marks of a quotation or a list before it. Both are empty if
// s does not end in code.
func openCode(s string) (closing, opening string) {
	for i := 0; i < len(s); i++ {
		switch {
		case opening == "`" && s[i] == '`':
			closing, opening = "", ""
		case opening == "`":
		case opening != "" && strings.HasPrefix(s[i:], "```"):
			closing, opening = "", ""
			i += len("``")
		case opening != "":
		case s[i] == '\\':
			i++
		case strings.HasPrefix(s[i:], "```"):
			before := s[strings.LastIndexByte(s[:i], '\n')+1 : i]
			before = before[:len(before)-len(strings.TrimLeft(before, "> "))]
			language, _, _ := strings.Cut(s[i:], "\n")
			closing, opening = "\n"+before+"```", before+language+"\n"
			i += len(language) - 1
		case s[i] == '`':
			closing, opening = "`", "`"
		}
	}
	return closing, opening
}
