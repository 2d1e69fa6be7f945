package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// portal is as much of Discord as the set-up asks for: a bot that is on no
// server yet.
func portal(t *testing.T) *httptest.Server {
	mux := http.NewServeMux()
	for path, body := range map[string]string{
		"GET /api/v10/applications/@me": `{"id":"4242","name":"tastetest"}`,
		"GET /api/v10/gateway/bot":      `{"shards":1,"session_start_limit":{"remaining":1000}}`,
		"GET /api/v10/users/@me/guilds": `[]`,
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			answer := body
			if r.Header.Get("Authorization") != "Bot secret-token" {
				w.WriteHeader(http.StatusUnauthorized)
				answer = `{"message":"401: Unauthorized","code":0}`
			}
			io.WriteString(w, answer)
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		io.WriteString(w, `{"message":"401: Unauthorized","code":0}`)
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return srv
}

func TestDiscordSetUp(t *testing.T) {
	const link = "https://discord.com/oauth2/authorize?client_id=4242&scope=bot+applications.commands&permissions=309237763136"
	for _, tt := range []struct {
		name  string
		token string
		more  string
		args  []string
		want  []string
		code  int
	}{
		{"the link, asked for", "secret-token", "", []string{"discord", "invite"}, []string{link}, 0},
		{"the link, by the ID", "", "", []string{"discord", "invite", "--app", "4242"}, []string{link}, 0},
		{"no ID", "", "", []string{"discord", "invite", "--app", "tastetest"}, []string{"General Information"}, 2},
		{"no token", "", "", []string{"discord", "invite"}, []string{"the environment variable DISCORD_TOKEN is not set"}, 1},
		{"on no server", "secret-token", "", []string{"doctor"}, []string{"ok   Discord, token: it is tastetest", "FIX  Discord, servers", link}, 1},
		{"an old token", "old-token", "", []string{"doctor"}, []string{"FIX  Discord, token", "Reset Token"}, 1},
		{"the configuration", "secret-token", "", []string{"config"}, []string{"set ($DISCORD_TOKEN)"}, 0},
		{"a server by its name", "secret-token", "  guilds: [acme]\n", []string{"config"}, []string{"write a server's ID"}, 1},
		{"a server by its ID", "secret-token", "  guilds: [\"1122334455667788\"]\n", []string{"config"}, []string{"is fine"}, 0},
		{"a server by its bare ID", "secret-token", "  guilds: [1122334455667788]\n", []string{"config"}, []string{"is fine"}, 0},
		{"an old token when it runs", "old-token", "", []string{"run", "--listen", "127.0.0.1:0"}, []string{"the token is refused", "Reset Token"}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("DISCORD_TOKEN", tt.token)
			file := filepath.Join(t.TempDir(), "tastetest.yaml")
			text := "discord:\n  token_env: DISCORD_TOKEN\n  api_url: " + portal(t).URL + "/api/v10\n" + tt.more
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
