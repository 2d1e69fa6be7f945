package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/adapters/notify"
	"github.com/tastetest/tastetest/adapters/notify/notifyfake"
	"github.com/tastetest/tastetest/bot"
)

// Robots are told what stands on the page, with its address, and nothing of what
// stands in other chats.
func TestRobotsOfTheConfiguration(t *testing.T) {
	r := notifyfake.New(t)
	r.Signing = "SEC-S3CR3T-signing"
	var text strings.Builder
	text.WriteString("web: {url: https://tasting.example.org}\nnotify:\n")
	for _, kind := range notify.Kinds() {
		name := strings.ToUpper(string(kind))
		t.Setenv(name+"_URL", r.URL(string(kind)))
		fmt.Fprintf(&text, "  - robot: %s\n    url_env: %s_URL\n", kind, name)
		if kind != notify.WeCom {
			t.Setenv(name+"_SECRET", r.Signing)
			fmt.Fprintf(&text, "    secret_env: %s_SECRET\n", name)
		}
	}
	file := write(t, text.String())
	s, err := readSettings(file)
	if err != nil {
		t.Fatal(err)
	}
	robots, err := s.robots(slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	tell := tellRobots(robots)
	for _, platform := range []string{"web", "slack", "discord"} {
		tell(bot.Place{Workspace: bot.Workspace{Platform: platform}}, bot.Head{Question: bot.Quoted("Of " + platform), Intro: bot.Say("10 prompts.")})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := robots.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if got := r.Said(); len(got) != 3 {
		t.Errorf("three robots said %+v; want the head of the page each", got)
	}
	for _, m := range r.Said() {
		if !strings.HasSuffix(m.Title, "Of web") || m.Link != "https://tasting.example.org" {
			t.Errorf("%s said %+v", m.Robot, m)
		}
	}
	tellRobots(nil)(bot.Place{Workspace: bot.Workspace{Platform: "web"}}, bot.Head{}) // without robots nobody is told
	for _, command := range []string{"config", "doctor"} {
		var out, errs bytes.Buffer
		run(context.Background(), []string{command, "-c", file}, streams{strings.NewReader(""), &out, &errs})
		if said := out.String() + errs.String(); !strings.Contains(said, "feishu") && command == "config" || !strings.Contains(said, "ok   robots: 3") && command == "doctor" || strings.Contains(said, "S3CR3T") {
			t.Errorf("%s says:\n%s", command, said)
		}
	}
	if n := r.Posts(); n != 3 {
		t.Errorf("config and doctor told the robots something: %d posts", n)
	}
}

func TestRobotsConfiguredWrong(t *testing.T) {
	for _, tt := range []struct{ file, want string }{
		{"notify:\n  - {robot: feishu, url_env: F}\n", "write url: https://… below web"},
		{"web: {url: https://a.example.com}\nnotify:\n  - {robot: lark, url_env: F}\n", "feishu, dingtalk or wecom"},
		{"web: {url: https://a.example.com}\nnotify:\n  - {robot: feishu}\n", "url_env: NAME_OF_A_VARIABLE"},
		{"web: {url: https://a.example.com}\nnotify:\n  - {robot: feishu, url_env: 'https://open.feishu.cn/hook/S3CR3T'}\n", "not the secret itself"},
		{"web: {url: https://a.example.com}\nnotify:\n  - {robot: feishu, url: 'https://open.feishu.cn/hook/S3CR3T'}\n", "write url_env: NAME_OF_A_VARIABLE"},
		{"web: {url: 'https://a.example.com/?secret=S3CR3T'}\n", "without a secret"},
	} {
		_, err := readSettings(write(t, tt.file))
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "S3CR3T") {
			t.Errorf("%q: %v, want %q and no key", tt.file, err, tt.want)
		}
	}
}
