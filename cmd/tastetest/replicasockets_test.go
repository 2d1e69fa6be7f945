//go:build unix

package main

import (
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/slack/slackfake"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/postgres"
	"github.com/tastetest/tastetest/store/postgres/pgtest"
)

// Each of three replicas has a socket to Slack, which delivers over any. People vote all the
// while, and one of those who lead is killed and the next one drained: each vote is
// acknowledged in the end and counted once, commands are answered by whoever leads or say
// that somebody takes over, and whoever takes over opens no other socket.
func TestSocketInEachReplica(t *testing.T) {
	if testing.Short() {
		t.Skip("a replica is killed, and whoever takes over waits for its lease")
	}
	server := pgtest.Start(t)
	url, _ := server.Database(t, "sockets")
	p := newPlayOver(t, url, 3, "app_token_env: APP")
	sockets := func(n int) {
		t.Helper()
		p.until(fmt.Sprint(n, " sockets"), func() bool { return p.slack.Sockets.Open() == n })
	}
	sockets(3)
	p.slack.Change(func() {
		p.slack.Redelivers = []time.Duration{0, 3 * time.Second, 6 * time.Second, 6 * time.Second, 6 * time.Second}
	})
	posts := p.start("reaction", time.Now().UTC().AddDate(0, 0, 3).Format(time.DateOnly)+" 17:00", 4)
	opened := len(p.slack.Journal("apps.connections.open"))

	const people = 90
	var late atomic.Int64
	var voting sync.WaitGroup
	// vote has so many people vote in all rounds, some every moment.
	vote := func(from, to int) {
		for i := from; i < to; i++ {
			who := p.slack.AddUser(slackfake.User{ID: fmt.Sprint("UV", i), Name: fmt.Sprint("voter", i), Team: "T1"})
			voting.Go(func() {
				for _, m := range posts[1:] {
					if p.slack.Tap(who, "CT1", m.ID, "a", true) != nil {
						late.Add(1) // it is not lost
					}
				}
			})
			time.Sleep(20 * time.Millisecond)
		}
	}
	vote(0, 30)
	for range 12 {
		if said := p.slack.Command(p.people[0], "CT1", "help"); !strings.Contains(said, "start a blind test") {
			t.Fatalf("while all is well a command is answered %q", said)
		}
	}
	voting.Wait()
	if n := late.Load(); n > 0 {
		t.Errorf("while all is well %d votes are not acknowledged in time", n)
	}

	p.endLeader(syscall.SIGKILL)
	vote(30, 60)
	said := p.slack.Command(p.people[0], "CT1", "help")
	if !strings.Contains(said, "please type that again in a moment") {
		t.Errorf("just after the leader was killed a command is answered %q", said)
	}
	p.ready()
	voting.Wait()
	sockets(2)
	p.until("all is acknowledged", func() bool { return p.slack.Unacked() == 0 })

	go vote(60, people)
	time.Sleep(300 * time.Millisecond)
	p.endLeader(syscall.SIGTERM)
	p.ready()
	p.until("the others have voted", func() bool {
		m, _ := p.slack.Message("CT1", posts[3].ID)
		return len(m.Emoji[0].Users) >= people
	})
	voting.Wait()
	sockets(1)
	p.until("all is acknowledged", func() bool { return p.slack.Unacked() == 0 })
	if n := len(p.slack.Journal("apps.connections.open")); n != opened {
		t.Errorf("%d more sockets were opened, as replicas took over", n-opened)
	}
	if said := p.slack.Command(p.people[0], "CT1", "help"); !strings.Contains(said, "start a blind test") {
		t.Errorf("in the end a command is answered %q", said)
	}

	s, err := postgres.Open(t.Context(), slog.New(slog.DiscardHandler), url)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	id := bot.TastingID{Workspace: bot.Workspace{Platform: "slack", ID: "T1"}, N: 1}
	for round := 1; round <= 3; round++ {
		votes, err := s.Votes(t.Context(), id.Round(round))
		if err != nil || len(votes) != people {
			t.Errorf("in round %d %d of %d votes stand, %v", round, len(votes), people, err)
		}
	}
	if got := len(p.stands()); got != 4 {
		t.Errorf("%d posts stand in the channel, not the head and three ballots", got)
	}
	for _, m := range p.members {
		if strings.Contains(m.said(t), "UV1") {
			t.Error("the log names who voted")
		}
	}
}
