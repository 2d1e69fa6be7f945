package discord_test

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
)

// Connections to the gateway that are sent away, break, or lose their session leave no
// goroutine behind. TASTETEST_RECONNECTS=10000 has so many come and go: each stands for
// two minutes of the bubble's time, after which the bot waits as shortly as it can.
func TestReconnectsLeaveNothing(t *testing.T) {
	times := adaptertest.Rounds("TASTETEST_RECONNECTS", testing.Short(), 30, 120)
	synctest.Test(t, func(t *testing.T) {
		f := newPiped(t, slog.New(slog.DiscardHandler))
		c := f.chat(t)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- c.Run(ctx, &recorder{}) }()
		troubles := []discordfake.Trouble{{Op: 7}, {Code: 4000}, {Code: 1001}, {Op: 9, Resumable: true}, {Op: 9}}
		again := func(i int) {
			before := f.Counted()
			f.Upset(troubles[i%len(troubles)])
			time.Sleep(2 * time.Minute)
			synctest.Wait()
			if after := f.Counted(); after.Resumes+after.Sessions == before.Resumes+before.Sessions || c.Ready() != nil {
				t.Fatalf("two minutes after trouble %+v the bot is not back: %v", troubles[i%len(troubles)], c.Ready())
			}
		}
		time.Sleep(2 * time.Minute)
		for i := range 2 * len(troubles) { // what is made once is there by then
			again(i)
		}
		was := adaptertest.Swept()
		t.Logf("after %d reconnects: %v", 2*len(troubles), was)
		for i := range times {
			if again(i); i+1 == times/2 {
				t.Logf("after %d more: %v", i+1, adaptertest.Swept())
			}
		}
		now := adaptertest.Swept()
		if t.Logf("after %d more: %v", times, now); now.Beyond(was, 0) {
			t.Errorf("after %d more reconnects there are %v, and were %v", times, now, was)
		}
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}
