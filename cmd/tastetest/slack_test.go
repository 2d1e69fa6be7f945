package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/slack/slackfake"
)

// With a workspace in its configuration the bot answers there, and keeps its
// tokens to itself.
func TestRunInSlack(t *testing.T) {
	s := slackfake.New(t)
	s.AddTeam(slackfake.Team{ID: "T1", BotToken: "xoxb-S3CR3T", AppToken: "xapp-S3CR3T"})
	ann := s.AddUser(slackfake.User{Name: "Ann", Team: "T1"})
	t.Setenv("SLACK_BOT_TOKEN", "xoxb-S3CR3T")
	t.Setenv("SLACK_APP_TOKEN", "xapp-S3CR3T")
	file := filepath.Join(t.TempDir(), "tastetest.yaml")
	text := "web:\n  listen: 127.0.0.1:0\nslack:\n  api_url: " + s.APIURL() + "\n  workspaces:\n    - name: acme\n      bot_token_env: SLACK_BOT_TOKEN\n      app_token_env: SLACK_APP_TOKEN\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	var out, errs bytes.Buffer
	code := make(chan int)
	go func() { code <- run(ctx, []string{"run", "-c", file}, streams{strings.NewReader(""), &out, &errs}) }()
	shown := ""
	for range 500 {
		if shown = s.Command(ann, "CT1", "help"); strings.Contains(shown, "/tastetest") {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if !strings.Contains(shown, "start") || !strings.Contains(shown, "/tastetest") {
		t.Errorf("help is answered with %q", shown)
	}
	if shown := s.Command(ann, "CT1", "start a b"); !strings.Contains(shown, "Only admins") {
		t.Errorf("a start by somebody who may not is answered with %q", shown)
	}
	stop()
	if c := <-code; c != 0 {
		t.Errorf("exit code %d", c)
	}
	if all := out.String() + errs.String(); strings.Contains(all, "S3CR3T") {
		t.Errorf("a token is printed:\n%s", all)
	}
}
