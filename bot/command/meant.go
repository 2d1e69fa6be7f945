package command

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// A Slip is the error of a command that is not understood as it was typed, where
// it can be guessed what was meant: a UserError, and what would be understood.
type Slip struct {
	bot.UserError
	Typed string   // the word that is not understood; "": nothing of it is
	Near  []string // what may stand in its place; instead of an empty Typed, whole commands
}

func (s Slip) Unwrap() error { return s.UserError }

// Meant are the commands that may have been meant by what was typed, to be tapped:
// at most three, and none that a button could not carry.
func (s Slip) Meant(typed string) []string {
	var all []string
	for _, near := range s.Near {
		meant := near
		if s.Typed != "" {
			before, after, found := strings.Cut(typed, s.Typed)
			if !found {
				return nil
			}
			meant = before + near + after
		}
		if tappable(meant) && len(all) < 3 {
			all = append(all, meant)
		}
	}
	return all
}

// mostTapped is how many bytes of a command a button carries: Discord's take 100
// characters.
const mostTapped = 90

// tappable reports whether a button may carry a command: a short line without
// signs that a chat or the grammar gives a meaning of its own.
func tappable(s string) bool {
	return s != "" && len(s) <= mostTapped && utf8.ValidString(s) && !strings.ContainsAny(s, "\n\r\t?#\\") && strings.Count(s, ":") < 2
}

// others are words by which people call commands that have another name here.
var others = map[string]string{
	"weekly": "digest", "summary": "digest", "week": "digest", "recurring": "schedule", "repeat": "schedule", "config": "settings", "configure": "settings",
	"preferences": "settings", "language": "settings", "begin": "start", "new": "start", "ranking": "standings", "rank": "standings", "leaderboard": "standings",
	"result": "results", "model": "models", "pack": "packs", "prompts": "packs", "judge": "judges", "forget": "forget-me", "commands": "help",
	"一周": "digest", "每周": "digest", "周总结": "digest", "定期": "schedule", "配置": "settings", "语言": "settings", "新建": "start", "发起": "start",
	"排名": "standings", "揭晓": "close", "遗忘": "forget-me",
}

// several are words that could mean either of several commands.
var several = map[string][]string{
	"stop": {"close", "cancel"}, "end": {"close", "cancel"}, "finish": {"close", "cancel"}, "停": {"结束", "取消"}, "停止": {"结束", "取消"},
}

// Nearest returns the command whose name is nearest to what was typed; false if
// none is near.
func Nearest(name string) (Spec, bool) {
	var names []string
	for _, c := range table {
		names = append(names, c.Name)
	}
	for _, zh := range slices.Sorted(maps.Keys(chineseNames)) {
		if _, ok := Called(zh); ok {
			names = append(names, zh)
		}
	}
	return Called(text.Nearest(name, names))
}

// Unknown is the error for what is no command and looks like none.
func Unknown(typed string) error {
	return Slip{UserError: bot.UserError(bot.Say("I do not know “{typed}”. Type {help} for what I know.", bot.Verbatim(text.Clip(typed)), bot.Usage{Command: "help"})),
		Near: []string{"start", "results", "help"}}
}

// Guess returns what may be meant by plain words that were said to the bot, as
// commands to be tapped: a command, or one whose name is among the words or near.
func Guess(said string) []string {
	said = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(said), "/tastetest"))
	words := strings.FieldsFunc(strings.ToLower(plain.Replace(said)), func(r rune) bool { return strings.ContainsRune(" ,.!?\n，。！？、", r) })
	if len(words) == 0 {
		return []string{"start", "results", "help"}
	}
	_, err := Parse(said, Examples{})
	if s, ok := errors.AsType[Slip](err); ok && s.Typed != "" && len(s.Meant(said)) > 0 && s.Near[0] != "help" { // "hello"
		return append(s.Meant(said), "help")
	}
	if err == nil && tappable(said) {
		return []string{said, "help"}
	}
	var found []string
	add := func(name string) {
		if c, ok := Called(name); ok && c.Name != "help" && c.Name != "me" && !slices.Contains(found, c.Name) { // words of any sentence
			found = append(found, c.Name)
		}
	}
	for _, w := range words {
		add(strings.TrimPrefix(w, "/"))
		for _, name := range several[w] {
			add(name)
		}
	}
	for i := range said { // Chinese has no spaces
		for _, n := range []int{4, 3, 2} {
			if r := []rune(said[i:]); len(r) >= n && r[0] > unicode.MaxASCII {
				add(string(r[:n]))
				for _, name := range several[string(r[:n])] {
					add(name)
				}
			}
		}
	}
	if len(found) == 0 {
		return []string{"start", "results", "help"}
	}
	return append(found[:min(len(found), 2)], "help")
}

// Examples are what there is to name in examples: models, and a pack.
type Examples struct {
	Models []string // all
	Pack   string
}

// Fit is a command with examples that name what is there. Names of the table's own
// that are there stay.
func (e Examples) Fit(c Spec) Spec {
	c.Example, c.Options = e.of(c.Example), slices.Clone(c.Options)
	for i := range c.Options {
		c.Options[i].Example = e.of(c.Options[i].Example)
	}
	return c
}

func (e Examples) of(u bot.Usage) bot.Usage {
	there := func(name string) bool { return slices.Contains(e.Models, name) }
	others := len(e.Models) >= 2 && !(there("kestrel") && there("nova"))
	u.Words, u.Options = slices.Clone(u.Words), slices.Clone(u.Options)
	if others && slices.Equal(u.Words, []string{"kestrel", "nova"}) {
		u.Words = e.Models[:2:2]
	}
	if u.Command == "packs" && e.Pack != "" && len(u.Words) == 1 {
		u.Words = []string{e.Pack}
	}
	for i, o := range u.Options {
		switch {
		case o.Name == "pack" && e.Pack != "":
			u.Options[i].Value = e.Pack
		case o == bot.Setting{Name: "dearer", Value: "kestrel"} && others && !there("kestrel"):
			u.Options[i].Value = e.Models[0]
		}
	}
	return u
}
