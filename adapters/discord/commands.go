package discord

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/cenkalti/backoff/v5"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	words "github.com/tastetest/tastetest/bot/say"
)

// A registered command, as Discord is told of it and tells it back.
// https://docs.discord.com/developers/interactions/application-commands
type registered struct {
	Name        string          `json:"name"`
	Description string          `json:"description"`
	Type        int             `json:"type,omitempty"`
	Contexts    []int           `json:"contexts,omitempty"`
	Installed   []int           `json:"integration_types,omitempty"`
	Needs       *string         `json:"default_member_permissions"` // nil: none
	Options     []commandOption `json:"options,omitempty"`
}

type commandOption struct {
	Type         optionType      `json:"type"`
	Name         string          `json:"name"`
	Called       localized       `json:"name_localizations,omitempty"`
	Description  string          `json:"description"`
	Described    localized       `json:"description_localizations,omitempty"`
	Autocomplete bool            `json:"autocomplete,omitempty"`
	Choices      []choice        `json:"choices,omitempty"`
	MaxLength    int             `json:"max_length,omitempty"`
	Options      []commandOption `json:"options,omitempty"`
}

// localized is a text in other languages than English, by Discord's names for them.
type localized map[string]string

// inChinese is what Discord's name for simplified Chinese is.
const inChinese = "zh-CN"

// spoken is an option with its name and description in Chinese beside the English
// ones. Where one of the two is missing Discord shows the English one.
func spoken(o commandOption, help bot.Sentence) commandOption {
	zh := words.Words{Voice: bot.Voice{Lang: bot.Zh}}.For(help)
	o.Description = shorten(help.String(), mostOption)
	if zh.Lang == bot.Zh {
		o.Described = localized{inChinese: shorten(zh.Text(help), mostOption)}
	}
	name := words.OptionCalled(o.Name, bot.Zh)
	if o.Type == subcommand {
		name = words.Called(o.Name, bot.Zh)
	}
	if name != o.Name {
		o.Called = localized{inChinese: name}
	}
	return o
}

type optionType int

const (
	subcommand       optionType = 1
	stringOption     optionType = 3
	integerOption    optionType = 4
	attachmentOption optionType = 11
)

// Names of options that are bare words where commands are typed as text.
const (
	firstModel  = "model"
	secondModel = "against"
	tastingID   = "tasting"
	commandName = "command"
	fileName    = "file"
)

const (
	forAll    = "tastetest"
	forAdmins = "tastetest-admin"
	inGuilds  = 0
	onGuilds  = 0 // installed on a server, not by one person for themself
)

// commands is the core's table as typed subcommands. Discord knows who may use
// a command only as a whole, and everybody may use some of the table; so what
// only admins may do is a command of its own, which others do not see. It is a
// courtesy: the core checks who may.
func (o Options) commands() []registered {
	needs := strconv.Itoa(int(manageServer))
	all := registered{Name: forAll, Description: "Blind taste tests of two models' answers", Type: 1, Contexts: []int{inGuilds}, Installed: []int{onGuilds}}
	admins := registered{Name: forAdmins, Description: "Start and end blind taste tests", Type: 1, Contexts: []int{inGuilds}, Installed: []int{onGuilds}, Needs: &needs}
	for _, spec := range command.Table() {
		if spec.Page {
			continue
		}
		if o.commandOf(spec) == forAdmins {
			admins.Options = append(admins.Options, subcommandOf(spec))
		} else {
			all.Options = append(all.Options, subcommandOf(spec))
		}
	}
	if !o.AdminsOnly {
		return []registered{all}
	}
	return []registered{all, admins}
}

// commandOf is the command that spec is a subcommand of.
func (o Options) commandOf(spec command.Spec) string {
	if o.AdminsOnly && spec.Who != command.Anyone {
		return forAdmins
	}
	return forAll
}

