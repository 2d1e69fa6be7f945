package discord_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/slack"
	"github.com/tastetest/tastetest/adapters/slack/slackfake"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
)

// Slack, Discord and the browser in one process: a tasting in each, all called
// 1, and nothing of one is seen or heard in another.
func TestThreeChatsAtOnce(t *testing.T) {
	t.Parallel()
	s, team, page := threeChats(t, "")

	webPlace := bot.Place{Workspace: bot.Workspace{Platform: "web", ID: "local"}, Channel: "tasting"}
	ann := team.AddUser(slackfake.User{Name: "Ann", Team: "T1"})
	places := []bot.Place{taste, slackPlace, webPlace}
	for _, at := range places {
		user := map[string]string{"discord": s.boss, "slack": ann, "web": "Ada·abc234"}[at.Platform]
		s.bot.Command(t.Context(), bot.Command{At: at, User: user, Text: fmt.Sprintf(`start kestrel nova prompt="Asked on %s." until=2h`, at.Platform)})
		s.bot.Press(t.Context(), bot.Press{At: at, User: user, Button: "d1/go"})
	}
	refs := make(map[string]bot.Ref)
	for _, at := range places {
		adaptertest.Eventually(t, "it is open on "+at.Platform, func() bool {
			x, err := s.store.Tasting(t.Context(), bot.TastingID{Workspace: at.Workspace, N: 1})
			return err == nil && x.State == bot.Open
		})
		posts, err := s.store.Posts(t.Context(), bot.TastingID{Workspace: at.Workspace, N: 1})
		if err != nil || len(posts) != 1 {
			t.Fatalf("posts on %s: %v, %v", at.Platform, posts, err)
		}
		refs[at.Platform] = posts[0].Ref
	}
	s.tap(tasteID, refs["discord"].Message, s.Join("Bob"), "🤝", true)
	if err := team.Tap(ann, "CT1", refs["slack"].Message, "a", true); err != nil {
		t.Errorf("tap on Slack: %v", err)
	}

	onDiscord, _ := s.Said.Message(tasteID, refs["discord"].Message)
	inSlack, _ := team.Message("CT1", refs["slack"].Message)
	resp, err := http.Get(page + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	onPage, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	for there, shown := range map[string]string{"discord": string(onDiscord.Payload), "slack": string(inSlack.Payload), "web": string(onPage)} {
		for _, at := range places {
			if strings.Contains(shown, "Asked on "+at.Platform+".") != (at.Platform == there) {
				t.Errorf("on %s one sees, of %s:\n%.3000s", there, at.Platform, shown)
			}
		}
	}
	for platform, want := range map[string]int{"discord": 1, "slack": 1, "web": 0} {
		adaptertest.Eventually(t, fmt.Sprintf("%d votes on %s", want, platform), func() bool {
			id := bot.TastingID{Workspace: refs[platform].Workspace, N: 1}
			vs, err := s.store.Votes(t.Context(), id.Round(1))
			return err == nil && len(vs) == want
		})
	}
}

// together runs chats until the returned function is called.
func together(t testing.TB, b *engine.Bot, chats []bot.Chat) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, c := range chats {
		b.Add(c)
	}
	for _, c := range chats {
		running.Go(func() {
			if err := c.Run(ctx, b); err != nil {
				t.Errorf("Run on %s: %v", c.Platform(), err)
			}
		})
	}
	return func() { cancel(); running.Wait() }
}

var slackPlace = bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: "T1"}, Channel: "CT1"}

// threeChats is a bot on Discord, in a workspace of Slack and on a page with a secret, if
// one is given.
func threeChats(t *testing.T, secret string) (s *stage, team *slackfake.Slack, page string) {
	t.Helper()
	s = newStage(t, t.Output())
	s.stop()
	team = slackfake.New(t)
	team.AddTeam(slackfake.Team{ID: "T1", BotToken: "xoxb-1", AppToken: "xapp-1"})
	onSlack, err := slack.New(s.log, slack.Options{APIURL: team.APIURL(), SeedEvery: time.Millisecond,
		Workspaces: []slack.Workspace{{Name: "acme", BotToken: "xoxb-1", AppToken: "xapp-1"}}})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	key := make([]byte, 32)
	s.open, s.link = true, web.Linker{Base: "http://" + ln.Addr().String(), Key: func(context.Context) ([]byte, error) { return key, nil }}.Results
	s.also = func(b *engine.Bot) []bot.Chat {
		page, err := web.New(s.log, ln.Addr(), b, web.Options{Key: key, Secret: secret})
		if err != nil {
			t.Fatal(err)
		}
		adaptertest.Serve(t, ln, page.Handler())
		return []bot.Chat{onSlack, page}
	}
	s.begin()
	adaptertest.Eventually(t, "Slack is connected", func() bool { return onSlack.Ready() == nil })
	return s, team, "http://" + ln.Addr().String()
}

