package web_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/store/bolt"
)

// A brittle core panics in what goes on behind an answer, once it has said one thing.
type brittle struct{ bot.Handler }

func (b brittle) Press(ctx context.Context, p bot.Press) bot.Reply {
	r := b.Handler.Press(ctx, p)
	if r.Later != nil {
		r.Later = func(_ context.Context, say func(bot.Post) error) error {
			say(bot.Notice{Text: bot.Literal("14 answers of 20 are there.")})
			panic("a bar is longer than its line")
		}
	}
	return r
}

// A diary is a log that can be read while it is written.
type diary struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (d *diary) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.all.Write(p)
}

func (d *diary) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.all.String()
}

// A panic in what the page goes on with after its answer ends that, and nothing else:
// whoever asked is told so, with the number under
// which the log has the cause; what they asked for comes all the same, open pages are
// told of it, votes are kept, and it is revealed.
func TestPanicAfterTheAnswer(t *testing.T) {
	var log diary
	h := openHouseBehind(t, slog.New(slog.NewTextHandler(&log, nil)), bolt.OpenUnsynced, listening(t), engine.Policy{Everyone: true},
		func(b *engine.Bot) bot.Handler { return brittle{b} })
	ada, bob := joined(t, h.url, "Ada"), joined(t, h.url, "Bob")
	news := bob.stream("")
	defer news.Body.Close()
	h.start(ada, "rounds=1 until=2h ballot=reaction")
	apology := regexp.MustCompile(`Sorry, that did not work\.[^<]*the number (\w{8})`)
	var said []string
	adaptertest.Eventually(t, "Ada is told", func() bool {
		said = apology.FindStringSubmatch(ada.get("/"))
		return said != nil
	})
	if n := len(apology.FindAllString(ada.get("/"), -1)); n != 1 {
		t.Errorf("she is told %d times", n)
	}
	if page := bob.get("/"); strings.Contains(page, "Sorry") {
		t.Error("Bob is told what went wrong with what Ada asked for")
	}
	adaptertest.Eventually(t, "the log has the cause under the number that she was told", func() bool {
		for line := range strings.Lines(log.String()) {
			if strings.Contains(line, "id="+said[1]) {
				return strings.Contains(line, "a bar is longer than its line") && strings.Contains(line, "panic_test.go")
			}
		}
		return false
	})
	for _, p := range []*person{ada, bob} {
		if status, o := p.post("/tap", "channel", "tasting", "message", "1.1/ballot", "tap", "on:left"); status != http.StatusOK {
			t.Errorf("a vote after it is answered %d %s", status, o.Error)
		}
	}
	rows, err := h.store.Votes(t.Context(), tasting(1).Round(1))
	if err != nil || len(rows) != 2 {
		t.Errorf("%d of two votes are kept, %v", len(rows), err)
	}
	if n := h.chat.OpenPages(); n != 1 {
		t.Errorf("%d pages are open, and not the one that Bob has", n)
	}
	ada.post("/press", "button", "1/close")
	h.until(1, bot.Revealed)
}
