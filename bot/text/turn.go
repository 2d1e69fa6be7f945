package text

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a model's server should have taken out: the tokens that begin and end
// a turn. One is the machine's, and goes with all that was written after the
// turn had ended, if nothing but white space follows it, if it is glued to what
// stands before, or if it has a line to itself. One within a line, in quotation
// marks or in code is spoken of, in an answer about tokenizers, and stays; so
// does <s>…</s> around a part of the text, which is struck out.
var (
	turnToken = regexp.MustCompile(`(?i)<[|｜][\w▁ -]{1,40}[|｜]>|</?s>|<(?:eos|bos|pad|end_of_turn|start_of_turn|end_of_utterance)>|\[/?INST\]`)

	// The head of a model's turn, which some templates leave in the text.
	turnHead = regexp.MustCompile(`(?i)^\s*(?:<\|im_start\|>\s*assistant\b|<\|start_header_id\|>\s*assistant\s*<\|end_header_id\|>|<start_of_turn>\s*model\b|<\|start\|>\s*assistant\b)`)

	// A token that is the machine's wherever a text begins with it.
	beginning = regexp.MustCompile(`(?i)^(?:<s>|<bos>|\[/INST\]|<[|｜](?:begin.of.text|begin.of.sentence|startoftext|assistant)[|｜]>)$`)

	// Harmony, of OpenAI's open models: only what is said in the final channel
	// is said to anybody. Servers that take the tokens out leave the names.
	harmony     = regexp.MustCompile(`<\|channel\|>\s*(\w+)(?:[^<\n]|<\|constrain\|>)*<\|message\|>`)
	bareHarmony = regexp.MustCompile(`(?s)^\s*analysis.*assistantfinal`)
)

// mostHeads is how many tokens a text may begin with; models write two or three.
const mostHeads = 8

// ownTurn is what a model said in its turn, without the tokens around it.
func ownTurn(s string) string {
	s = finalChannel(s)
	for range mostHeads {
		if head := turnHead.FindString(s); head != "" {
			s = s[len(head):]
			continue
		}
		at := turnToken.FindStringIndex(s)
		if at == nil || strings.TrimSpace(s[:at[0]]) != "" || struckOut(s, at) {
			break
		}
		if !beginning.MatchString(s[at[0]:at[1]]) && spokenOf(s, at) && at[0] < onlyTokens(s) {
			break
		}
		s = s[at[1]:]
	}
	code, tail, struck := codeIn(s), onlyTokens(s), 0
	last := strings.LastIndex(strings.ToLower(s), "</s>")
	for _, at := range turnToken.FindAllStringIndex(s, -1) {
		token := strings.ToLower(s[at[0]:at[1]])
		switch {
		case code[at[0]]:
		case token == "<s>" && at[0] < last && at[0] < tail:
			struck++
		case token == "</s>" && struck > 0:
			struck--
		case at[0] >= tail || !spokenOf(s, at):
			return s[:at[0]]
		}
	}
	return s
}

// onlyTokens is from where on a text has nothing but tokens in it.
func onlyTokens(s string) int {
	all := turnToken.FindAllStringIndex(s, -1)
	tail := len(s)
	for _, at := range slices.Backward(all) {
		if strings.TrimSpace(s[at[1]:tail]) != "" {
			break
		}
		tail = at[0]
	}
	return tail
}

// finalChannel is what was said in Harmony's last final channel; nothing if a
// text begins with another one and has no final.
func finalChannel(s string) string {
	if at := bareHarmony.FindStringIndex(s); at != nil {
		return s[at[1]:]
	}
	code := codeIn(s)
	from, thought := 0, false
	for i, m := range harmony.FindAllStringSubmatchIndex(s, -1) {
		switch {
		case code[m[0]]:
		case s[m[2]:m[3]] == "final":
			from = m[1]
		case i == 0:
			thought = strings.TrimSpace(turnHead.ReplaceAllString(s[:m[0]], "")) == ""
		}
	}
	if from == 0 && thought {
		return ""
	}
	return s[from:]
}

// spokenOf reports whether the token at stands in a line of prose, or in
// quotation marks.
func spokenOf(s string, at []int) bool {
	last, _ := utf8.DecodeLastRuneInString(s[:at[0]])
	next, _ := utf8.DecodeRuneInString(s[at[1]:])
	if beginsLine(s, at[0]) {
		rest, _, _ := strings.Cut(s[at[1]:], "\n")
		return onlyTokens(rest) > 0 && strings.TrimSpace(rest) != "" && (unicode.IsSpace(next) || unicode.IsPunct(next))
	}
	const open, shut = "([{“‘«「『<\"'*_`|/", ")]}”’»」』>\"'*_`|/"
	for i, o := range []rune(open) {
		if last == o && next == []rune(shut)[i] {
			return true
		}
	}
	return unicode.IsSpace(last)
}

// beginsLine reports whether only spaces stand before at on its line.
func beginsLine(s string, at int) bool {
	before := strings.TrimRight(s[:at], " \t")
	return before == "" || before[len(before)-1] == '\n'
}

// struckOut reports whether the token at, with which a text begins, opens a
// part that is struck out: one that ends before the text does.
func struckOut(s string, at []int) bool {
	if s[at[0]:at[1]] != "<s>" {
		return false
	}
	_, after, closed := strings.Cut(s[at[1]:], "</s>")
	return closed && strings.TrimSpace(after) != ""
}

// codeIn tells for each byte of a text in markdown whether it is code: in a
// closed block, or in a span.
func codeIn(s string) []bool {
	code := make([]bool, len(s))
	mark := func(from, to int) {
		for i := from; i < to; i++ {
			code[i] = true
		}
	}
	from, open, at := 0, "", 0
	for line := range strings.SplitAfterSeq(s, "\n") {
		switch fence := openFence(strings.TrimRight(line, "\n")); {
		case open == "" && fence != "":
			from, open = at, fence
		case open != "" && closesFence(line, open):
			mark(from, at+len(line))
			open = ""
		}
		at += len(line)
	}
	for _, m := range codeSpan.FindAllStringIndex(s, -1) {
		mark(m[0], m[1])
	}
	return code
}

var codeSpan = regexp.MustCompile("`[^`\n]+`")

func closesFence(line, open string) bool {
	line = strings.TrimSpace(line)
	return strings.HasPrefix(line, open) && strings.Trim(line, open[:1]) == ""
}
