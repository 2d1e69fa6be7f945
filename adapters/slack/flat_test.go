package slack_test

import (
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
)

// However often the connection breaks, no goroutine and no descriptor stays behind.
func TestReconnectsLeaveNothing(t *testing.T) {
	w, h, _, _ := posted(t, false)
	again := func() {
		before := h.resynced()
		w.Disconnect("refresh_requested")
		adaptertest.Eventually(t, "ballots are read again", func() bool { return h.resynced() > before })
		adaptertest.Eventually(t, "the chat is ready", func() bool { return w.chat.Ready() == nil })
	}
	times := 40
	if testing.Short() {
		times = 10
	}
	for range 5 { // what is made once is there by then
		again()
	}
	goroutines, open := runtime.NumGoroutine(), descriptors()
	for range times {
		again()
	}
	const slack = 4 // connections that are about to end
	deadline := time.Now().Add(10 * time.Second)
	for runtime.NumGoroutine() > goroutines+slack || descriptors() > open+slack {
		if time.Now().After(deadline) {
			t.Fatalf("after %d more reconnects there are %d goroutines, and were %d; %d descriptors, and were %d", times, runtime.NumGoroutine(), goroutines, descriptors(), open)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// descriptors is how many files and sockets the process has open; 0 where that cannot
// be told.
func descriptors() int {
	all, _ := os.ReadDir("/proc/self/fd")
	return len(all)
}
