package command

import (
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// A Spec is one line of the table of commands. The parser, help,
// completion, Discord's typed subcommands and the README are made from it.
type Spec struct {
	Name    string
	Group   Group
	Help    bot.Sentence // one line
	Example bot.Usage    // to copy
	Who     Who
	Form    bool   // alone it opens a form, where the chat can
	ID      bool   // takes a tasting's ID, needed only when several would do
	Models  bool   // takes two models
	Word    string // the option for which a bare word stands: "standings creative"
	Page    bool   // is for the web page alone
	Whole   bool   // all bare words together do: "digest Mon 9:00"
	Options []Option
}

// An Option is an option of a command, typed key=value.
type Option struct {
	Name    string
	Type    Type
	Help    bot.Sentence
	Voted   bot.Sentence // Help where votes are shown to those alone who have voted; zero: it is the same
	Example bot.Usage
	Values  []string          // of a OneOfValue
	Also    map[string]string // the values that other words stand for, in small letters
}

// At is a command with its help as it holds at a place.
func (c Spec) At(w bot.Workspace) Spec {
	if !w.VotesFirst() {
		return c
	}
	c.Options = slices.Clone(c.Options)
	for i, o := range c.Options {
		if !o.Voted.IsZero() {
			c.Options[i].Help = o.Voted
		}
	}
	return c
}

// A Type says what an option's value is.
type Type string

const (
	TextValue     Type = "text"
	NumberValue   Type = "number"
	TimeValue     Type = "time"
	OneOfValue    Type = "one of"
	PackValue     Type = "pack"
	PeopleValue   Type = "people"
	CategoryValue Type = "category"
	ModelValue    Type = "model"
	ZoneValue     Type = "time zone"
)

// Who says who may use a command.
type Who string

const (
	Anyone   Who = "anyone"
	Starters Who = "starters" // who may start tastings
	Owner    Who = "owner"    // the tasting's starter, and admins
	Admins   Who = "admins"

	Hosts      Who = "who may hand out personal links"      // admins
	Schedulers Who = "who may set up what starts by itself" // admins
)

// A Group is a part of the help.
type Group string

const (
	Taste Group = "taste"
	Look  Group = "look"
	SetUp Group = "set up"
	You   Group = "you"
)

// Groups are all groups in the order of the help, each with its heading.
func Groups() []struct {
	Group   Group
	Heading bot.Sentence
} {
	return []struct {
		Group   Group
		Heading bot.Sentence
	}{{Taste, bot.Say("Taste")}, {Look, bot.Say("Look")}, {SetUp, bot.Say("Set up")}, {You, bot.Say("You")}}
}

// use reads an example of the table: "close 7", "rounds=10".
func use(typed string) bot.Usage {
	words, err := split(typed)
	if err != nil {
		panic("the table of commands has the example " + typed)
	}
	return usageOf(words)
}

// Usage is a command as it was typed, to be spelled as a chat does.
func Usage(typed string) bot.Usage {
	words, err := split(typed)
	if err != nil {
		words = strings.Fields(typed)
	}
	return usageOf(words)
}

func usageOf(words []string) bot.Usage {
	var u bot.Usage
	for i, w := range words {
		name, value, isOption := strings.Cut(w, "=")
		switch {
		case isOption:
			u.Options = append(u.Options, bot.Setting{Name: name, Value: value})
		case i == 0:
			u.Command = w
		default:
			u.Words = append(u.Words, w)
		}
	}
	return u
}

// Table is the table. The order is that of the help.
func Table() []Spec { return slices.Clone(table) }

var until = Option{Name: "until", Type: TimeValue, Help: bot.Say("when voting ends; the end of the second working day if you say nothing"), Example: use(`until="Thu 17:00"`)}

// Default is the value that puts a setting back to what the configuration says.
const Default = "default"

var (
	onOff = []string{"on", "off"}
	yesNo = map[string]string{"yes": "on", "true": "on", "no": "off", "false": "off", "none": "off", "开": "on", "是": "on", "关": "off", "否": "off"}

	languages = map[string]string{
		"english": string(bot.En), "en-us": string(bot.En), "en-gb": string(bot.En), "英文": string(bot.En), "英语": string(bot.En),
		"chinese": string(bot.Zh), "mandarin": string(bot.Zh), "cn": string(bot.Zh), "zh-cn": string(bot.Zh), "zh_cn": string(bot.Zh), "zh-hans": string(bot.Zh),
		"中文": string(bot.Zh), "汉语": string(bot.Zh), "简体": string(bot.Zh), "简体中文": string(bot.Zh), "默认": Default,
	}
	ballots = map[string]string{"emoji": string(bot.Reaction), "secret": string(bot.Private), "表情": string(bot.Reaction), "公开": string(bot.Reaction), "不公开": string(bot.Private), "默认": Default}
)

// table is the table, with the schedule's line before the others that set things up.
var table = slices.Insert(slices.Clone(written), slices.IndexFunc(written, func(c Spec) bool { return c.Group == SetUp }), scheduleOf(written))

var written = []Spec{
	{Name: "start", Group: Taste, Help: bot.Say("start a blind test; alone: a form"), Who: Starters, Form: true, Models: true,
		Example: use("start kestrel nova pack=humour rounds=10"),
		Options: []Option{
			{Name: "pack", Type: PackValue, Help: bot.Say("where the prompts come from; a bit of everything if you say nothing"), Example: use("pack=humour")},
			{Name: "rounds", Type: NumberValue, Help: bot.Say("how many prompts one person votes on, 1 to 20; 10 if you say nothing, 13 to 20 on a private ballot from eight people invited on"), Example: use("rounds=10")},
			{Name: "pool", Type: NumberValue, Help: bot.Say("on a private ballot: how many prompts are asked, up to 60, of which different people vote on different ones"), Example: use("pool=50 rounds=16")},
			until,
			{Name: "ballot", Type: OneOfValue, Values: []string{string(bot.Reaction), string(bot.Private)}, Also: ballots, Help: bot.Say("reaction, if you say nothing: everyone sees who tapped what; private: a page of one’s own"),
				Voted: bot.Say("reaction, if you say nothing: whoever has voted sees who tapped what; private: a page of one’s own"), Example: use("ballot=private")},
			{Name: "prompt", Type: TextValue, Help: bot.Say("your own prompt instead of a pack"), Example: use(`prompt="Apologise in 60 words. No discount."`)},
			{Name: "system", Type: TextValue, Help: bot.Say("a system prompt for both models"), Example: use(`system="You answer for a bakery."`)},
			{Name: "question", Type: TextValue, Help: bot.Say("what people are asked"), Example: use(`question="Which reply is better?"`)},
			{Name: "judges", Type: OneOfValue, Values: onOff, Also: yesNo, Help: bot.Say("have the configured judges read it once voting has ended; they count nowhere"), Example: use("judges=on")},
			{Name: "judged", Type: NumberValue, Help: bot.Say("how many more prompts, 10 to 200, a judge alone reads to narrow what your votes leave open, once it has gone with them over 100 rounds"), Example: use("judged=100")},
			{Name: "controls", Type: OneOfValue, Values: onOff, Also: yesNo, Help: bot.Say("on a private ballot: add pairs of which one is better beyond taste, to see whether people guess; from eight people invited on they are there unless you say off"), Example: use("controls=on")},
			{Name: "retests", Type: OneOfValue, Values: onOff, Also: yesNo, Help: bot.Say("on a private ballot: show some rounds again with the sides swapped, to see how steady votes are; everybody then votes on the same prompts"), Example: use("retests=on")},
			{Name: "waves", Type: OneOfValue, Values: []string{"off"}, Help: bot.Say("on a private ballot: off: from 16 people invited on the bot, and nobody else, looks at the votes as they come in and ends voting once something is shown; this leaves that out"), Example: use("waves=off")},
			{Name: "worth", Type: NumberValue, Help: bot.Say("asked beforehand: is the dearer model preferred in so many percent or more"), Example: use("worth=60 dearer=kestrel")},
			{Name: "dearer", Type: ModelValue, Help: bot.Say("which model that is"), Example: use("dearer=kestrel worth=60")},
			{Name: "voters", Type: TextValue, Help: bot.Say("whose votes count; a role, an account’s age in days, joined (here before)"), Example: use(`voters="30d joined"`)},
			{Name: "invite", Type: PeopleValue, Help: bot.Say("who should taste"), Example: use("invite=@ana,@li")},
		}},
	{Name: "compare", Group: Taste, Help: bot.Say("two texts of your own, blind"), Who: Starters, Form: true, Example: use(`compare until="Thu 17:00"`), Options: []Option{until}},
	{Name: "status", Group: Taste, Help: bot.Say("how many have tasted, until when"), Who: Anyone, ID: true, Example: use("status 7")},
	{Name: "close", Group: Taste, Help: bot.Say("end it now and reveal"), Who: Owner, ID: true, Example: use("close 7")},
	{Name: "extend", Group: Taste, Help: bot.Say("more time"), Who: Owner, ID: true, Example: use(`extend 7 until="Fri 17:00"`), Options: []Option{until}},
	{Name: "remove", Group: Taste, Help: bot.Say("take one round out"), Who: Owner, ID: true, Example: use("remove 7.3")},
	{Name: "cancel", Group: Taste, Help: bot.Say("end without a reveal"), Who: Owner, ID: true, Example: use("cancel 7")},
	{Name: "results", Group: Look, Help: bot.Say("what was revealed, with every prompt and answer"), Who: Anyone, ID: true, Example: use("results 7")},
	{Name: "standings", Group: Look, Help: bot.Say("all models ranked, as far as the votes go"), Who: Anyone, Word: "category", Example: use("standings pack=humour"), Options: []Option{
		{Name: "category", Type: CategoryValue, Help: bot.Say("prompts of one kind only"), Example: use("category=creative")},
		{Name: "pack", Type: PackValue, Help: bot.Say("prompts of one pack only"), Example: use("pack=humour")},
	}},
	{Name: "digest", Group: Look, Help: bot.Say("the week in twenty seconds, for you alone · digest now · digest Mon 9:00 posts it here weekly · digest off"), Who: Anyone, Word: "when", Whole: true, Example: use(`digest "Mon 9:00"`), Options: []Option{
		{Name: "when", Type: TextValue, Help: bot.Say("now, with a button to post it; a day and time, for each week; or off"), Example: use(`when="Mon 9:00"`)},
	}},
	{Name: "judges", Group: Look, Help: bot.Say("which AI judge votes as your team does"), Who: Anyone, Example: use("judges")},
	{Name: "plan", Group: Look, Help: bot.Say("how many people and prompts would it take?"), Who: Anyone, Example: use("plan voters=9 rounds=15"),
		Options: []Option{
			{Name: "voters", Type: NumberValue, Help: bot.Say("how many people will vote"), Example: use("voters=9")},
			{Name: "rounds", Type: NumberValue, Help: bot.Say("how many prompts"), Example: use("rounds=15")},
		}},
	{Name: "settings", Group: SetUp, Help: bot.Say("this channel’s language, time zone, weekly summary, pictures, and usual ballot and rounds; admins change them"), Who: Anyone, Example: use("settings language=zh"), Options: []Option{
		{Name: "language", Type: OneOfValue, Values: []string{string(bot.En), string(bot.Zh), Default}, Also: languages, Help: bot.Say("in which the bot speaks here: en, zh (Chinese), or default: as configured"), Example: use("language=zh")},
		{Name: "time_zone", Type: ZoneValue, Help: bot.Say("in which times are typed here; unless set, that of whoever starts a tasting here first"), Example: use("time_zone=Asia/Shanghai")},
		{Name: "digest", Type: TextValue, Also: map[string]string{"关": bot.Off, "关闭": bot.Off, "默认": Default}, Help: bot.Say("when the week is summed up here: a day and time, off, or default"), Example: use(`digest="Mon 9:00"`)},
		{Name: "charts", Type: OneOfValue, Values: append(slices.Clone(onOff), Default), Help: bot.Say("pictures of what is said here: on, off, or default: as configured"), Example: use("charts=off")},
		{Name: "ballot", Type: OneOfValue, Values: []string{string(bot.Reaction), string(bot.Private), Default}, Also: ballots, Help: bot.Say("how people vote, where a tasting says nothing else"), Example: use("ballot=private")},
		{Name: "rounds", Type: TextValue, Help: bot.Say("how many prompts of a pack one person votes on, where a tasting says nothing else"), Example: use("rounds=12")},
	}},
	{Name: "invite-links", Group: SetUp, Help: bot.Say("personal links, each for one person: how many, or for whom; admins"), Who: Hosts, Page: true, Word: "for", Whole: true, Example: use("invite-links 10"), Options: []Option{
		{Name: "for", Type: TextValue, Help: bot.Say("how many, or names with commas"), Example: use(`for="Ana, Bo"`)},
	}},
	{Name: "models", Group: SetUp, Help: bot.Say("which can be tasted"), Who: Anyone, Example: use("models")},
	{Name: "packs", Group: SetUp, Help: bot.Say("prompts there are; of one pack: which tell models apart"), Who: Anyone, Word: "pack", Example: use("packs humour"), Options: []Option{
		{Name: "pack", Type: PackValue, Help: bot.Say("this pack, prompt by prompt"), Example: use("pack=humour")},
	}},
	{Name: "me", Group: You, Help: bot.Say("how you voted, for you alone"), Who: Anyone, Example: use("me")},
	{Name: "forget-me", Group: You, Help: bot.Say("take your votes and name out"), Who: Anyone, Example: use("forget-me")},
	{Name: "help", Group: You, Help: bot.Say("this list; with a command’s name: more about it"), Who: Anyone, Example: use("help start")},
}

// Called returns the command called name, in English or Chinese, or by another word
// that means it.
func Called(name string) (Spec, bool) {
	for _, known := range []map[string]string{chineseNames, others} {
		if english, ok := known[name]; ok {
			name = english
		}
	}
	i := slices.IndexFunc(table, func(c Spec) bool { return c.Name == name })
	if i < 0 {
		return Spec{}, false
	}
	return table[i], true
}

// Option returns the option called name.
func (c Spec) Option(name string) (Option, bool) {
	i := slices.IndexFunc(c.Options, func(o Option) bool { return o.Name == name })
	if i < 0 {
		return Option{}, false
	}
	return c.Options[i], true
}
