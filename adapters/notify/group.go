package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/tastetest/tastetest/bot"
)

const (
	mostWaiting = 64              // messages a robot; more are left out
	sendTime    = 5 * time.Second // for one message
	lastTime    = 2 * time.Second // for what waits when the program ends
)

// A Group is the robots that are told.
type Group struct {
	log    *slog.Logger
	link   string
	client *http.Client
	robots []robot
}

// A robot has a queue of its own, so that one whose platform hangs holds up no other.
type robot struct {
	Options
	waiting chan message
}

// New makes a Group whose messages lead to link. An error says what is wrong with
// one of robots.
func New(log *slog.Logger, link string, robots []Options) (*Group, error) {
	g := &Group{log: log, link: link, client: &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	for _, o := range robots {
		if err := o.check(); err != nil {
			return nil, err
		}
		g.robots = append(g.robots, robot{o, make(chan message, mostWaiting)})
	}
	return g, nil
}

// Tell has the robots say what p is about, if it is a tasting's opening or its
// announcement. It returns at once. Call it once a post: it remembers none.
func (g *Group) Tell(p bot.Post) {
	m, ok := messageOf(p, g.link)
	if !ok {
		return
	}
	for _, r := range g.robots {
		select {
		case r.waiting <- m:
		default:
			g.log.Warn("a robot is told too much at once; a message is left out", "robot", r.Kind)
		}
	}
}

// Run sends until ctx is done, and then what waits, for a few seconds.
func (g *Group) Run(ctx context.Context) error {
	var work sync.WaitGroup
	for _, r := range g.robots {
		work.Go(func() { g.serve(ctx, r) })
	}
	work.Wait()
	return nil
}

func (g *Group) serve(ctx context.Context, r robot) {
	for ctx.Err() == nil {
		select {
		case m := <-r.waiting:
			g.say(context.WithoutCancel(ctx), r, m) // what is under way is finished
		case <-ctx.Done():
		}
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastTime)
	defer cancel()
	for late.Err() == nil {
		select {
		case m := <-r.waiting:
			g.say(late, r, m)
		default:
			return
		}
	}
	if n := len(r.waiting); n > 0 {
		g.log.Warn("messages to a robot are not sent: the bot is stopping", "messages", n)
	}
}

// say sends m once, whatever comes of it: sent again it might stand there twice.
func (g *Group) say(ctx context.Context, r robot, m message) {
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	if err := g.send(ctx, r.Options, m); err != nil {
		g.log.Warn("a robot was not told, and will not be", "robot", r.Kind, "err", r.redact(err.Error()))
	}
}

func (g *Group) send(ctx context.Context, o Options, m message) error {
	address, body := o.request(m, time.Now())
	text, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("write the message: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(text))
	if err != nil {
		return errors.New("its address cannot be used")
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.GetBody = nil // so that nothing below sends it a second time
	resp, err := g.client.Do(req)
	if failed, ok := errors.AsType[*url.Error](err); ok {
		err = failed.Err // without the address, which has the key
	}
	if err != nil {
		return fmt.Errorf("send the message: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("it answered %s", resp.Status)
	}
	var a answer
	if err := json.NewDecoder(io.LimitReader(resp.Body, 64<<10)).Decode(&a); err != nil {
		return fmt.Errorf("read its answer: %w", err)
	}
	return a.refusal()
}
