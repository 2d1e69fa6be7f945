package slack_test

import (
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/slack"
	"github.com/tastetest/tastetest/adapters/slack/slackfake"
	"github.com/tastetest/tastetest/bot"
)

var figures = flag.Bool("figures", false, "measure an outage, a restart among many voters and the reveal of twenty rounds; takes four minutes")

// quiet is a world whose Slack keeps to its tiers, without a log.
func quiet(t *testing.T) *world {
	if !*figures {
		t.Skip("set -figures to see how long this takes")
	}
	t.Parallel()
	w := newWorld(t, slog.New(slog.NewTextHandler(io.Discard, nil)), false)
	w.AckWait = 20 * time.Second
	w.chat = w.paced(t)
	w.Change(func() { w.Tiers = true })
	return w
}

// go test ./adapters/slack -run TestFigures -figures -v
func TestFiguresOfAnOutage(t *testing.T) {
	w := quiet(t)
	wire := newWire(t, w.Address())
	w.Change(func() { w.Through = "http://" + wire.ln.Addr().String() })
	c, err := slack.New(w.log, slack.Options{
		APIURL: w.APIURL(), Workspaces: []slack.Workspace{{Name: "acme", BotToken: w.team.BotToken, AppToken: w.team.AppToken}},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.chat = c
	run(t, w, newPlayer())
	const away = 215 * time.Second
	wire.silent(true)
	time.Sleep(away)
	if w.chat.Ready() == nil {
		t.Errorf("after %v without a network the chat says that it is ready", away)
	}
	wire.silent(false)
	began := time.Now()
	for w.chat.Ready() != nil && time.Since(began) < 5*time.Minute {
		time.Sleep(10 * time.Millisecond)
	}
	took := time.Since(began)
	t.Logf("after %v in which nothing came through the socket was open again within %.1f s", away, took.Seconds())
	if took > 15*time.Second {
		t.Errorf("that is more than 15 s")
	}
}

// go test ./adapters/slack -run TestFigures -figures -v
func TestFiguresOfARestart(t *testing.T) {
	w := quiet(t)
	s := newStage(t, w)
	ada := s.admin()
	s.Command(t, ada, `start kestrel nova prompt="Hi" until=2h`)
	s.Slack.Press(ada, "CT1", "", "d1/go")
	open := func() bool { return s.state() == bot.Open && len(s.ballots()) == 1 }
	for began := time.Now(); !open() && time.Since(began) < 2*time.Minute; {
		time.Sleep(100 * time.Millisecond)
	}
	ballot := s.ballots()[0]
	s.stop()
	for i := range 300 { // while nobody listens
		w.React("CT1", ballot.Message, w.AddUser(slackfake.User{ID: fmt.Sprint("UV", i), Team: "T1"}), "a", true)
	}
	w.chat = w.paced(t)
	began := time.Now()
	s.begin()
	heard := func() int {
		votes, err := s.store.Votes(t.Context(), bot.TastingID{Workspace: s.Place().Workspace, N: 1}.Round(1))
		if err != nil {
			t.Fatal(err)
		}
		return len(votes)
	}
	asked := time.Now()
	shown := s.Slack.Command(w.AddUser(slackfake.User{ID: "UNEW", Team: "T1"}), "CT1", "status")
	answered := time.Since(asked)
	for heard() < 300 && time.Since(began) < 10*time.Minute {
		time.Sleep(10 * time.Millisecond)
	}
	t.Logf("300 voters on one ballot were known and counted %.1f s after the start; a command was answered after %v; Slack heard %d calls too many",
		time.Since(began).Seconds(), answered.Round(time.Millisecond), len(w.Refused))
	if heard() != 300 || !strings.Contains(shown, "Taste test 1") {
		t.Errorf("%d votes; the command was answered with:\n%s", heard(), shown)
	}
}

// go test ./adapters/slack -run TestFigures -figures -v
func TestFiguresOfTwentyRounds(t *testing.T) {
	w := quiet(t)
	s := newStage(t, w)
	ada := s.admin()
	var prompts []string
	for i := range 20 {
		prompts = append(prompts, fmt.Sprintf("Say number %d.", i+1))
	}
	s.Slack.Command(ada, "CT1", "start")
	shown := s.Slack.Submit(ada, map[string]string{"prompts": strings.Join(prompts, "\n\n"), "rounds": "20", "until": "2h"}, nil)
	if !strings.Contains(shown, "20 prompts") {
		t.Fatalf("the form is answered with:\n%s", shown)
	}
	s.Slack.Press(ada, "CT1", "", "d1/go")
	wait := func(what string, limit time.Duration, ok func() bool) time.Duration {
		began := time.Now()
		for !ok() {
			if time.Since(began) > limit {
				t.Fatalf("after %v not yet: %s", limit, what)
			}
			time.Sleep(20 * time.Millisecond)
		}
		return time.Since(began)
	}
	posting := wait("twenty ballots stand", 5*time.Minute, func() bool { return s.state() == bot.Open && len(s.ballots()) == 20 })
	ballots := s.ballots()
	for i := range 11 {
		user := w.AddUser(slackfake.User{ID: fmt.Sprint("UV", i), Team: "T1"})
		for _, ref := range ballots {
			if err := s.Slack.Tap(user, "CT1", ref.Message, "a", true); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(3 * time.Second) // so that counts want to be shown all the time
	}
	s.Slack.Command(ada, "CT1", "close 1")
	counts := len(w.Journal("chat.update"))
	s.Slack.Press(ada, "CT1", "", "1/close")
	took := wait("all is revealed", 5*time.Minute, s.settled)
	w.Change(func() {
		slices.Sort(w.Refused)
		t.Logf("20 rounds of 11 voters: posted in %.0f s, %d edits of counts, closed and revealed in %.1f s; Slack heard %d calls too many %q",
			posting.Seconds(), counts, took.Seconds(), len(w.Refused), slices.Compact(w.Refused))
	})
	if took > 20*time.Second {
		t.Errorf("20 rounds took %v to reveal, more than 20 s", took)
	}
	adaptertest.Eventually(t, "it is revealed", func() bool { return s.state() == bot.Revealed })
}

// A wire is a way to a server on which for a while nothing comes through, and
// nobody says so. What was open then stays dead.
type wire struct {
	ln net.Listener
	to string

	mu   sync.Mutex
	dead chan struct{} // closed while nothing comes through
	ends []net.Conn
}

func newWire(t *testing.T, to string) *wire {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{ln: ln, to: to, dead: make(chan struct{})}
	var open sync.WaitGroup
	open.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			w.keep(c)
			open.Go(func() { w.join(c, &open) })
		}
	})
	t.Cleanup(func() {
		ln.Close()
		w.mu.Lock()
		for _, c := range w.ends {
			c.Close()
		}
		w.mu.Unlock()
		open.Wait()
	})
	return w
}

func (w *wire) keep(c net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ends = append(w.ends, c)
}

// silent ends all that comes through, or lets new connections through again.
func (w *wire) silent(yes bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if yes {
		close(w.dead)
	} else {
		w.dead = make(chan struct{})
	}
}

// join connects a client with the server until one of them ends, or nothing
// comes through any more: then both wait.
func (w *wire) join(client net.Conn, open *sync.WaitGroup) {
	w.mu.Lock()
	dead := w.dead
	w.mu.Unlock()
	select {
	case <-dead:
		return
	default:
	}
	server, err := net.Dial("tcp", w.to)
	if err != nil {
		client.Close()
		return
	}
	w.keep(server)
	pass := func(to, from net.Conn) {
		buf := make([]byte, 32<<10)
		for {
			n, err := from.Read(buf)
			select {
			case <-dead:
				return
			default:
			}
			if n > 0 {
				if _, err := to.Write(buf[:n]); err != nil {
					return
				}
			}
			if err != nil {
				to.Close()
				return
			}
		}
	}
	open.Go(func() { pass(server, client) })
	pass(client, server)
}
