package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/tastetest/tastetest/adapters/slack"
	"github.com/tastetest/tastetest/prompts"
)

type doctorCommand struct {
	fileFlags
	NoModels bool `help:"Ask no model, so that it costs nothing."`
}

// A diagnosis is one thing that was looked at.
type diagnosis struct {
	what string
	ok   bool
	say  string // what was found, or what to do
}

// doctorsTime is for everything but the models, which have times of their own.
const doctorsTime = time.Minute

// Run looks at everything that must be right before the bot can run, and says
// of each what is fine or what to click. Every model is asked one small question,
// as nothing else tells whether it answers.
func (c doctorCommand) Run(ctx context.Context, std streams) error {
	s, err := c.read()
	if err != nil {
		return err
	}
	bad := 0
	show := func(all []diagnosis) (err error) {
		for _, d := range all {
			mark := "ok  "
			if !d.ok {
				mark = "FIX "
				bad++
			}
			if _, err = fmt.Fprintf(std.out, "%s %s: %s\n", mark, d.what, d.say); err != nil {
				return err
			}
		}
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, doctorsTime)
	defer cancel()
	for _, look := range []func(context.Context, settings) []diagnosis{lookAtFile, lookAtSlack, lookAtDiscord, lookAtRobots, lookAtModels} {
		if err := show(look(limited, s)); err != nil {
			return err
		}
	}
	if !c.NoModels {
		if err := show(askModels(ctx, std.out, s)); err != nil {
			return err
		}
	}
	if old := s.oldPrices(time.Now()); len(old) > 0 {
		fmt.Fprintf(std.out, "\n"+lookUpPrices+"\n", strings.Join(old, ", "))
	}
	switch {
	case bad == 1:
		return fmt.Errorf("one thing needs a hand; it is marked FIX above")
	case bad > 1:
		return fmt.Errorf("%d things need a hand; they are marked FIX above", bad)
	case c.NoModels && len(s.Models) > 0:
		fmt.Fprintln(std.out, "\nAll that was looked at is well; no model was asked. Start it: tastetest run")
	default:
		fmt.Fprintln(std.out, "\nAll is well. Start it: tastetest run")
	}
	return nil
}

func lookAtFile(_ context.Context, s settings) []diagnosis {
	all := []diagnosis{{s.file, true, "well written"}}
	if _, err := prompts.Open(s.Packs); err != nil {
		all = append(all, diagnosis{"packs", false, err.Error()})
	}
	return all
}

func lookAtSlack(ctx context.Context, s settings) []diagnosis {
	if !s.Slack.configured() {
		return []diagnosis{{"Slack", true, "not configured; adapters/slack/README.md says how"}}
	}
	s.Slack.Listen = "" // the bot may be listening there already
	var all []diagnosis
	busy := running(s.Store)
	chat, err := s.Slack.findings(ctx, !busy)
	if err != nil {
		for problem := range strings.SplitSeq(err.Error(), "\n") { // one a secret that is missing
			all = append(all, diagnosis{"Slack", false, problem + " (adapters/slack/README.md says where to find it)"})
		}
		return all
	}
	if busy {
		seen, err := noticed(ctx, s.Store)
		if err != nil {
			all = append(all, diagnosis{"Slack", false, err.Error()})
		}
		chat = append(chat, seen...)
	}
	for _, f := range chat {
		all = append(all, diagnosis{"Slack, " + f.What, f.OK, f.Say})
	}
	return all
}

// findings asks Slack about every workspace.
func (s slackSettings) findings(ctx context.Context, idle bool) ([]slack.Checked, error) {
	chat, err := s.chat(slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		return nil, err
	}
	return chat.Check(ctx, idle), nil
}
