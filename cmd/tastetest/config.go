package main

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/tastetest/tastetest/adapters/llm"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/store/postgres"
)

//go:embed example.yaml
var example string

// fileFlags say which configuration file to read, and where data is kept.
type fileFlags struct {
	Config string `short:"c" placeholder:"FILE" env:"TASTETEST_CONFIG" default:"tastetest.yaml" help:"The configuration file (${default})."`
	Data   string `placeholder:"DIR" env:"TASTETEST_DATA" help:"Keep the store in this folder, whatever the file says; a database stays where it is."`
}

func (f fileFlags) read() (settings, error) {
	s, err := readSettings(f.Config)
	if err == nil && f.Data != "" && !postgres.Named(s.Store) {
		s.Store = filepath.Join(f.Data, filepath.Base(s.Store))
	}
	return s, err
}

type configCommand struct {
	fileFlags
	Example bool     `help:"Print an annotated example to start from."`
	For     []string `placeholder:"slack,openai" help:"Of the example only these parts: slack, discord, notify (robots of Feishu, DingTalk, WeCom), openai, anthropic, deepseek, xai, gemini, openrouter, qwen, ollama, answers (finished ones, in a file), briefings (two system texts on one model)."`
}

// Run checks the file, and every secret and every file of answers that it speaks of.
func (c configCommand) Run(_ context.Context, std streams) error {
	if c.Example {
		text := example
		if len(c.For) > 0 {
			var err error
			if text, err = exampleFor(c.For); err != nil {
				return err
			}
		}
		_, err := io.WriteString(std.out, text)
		return err
	}
	if len(c.For) > 0 {
		return usageError("--for says which parts of the example are printed; write tastetest config --example --for " + strings.Join(c.For, ","))
	}
	s, err := c.read()
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	missing := s.print(w)
	if err := w.Flush(); err != nil {
		return fmt.Errorf("print the configuration: %w", err)
	}
	if old := s.oldPrices(time.Now()); len(old) > 0 {
		fmt.Fprintf(std.out, "\n"+lookUpPrices+"\n", strings.Join(old, ", "))
	}
	faults := s.faults()
	switch missing {
	case 0:
	case 1:
		faults = append(faults, fmt.Errorf("%s is well written, but one secret is missing; it is marked above", s.file))
	default:
		faults = append(faults, fmt.Errorf("%s is well written, but %d secrets are missing; they are marked above", s.file, missing))
	}
	if len(faults) == 0 {
		fmt.Fprintf(std.out, "\n%s is fine.\n", s.file)
	}
	return errors.Join(faults...)
}

// faults are what is wrong with the page's keys and the models' answers, apart
// from secrets that are missing.
func (s settings) faults() []error {
	var all []error
	missing := func(x secret) bool { _, err := x.read(); return err != nil }
	if !missing(s.Web.secret()) && !missing(s.Web.adminKey()) {
		if _, _, err := s.Web.keys(s.Web.Listen); err != nil {
			all = append(all, err)
		}
	}
	for _, m := range s.Models {
		if m.File == "" {
			continue
		}
		if _, err := m.answers(); err != nil {
			all = append(all, err)
		}
	}
	return all
}

// print writes s with secrets hidden, and returns how many cannot be read. It
// is a list of all settings in the order of the file; one that is missing here
// is noticed by nobody.
func (s settings) print(w io.Writer) (missing int) {
	state := func(x secret) string {
		if _, err := x.read(); err != nil {
			missing++
		}
		return x.state()
	}
	row := func(name string, v any) { fmt.Fprintf(w, "%s\t%v\n", name, v) }
	served := func(m modelSettings) {
		host := "?"
		if u, err := url.Parse(m.BaseURL); err == nil {
			host = u.Host
		}
		row("  "+m.Name, fmt.Sprintf("%s at %s · key %s · %s", m.Model, host, state(m.apiKey()), priceLine(m.Price)))
		for _, h := range sortedKeys(m.HeadersEnv) {
			row("", fmt.Sprintf("  header %s %s", h, state(secret{key: h, env: m.HeadersEnv[h]})))
		}
	}
	row("store", postgres.Shown(s.Store))
	if s.storePassword().configured() {
		row("", "password "+state(s.storePassword()))
	}
	row("backup", s.Backup)
	row("retention", s.Retention)
	row("wait_for_votes", s.Wait)
	row("log_format", s.LogFormat)
	row("log_level", s.LogLevel)
	row("language", s.Language)
	row("time_zone", cmp.Or(s.TimeZone, "UTC, until one is set"))
	row("charts", s.Charts)
	row("digest", s.Digest)
	row("web.listen", s.Web.Listen)
	if s.Web.URL != "" {
		row("web.url", s.Web.URL)
	}
	if s.Web.Reach != "" {
		row("web.reach", s.Web.Reach)
	}
	row("web.title", s.Web.Title)
	row("web.channel", s.Web.Channel)
	if s.Web.Voters != "" {
		row("web.voters", s.Web.Voters)
	}
	row("web.secret", state(s.Web.secret()))
	row("web.admin_key", state(s.Web.adminKey()))
	row("web.trusted_proxies", s.Web.TrustedProxies)
	for _, x := range s.Slack.Workspaces {
		row("slack."+x.Name, "bot token "+state(x.botToken()))
		if x.appToken().configured() {
			row("", "app token "+state(x.appToken()))
		} else {
			row("", fmt.Sprintf("signing secret %s · listens on %s", state(x.signingSecret()), s.Slack.Listen))
		}
	}
	if s.Discord.configured() {
		row("discord", "token "+state(s.Discord.token()))
	}
	for _, r := range s.Notify {
		row("notify."+r.Robot, fmt.Sprintf("webhook %s · signing secret %s", state(r.url()), state(r.secret())))
	}
	row("starters", s.Starters)
	row("admins", cmp.Or(strings.Join(s.Admins, ", "), "none named"))
	row("usd_per_day", s.Limits.USDPerDay)
	row("usd_per_person_day", s.Limits.USDPerPersonDay)
	row("unknown_price_usd", s.Limits.UnknownPriceUSD)
	row("judges_usd_per_day", s.Limits.JudgesUSDPerDay)
	if s.Packs == "" {
		row("packs", "built in")
	} else {
		row("packs", "built in, and "+s.Packs)
	}
	row("models", len(s.Models))
	for _, m := range s.Models {
		if m.File != "" {
			found := "unreadable"
			if answers, err := m.answers(); err == nil {
				found = say.Counted(len(answers), "answer")
			}
			row("  "+m.Name, found+" from "+m.File)
			continue
		}
		served(m)
	}
	row("judges", len(s.Judges))
	for _, j := range s.Judges {
		served(j.model())
	}
	row("judge_all", s.JudgeAll)
	row("gates", len(s.Gates))
	for _, g := range s.Gates {
		row("  "+g.Name, fmt.Sprintf("as %s at %s · key %s", g.User, g.Place, state(g.key())))
	}
	return missing
}

func priceLine(p *llm.Price) string {
	switch {
	case p == nil:
		return "price unknown"
	case p.Input == 0 && p.Output == 0:
		return "local"
	}
	perMillion := func(u llm.USD) string { return usd(u * 1_000_000).String() }
	s := fmt.Sprintf("%s in, %s out per million tokens", perMillion(p.Input), perMillion(p.Output))
	if p.AsOf != "" {
		s += " (" + p.AsOf + ")"
	}
	return s
}
