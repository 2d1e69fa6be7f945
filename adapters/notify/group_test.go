package notify_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/notify"
	"github.com/tastetest/tastetest/adapters/notify/notifyfake"
	"github.com/tastetest/tastetest/bot"
)

const page = "https://tastetest.example.com"

var (
	twelve = bot.TastingID{N: 12}
	head   = bot.Head{Tasting: twelve, Question: bot.Quoted("哪份回复更好？"), Intro: bot.Say("10 prompts, two unnamed answers each."), Progress: bot.Say("closes Thu 17:00")}
	ballot = bot.Ballot{Title: bot.Say("Taste test 12 · Which reply is better?"), Prompt: "A cake came late.", Left: "LEFT TEXT", Right: "RIGHT TEXT", Progress: bot.Say("models revealed Thu 17:00")}
	ended  = bot.Announcement{Tasting: twelve, Title: bot.Say("Taste test 12: nova is preferred."), Summary: bot.Say("nova 66 · kestrel 24 (63% · 23%)"), Finding: bot.Say("104 votes, 11 people, 10 prompts. nova has 70%.")}
)

// A log may be read while it is written.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// tell has robots say posts, and returns when all has been sent, with what was logged.
func tell(t *testing.T, robots []notify.Options, posts ...bot.Post) string {
	t.Helper()
	var said log
	g, err := notify.New(slog.New(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug})), page, robots)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range posts {
		g.Tell(p)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // what waits is sent all the same
	if err := g.Run(ctx); err != nil {
		t.Errorf("Run: %v", err)
	}
	return said.String()
}

func all(r *notifyfake.Robots) (robots []notify.Options) {
	for _, kind := range notify.Kinds() {
		o := notify.Options{Kind: kind, URL: r.URL(string(kind)), Secret: r.Signing}
		if kind == notify.WeCom {
			o.Secret = ""
		}
		robots = append(robots, o)
	}
	return robots
}

// Each robot says what opened and what was revealed, once, with the link, signed or
// not; of a ballot it says that it is there, and not what stands in it.
func TestRobotsAreTold(t *testing.T) {
	for _, signing := range []string{"", "SEC-signing-S3CR3T"} {
		r := notifyfake.New(t)
		r.Signing = signing
		if said := tell(t, all(r), head, ballot, ended, bot.Seat{}, bot.Reveal{}, bot.Notice{Text: bot.Say("for you alone")}); said != "" {
			t.Errorf("signing with %q it logs:\n%s", signing, said)
		}
		got := make(map[string][]notifyfake.Message)
		for _, m := range r.Said() {
			got[m.Robot] = append(got[m.Robot], m)
			if m.Link != page {
				t.Errorf("%s leads to %s", m.Robot, m.Link)
			}
			if strings.Contains(m.Title+m.Text, "TEXT") || strings.Contains(m.Text, "cake") {
				t.Errorf("%s says what stands in a ballot: %s", m.Robot, m.Text)
			}
		}
		for _, kind := range notify.Kinds() {
			ms := got[string(kind)]
			if len(ms) != 3 {
				t.Errorf("%s said %d messages, want those of the head, the ballot and the announcement: %+v", kind, len(ms), ms)
				continue
			}
			if ms[0].Title != "Taste test 12 · 哪份回复更好？" || !strings.Contains(ms[0].Text, "closes Thu 17:00") {
				t.Errorf("%s says of the head %+v", kind, ms[0])
			}
			if ms[2].Title != "Taste test 12: nova is preferred." || !strings.Contains(ms[2].Text, "63% · 23%)\n104 votes, 11 people, 10 prompts. nova has 70%.") {
				t.Errorf("%s says of the announcement %+v", kind, ms[2])
			}
		}
	}
}

// Whatever a robot answers, it is told once, and the log says what was wrong without
// the robot's key, its secret or its address.
func TestRobotsAreToldOnce(t *testing.T) {
	for _, tt := range []struct {
		name string
		set  func(*notifyfake.Robots, []notify.Options)
		want []string
	}{
		{"a fault of the server", func(r *notifyfake.Robots, _ []notify.Options) {
			r.Before = func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(502); return true }
		}, []string{"it answered 502"}},
		{"a connection that breaks", func(r *notifyfake.Robots, _ []notify.Options) {
			r.Before = func(http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) }
		}, []string{"EOF"}},
		{"led elsewhere", func(r *notifyfake.Robots, _ []notify.Options) {
			r.Before = func(w http.ResponseWriter, req *http.Request) bool {
				http.Redirect(w, req, r.URL("wecom"), http.StatusTemporaryRedirect)
				return true
			}
		}, []string{"it answered 307"}},
		{"a wrong key", func(_ *notifyfake.Robots, all []notify.Options) {
			for i := range all {
				all[i].URL += "-0TH3R-S3CR3T"
			}
		}, []string{"19001", "300001: token is not exist: •••", "93000"}},
		{"a wrong signature", func(r *notifyfake.Robots, all []notify.Options) {
			r.Signing = "SEC-another-S3CR3T"
		}, []string{"19021", "310000: sign not match"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := notifyfake.New(t)
			robots := all(r)
			tt.set(r, robots)
			logged := tell(t, robots, head)
			if got := r.Posts(); got != len(robots) {
				t.Errorf("%d robots were told of one head with %d requests", len(robots), got)
			}
			for _, want := range tt.want {
				if !strings.Contains(logged, want) {
					t.Errorf("the log is without %q:\n%s", want, logged)
				}
			}
			if strings.Contains(logged, "S3CR3T") || strings.Contains(logged, "access_token=") {
				t.Errorf("the log has a key:\n%s", logged)
			}
		})
	}
}