// Under a reveal on Slack and on Discord “Open results” answers whoever presses it
// with a link; the page shows them that channel alone, by a cookie from then on.
// Whoever follows the address without it, as the preview of a chat does, reads what
// the bot is called and nothing else.
func TestOpenResultsFromEveryChat(t *testing.T) {
	t.Parallel()
	s, team, page := threeChats(t, "hops-and-malt")
	ann := team.AddUser(slackfake.User{Name: "Ann", Team: "T1"})
	links := regexp.MustCompile(regexp.QuoteMeta(page) + `/at/open\?key=[\w.-]+`)
	asked := map[string]string{"discord": s.boss, "slack": ann}
	pages, link := make(map[string]string), make(map[string]string)
	for _, at := range []bot.Place{taste, slackPlace} {
		id := bot.TastingID{Workspace: at.Workspace, N: 1}
		s.bot.Command(t.Context(), bot.Command{At: at, User: asked[at.Platform], Text: fmt.Sprintf(`start kestrel nova prompt="Asked on %s." until=2h`, at.Platform)})
		s.bot.Press(t.Context(), bot.Press{At: at, User: asked[at.Platform], Button: "d1/go"})
		until := func(state bot.State) {
			adaptertest.Eventually(t, fmt.Sprintf("it is %v on %s", state, at.Platform), func() bool {
				x, err := s.store.Tasting(t.Context(), id)
				return err == nil && x.State == state
			})
		}
		until(bot.Open)
		s.bot.Press(t.Context(), bot.Press{At: at, User: asked[at.Platform], Button: "1/close"})
		until(bot.Revealed)
		var stands bot.Ref
		adaptertest.Eventually(t, "it is announced on "+at.Platform, func() bool {
			posts, err := s.store.Posts(t.Context(), id)
			for _, p := range posts {
				if p.Key.What == bot.AnnouncementPost {
					stands = p.Ref
				}
			}
			return err == nil && stands.Message != ""
		})
		var public string
		if at == taste {
			m, _ := s.Said.Message(tasteID, stands.Message)
			public = string(m.Payload)
			link[at.Platform] = links.FindString(string(s.Press(t, tasteID, stands.Message, s.boss, "1/open").Data))
		} else {
			m, _ := team.Message("CT1", stands.Message)
			public = string(m.Payload)
			team.Press(ann, "CT1", stands.Message, "1/open")
			for _, m := range team.Memory.Private(ann) {
				link[at.Platform] += links.FindString(string(m.Payload))
			}
		}
		if !strings.Contains(public, "Open results") || strings.Contains(public, "/at/open") {
			t.Errorf("on %s stands in the channel:\n%s", at.Platform, public)
		}
		if link[at.Platform] == "" {
			t.Fatalf("on %s “Open results” is answered with no link", at.Platform)
		}
	}
	get := func(c *http.Client, url string) (int, string, *url.URL) {
		t.Helper()
		r, err := c.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, string(body), r.Request.URL
	}
	for platform, l := range link {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		reader := &http.Client{Jar: jar}
		_, first, at := get(reader, l)
		if next := regexp.MustCompile(`url=(/at/[\w-]+/results)"`).FindStringSubmatch(first); next != nil { // a step that browsers take by themselves
			_, first, at = get(reader, page+next[1])
		}
		pages[platform] = at.String()
		if !strings.Contains(first, "Taste test 1") || strings.Contains(at.String(), "key=") {
			t.Fatalf("the link from %s leads to %s:\n%s", platform, at, first)
		}
		_, one, _ := get(reader, at.String()+"/1")
		for _, other := range []string{"discord", "slack"} {
			if got := strings.Contains(one, "Asked on "+other+"."); got != (other == platform) {
				t.Errorf("by the link from %s one reads what was asked on %s: %v", platform, other, got)
			}
		}
		for _, path := range []string{"/", "/results", "/results/1"} {
			if status, body, _ := get(reader, page+path); status == http.StatusOK && !strings.Contains(body, `name="secret"`) || strings.Contains(body, "Asked on") {
				t.Errorf("the cookie from %s opens %s: %d", platform, path, status)
			}
		}
		for kind, address := range map[string]string{"the link": l, "the page": at.String(), "a test’s page": at.String() + "/1"} {
			preview := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			_, body, _ := get(preview, address)
			for _, leak := range []string{"kestrel", "nova", "Asked on", "CT1", "taste test", "#"} {
				if strings.Contains(body, leak) {
					t.Errorf("a preview of %s from %s says %q:\n%s", kind, platform, leak, body)
				}
			}
			if kind != "the link" && !strings.Contains(body, "<title>Tastetest</title>") {
				t.Errorf("a preview of %s from %s does not name the bot:\n%s", kind, platform, body)
			}
		}
	}
	if pages["slack"] == pages["discord"] {
		t.Errorf("both links lead to %s", pages["slack"])
	}
}
