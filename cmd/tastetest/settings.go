package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/bot/text"
	"github.com/tastetest/tastetest/store"
	"github.com/tastetest/tastetest/store/postgres"
)

// Settings are what tastetest.yaml says; example.yaml explains each of them.
// Relative paths are relative to the file's folder.
type settings struct {
	Store             string          `yaml:"store"`
	StorePasswordEnv  string          `yaml:"store_password_env"`
	StorePasswordFile string          `yaml:"store_password_file"`
	Backup            backupSettings  `yaml:"backup"`
	Retention         retention       `yaml:"retention"`
	Wait              time.Duration   `yaml:"wait_for_votes"`
	LogFormat         string          `yaml:"log_format"`
	LogLevel          logLevel        `yaml:"log_level"`
	Language          string          `yaml:"language"`
	TimeZone          string          `yaml:"time_zone"`
	Charts            onOff           `yaml:"charts"`
	Digest            string          `yaml:"digest"`
	Web               webSettings     `yaml:"web"`
	Slack             slackSettings   `yaml:"slack"`
	Discord           discordSettings `yaml:"discord"`
	Notify            []robotSettings `yaml:"notify"`
	Starters          starters        `yaml:"starters"`
	Admins            []string        `yaml:"admins"`
	Limits            limitSettings   `yaml:"limits"`
	Packs             string          `yaml:"packs"`
	Models            []modelSettings `yaml:"models"`
	Judges            []judgeSettings `yaml:"judges"`
	JudgeAll          bool            `yaml:"judge_all"`
	Gates             []gateSettings  `yaml:"gates"`

	file   string
	zone   *time.Location
	weekly *command.WeekTime // nil: off
}

type webSettings struct {
	Listen       string `yaml:"listen"`
	URL          string `yaml:"url"`   // at which people open it
	Reach        string `yaml:"reach"` // at which other replicas do
	Title        string `yaml:"title"`
	Channel      string `yaml:"channel"`
	Voters       string `yaml:"voters"` // everyone, or links: those who came by a personal one
	SecretEnv    string `yaml:"secret_env"`
	SecretFile   string `yaml:"secret_file"`
	AdminKeyEnv  string `yaml:"admin_key_env"`
	AdminKeyFile string `yaml:"admin_key_file"`

	TrustedProxies proxies `yaml:"trusted_proxies"`
}

// secret is what a link must carry to be let in; adminKey makes an admin.
func (w webSettings) secret() secret   { return secret{"web.secret", w.SecretEnv, w.SecretFile} }
func (w webSettings) adminKey() secret { return secret{"web.admin_key", w.AdminKeyEnv, w.AdminKeyFile} }

// shared reports whether others than who sits at this machine come to the page.
func (w webSettings) shared() bool {
	return w.SecretEnv != "" || w.SecretFile != "" || w.URL != "" || len(w.TrustedProxies) > 0
}

type limitSettings struct {
	USDPerDay       usd `yaml:"usd_per_day"`
	USDPerPersonDay usd `yaml:"usd_per_person_day"`
	UnknownPriceUSD usd `yaml:"unknown_price_usd"`
	JudgesUSDPerDay usd `yaml:"judges_usd_per_day"`
}

func (s settings) storePassword() secret {
	return secret{"store_password", s.StorePasswordEnv, s.StorePasswordFile}
}

// storeURL is the store with the password that it needs. It is not for people's eyes.
func (s settings) storeURL() (string, error) {
	if !postgres.Named(s.Store) {
		return s.Store, nil
	}
	password, err := s.storePassword().read()
	if err != nil {
		return "", err
	}
	return postgres.WithPassword(s.Store, password)
}

func defaults() settings {
	return settings{
		Store:     "tastetest.db",
		LogFormat: "text",
		Language:  "en",
		Charts:    true,
		Digest:    command.UsualWeekTime.String(),
		Wait:      6 * time.Hour,
		Web:       webSettings{Listen: "127.0.0.1:8080", Title: "Tastetest", Channel: "tasting-room"},
		Limits: limitSettings{
			USDPerDay:       10 * picoPerUSD,
			USDPerPersonDay: 5 * picoPerUSD,
			UnknownPriceUSD: picoPerUSD / 20,
			JudgesUSDPerDay: 5 * picoPerUSD,
		},
	}
}

