package bot

import (
	"regexp"
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

// ownTurn is what a model said in its turn, without the tokens around it.
func ownTurn(s string) string {
	s = finalChannel(s)
	for {
		if head := turnHead.FindString(s); head != "" {
			s = s[len(head):]
			continue
		}
		at := turnToken.FindStringIndex(s)
		if at == nil || strings.TrimSpace(s[:at[0]]) != "" || struckOut(s, at) || !machines(s, at) && !beginning.MatchString(s[at[0]:at[1]]) {
			break
		}
		s = s[at[1]:]
	}
	code := codeIn(s)
	for _, at := range turnToken.FindAllStringIndex(s, -1) {
		if !code.has(at[0]) && !struckOut(s, at) && machines(s, at) {
			return s[:at[0]]
		}
	}
	return s
}

// finalChannel is what was said in Harmony's last final channel; nothing if a
// text begins with another one and has no final.
func finalChannel(s string) string {
	if at := bareHarmony.FindStringIndex(s); at != nil {
		return s[at[1]:]
	}
	code := codeIn(s)
	from, thought := 0, false
	for _, m := range harmony.FindAllStringSubmatchIndex(s, -1) {
		switch {
		case code.has(m[0]):
		case s[m[2]:m[3]] == "final":
			from = m[1]
		case strings.TrimSpace(turnHead.ReplaceAllString(s[:m[0]], "")) == "":
			thought = true
		}
	}
	if from == 0 && thought {
		return ""
	}
	return s[from:]
}

// machines reports whether the token at stands where a machine leaves it.
func machines(s string, at []int) bool {
	before, after := s[:at[0]], s[at[1]:]
	if strings.TrimSpace(turnToken.ReplaceAllString(after, "")) == "" {
		return true
	}
	last, _ := utf8.DecodeLastRuneInString(before)
	next, _ := utf8.DecodeRuneInString(after)
	if line := before[strings.LastIndexByte(before, '\n')+1:]; strings.TrimSpace(line) == "" {
		rest, _, _ := strings.Cut(after, "\n")
		return strings.TrimSpace(turnToken.ReplaceAllString(rest, "")) == "" || !unicode.IsSpace(next) && !unicode.IsPunct(next)
	}
	const open, shut = "([{“‘«「『<\"'*_`|/", ")]}”’»」』>\"'*_`|/"
	for i, o := range []rune(open) {
		if last == o && next == []rune(shut)[i] {
			return false
		}
	}
	return !unicode.IsSpace(last)
}

// struckOut reports whether the token at is one of a pair <s>…</s> that is not
// around the whole text.
func struckOut(s string, at []int) bool {
	switch strings.ToLower(s[at[0]:at[1]]) {
	case "<s>":
		end := strings.Index(strings.ToLower(s[at[1]:]), "</s>")
		return end >= 0 && strings.TrimSpace(s[at[1]+end+len("</s>"):]) != ""
	case "</s>":
		before := strings.ToLower(s[:at[0]])
		return strings.Count(before, "<s>") > strings.Count(before, "</s>")
	}
	return false
}

// codeIn finds the code of a text in markdown: closed blocks, and spans.
func codeIn(s string) (code spans) {
	from, open := 0, ""
	at := 0
	for line := range strings.SplitAfterSeq(s, "\n") {
		switch fence := openFence(strings.TrimRight(line, "\n")); {
		case open == "" && fence != "":
			from, open = at, fence
		case open != "" && closesFence(line, open):
			code, open = append(code, span{from, at + len(line)}), ""
		}
		at += len(line)
	}
	for _, m := range codeSpan.FindAllStringIndex(s, -1) {
		code = append(code, span{m[0], m[1]})
	}
	return code
}

var codeSpan = regexp.MustCompile("`[^`\n]+`")

func closesFence(line, open string) bool {
	line = strings.TrimSpace(line)
	return strings.HasPrefix(line, open) && strings.Trim(line, open[:1]) == ""
}

// spans are parts of a text, in bytes.
type spans []span

type span struct{ from, to int }

func (all spans) has(at int) bool {
	for _, x := range all {
		if x.from <= at && at < x.to {
			return true
		}
	}
	return false
}
