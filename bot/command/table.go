package command

import (
	"slices"

	"github.com/tastetest/tastetest/bot"
)

// A Spec is one line of the table of commands. The parser, help,
// completion, Discord's typed subcommands and the README are made from it.
type Spec struct {
	Name    string
	Help    string // one line
	Example string // to copy
	Who     Who
	Form    bool   // alone it opens a form, where the chat can
	ID      bool   // takes a tasting's ID, needed only when several would do
	Models  bool   // takes two models
	Word    string // the option for which a bare word stands: "standings creative"
	Options []Option
}

// An Option is an option of a command, typed key=value.
type Option struct {
	Name    string
	Type    Type
	Help    string
	Example string
	Values  []string // of a OneOfValue
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
)

// Who says who may use a command.
type Who string

const (
	Anyone   Who = "anyone"
	Starters Who = "starters" // who may start tastings
	Owner    Who = "owner"    // the tasting's starter, and admins
)

// Table is the table. The order is that of the help.
func Table() []Spec { return slices.Clone(table) }

var until = Option{Name: "until", Type: TimeValue, Help: "when voting ends; the end of the second working day if you say nothing", Example: `until="Thu 17:00"`}

var onOff = []string{"on", "off"}

var table = []Spec{
	{Name: "start", Help: "start a blind tasting; alone it opens a form, where prompts or finished answers can be pasted or uploaded", Who: Starters, Form: true, Models: true,
		Example: "/tastetest start kestrel nova pack=humour rounds=10",
		Options: []Option{
			{Name: "pack", Type: PackValue, Help: "where the prompts come from; a bit of everything if you say nothing", Example: "pack=humour"},
			{Name: "rounds", Type: NumberValue, Help: "how many prompts one person votes on, 1 to 20; 10 if you say nothing, 13 to 20 on a private ballot from eight people invited on", Example: "rounds=10"},
			{Name: "pool", Type: NumberValue, Help: "on a private ballot: how many prompts are asked, up to 60, of which different people vote on different ones", Example: "pool=50 rounds=16"},
			until,
			{Name: "ballot", Type: OneOfValue, Values: []string{string(bot.Reaction), string(bot.Private)}, Help: "reaction, if you say nothing: everyone sees who tapped what; private: a page of one’s own", Example: "ballot=private"},
			{Name: "prompt", Type: TextValue, Help: "your own prompt instead of a pack", Example: `prompt="Apologise in 60 words. No discount."`},
			{Name: "system", Type: TextValue, Help: "a system prompt for both models", Example: `system="You answer for a bakery."`},
			{Name: "question", Type: TextValue, Help: "what people are asked", Example: `question="Which reply is better?"`},
			{Name: "judges", Type: OneOfValue, Values: onOff, Help: "have the configured judges read it once voting has ended; they count nowhere", Example: "judges=on"},
			{Name: "controls", Type: OneOfValue, Values: onOff, Help: "on a private ballot: add pairs of which one is better beyond taste, to see whether people guess; from eight people invited on they are there unless you say off", Example: "controls=on"},
			{Name: "retests", Type: OneOfValue, Values: onOff, Help: "on a private ballot: show some rounds again with the sides swapped, to see how steady votes are; everybody then votes on the same prompts", Example: "retests=on"},
			{Name: "waves", Type: OneOfValue, Values: []string{"off"}, Help: "on a private ballot: off: from 16 people invited on the bot, and nobody else, looks at the votes as they come in and ends voting once something is shown; this leaves that out", Example: "waves=off"},
			{Name: "worth", Type: NumberValue, Help: "asked beforehand: is the dearer model preferred in so many percent or more", Example: "worth=60 dearer=kestrel"},
			{Name: "dearer", Type: ModelValue, Help: "which model that is", Example: "dearer=kestrel worth=60"},
			{Name: "voters", Type: TextValue, Help: "whose votes count; a role, an account’s age in days, joined (here before)", Example: `voters="30d joined"`},
			{Name: "invite", Type: PeopleValue, Help: "who should taste", Example: "invite=@ana,@li"},
		}},
	{Name: "compare", Help: "compare two texts that you paste, blind", Who: Starters, Form: true, Example: `/tastetest compare until="Thu 17:00"`, Options: []Option{until}},
	{Name: "status", Help: "who has tasted (how many), until when, what it may cost at most", Who: Anyone, ID: true, Example: "/tastetest status 7"},
	{Name: "close", Help: "end voting now and reveal", Who: Owner, ID: true, Example: "/tastetest close 7"},
	{Name: "extend", Help: "give people more time", Who: Owner, ID: true, Example: `/tastetest extend 7 until="Fri 17:00"`, Options: []Option{until}},
	{Name: "cancel", Help: "end it without a reveal", Who: Owner, ID: true, Example: "/tastetest cancel 7"},
	{Name: "results", Help: "a tasting's result, with every round and answer", Who: Anyone, ID: true, Example: "/tastetest results 7"},
	{Name: "plan", Help: "how many voters and rounds would it take?", Who: Anyone, Example: "/tastetest plan voters=9 rounds=15",
		Options: []Option{
			{Name: "voters", Type: NumberValue, Help: "how many people will vote", Example: "voters=9"},
			{Name: "rounds", Type: NumberValue, Help: "how many prompts", Example: "rounds=15"},
		}},
	{Name: "standings", Help: "all models ranked, as far as the votes go", Who: Anyone, Word: "category", Example: "/tastetest standings pack=humour", Options: []Option{
		{Name: "category", Type: CategoryValue, Help: "prompts of one kind only", Example: "category=creative"},
		{Name: "pack", Type: PackValue, Help: "prompts of one pack only", Example: "pack=humour"},
	}},
	{Name: "judges", Help: "which judge model shares your taste", Who: Anyone, Example: "/tastetest judges"},
	{Name: "me", Help: "your own votes in revealed rounds, for you alone", Who: Anyone, Example: "/tastetest me"},
	{Name: "models", Help: "the models that can be tasted", Who: Anyone, Example: "/tastetest models"},
	{Name: "packs", Help: "the packs of prompts; with a pack's name, which of its prompts tell models apart", Who: Anyone, Word: "pack", Example: "/tastetest packs humour", Options: []Option{
		{Name: "pack", Type: PackValue, Help: "this pack, prompt by prompt", Example: "pack=humour"},
	}},
	{Name: "forget-me", Help: "take your votes and your name out of the bot's memory", Who: Anyone, Example: "/tastetest forget-me"},
	{Name: "help", Help: "this list; with a command's name, more about it", Who: Anyone, Example: "/tastetest help start"},
}

// Called returns the command called name.
func Called(name string) (Spec, bool) {
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
