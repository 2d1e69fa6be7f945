package discord_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
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
	s := newStage(t, t.Output())
	s.stop()

	team := slackfake.New(t)
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
	s.open = true
	s.also = func(b *engine.Bot) []bot.Chat {
		page, err := web.New(s.log, ln.Addr(), b, web.Options{Key: make([]byte, 32)})
		if err != nil {
			t.Fatal(err)
		}
		adaptertest.Serve(t, ln, page.Handler())
		return []bot.Chat{onSlack, page}
	}
	s.begin()
	adaptertest.Eventually(t, "Slack is connected", func() bool { return onSlack.Ready() == nil })

	slackPlace := bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: "T1"}, Channel: "CT1"}
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
	resp, err := http.Get("http://" + ln.Addr().String() + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	for there, shown := range map[string]string{"discord": string(onDiscord.Payload), "slack": string(inSlack.Payload), "web": string(page)} {
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
