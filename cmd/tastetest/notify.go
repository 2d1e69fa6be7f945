package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"slices"

	"github.com/tastetest/tastetest/adapters/notify"
	"github.com/tastetest/tastetest/bot"
)

// robotSettings are one group robot that is told what happens on the page.
type robotSettings struct {
	Robot      string `yaml:"robot"`
	URLEnv     string `yaml:"url_env"`
	URLFile    string `yaml:"url_file"`
	SecretEnv  string `yaml:"secret_env"`
	SecretFile string `yaml:"secret_file"`
}

func (r robotSettings) url() secret { return secret{"notify." + r.Robot + ".url", r.URLEnv, r.URLFile} }
func (r robotSettings) secret() secret {
	return secret{"notify." + r.Robot + ".secret", r.SecretEnv, r.SecretFile}
}

// checkRobots returns what is wrong with the page's address or the robots, and where.
func (s settings) checkRobots() (path, problem string) {
	u, err := url.Parse(s.Web.URL)
	if s.Web.URL != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.User != nil) {
		return "$.web.url", "write the address at which people open the page, as https://tastetest.example.com, without a secret"
	}
	for i, r := range s.Notify {
		at := fmt.Sprintf("$.notify[%d]", i)
		switch {
		case !slices.Contains(notify.Kinds(), notify.Kind(r.Robot)):
			return at + ".robot", "a robot is feishu, dingtalk or wecom"
		case !r.url().configured():
			return at, "write where the robot's webhook is, url_env: NAME_OF_A_VARIABLE"
		case checkSecret(r.URLEnv, r.URLFile) != "":
			return at + ".url_env", checkSecret(r.URLEnv, r.URLFile)
		case checkSecret(r.SecretEnv, r.SecretFile) != "":
			return at + ".secret_env", checkSecret(r.SecretEnv, r.SecretFile)
		case s.Web.URL == "":
			return at, "what a robot says leads to the page; write url: https://… below web, the address at which people open it"
		}
	}
	return "", ""
}

// robots reads the robots' secrets; nil if there are none.
func (s settings) robots(log *slog.Logger) (*notify.Group, error) {
	if len(s.Notify) == 0 {
		return nil, nil
	}
	var all []notify.Options
	for _, r := range s.Notify {
		o := notify.Options{Kind: notify.Kind(r.Robot)}
		var err error
		if o.URL, err = r.url().read(); err != nil {
			return nil, err
		}
		if o.Secret, err = r.secret().read(); err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return notify.New(log, s.Web.URL, all)
}

// tellRobots passes on what stands on the page: other chats tell people themselves.
func tellRobots(robots *notify.Group) func(bot.Place, bot.Post) {
	return func(at bot.Place, p bot.Post) {
		if robots != nil && at.Platform == "web" {
			robots.Tell(p)
		}
	}
}

// lookAtRobots tells none: a group would read it.
func lookAtRobots(_ context.Context, s settings) []diagnosis {
	if len(s.Notify) == 0 {
		return nil
	}
	if _, err := s.robots(slog.New(slog.NewTextHandler(io.Discard, nil))); err != nil {
		return []diagnosis{{"robots", false, err.Error()}}
	}
	return []diagnosis{{"robots", true, fmt.Sprintf("%d are configured; none was told anything", len(s.Notify))}}
}
