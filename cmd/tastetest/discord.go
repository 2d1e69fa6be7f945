package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strconv"

	"github.com/tastetest/tastetest/adapters/discord"
)

// discordSettings are the bot on Discord; no token: no Discord.
type discordSettings struct {
	TokenEnv  string   `yaml:"token_env"`
	TokenFile string   `yaml:"token_file"`
	APIURL    string   `yaml:"api_url"`
	Guilds    []string `yaml:"guilds"` // IDs of servers
}

func (s discordSettings) token() secret {
	return secret{"discord.token", s.TokenEnv, s.TokenFile}
}

func (s discordSettings) configured() bool { return s.token().configured() }

// check returns what is wrong, and where below $.discord.
func (s discordSettings) check() (path, problem string) {
	if problem := checkSecret(s.TokenEnv, s.TokenFile); problem != "" {
		return ".token_env", problem
	}
	if u, err := url.Parse(s.APIURL); s.APIURL != "" && (err != nil || u.Host == "") {
		return ".api_url", "write the whole address, as https://discord.com/api/v10"
	}
	for i, g := range s.Guilds {
		if _, err := strconv.ParseUint(g, 10, 64); err != nil {
			return fmt.Sprintf(".guilds[%d]", i), "write a server's ID, a long number; in Discord, with the developer mode on, a right click on the server copies it"
		}
	}
	if !s.configured() && (s.APIURL != "" || len(s.Guilds) > 0) {
		return "", "write where the bot's token is, token_env: DISCORD_TOKEN"
	}
	return "", ""
}

// discordChat reads the token and makes the chat. starts, and acts, may be nil if it is
// not run.
func (s settings) discordChat(log *slog.Logger, starts discord.Ledger, acts func() error) (*discord.Chat, error) {
	token, err := s.Discord.token().read()
	if err != nil {
		return nil, err
	}
	sessions, _ := starts.(discord.Sessions) // a file has no replicas that could take over
	shares, _ := starts.(discord.Shares)
	return discord.New(log, discord.Options{Token: token, APIURL: s.Discord.APIURL, Guilds: s.Discord.Guilds, AdminsOnly: s.adminsOnly("discord"), Starts: starts, Sessions: sessions, Shares: shares, Acts: acts})
}

func lookAtDiscord(ctx context.Context, s settings) []diagnosis {
	if !s.Discord.configured() {
		return []diagnosis{{"Discord", true, "not configured; adapters/discord/README.md says how"}}
	}
	chat, err := s.discordChat(slog.New(slog.NewTextHandler(io.Discard, nil)), nil, nil)
	if err != nil {
		return []diagnosis{{"Discord", false, err.Error()}}
	}
	var all []diagnosis
	for _, f := range chat.Check(ctx) {
		all = append(all, diagnosis{"Discord, " + f.What, f.OK, f.Say})
	}
	return all
}

type discordCommand struct {
	Invite discordInviteCommand `cmd:"" help:"Print the link with which the bot is added to a server."`
}

type discordInviteCommand struct {
	fileFlags
	App string `placeholder:"ID" help:"The application's ID. Left out: Discord is asked, with the token that the configuration names."`
}

// Run prints the link. It asks for exactly the permissions that the bot needs.
func (c discordInviteCommand) Run(ctx context.Context, std streams) error {
	if c.App == "" {
		s, err := c.read()
		if err != nil {
			return err
		}
		if !s.Discord.configured() {
			return usageError("no token is configured; write discord: token_env: DISCORD_TOKEN into " + s.file + ", or --app ID")
		}
		chat, err := s.discordChat(slog.New(slog.NewTextHandler(io.Discard, nil)), nil, nil)
		if err != nil {
			return err
		}
		app, err := chat.App(ctx)
		if err != nil {
			return fmt.Errorf("make the link: %w", err)
		}
		c.App = app.ID
	}
	if _, err := strconv.ParseUint(c.App, 10, 64); err != nil {
		return usageError("an application's ID is a long number; the developer portal shows it under “General Information”")
	}
	_, err := fmt.Fprintln(std.out, discord.InviteURL(c.App))
	return err
}