// A robot that hangs holds up neither the one that tells nor the other robots.
func TestRobotThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, net := notifyfake.NewPiped(t)
		hangs := make(chan struct{})
		r.Before = func(_ http.ResponseWriter, req *http.Request) bool {
			if strings.Contains(req.URL.Path, "/bot/v2/hook/") {
				<-hangs
			}
			return false
		}
		defer close(hangs)
		g, err := notify.New(slog.New(slog.DiscardHandler), page, all(r))
		if err != nil {
			t.Fatal(err)
		}
		g.DialWith(net.Dial)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- g.Run(ctx) }()
		for range 200 { // more than may wait
			g.Tell(head)
		}
		for t.Context().Err() == nil && len(r.Said()) < 2*64 { // DingTalk's and WeCom's queues at least
			time.Sleep(time.Millisecond)
		}
		for _, m := range r.Said() {
			if m.Robot == "feishu" {
				t.Errorf("the robot that hangs said %+v", m)
			}
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// A place that is spoken to in Chinese has its robots speak it too.
func TestRobotsSpeakChinese(t *testing.T) {
	r := notifyfake.New(t)
	zh := bot.Head{Tasting: twelve, Question: bot.Quoted("哪份回复更好？"), Progress: bot.Say("{n} voted", bot.Count(4))}
	tell(t, all(r), bot.Speak(zh, bot.Voice{Lang: bot.Zh, Zone: "Asia/Shanghai"}))
	for _, m := range r.Said() {
		if m.Title != "第 12 场盲测 · 哪份回复更好？" || m.Text != "已有 4 人投票" {
			t.Errorf("%s says %+v", m.Robot, m)
		}
	}
	if len(r.Said()) != 3 {
		t.Errorf("%d of 3 robots said it", len(r.Said()))
	}
}

// Of the week all is said: it names no person and no text that people vote on.
func TestRobotsTellOfTheWeek(t *testing.T) {
	r := notifyfake.New(t)
	tell(t, all(r), adaptertest.Samples(bot.Workspace{Platform: "web"}).Digest)
	for _, m := range r.Said() {
		if m.Title != "The week in taste · 23–29 Nov" || !strings.HasPrefix(m.Text, "nova is preferred for humour (test 13): nova 63% of 104 votes, kestrel 23%.\nNo winner yet") || m.Link != page {
			t.Errorf("%s says %+v", m.Robot, m)
		}
	}
	if len(r.Said()) != 3 {
		t.Errorf("%d of 3 robots told of the week", len(r.Said()))
	}
}

// What people and models are called cannot mention anybody, and long texts are cut
// at a character.
func TestRobotsMentionNobody(t *testing.T) {
	r := notifyfake.New(t)
	hostile := head
	hostile.Question = bot.Quoted(`<at user_id="all">all</at> <@all> @13800000000 ` + strings.Repeat("长", 3000))
	hostile.Intro = hostile.Question
	if said := tell(t, all(r), hostile); said != "" {
		t.Errorf("it logs:\n%s", said)
	}
	if len(r.Said()) != 3 {
		t.Fatalf("%d of 3 robots took it", len(r.Said()))
	}
	for _, m := range r.Said() {
		if strings.ContainsAny(m.Title+m.Text, "<@>") {
			t.Errorf("%s can be had to mention somebody: %.60s", m.Robot, m.Title)
		}
		if !utf8.ValidString(m.Title+m.Text) || !strings.HasSuffix(m.Title, "…") {
			t.Errorf("%s's title is cut as %q", m.Robot, m.Title[max(0, len(m.Title)-12):])
		}
	}
}

func TestRobotsThatCannotBe(t *testing.T) {
	for _, tt := range []struct {
		o    notify.Options
		want string
	}{
		{notify.Options{Kind: "slack", URL: "https://example.com/S3CR3T"}, "feishu, dingtalk or wecom"},
		{notify.Options{Kind: notify.Feishu, URL: "open.feishu.cn/S3CR3T"}, "no https address"},
		{notify.Options{Kind: notify.DingTalk, URL: "http://oapi.dingtalk.com/robot/send?access_token=S3CR3T"}, "no https address"},
		{notify.Options{Kind: notify.WeCom, URL: "https://example.com/S3CR3T", Secret: "x"}, "leave the secret out"},
	} {
		_, err := notify.New(slog.New(slog.DiscardHandler), page, []notify.Options{tt.o})
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "S3CR3T") {
			t.Errorf("%s: %v, want %q and no key", tt.o.Kind, err, tt.want)
		}
	}
}
