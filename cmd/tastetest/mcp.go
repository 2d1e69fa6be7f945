package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tastetest/tastetest/bot"
)

type mcpCommand struct{ keyFlags }

func (mcpCommand) Help() string {
	return `An assistant that speaks the Model Context Protocol can ask the team, through a running bot, which of two texts is better, and read results, standings and judges. It gets a ticket and looks again later: people take hours.

The key is one of those under “gates” in the bot's configuration. It may do what its owner may do by hand at its place, and nothing tells it more than people are told: before the reveal nothing of what they voted.

    {"mcpServers": {"tastetest": {"command": "tastetest", "args": ["mcp"], "env": {"TASTETEST_GATE_KEY": "…"}}}}`
}

// Run serves until standard input ends.
func (c mcpCommand) Run(ctx context.Context, _ streams) error {
	if err := c.server().Run(ctx, &mcp.StdioTransport{}); err != nil && ctx.Err() == nil {
		return fmt.Errorf("serve an assistant: %w", err)
	}
	return nil
}

type askTeamInput struct {
	Name   string         `json:"name" jsonschema:"what this comparison is called; the same name with the same texts gives the same ticket"`
	Pairs  []askTeamPair  `json:"pairs" jsonschema:"one to twenty prompts, each with two texts; a verdict needs five"`
	First  string         `json:"first,omitempty" jsonschema:"what the first texts are called at the reveal"`
	Second string         `json:"second,omitempty" jsonschema:"what the second texts are called at the reveal"`
	Until  string         `json:"until,omitempty" jsonschema:"when voting ends, as 1d or Thu 17:00"`
	Ballot bot.BallotKind `json:"ballot,omitempty" jsonschema:"private (the default) or reaction"`
}

type askTeamPair struct {
	Prompt string `json:"prompt" jsonschema:"what both texts answer"`
	First  string `json:"first" jsonschema:"one text"`
	Second string `json:"second" jsonschema:"the other text"`
}

type ticketInput struct {
	Ticket string `json:"ticket" jsonschema:"what ask_team returned"`
}

type standingsInput struct {
	Category string `json:"category,omitempty" jsonschema:"prompts of one kind only"`
}

// server has the tools. None of them waits for people.
func (c mcpCommand) server() *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "tastetest", Version: version()}, nil)
	mcp.AddTool(s, &mcp.Tool{Name: "ask_team", Description: "Ask the team, blind, which of two texts is better. Returns a ticket at once; people take hours."}, c.askTeam)
	mcp.AddTool(s, &mcp.Tool{Name: "read_result", Description: "How a comparison stands: pending until its reveal, then the votes and what they show."}, c.readResult)
	mcp.AddTool(s, &mcp.Tool{Name: "standings", Description: "All models ranked by the team's revealed taste tests."},
		func(ctx context.Context, _ *mcp.CallToolRequest, in standingsInput) (*mcp.CallToolResult, saidAnswer, error) {
			return c.said(ctx, url.Values{"what": {"standings"}, "category": {in.Category}})
		})
	mcp.AddTool(s, &mcp.Tool{Name: "judges", Description: "Which judge model shares this team's taste."},
		func(ctx context.Context, _ *mcp.CallToolRequest, _ struct{}) (*mcp.CallToolResult, saidAnswer, error) {
			return c.said(ctx, url.Values{"what": {"judges"}})
		})
	return s
}

func (c mcpCommand) askTeam(ctx context.Context, _ *mcp.CallToolRequest, in askTeamInput) (*mcp.CallToolResult, gateAnswer, error) {
	req := gateRequest{Name: in.Name, Ask: bot.Preferred, Models: [2]string{"first text", "second text"}, Until: in.Until, Ballot: string(bot.Private), Voters: 8}
	if in.First != "" && in.Second != "" {
		req.Models = [2]string{in.First, in.Second}
	}
	if in.Ballot != "" {
		req.Ballot = string(in.Ballot)
	}
	for _, p := range in.Pairs {
		req.Rows = append(req.Rows, gateRow{Prompt: p.Prompt, Answers: [2]string{p.First, p.Second}})
	}
	body, err := json.Marshal(req)
	if err != nil {
		return nil, gateAnswer{}, fmt.Errorf("ask the team: %w", err)
	}
	a, err := askBot[gateAnswer](ctx, c.keyFlags, http.MethodPost, "/gate", body)
	return nil, a, err
}

func (c mcpCommand) readResult(ctx context.Context, _ *mcp.CallToolRequest, in ticketInput) (*mcp.CallToolResult, gateAnswer, error) {
	a, err := askBot[gateAnswer](ctx, c.keyFlags, http.MethodGet, "/gate?"+url.Values{"ticket": {in.Ticket}}.Encode(), nil)
	return nil, a, err
}

func (c mcpCommand) said(ctx context.Context, what url.Values) (*mcp.CallToolResult, saidAnswer, error) {
	a, err := askBot[saidAnswer](ctx, c.keyFlags, http.MethodGet, "/gate/said?"+what.Encode(), nil)
	return nil, a, err
}
