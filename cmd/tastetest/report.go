package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/tastetest/tastetest/adapters/votefile"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/bot/say"
)

type reportCommand struct {
	storeFlags
	Out      string `arg:"" placeholder:"OUT.html" help:"Write the page to this new file; - for standard output."`
	Place    string `placeholder:"PLATFORM/ID/CHANNEL" help:"Of this channel; needed only if tests were revealed in several."`
	Title    string `default:"Tastetest" help:"What the page is called (${default})."`
	Language string `enum:"en,zh," default:"" placeholder:"en|zh" help:"en or zh; left out: English, or what the configuration file says."`

	Model    string `help:"Only tests in which this model took part."`
	Pack     string `help:"Only prompts of this pack."`
	Category string `help:"Only prompts of this category."`
	Since    string `placeholder:"DAY" help:"Only tests that were revealed on this day or later, as 2026-11-01."`
	Until    string `placeholder:"DAY" help:"Only tests that were revealed on this day or before."`
}

func (reportCommand) Help() string {
	return `Writes what has been revealed as one page that needs no server: standings, cost beside taste, and every test with both answers and the votes. It has all within it and asks for nothing, so it can be sent, kept, or printed. Nothing of an open test is in it, and no voter. It works while the bot runs, too.

    tastetest report results.html
    tastetest report november.html --since 2026-11-01 --until 2026-11-30 --category humour`
}

// Run writes the page.
func (c reportCommand) Run(ctx context.Context, std streams) error {
	lang, zone := bot.Lang(c.Language), time.UTC
	if s, err := c.read(); err == nil { // a store can be read without a configuration
		zone = s.zone
		if lang == "" {
			lang = bot.Lang(s.Language)
		}
	}
	filter, err := c.filter(zone)
	if err != nil {
		return err
	}
	return c.reading(ctx, logger(std.err), func(s bot.Store) error {
		at, err := c.place(ctx, s)
		if err != nil {
			return err
		}
		b := engine.New(slog.New(slog.DiscardHandler), s, engine.Options{TimeZone: zone, Language: lang})
		var page bytes.Buffer
		n, err := web.Report(ctx, &page, c.Title, b, at, filter, bot.Voice{Lang: lang, Zone: zone.String()})
		if err != nil {
			return err
		}
		name := c.Out
		if name == "-" {
			name = ""
		}
		if err := (exportCommand{}).to(name, std, func(w io.Writer) error { _, err := page.WriteTo(w); return err }); err != nil {
			return err
		}
		if name != "" {
			_, err = fmt.Fprintf(std.err, "%s written to %s.\n", say.Counted(n, "taste test"), name)
		}
		return err
	})
}

// filter is what the page is to have, by days of a zone.
func (c reportCommand) filter(zone *time.Location) (bot.Filter, error) {
	f := bot.Filter{Model: c.Model, Pack: c.Pack, Category: c.Category}
	for _, day := range []struct {
		flag, text string
		to         *time.Time
		more       int
	}{{"--since", c.Since, &f.Since, 0}, {"--until", c.Until, &f.Until, 1}} {
		if day.text == "" {
			continue
		}
		t, err := time.ParseInLocation(time.DateOnly, day.text, zone)
		if err != nil {
			return f, usageError("write " + day.flag + " as a day: " + day.flag + " " + time.Now().Format(time.DateOnly))
		}
		*day.to = t.AddDate(0, 0, day.more)
	}
	return f, nil
}

// place is the channel that was named, or the only one in which something was revealed.
func (c reportCommand) place(ctx context.Context, s bot.Store) (bot.Place, error) {
	if c.Place != "" {
		parts := strings.SplitN(c.Place, "/", 3)
		if len(parts) < 3 || slices.Contains(parts, "") {
			return bot.Place{}, usageError("write the channel as platform/id/channel, for example web/local/tasting-room")
		}
		return bot.Place{Workspace: bot.Workspace{Platform: parts[0], ID: parts[1]}, Channel: parts[2]}, nil
	}
	ws, err := s.Workspaces(ctx)
	if err != nil {
		return bot.Place{}, fmt.Errorf("list workspaces: %w", err)
	}
	var places []bot.Place
	for _, w := range ws {
		ts, err := s.Tastings(ctx, w, bot.Query{States: []bot.State{bot.Revealed}})
		if err != nil {
			return bot.Place{}, fmt.Errorf("list revealed tastings: %w", err)
		}
		for _, t := range ts {
			if !slices.Contains(places, t.Place) {
				places = append(places, t.Place)
			}
		}
	}
	switch len(places) {
	case 0:
		return bot.Place{}, usageError("no taste test has been revealed yet, so there is nothing to report")
	case 1:
		return places[0], nil
	}
	var named []string
	for _, p := range places {
		named = append(named, p.Platform+"/"+p.Workspace.ID+"/"+p.Channel)
	}
	slices.Sort(named)
	return bot.Place{}, usageError("tests were revealed in several channels; name one with --place: " + say.Listed(named, 10))
}

// seenVotes are the votes behind a page of results, as a file.
func seenVotes(s bot.Store) func(context.Context, bot.Place, bot.Filter) (web.VoteFile, error) {
	return func(ctx context.Context, at bot.Place, f bot.Filter) (web.VoteFile, error) {
		rows, err := votefile.Seen(ctx, s, at, f)
		if err != nil {
			return nil, err
		}
		return func(out io.Writer, jsonl bool) error {
			if jsonl {
				return votefile.WriteJSONL(out, rows)
			}
			return votefile.WriteCSV(out, rows, true)
		}, nil
	}
}
