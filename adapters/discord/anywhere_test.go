package discord_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
)

// Types of channels.
const (
	textType       = 0
	voiceType      = 2
	newsType       = 5
	newsThreadType = 10
	threadType     = 11
	stageType      = 13
	forumType      = 15
)

// A tasting of several rounds goes through wherever a command can be typed. Its
// ballots stand below its head where Discord has threads, else after it.
func TestStartedAnywhere(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		here   discordfake.Channel
		thread int // type of the thread below the head; 0: there is none
	}{
		{"an announcement channel", discordfake.Channel{ID: "310", Type: newsType}, newsThreadType},
		{"the chat of a voice channel", discordfake.Channel{ID: "311", Type: voiceType}, 0},
		{"the chat of a stage", discordfake.Channel{ID: "312", Type: stageType}, 0},
		{"a thread", discordfake.Channel{ID: "313", Type: threadType, Parent: tasteID}, 0},
		{"a thread of an announcement channel", discordfake.Channel{ID: "314", Type: newsThreadType, Parent: "310"}, 0},
		{"a post of a forum", discordfake.Channel{ID: "315", Type: threadType, Parent: "320"}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, t.Output())
			tt.here.Guild = guildID
			s.fake.Mu.Lock()
			s.Channels["320"] = discordfake.Channel{ID: "320", Guild: guildID, Type: forumType}
			s.Channels[tt.here.ID] = tt.here
			s.fake.Mu.Unlock()
			s.startIn(tt.here.ID, str("model", "kestrel"), str("against", "nova"), discordfake.Input{Name: "file", Type: 11, Value: s.Upload([]byte("prompt\nHi\nBye\n"))})
			s.state(1, bot.Open)
			head, ann := s.post("1/head"), s.Join("Ann")
			if head.Channel != tt.here.ID {
				t.Errorf("the head stands in %s, not in %s", head.Channel, tt.here.ID)
			}
			below := tt.here.ID
			if tt.thread != 0 {
				below = head.ID
			}
			for n := 1; n <= 2; n++ {
				m := s.post(fmt.Sprintf("1.%d/ballot", n))
				s.fake.Mu.Lock()
				stands := s.Channels[m.Channel].Type
				s.fake.Mu.Unlock()
				if m.Channel != below || stands != max(tt.thread, tt.here.Type) {
					t.Errorf("ballot %d stands in %s, of type %d", n, m.Channel, stands)
				}
				s.tap(m.Channel, m.ID, ann, "🤝", true)
			}
			x := s.Slash(t, below, s.boss, "status")
			if !strings.Contains(string(x.Data), "Taste test 1") {
				t.Errorf("status where the ballots stand: %v", x)
			}
			s.closeIt(head, 1)
			s.state(1, bot.Revealed)
			s.says("1/announcement", "2 votes, 1 person, 2 prompts")
		})
	}
}

// What the bot may not do is said before anything is asked, with what to click.
func TestStartedWhereItMayNotPost(t *testing.T) {
	t.Parallel()
	s := newStage(t, t.Output())
	for _, tt := range []struct {
		here discordfake.Channel
		may  int
		want string // "": it may
	}{
		{discordfake.Channel{Type: textType}, everything, ""},
		{discordfake.Channel{Type: textType}, 1 << 3, ""}, // Administrator
		{discordfake.Channel{Type: textType}, everything &^ (1<<14 | 1<<6), "I lack Embed Links, Add Reactions. In Discord: Edit Channel"},
		{discordfake.Channel{Type: textType}, 0, "I lack View Channel, Send Messages, "},
		{discordfake.Channel{Type: textType}, everything &^ (1 << 35), "I lack Create Public Threads."},
		{discordfake.Channel{Type: threadType, Parent: tasteID}, everything &^ (1<<35 | 1<<11), ""},
		{discordfake.Channel{Type: threadType, Parent: tasteID}, everything &^ (1 << 38), "I lack Send Messages in Threads."},
		{discordfake.Channel{Type: voiceType}, everything&^(1<<35|1<<38) | 1<<20, ""},
		{discordfake.Channel{Type: voiceType}, everything, "I lack Connect."},
	} {
		tt.here.ID, tt.here.Guild, tt.here.May = "330", guildID, fmt.Sprint(tt.may)
		s.fake.Mu.Lock()
		s.Channels["330"] = tt.here
		s.fake.Mu.Unlock()
		for _, command := range []string{"start", "compare"} {
			x := s.Slash(t, "330", s.boss, command)
			if refused := x.Kind == 4; refused != (tt.want != "") || !strings.Contains(string(x.Data), tt.want) {
				t.Errorf("%s in a channel of type %d where it may %b: %v", command, tt.here.Type, tt.may, x)
			}
		}
		if x := s.Slash(t, "330", s.boss, "models"); !strings.Contains(string(x.Data), "kestrel") {
			t.Errorf("models, which is answered to one alone: %v", x)
		}
	}
}

// A command typed where the bot sees nothing is answered all the same, and
// costs no request to the channel.
func TestCommandsFromChannelsThatAreHidden(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	h := &recorder{reply: bot.Reply{Post: bot.Notice{Text: bot.Literal("Yes.")}}}
	adaptertest.Start(t, f.chat(t), h)
	ann := f.Join("Ann")
	f.Connected(t)
	f.Mu.Lock()
	f.Channels["331"] = discordfake.Channel{ID: "331", Guild: guildID, Type: threadType, Parent: "330"}
	f.Mu.Unlock()
	f.Calls.Fail("GET /channels/{c}", 10, refused(403, 50001))
	f.Slash(t, "331", ann, "status")
	h.read(func() {
		if got := h.heard[0].At.Channel; got != "330/331" {
			t.Errorf("the command came from %q", got)
		}
	})
}

// A thread whose opening was answered into the void is found again, not taken
// for one that was deleted.
func TestThreadIsOpenedOnce(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	c := f.chat(t)
	c.Hurry()
	ref, err := c.Post(t.Context(), taste, bot.PostKey{Tasting: tasting(12), What: "head"}, time.Time{}, samples.Head)
	if err != nil {
		t.Fatal(err)
	}
	f.Calls.Fail("POST /channels/{c}/messages/{m}/threads", 1, fakechat.Fault{Lose: true})
	at, err := c.Thread(t.Context(), ref)
	if err != nil || at.Channel != tasteID+"/"+ref.Message {
		t.Errorf("below the head is %+v, %v", at, err)
	}
}
