package main

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/discord/discordfake"
)

// nowhere is a Discord where the bot is on no server yet.
func nowhere(t *testing.T) *discordfake.Discord {
	d := discordfake.New(t, slog.New(slog.NewTextHandler(t.Output(), nil)))
	d.Mu.Lock()
	defer d.Mu.Unlock()
	clear(d.Guilds)
	return d
}

func TestDiscordSetUp(t *testing.T) {
	const link = "https://discord.com/oauth2/authorize?client_id=" + discordfake.BotID + "&scope=bot+applications.commands&permissions=309237763136"
	for _, tt := range []struct {
		name  string
		token string
		more  string
		args  []string
		want  []string
		code  int
	}{
		{"the link, asked for", discordfake.Token, "", []string{"discord", "invite"}, []string{link}, 0},
		{"the link, by the ID", "", "", []string{"discord", "invite", "--app", discordfake.BotID}, []string{link}, 0},
		{"no ID", "", "", []string{"discord", "invite", "--app", "tastetest"}, []string{"General Information"}, 2},
		{"no token", "", "", []string{"discord", "invite"}, []string{"the environment variable DISCORD_TOKEN is not set"}, 1},
		{"on no server", discordfake.Token, "", []string{"doctor"}, []string{"ok   Discord, token: it is tastetest", "FIX  Discord, servers", link}, 1},
		{"an old token", "old-token", "", []string{"doctor"}, []string{"FIX  Discord, token", "Reset Token"}, 1},
		{"the configuration", discordfake.Token, "", []string{"config"}, []string{"set ($DISCORD_TOKEN)"}, 0},
		{"a server by its name", discordfake.Token, "  guilds: [acme]\n", []string{"config"}, []string{"write a server's ID"}, 1},
		{"a server by its ID", discordfake.Token, "  guilds: [\"1122334455667788\"]\n", []string{"config"}, []string{"is fine"}, 0},
		{"a server by its bare ID", discordfake.Token, "  guilds: [1122334455667788]\n", []string{"config"}, []string{"is fine"}, 0},
		{"an old token when it runs", "old-token", "", []string{"run", "--listen", "127.0.0.1:0"}, []string{"the token is refused", "Reset Token"}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("DISCORD_TOKEN", tt.token)
			file := filepath.Join(t.TempDir(), "tastetest.yaml")
			text := "discord:\n  token_env: DISCORD_TOKEN\n  api_url: " + nowhere(t).URL() + "\n" + tt.more
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			var out, errs bytes.Buffer
			code := run(ctx, append(tt.args, "-c", file), streams{strings.NewReader(""), &out, &errs})
			said := out.String() + errs.String()
			if code != tt.code {
				t.Errorf("exit code %d, not %d:\n%s", code, tt.code, said)
			}
			for _, want := range tt.want {
				if !strings.Contains(said, want) {
					t.Errorf("without %q:\n%s", want, said)
				}
			}
			if tt.token != "" && strings.Contains(said, tt.token) {
				t.Errorf("the token is printed:\n%s", said)
			}
		})
	}
}
