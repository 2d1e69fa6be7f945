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
}

// A diagnosis is one thing that was looked at.
type diagnosis struct {
	what string
	ok   bool
	say  string // what was found, or what to do
}

// Run looks at everything that must be right before the bot can run, and says
// of each what is fine or what to click. It asks no model.
func (c doctorCommand) Run(ctx context.Context, std streams) error {
	s, err := c.read()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var all []diagnosis
	for _, look := range []func(context.Context, settings) []diagnosis{lookAtFile, lookAtModels, lookAtSlack, lookAtDiscord} {
		all = append(all, look(ctx, s)...)
	}
	bad := 0
	for _, d := range all {
		mark := "ok  "
		if !d.ok {
			mark = "FIX "
			bad++
		}
		if _, err := fmt.Fprintf(std.out, "%s %s: %s\n", mark, d.what, d.say); err != nil {
			return err
		}
	}
	switch bad {
	case 0:
		fmt.Fprintln(std.out, "\nAll is well. Start it: tastetest run")
		return nil
	case 1:
		return fmt.Errorf("one thing needs a hand; it is marked FIX above")
	}
	return fmt.Errorf("%d things need a hand; they are marked FIX above", bad)
}

func lookAtFile(_ context.Context, s settings) []diagnosis {
	all := []diagnosis{{s.file, true, "well written"}}
	if _, err := prompts.Open(s.Packs); err != nil {
		all = append(all, diagnosis{"packs", false, err.Error()})
	}
	return all
}

func lookAtModels(_ context.Context, s settings) []diagnosis {
	if len(s.Models) < 2 {
		return []diagnosis{{"models", true, "fewer than two; finished answers can be pasted and uploaded"}}
	}
	all := []diagnosis{{"models", true, fmt.Sprintf("%d are configured", len(s.Models))}}
	for _, m := range s.Models {
		if _, err := m.apiKey().read(); err != nil {
			all = append(all, diagnosis{"model " + m.Name, false, err.Error()})
		}
	}
	return all
}

func lookAtSlack(ctx context.Context, s settings) []diagnosis {
	if !s.Slack.configured() {
		return []diagnosis{{"Slack", true, "not configured; adapters/slack/README.md says how"}}
	}
	s.Slack.Listen = "" // the bot may be listening there already
	var all []diagnosis
	chat, err := s.Slack.findings(ctx)
	if err != nil {
		for problem := range strings.SplitSeq(err.Error(), "\n") { // one a secret that is missing
			all = append(all, diagnosis{"Slack", false, problem + " (adapters/slack/README.md says where to find it)"})
		}
		return all
	}
	for _, f := range chat {
		all = append(all, diagnosis{"Slack, " + f.What, f.OK, f.Say})
	}
	return all
}

// findings asks Slack about every workspace.
func (s slackSettings) findings(ctx context.Context) ([]slack.Checked, error) {
	chat, err := s.chat(slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		return nil, err
	}
	return chat.Check(ctx), nil
}