func subcommandOf(spec command.Spec) commandOption {
	sub := spoken(commandOption{Type: subcommand, Name: spec.Name}, spec.Help)
	add := func(o commandOption) { sub.Options = append(sub.Options, o) }
	if spec.Models {
		add(spoken(commandOption{Type: stringOption, Name: firstModel, Autocomplete: true}, bot.Say("one of the two models")))
		add(spoken(commandOption{Type: stringOption, Name: secondModel, Autocomplete: true}, bot.Say("the other one")))
	}
	if spec.ID {
		add(spoken(commandOption{Type: stringOption, Name: tastingID, Autocomplete: true}, bot.Say("its number, if several would do")))
	}
	if spec.Name == "help" {
		o := spoken(commandOption{Type: stringOption, Name: commandName}, bot.Say("about which command"))
		for _, c := range command.Table() {
			if !c.Page {
				o.Choices = append(o.Choices, choice{c.Name, c.Name})
			}
		}
		add(o)
	}
	for _, s := range spec.Options {
		add(typedOption(s))
	}
	if spec.Form && spec.Models {
		add(spoken(commandOption{Type: attachmentOption, Name: fileName}, bot.Say("your own prompts, or finished answers: CSV, JSONL, YAML or promptfoo’s JSON")))
	}
	return sub
}

func typedOption(s command.Option) commandOption {
	o := spoken(commandOption{Type: stringOption, Name: s.Name}, s.Help)
	switch s.Type {
	case command.NumberValue:
		o.Type = integerOption
	case command.OneOfValue:
		for _, v := range s.Values {
			o.Choices = append(o.Choices, choice{v, v})
		}
	case command.PackValue, command.TimeValue, command.CategoryValue, command.ModelValue, command.ZoneValue:
		o.Autocomplete = true
	case command.TextValue:
		o.MaxLength = mostInput
	}
	return o
}

// register makes Discord know the commands, unless it does already: a day
// allows 200 new ones. Where they are not wanted any more they are taken away:
// registered for all and for one server, they would be offered there twice.
func (r *running) register(app string, guilds []string, first bool) {
	if first {
		wanted := r.chat.opt.commands()
		if len(r.chat.opt.Guilds) == 0 {
			r.registerUntil("applications/"+app+"/commands", wanted)
		} else {
			r.registerUntil("applications/"+app+"/commands", nil)
		}
		for _, g := range r.chat.opt.Guilds {
			r.registerUntil("applications/"+app+"/guilds/"+g+"/commands", ofOneGuild(wanted))
		}
	}
	for _, g := range guilds {
		if !slices.Contains(r.chat.opt.Guilds, g) {
			r.registerUntil("applications/"+app+"/guilds/"+g+"/commands", nil)
		}
	}
}

// registerUntil tries until Discord has heard or refused.
func (r *running) registerUntil(path string, wanted []registered) {
	_, _ = backoff.Retry(r.ctx, func() (struct{}, error) {
		err := r.registerAt(path, wanted)
		if err != nil {
			r.chat.log.Warn("register the commands", "err", err)
		}
		if refused, ok := errors.AsType[*apiError](err); ok && refused.status < 500 {
			err = backoff.Permanent(err) // it will be refused again
		}
		return struct{}{}, err
	}, backoff.WithBackOff(reconnecting()), backoff.WithMaxElapsedTime(0))
}

func (r *running) registerAt(path string, wanted []registered) error {
	var known []registered
	if err := r.chat.call(r.ctx, request{doing: "list the commands", method: "GET", path: path + "?with_localizations=true"}, &known); err != nil {
		return err
	}
	if strings.Contains(path, "/guilds/") {
		known = ofOneGuild(known)
	}
	if same(known, wanted) || len(known)+len(wanted) == 0 {
		return nil
	}
	r.chat.log.Info("register the commands")
	return r.chat.call(r.ctx, request{doing: "register the commands", method: "PUT", path: path, body: append([]registered{}, wanted...)}, nil)
}

// ofOneGuild leaves out what Discord keeps of commands for all servers alone:
// what it says of others' is its own.
func ofOneGuild(all []registered) []registered {
	all = slices.Clone(all)
	for i := range all {
		all[i].Contexts, all[i].Installed = nil, nil
	}
	return all
}

// same compares two lists, whose order does not matter.
func same(a, b []registered) bool {
	byName := func(a, b registered) int { return strings.Compare(a.Name, b.Name) }
	a, b = slices.SortedFunc(slices.Values(a), byName), slices.SortedFunc(slices.Values(b), byName)
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
