package discord

import (
	"strings"
	"unicode"
)

// bare are the options that are bare words in a command's text, in order.
var bare = [...]string{firstModel, secondModel, tastingID, commandName}

// commandText is what somebody would have typed: "start kestrel nova rounds=5".
func commandText(options []typed) string {
	if len(options) != 1 {
		return ""
	}
	words := []string{options[0].Name}
	for _, name := range bare {
		for _, o := range options[0].Options {
			if o.Name == name {
				words = append(words, quoted(o.text()))
			}
		}
	}
	for _, o := range options[0].Options {
		if o.Type != attachmentOption && !isBare(o.Name) {
			words = append(words, o.Name+"="+quoted(o.text()))
		}
	}
	return strings.Join(words, " ")
}

func isBare(name string) bool {
	for _, b := range bare {
		if b == name {
			return true
		}
	}
	return false
}

// beingTyped splits a command at the option in which somebody is typing:
// what stands before it, and the word so far, with its key if it has one.
func beingTyped(options []typed) (before, word, key string) {
	if len(options) != 1 {
		return "", "", ""
	}
	others := typed{Name: options[0].Name}
	var now typed
	for _, o := range options[0].Options {
		if o.Focused {
			now = o
		} else {
			others.Options = append(others.Options, o)
		}
	}
	if now.Name != "" && !isBare(now.Name) {
		key = now.Name + "="
	}
	return commandText([]typed{others}) + " ", key + now.text(), key
}

// quoted is a value as the core's parser takes it.
func quoted(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || r > unicode.MaxASCII || strings.ContainsRune("\"\\", r)
	}) {
		return s
	}
	return `"` + quoteMarks.Replace(s) + `"`
}

var quoteMarks = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "“", `\“`, "”", `\”`, "„", `\„`, "«", `\«`, "»", `\»`, "「", `\「`, "」", `\」`, "＂", `\＂`)

// unquote takes the quotes off a suggestion.
func unquote(s string) string { return strings.Trim(s, `"`) }
