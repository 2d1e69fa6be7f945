package slack_test

import (
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
)

// Sockets that come and go leave nothing behind: neither goroutines nor descriptors.
// TASTETEST_RECONNECTS=10000 has so many come and go.
func TestReconnectsLeaveNothing(t *testing.T) {
	w, h, _, _ := posted(t, false)
	again := func() {
		before := h.resynced()
		w.Disconnect("refresh_requested")
		adaptertest.Eventually(t, "ballots are read again", func() bool { return h.resynced() > before })
		adaptertest.Eventually(t, "the chat is ready", func() bool { return w.chat.Ready() == nil })
	}
	times := adaptertest.Rounds("TASTETEST_RECONNECTS", testing.Short(), 10, 40)
	for range 5 { // what is made once is there by then
		again()
	}
	was := adaptertest.Swept()
	t.Logf("after 5 reconnects: %v", was)
	for i := range times {
		if again(); i+1 == times/2 {
			t.Logf("after %d more: %v", i+1, adaptertest.Swept())
		}
	}
	deadline := time.Now().Add(10 * time.Second)
	for adaptertest.Now().Beyond(was, 4) { // connections that are about to end
		if time.Now().After(deadline) {
			t.Fatalf("after %d more reconnects there are %v, and were %v", times, adaptertest.Now(), was)
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Logf("after %d more: %v", times, adaptertest.Swept())
}
