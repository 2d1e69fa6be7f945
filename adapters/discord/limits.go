package discord

import (
	"strings"
	"unicode/utf16"

	"github.com/rivo/uniseg"

	"github.com/tastetest/tastetest/bot"
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
		cut := bot.Cut(s, room)
		long := length(cut)
		if long <= n {
			return cut
		}
		room = min(room-1, room*n/long)
	}
	return "…"
}

// pieces cuts markdown into pieces of at most n characters, at the ends of
// lines, else of words. A code block that is cut is closed and opened again.
func pieces(s string, n int) []string {
	var out []string
	fence := ""
	for {
		room := n - length(fence) - len("\n```")
		if length(s) <= room {
			break
		}
		at := breakAt(s, room)
		piece := fence + strings.TrimRight(s[:at], " \n")
		if opened, in := openBlock(piece); in {
			s = strings.TrimPrefix(s[at:], "\n") // but no indentation
			piece, fence = piece+"\n```", opened
		} else {
			s, fence = strings.TrimLeft(s[at:], " \n"), ""
		}
		out = append(out, piece)
	}
	if s != "" || len(out) == 0 {
		out = append(out, fence+s)
	}
	return out
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

// openBlock returns the line that opened the code block in which s ends.
func openBlock(s string) (opened string, in bool) {
	for line := range strings.Lines(s) {
		if !strings.HasPrefix(line, "```") {
			continue
		}
		if in = !in; in {
			opened = strings.TrimRight(line, "\n") + "\n"
		}
	}
	return opened, in
}