// readSettings reads and checks a configuration file. It opens no secret:
// those are read when they are needed.
func readSettings(file string) (settings, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return settings{}, fmt.Errorf("there is no %s; make one with: tastetest config --example > %s", file, file)
	}
	if err != nil {
		return settings{}, fmt.Errorf("read the configuration: %w", err)
	}
	s := defaults()
	s.file = file
	said, err := text.Plain(data)
	if err != nil {
		return settings{}, fmt.Errorf("%s: %w", file, err)
	}
	src := source{file, []byte(said)}
	if err := yaml.UnmarshalWithOptions(src.text, &s, yaml.Strict()); err != nil {
		return settings{}, src.explain(err)
	}
	if s.Store == "" && s.Web.Listen == "" && s.Limits == (limitSettings{}) { // a file of comments, for which yaml clears everything
		s = defaults()
		s.file = file
	}
	if path, problem := s.check(); problem != "" {
		return settings{}, src.at(path, problem)
	}
	dir := filepath.Dir(file)
	if !postgres.Named(s.Store) {
		s.Store = under(dir, s.Store)
	}
	for _, p := range []*string{&s.Packs, &s.StorePasswordFile, &s.Web.SecretFile, &s.Web.AdminKeyFile, &s.Discord.TokenFile} {
		*p = under(dir, *p)
	}
	for i := range s.Slack.Workspaces {
		w := &s.Slack.Workspaces[i]
		for _, p := range []*string{&w.BotTokenFile, &w.AppTokenFile, &w.SigningSecretFile} {
			*p = under(dir, *p)
		}
	}
	for i := range s.Notify {
		r := &s.Notify[i]
		r.URLFile, r.SecretFile = under(dir, r.URLFile), under(dir, r.SecretFile)
	}
	for i := range s.Models {
		m := &s.Models[i]
		m.APIKeyFile, m.File = under(dir, m.APIKeyFile), under(dir, m.File)
	}
	for i := range s.Gates {
		s.Gates[i].KeyFile = under(dir, s.Gates[i].KeyFile)
	}
	for i := range s.Judges {
		s.Judges[i].APIKeyFile = under(dir, s.Judges[i].APIKeyFile)
	}
	return s, nil
}

func under(dir, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

// check returns what is wrong, and where: a path like "$.models[0].name". The
// order of the checks is that of the file.
func (s *settings) check() (path, problem string) {
	var err error
	if lang := bot.Lang(s.Language); lang != bot.En && lang != bot.Zh {
		return "$.language", "there are two languages: en and zh"
	}
	if s.TimeZone != "" { // else nobody knows in which zone people are
		if s.zone, err = time.LoadLocation(s.TimeZone); err != nil {
			return "$.time_zone", "there is no such time zone; write one as Europe/Berlin or Asia/Shanghai"
		}
	}
	if s.Digest != bot.Off {
		w, err := command.Weekly(s.Digest)
		if err != nil {
			return "$.digest", fmt.Sprintf("digest is %q, which is no one time of the week; write a day and an hour, as digest: Mon 9:00, or digest: off", text.Clip(s.Digest))
		}
		s.weekly = &w
	}
	if s.Store, err = store.File(s.Store); err != nil {
		return "$.store", err.Error()
	}
	if postgres.Named(s.Store) {
		if _, err := postgres.WithPassword(s.Store, ""); err != nil {
			return "$.store", err.Error()
		}
	} else if s.storePassword().configured() {
		return "$.store", "a password is for a database; write store: postgres://USER@HOST/NAME, or leave store_password_env and store_password_file out"
	}
	if problem := s.Backup.check(s.Store); problem != "" {
		return "$.backup", problem
	}
	if s.LogFormat != "text" && s.LogFormat != "json" {
		return "$.log_format", "write text or json"
	}
	if s.Wait < time.Minute || s.Wait > 7*24*time.Hour {
		return "$.wait_for_votes", "write how long votes that cannot be read are waited for, from 1m to 168h, as 6h"
	}
	for _, p := range []struct{ path, env, file string }{
		{"$.store_password", s.StorePasswordEnv, s.StorePasswordFile},
		{"$.web.secret", s.Web.SecretEnv, s.Web.SecretFile},
		{"$.web.admin_key", s.Web.AdminKeyEnv, s.Web.AdminKeyFile},
	} {
		if problem := checkSecret(p.env, p.file); problem != "" {
			return p.path + "_env", problem
		}
	}
	if !isAddress(s.Web.Listen) {
		return "$.web.listen", "this is not an address; write one with a port, as 127.0.0.1:8080"
	}
	if v := s.Web.Voters; v != "" && v != "everyone" && v != "links" {
		return "$.web.voters", "write everyone, or links: only those vote who came by a link of /tastetest invite-links"
	}
	if !loopback(s.Web.Listen) && !s.Web.secret().configured() {
		return "$.web.listen", "a page that others can reach needs a secret; write secret_env: NAME_OF_A_VARIABLE beside it, or listen on 127.0.0.1"
	}
	if r := s.Web.Reach; r != "" && !isReach(r) {
		return "$.web.reach", "write where other replicas reach this one, as http://10.0.0.7:8080"
	}
	if path, problem := s.Slack.check(); problem != "" {
		return "$.slack" + path, problem
	}
	if path, problem := s.Discord.check(); problem != "" {
		return "$.discord" + path, problem
	}
	if path, problem := s.checkRobots(); problem != "" {
		return path, problem
	}
	if who := badUser(s.Admins); who >= 0 {
		return fmt.Sprintf("$.admins[%d]", who), userForm
	}
	if who := badUser(s.Starters.users); who >= 0 {
		return fmt.Sprintf("$.starters[%d]", who), userForm
	}
	seen := make(map[string]bool)
	for i, m := range s.Models {
		at := fmt.Sprintf("$.models[%d]", i)
		if key, problem := m.check(); problem != "" {
			return at + key, problem
		}
		if name := strings.ToLower(m.Name); seen[name] {
			return at + ".name", "two models have this name; give each one of its own"
		} else {
			seen[name] = true
		}
	}
	if path, problem := s.checkGates(); problem != "" {
		return path, problem
	}
	return s.checkJudges()
}

// isAddress reports whether a server can be told to listen there: a host, which
// may be empty, and a port.
func isAddress(listen string) bool {
	_, port, err := net.SplitHostPort(listen)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	return err == nil
}

// loopback reports whether a listen address is reached from this machine alone.
func loopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}

