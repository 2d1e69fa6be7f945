package main

import (
	"context"
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/standings"
)

type routeCommand struct {
	storeFlags
	JSON      bool   `help:"Print the table as JSON, for a router; null where it cannot be said."`
	Workspace string `placeholder:"PLATFORM/ID" help:"Of this workspace; needed only if there are several."`
}

func (routeCommand) Help() string {
	return `For each category of prompts, the cheapest model that is shown to be not worse than the best one by more than ten points: of votes between the two it has 40% or more, by the lower end of the 95% interval, equal and both bad as half. Where that cannot be said yet stands null, and about how many prompts would do. The category "" is of all prompts.

    tastetest route --json > routes.json`
}

// A routeJSON is one line of the table.
type routeJSON struct {
	Category string   `json:"category"`
	Model    *string  `json:"model"` // null: it cannot be said
	Best     string   `json:"best"`
	Share    float64  `json:"share_against_best"`
	Low      float64  `json:"lower_end"`
	Saves    *float64 `json:"saves_usd_per_1000"`
	Prompts  int      `json:"prompts"`
	Needed   *int     `json:"prompts_needed"` // null: nothing is needed, or no number is known to do
}

// Run prints the table.
func (c routeCommand) Run(ctx context.Context, std streams) error {
	only, err := parseWorkspace(c.Workspace)
	if err != nil {
		return err
	}
	return c.reading(ctx, logger(std.err), func(s bot.Store) error {
		w, err := oneWorkspace(ctx, s, only)
		if err != nil {
			return err
		}
		ts, err := s.Tastings(ctx, w, bot.Query{States: []bot.State{bot.Revealed}})
		if err != nil {
			return fmt.Errorf("list the revealed tastings: %w", err)
		}
		cells, err := s.Cells(ctx, w)
		if err != nil {
			return fmt.Errorf("look for who leaned which way: %w", err)
		}
		return c.print(std, standings.Routes(ts, cells, standings.Scope{}))
	})
}

// oneWorkspace is the one that was named, or the only one.
func oneWorkspace(ctx context.Context, s bot.Store, only *bot.Workspace) (bot.Workspace, error) {
	if only != nil {
		return *only, nil
	}
	ws, err := s.Workspaces(ctx)
	switch {
	case err != nil:
		return bot.Workspace{}, fmt.Errorf("list workspaces: %w", err)
	case len(ws) == 0:
		return bot.Workspace{}, nil // nothing was tasted yet
	case len(ws) > 1:
		return bot.Workspace{}, usageError(fmt.Sprintf("there are %d workspaces; name one, for example --workspace %s/%s", len(ws), ws[0].Platform, ws[0].ID))
	}
	return ws[0], nil
}

func (c routeCommand) print(std streams, routes []standings.Route) error {
	if c.JSON {
		all := []routeJSON{}
		for _, r := range routes {
			usd := float64(r.Saves.Pico) / picoPerUSD
			all = append(all, routeJSON{
				Category: r.Category, Model: known(r.Model, r.Model != ""), Best: r.Best, Share: r.Share, Low: r.Low,
				Saves: known(usd, r.Model != ""), Prompts: r.Prompts, Needed: known(r.Needed, r.Needed > 0),
			})
		}
		w := json.NewEncoder(forPrograms(std.out))
		w.SetIndent("", "  ")
		if err := w.Encode(map[string]any{"routes": all}); err != nil {
			return fmt.Errorf("write the routes: %w", err)
		}
		return nil
	}
	if len(routes) == 0 {
		_, err := fmt.Fprintln(std.out, "No model is ranked yet whose cost is known.")
		return err
	}
	w := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "category\ttake\tbest\tsaves per 1,000\tprompts")
	for _, r := range routes {
		take, saves, category := r.Model, bot.Money(r.Saves.Pico).String(), r.Category
		if category == "" {
			category = "(all)"
		}
		if take == "" {
			take, saves = "cannot be said yet", unknown
			if r.Needed > 0 {
				take += fmt.Sprintf("; about %d prompts would do", r.Needed)
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\n", category, take, r.Best, saves, r.Prompts)
	}
	return w.Flush()
}
