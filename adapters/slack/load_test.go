package slack_test

import (
	"flag"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/slack/slackfake"
	"github.com/tastetest/tastetest/bot"
)

var load = flag.Duration("load", 0, "send 1,000 reaction events a second for so long, and report")

// go test ./adapters/slack -run TestLoad -load 30s -v
func TestLoad(t *testing.T) {
	if *load == 0 {
		t.Skip("set -load 30s to see how long acknowledgements take")
	}
	w := newWorld(t, slog.New(slog.NewTextHandler(io.Discard, nil)), false)
	w.AckWait = 30 * time.Second
	s := newStage(t, w)
	ada := s.admin()
	s.Command(t, ada, "start kestrel nova pack=fruit rounds=6 until=2h")
	s.Slack.Press(ada, "CT1", "", "d1/go")
	adaptertest.Eventually(t, "six ballots stand", func() bool { return len(s.ballots()) == 6 })
	refs := s.ballots()

	const perSecond = 1000
	n := int(load.Seconds() * perSecond)
	for i := range n / len(refs) {
		s.AddUser(slackfake.User{ID: fmt.Sprint("UL", i), Team: "T1"})
	}
	took := make([]time.Duration, n)
	failed := make([]error, n)
	var all sync.WaitGroup
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	began := time.Now()
	sent := n / len(refs) * len(refs)
	for next := 0; next < sent; {
		<-tick.C
		due := min(int(time.Since(began).Seconds()*perSecond), sent)
		for i := next; i < due; i++ {
			all.Go(func() {
				from := time.Now()
				failed[i] = s.Slack.Tap(fmt.Sprint("UL", i/len(refs)), "CT1", refs[i%len(refs)].Message, "a", true)
				took[i] = time.Since(from)
			})
		}
		next = due
	}
	all.Wait()
	span := time.Since(began)
	took = took[:sent]
	slices.Sort(took)
	for _, err := range failed {
		if err != nil {
			t.Errorf("a vote was not acknowledged: %v", err)
			break
		}
	}
	stored := 0
	for i := range refs {
		votes, err := s.store.Votes(t.Context(), bot.TastingID{Workspace: s.Place().Workspace, N: 1}.Round(i+1))
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range votes {
			if v.Pick() != bot.None && strings.HasPrefix(v.Voter.User, "UL") {
				stored++
			}
		}
	}
	if stored != sent {
		t.Errorf("%d votes are stored, not %d", stored, sent)
	}
	t.Logf("%d events in %v; acknowledged after p50 %v, p99 %v, at most %v", sent, span.Round(time.Millisecond),
		took[sent/2].Round(time.Microsecond), took[sent*99/100].Round(time.Microsecond), took[sent-1].Round(time.Microsecond))
}