const userForm = `write users as platform:id, for example slack:U024BE7LH or web:ann`

func badUser(users []string) int {
	return slices.IndexFunc(users, func(u string) bool {
		platform, id, ok := strings.Cut(u, ":")
		return !ok || id == "" || !slices.Contains([]string{"web", "slack", "discord"}, platform)
	})
}

func (s settings) policy() engine.Policy {
	return engine.Policy{Everyone: s.Starters.everyone, Starters: s.Starters.users, Admins: s.Admins}
}

// adminsOnly reports whether nobody but a platform's own admins may start
// tastings there.
func (s settings) adminsOnly(platform string) bool {
	named := func(u string) bool { return strings.HasPrefix(u, platform+":") }
	return !s.Starters.everyone && !slices.ContainsFunc(s.Starters.users, named) && !slices.ContainsFunc(s.Admins, named)
}

func (s settings) limits() engine.Limits {
	return engine.Limits{
		Day:     int64(s.Limits.USDPerDay),
		Person:  int64(s.Limits.USDPerPersonDay),
		Unknown: int64(s.Limits.UnknownPriceUSD),
		Judges:  int64(s.Limits.JudgesUSDPerDay),
	}
}

// Starters are who may start tastings: "admins", "everyone", or a list.
type starters struct {
	everyone bool
	users    []string
}

// UnmarshalYAML reads one of the two words, or a list.
func (s *starters) UnmarshalYAML(n ast.Node) error {
	if list, ok := n.(*ast.SequenceNode); ok {
		return yaml.NodeToValue(list, &s.users)
	}
	var word string
	if err := yaml.NodeToValue(n, &word); err != nil || word != "admins" && word != "everyone" {
		return &yaml.SyntaxError{Message: "write admins, everyone, or a list of users", Token: n.GetToken()}
	}
	s.everyone = word == "everyone"
	return nil
}

func (s starters) String() string {
	switch {
	case s.everyone:
		return "everyone"
	case len(s.users) > 0:
		return "admins, " + strings.Join(s.users, ", ")
	}
	return "admins"
}

// A logLevel is from which severity on things stand in the log.
type logLevel slog.Level

// UnmarshalYAML reads one of four words.
func (l *logLevel) UnmarshalYAML(n ast.Node) error {
	var level slog.Level
	word := n.GetToken().Value
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, word) || level.UnmarshalText([]byte(word)) != nil {
		return &yaml.SyntaxError{Message: "write debug, info, warn or error", Token: n.GetToken()}
	}
	*l = logLevel(level)
	return nil
}

func (l logLevel) String() string { return strings.ToLower(slog.Level(l).String()) }

// An onOff is a switch: on or off in the file.
type onOff bool

// UnmarshalYAML takes what people and older YAML write for it too.
func (o *onOff) UnmarshalYAML(n ast.Node) error {
	switch text := n.GetToken().Value; {
	case slices.Contains([]string{"on", "true", "yes"}, text):
		*o = true
	case slices.Contains([]string{"off", "false", "no"}, text):
		*o = false
	default:
		return &yaml.SyntaxError{Message: "write on or off", Token: n.GetToken()}
	}
	return nil
}

func (o onOff) String() string {
	if o {
		return "on"
	}
	return "off"
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
