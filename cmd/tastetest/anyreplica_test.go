//go:build unix

package main

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/slack/slackfake"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/postgres"
	"github.com/tastetest/tastetest/store/postgres/pgtest"
)

// freeAddress is one that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// becomes waits until a member answers path with a status.
func (m member) becomes(t *testing.T, path string, status int) {
	t.Helper()
	for end := time.Now().Add(time.Minute); m.answers(path) != status; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s answers %d to %s, not %d", m.url, m.answers(path), path, status)
		}
	}
}

// Of two replicas on one database people, Slack and a pipeline reach the one that
// stands by, and are served as if it led. When the leader is killed the page says
// to ask again, and then goes on with who people are and what they voted.
func TestAnyReplicaTakesAnyRequest(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits for the lease of a replica that was killed")
	}
	t.Parallel()
	server := pgtest.Start(t)
	url, _ := server.Database(t, "any")
	slack := slackfake.New(t)
	acme := slack.AddTeam(slackfake.Team{ID: "T1", BotToken: "xoxb-1", Secret: "a signing secret"})
	ann := slack.AddUser(slackfake.User{Name: "ann", Team: "T1"})
	secrets := []string{"ADMIN=an admin's long key", "BOT=xoxb-1", "SIGNING=a signing secret", "GATE=a pipeline's long key"}
	start := func() (m member, events string) {
		dir, events := team(t), freeAddress(t)
		conf := filepath.Join(dir, "tastetest.yaml")
		text, err := os.ReadFile(conf)
		if err != nil {
			t.Fatal(err)
		}
		said := strings.Replace(string(text), "'127.0.0.1:0'", "'127.0.0.1:0', admin_key_env: ADMIN", 1) + fmt.Sprintf(`
store: %s
slack: {listen: '%s', api_url: '%s', workspaces: [{name: acme, bot_token_env: BOT, signing_secret_env: SIGNING}]}
gates: [{name: ci, key_env: GATE, user: 'web:ci', place: web/local/tasting-room}]
`, url, events, slack.APIURL())
		place(t, conf, []byte(said))
		return startMember(t, dir, true, secrets...), "http://" + events + "/slack/events"
	}
	first, _ := start()
	first.becomes(t, "/readyz", http.StatusOK)
	second, events := start()
	second.becomes(t, "/readyz", http.StatusOK)

	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	second.becomes(t, "/readyz", http.StatusServiceUnavailable)
	if err := server.Launch(); err != nil {
		t.Fatal(err)
	}
	second.becomes(t, "/readyz", http.StatusOK)
	first.becomes(t, "/readyz", http.StatusOK)

	slack.Change(func() { acme.URL = events })
	if said := slack.Command(ann, "CT1", "help"); !strings.Contains(said, "start a blind test") {
		t.Errorf("through the replica that stands by Slack's command is answered %q", said)
	}
	req, err := http.NewRequestWithContext(t.Context(), "GET", second.url+"/gate/said?what=standings", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer a pipeline's long key")
	if resp, err := http.DefaultClient.Do(req); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("through the replica that stands by a pipeline is answered %v, %v", resp, err)
	}

	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, process: &process{t: t, url: second.url}, client: &http.Client{Jar: jar}}
	v.get("/?admin=an+admin%27s+long+key")
	v.post("/name", "name", "Ada")
	v.post("/submit", "form", "start", "field-first", "kestrel", "field-second", "nova", "field-prompts", "Hi", "field-until", "2h")
	stream, err := v.client.Get(second.url + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	news := make(chan string, 100)
	go func() {
		defer close(news)
		for lines := bufio.NewScanner(stream.Body); lines.Scan(); {
			news <- lines.Text()
		}
	}()
	v.post("/press", "button", "d1/go")
	v.tap("1.1/ballot")
	if line := <-news; line != "retry: 1500" {
		t.Errorf("events begin with %q", line)
	}
	for changed := false; !changed; {
		select {
		case line, ok := <-news:
			if !ok {
				t.Fatal("events end while the leader is well")
			}
			changed = line == "event: changed"
		case <-time.After(time.Minute):
			t.Fatal("no news of a vote comes through the replica that stands by")
		}
	}

	first.cmd.Process.Kill()
	v.process.until("the page says that another takes over", func() bool {
		resp, err := v.client.Get(second.url + "/")
		if err != nil {
			return false
		}
		defer resp.Body.Close()
		said, _ := io.ReadAll(resp.Body)
		return resp.StatusCode == http.StatusServiceUnavailable && resp.Header.Get("Retry-After") != "" && strings.Contains(string(said), "comes back by itself")
	})
	for range news { // they end
	}
	v.until("Ada's own vote", func(page string) bool { return strings.Contains(page, `aria-pressed="true"`) })
	second.becomes(t, "/readyz", http.StatusOK)
	s, err := postgres.Open(t.Context(), slog.New(slog.DiscardHandler), url)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	id := bot.TastingID{Workspace: bot.Workspace{Platform: "web", ID: "local"}, N: 1}
	if votes, err := s.Votes(t.Context(), id.Round(1)); err != nil || len(votes) != 1 {
		t.Errorf("%d votes stand, %v; want Ada's", len(votes), err)
	}
}

// An address that other replicas cannot be sent to is refused before anything is opened.
func TestReachIsAnAddress(t *testing.T) {
	dir := team(t)
	conf := filepath.Join(dir, "tastetest.yaml")
	for reach, want := range map[string]string{
		"10.0.0.7:8080":             "write one as --reach http://10.0.0.7:8080",
		"ftp://10.0.0.7":            "write one as --reach http://10.0.0.7:8080",
		"http://10.0.0.7:8080/page": "write one as --reach http://10.0.0.7:8080",
		"http://10.0.0.7:8080":      "its page listens on 127.0.0.1:0, for this machine alone",
	} {
		if _, errs, code := tastetest(t.Context(), "run", "--config", conf, "--reach", reach); code == 0 || !strings.Contains(errs, want) {
			t.Errorf("run --reach %s says %q, code %d; want %q", reach, errs, code, want)
		}
	}
}
