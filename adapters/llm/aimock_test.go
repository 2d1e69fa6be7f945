package llm

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

const installAimock = "Type: (cd .ci/peers/aimock && npm ci --ignore-scripts), " +
	"then set TASTETEST_AIMOCK to the full path of .ci/peers/aimock. It needs Node.js 20."

// startAimock starts npm's @copilotkit/aimock, which answers like several
// providers, and returns its address.
func startAimock(t *testing.T) string {
	dir := adaptertest.Peer(t, "TASTETEST_AIMOCK", installAimock)
	fixtures, err := filepath.Abs("../../../shared/peers/aimock-fixtures.json")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(fixtures); err != nil {
		if os.Getenv("TASTETEST_SHARED") == "required" {
			t.Fatal(err)
		}
		t.Skip("../shared/peers/aimock-fixtures.json, which says what aimock answers, is not beside this checkout.")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, "node", filepath.Join(dir, "node_modules/@copilotkit/aimock/dist/cli.js"),
		"-p", "0", "-f", fixtures, "--strict", "--validate-on-load")
	cmd.Env = append(os.Environ(), "AIMOCK_API_KEYS="+testKey)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatalf("start aimock: %v. %s", err, installAimock)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // killed
	})
	listening := regexp.MustCompile(`listening on (http://\S+)`)
	lines := bufio.NewScanner(out)
	var said []string
	for lines.Scan() {
		said = append(said, lines.Text())
		if m := listening.FindStringSubmatch(lines.Text()); m != nil {
			go func() { // lest it blocks on a full pipe
				for lines.Scan() {
				}
			}()
			return m[1]
		}
	}
	t.Fatalf("aimock did not start. %s\nIt said:\n%s", installAimock, strings.Join(said, "\n"))
	return ""
}

func TestAimock(t *testing.T) {
	url := startAimock(t)
	ask := func(t *testing.T, model, prompt string, change func(*Settings)) (bot.Answer, error) {
		t.Helper()
		m := testModel(t, url+"/v1", func(s *Settings) {
			s.Name, s.Model = strings.ToUpper(model), model
			if change != nil {
				change(s)
			}
		})
		a, err := m.Write(t.Context(), bot.Prompt{Text: prompt})
		if err != nil {
			hasNoKey(t, "the error", err.Error())
		}
		return a, err
	}

	for _, tt := range []struct {
		name, model, prompt string
		raw, shown          string
		finish, returned    string
		in, out             int // 0: aimock estimates them
		attempts            int
	}{
		{"alpha", "alpha-1", "a cake", "Alpha says: moonlight on the server racks.", "Alpha says: moonlight on the server racks.", "stop", "alpha-1", 31, 11, 1},
		{"beta", "beta-2", "a cake", "Beta says: **bold** claims and a haiku 🎉", "Beta says: **bold** claims and a haiku 🎉", "stop", "beta-2-2025-02-19", 29, 14, 1},
		{"thinking in its field", "alpha-1", "THINK", "the answer is 4", "the answer is 4", "stop", "alpha-1", 12, 90, 1},
		{"thinking in the text", "beta-2", "INLINETAG", "<think>secret plan</think>\n\nHello", "Hello", "stop", "beta-2", 0, 0, 1},
		{"cut", "alpha-1", "CUT", "this was cut o", "this was cut o", "length", "alpha-1", 0, 0, 1},
		{"filtered", "alpha-1", "FILTERED", " ", "", "content_filter", "alpha-1", 0, 0, 1},
		{"slow", "alpha-1", "SLOW", "finally", "finally", "stop", "alpha-1", 0, 0, 1},
		{"429, then an answer", "beta-2", "RETRYME", "ok on 2nd try", "ok on 2nd try", "stop", "beta-2", 0, 0, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, err := ask(t, tt.model, tt.prompt, nil)
			if err != nil {
				t.Fatal(err)
			}
			if a.Raw != tt.raw || text.Clean(a.Raw) != tt.shown || a.Finish != tt.finish || a.Model != tt.returned || a.Attempts != tt.attempts {
				t.Errorf("got %+v", a)
			}
			if a.Input == 0 || a.Output == 0 || !a.Cost.Known {
				t.Errorf("no usage: %+v", a)
			}
			if tt.in > 0 && (a.Input != tt.in || a.Output != tt.out) {
				t.Errorf("tokens %d, %d; want %d, %d", a.Input, a.Output, tt.in, tt.out)
			}
		})
	}

	for _, tt := range []struct {
		name, prompt, public string
		timeout              time.Duration
	}{
		{"429", "RATE", "answered 429 (too many requests)", 5 * time.Second}, // it asks to wait 7 s
		{"500", "BOOM", "answered 500 (a fault of its server)", time.Minute},
		{"529", "OVERLOADED", "answered 529 (it is overloaded)", time.Minute},
		{"401", "BADKEY", "answered 401 (its key was not accepted)", time.Minute},
		{"malformed", "GARBAGE", "answered something unreadable", time.Minute},
		{"hang-up", "HANGUP", "broke off the connection", time.Minute},
		{"too slow", "SLOW", "took longer than 1s", time.Second}, // it takes 4 s
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ask(t, "alpha-1", tt.prompt, func(s *Settings) { s.Timeout = tt.timeout })
			var refusal *bot.Refusal
			if !errors.As(err, &refusal) || refusal.Public.String() != tt.public {
				t.Errorf("got %v, want %q", err, tt.public)
			}
		})
	}

	t.Run("the provider's own cost", func(t *testing.T) {
		a, err := ask(t, "alpha-1", "COST", func(s *Settings) { s.BaseURL = url + "/api/v1" }) // as OpenRouter
		if want := (bot.Cost{Pico: 12_300_000_000, Known: true}); err != nil || a.Cost != want {
			t.Errorf("got %+v, %v; want cost %v", a, err, want)
		}
	})
	t.Run("another key", func(t *testing.T) {
		_, err := ask(t, "alpha-1", "a cake", func(s *Settings) { s.Key = "sk-another" })
		var refusal *bot.Refusal
		if !errors.As(err, &refusal) || refusal.Public.String() != "answered 401 (its key was not accepted)" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("what was asked", func(t *testing.T) {
		r, err := http.NewRequestWithContext(t.Context(), "GET", url+"/v1/_requests", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+testKey)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var journal []struct {
			Body struct {
				Model    string `json:"model"`
				Messages []struct {
					Role    string `json:"role"`
					Content string `json:"content"`
				} `json:"messages"`
				MaxTokens int `json:"max_tokens"`
			} `json:"body"`
		}
		if err := json.NewDecoder(resp.Body).Decode(&journal); err != nil {
			t.Fatal(err)
		}
		if len(journal) == 0 {
			t.Fatal("aimock remembers nothing")
		}
		if b := journal[0].Body; b.Model != "alpha-1" || b.MaxTokens != defaultMaxTokens || len(b.Messages) != 2 || b.Messages[0].Content != NeutralSystem {
			t.Errorf("the first request: %+v", b)
		}
	})
}
