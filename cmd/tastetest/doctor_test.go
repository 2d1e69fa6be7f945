package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/tastetest/tastetest/adapters/slack/slackfake"
)

func TestDoctor(t *testing.T) {
	for _, tt := range []struct {
		name string
		team slackfake.Team
		want []string
		code int
	}{
		{"all is well", slackfake.Team{AppToken: "xapp-1"}, []string{"ok   Slack, acme: bot token", "ok   Slack, acme: channels", "All is well"}, 0},
		{"a scope is missing", slackfake.Team{AppToken: "xapp-1", Lacks: "reactions:write"}, []string{"FIX  Slack, acme: scopes", "reactions:write", "Reinstall"}, 1},
		{"a wrong app token", slackfake.Team{AppToken: "xapp-2"}, []string{"FIX  Slack, acme: app token", "App-Level Tokens"}, 1},
		{"a wrong bot token", slackfake.Team{BotToken: "xoxb-2", AppToken: "xapp-1"}, []string{"FIX  Slack, acme: bot token", "Install to Workspace"}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := slackfake.New(t)
			tt.team.ID = "T1"
			if tt.team.BotToken == "" {
				tt.team.BotToken = "xoxb-1"
			}
			s.AddTeam(tt.team)
			t.Setenv("SLACK_BOT_TOKEN", "xoxb-1")
			t.Setenv("SLACK_APP_TOKEN", "xapp-1")
			file := filepath.Join(t.TempDir(), "tastetest.yaml")
			text := "slack:\n  api_url: " + s.APIURL() + "\n  workspaces:\n    - name: acme\n      bot_token_env: SLACK_BOT_TOKEN\n      app_token_env: SLACK_APP_TOKEN\n"
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			var out, errs bytes.Buffer
			code := run(context.Background(), []string{"doctor", "-c", file}, streams{strings.NewReader(""), &out, &errs})
			if code != tt.code {
				t.Errorf("exit code %d, not %d\n%s", code, tt.code, &errs)
			}
			for _, want := range tt.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("without %q:\n%s%s", want, &out, &errs)
				}
			}
			if strings.Contains(out.String()+errs.String(), "xoxb-1") || strings.Contains(out.String()+errs.String(), "xapp-1") {
				t.Errorf("a token is printed:\n%s%s", &out, &errs)
			}
		})
	}
}

// Each secret that is missing is a line of its own.
func TestDoctorWithoutSecrets(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tastetest.yaml")
	text := "slack:\n  workspaces:\n    - name: acme\n      bot_token_env: TASTETEST_NOT_SET\n      app_token_env: TASTETEST_NOT_SET_EITHER\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	code := run(context.Background(), []string{"doctor", "-c", file}, streams{strings.NewReader(""), &out, &errs})
	if n := strings.Count(out.String(), "FIX  Slack: "); n != 2 || code != 1 || !strings.Contains(out.String(), "TASTETEST_NOT_SET_EITHER") {
		t.Errorf("%d lines are marked, exit code %d:\n%s%s", n, code, &out, &errs)
	}
}

func TestSlackManifest(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want string
		code int
	}{
		{[]string{"slack", "manifest"}, "socket_mode_enabled: true", 0},
		{[]string{"slack", "manifest", "--url", "https://tastetest.example.com/slack/events"}, "request_url: https://tastetest.example.com/slack/events", 0},
		{[]string{"slack", "manifest", "--url", "http://tastetest.example.com"}, "https addresses only", 2},
	} {
		var out, errs bytes.Buffer
		code := run(context.Background(), tt.args, streams{strings.NewReader(""), &out, &errs})
		if code != tt.code || !strings.Contains(out.String()+errs.String(), tt.want) {
			t.Errorf("%q: exit code %d, want %d and %q:\n%s%s", tt.args, code, tt.code, tt.want, &out, &errs)
		}
		if code == 0 {
			var m map[string]any
			if err := yaml.Unmarshal(out.Bytes(), &m); err != nil || m["display_information"] == nil {
				t.Errorf("%q prints no manifest: %v", tt.args, err)
			}
		}
	}
}

// What the bot has noticed while it runs is in doctor's list too.
func TestDoctorBesideARunningBot(t *testing.T) {
	s := slackfake.New(t)
	s.AddTeam(slackfake.Team{ID: "T1", BotToken: "xoxb-1", AppToken: "xapp-1"})
	t.Setenv("SLACK_BOT_TOKEN", "xoxb-1")
	t.Setenv("SLACK_APP_TOKEN", "xapp-1")
	dir := t.TempDir()
	file, db := filepath.Join(dir, "tastetest.yaml"), filepath.Join(dir, "db")
	text := "store: " + db + "\nslack:\n  api_url: " + s.APIURL() + "\n  workspaces:\n    - name: acme\n      bot_token_env: SLACK_BOT_TOKEN\n      app_token_env: SLACK_APP_TOKEN\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int)
	var log bytes.Buffer
	go func() {
		ended <- run(ctx, []string{"run", "-c", file, "--listen", "127.0.0.1:0"}, streams{strings.NewReader(""), io.Discard, &log})
	}()
	defer func() {
		stop()
		if code := <-ended; code != 0 {
			t.Errorf("the bot ended with %d:\n%s", code, &log)
		}
	}()
	for began := time.Now(); !running(db) || s.Sockets.Open() != 1; time.Sleep(10 * time.Millisecond) {
		if time.Since(began) > 15*time.Second {
			t.Fatal("the bot does not listen to Slack")
		}
	}
	event := map[string]any{"type": "event_callback", "team_id": "T999", "event": map[string]any{"type": "reaction_added"}}
	if !s.Raw("X1", map[string]any{"envelope_id": "X1", "type": "events_api", "payload": event}) {
		t.Error("an event for another workspace was not acknowledged")
	}
	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"doctor", "-c", file}, streams{strings.NewReader(""), &out, &errs})
	if want := "FIX  Slack, workspace T999"; code != 1 || !strings.Contains(out.String(), want) || strings.Count(out.String(), "FIX") != 1 {
		t.Errorf("doctor beside a running bot ends with %d and says, not only %q:\n%s%s", code, want, &out, &errs)
	}
	if n := s.Sockets.Open(); n != 1 {
		t.Errorf("beside the bot's socket doctor left %d open", n-1)
	}
}
