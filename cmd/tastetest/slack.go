package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"

	"github.com/goccy/go-yaml"

	"github.com/tastetest/tastetest/adapters/slack"
)

// slackSettings are the workspaces in which the bot runs; none: no Slack.
type slackSettings struct {
	Listen     string           `yaml:"listen"` // for events over HTTP
	Path       string           `yaml:"path"`
	APIURL     string           `yaml:"api_url"`
	Workspaces []slackWorkspace `yaml:"workspaces"`
}

type slackWorkspace struct {
	Name              string   `yaml:"name"`
	BotTokenEnv       string   `yaml:"bot_token_env"`
	BotTokenFile      string   `yaml:"bot_token_file"`
	AppTokenEnv       string   `yaml:"app_token_env"`
	AppTokenFile      string   `yaml:"app_token_file"`
	SigningSecretEnv  string   `yaml:"signing_secret_env"`
	SigningSecretFile string   `yaml:"signing_secret_file"`
	Admins            []string `yaml:"admins"` // Slack user IDs
	AllowGuests       bool     `yaml:"allow_guests"`
	AllowShared       bool     `yaml:"allow_shared_channels"`
}

func (w slackWorkspace) botToken() secret {
	return secret{"slack." + w.Name + ".bot_token", w.BotTokenEnv, w.BotTokenFile}
}

func (w slackWorkspace) appToken() secret {
	return secret{"slack." + w.Name + ".app_token", w.AppTokenEnv, w.AppTokenFile}
}

func (w slackWorkspace) signingSecret() secret {
	return secret{"slack." + w.Name + ".signing_secret", w.SigningSecretEnv, w.SigningSecretFile}
}

func (s slackSettings) configured() bool { return len(s.Workspaces) > 0 }

// overHTTP reports whether a workspace has its events sent over HTTP.
func (s slackSettings) overHTTP() bool {
	return slices.ContainsFunc(s.Workspaces, func(w slackWorkspace) bool { return w.signingSecret().configured() })
}

// check returns what is wrong, and where below $.slack.
func (s slackSettings) check() (path, problem string) {
	seen := make(map[string]bool)
	for i, w := range s.Workspaces {
		at := fmt.Sprintf(".workspaces[%d]", i)
		for key, x := range map[string]secret{".bot_token_env": w.botToken(), ".app_token_env": w.appToken(), ".signing_secret_env": w.signingSecret()} {
			if problem := checkSecret(x.env, x.file); problem != "" {
				return at + key, problem
			}
		}
		switch {
		case w.Name == "":
			return at, "give the workspace a name, for logs: name: acme"
		case seen[w.Name]:
			return at + ".name", "two workspaces have this name; give each one of its own"
		case !w.botToken().configured():
			return at + ".name", "write where its bot token is, bot_token_env: SLACK_BOT_TOKEN"
		case w.appToken().configured() == w.signingSecret().configured():
			return at + ".name", "write app_token_env for Socket Mode, or signing_secret_env for events over HTTP: one of the two"
		case w.signingSecret().configured() && s.Listen == "":
			return at + ".name", "events over HTTP need an address to listen on; write slack: listen: 127.0.0.1:3000"
		}
		seen[w.Name] = true
	}
	if s.Listen != "" && !isAddress(s.Listen) {
		return ".listen", "this is not an address; write one with a port, as 127.0.0.1:3000"
	}
	if u, err := url.Parse(s.APIURL); s.APIURL != "" && (err != nil || u.Host == "") {
		return ".api_url", "write the whole address, as https://slack.com/api/"
	}
	return "", ""
}

// chat reads the secrets and makes the chat. replicas: other ones may run.
func (s slackSettings) chat(log *slog.Logger, acts func() error, replicas bool) (*slack.Chat, error) {
	o := slack.Options{APIURL: s.APIURL, Path: s.Path, Acts: acts, Replicas: replicas}
	for _, w := range s.Workspaces {
		x := slack.Workspace{Name: w.Name, Admins: w.Admins, AllowGuests: w.AllowGuests, AllowShared: w.AllowShared}
		var errs [3]error
		x.BotToken, errs[0] = w.botToken().read()
		x.AppToken, errs[1] = w.appToken().read()
		x.SigningSecret, errs[2] = w.signingSecret().read()
		if err := errors.Join(errs[:]...); err != nil {
			return nil, err
		}
		o.Workspaces = append(o.Workspaces, x)
	}
	return slack.New(log, o)
}

type slackCommand struct {
	Manifest slackManifestCommand `cmd:"" help:"Print the app's description, to paste into Slack's form for a new app."`
}

type slackManifestCommand struct {
	URL string `placeholder:"URL" help:"Where Slack reaches the bot, for events over HTTP. Left out: Socket Mode, which needs no address."`
	Few bool   `help:"Leave the optional scopes out."`
}

// Run prints the manifest as YAML.
func (c slackManifestCommand) Run(_ context.Context, std streams) error {
	if u, err := url.Parse(c.URL); c.URL != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		return usageError("Slack takes https addresses only; write --url https://tastetest.example.com/slack/events")
	}
	text, err := yaml.Marshal(slack.NewManifest(c.URL, !c.Few))
	if err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	_, err = std.out.Write(text)
	return err
}
