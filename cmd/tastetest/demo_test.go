package main

import (
	"context"
	"log/slog"
	"net"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/llm"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/prompts"
	"github.com/tastetest/tastetest/store"
)

// Newcomers have half an hour for the private test, and see a reveal soon.
func TestTheDemosTestsStayOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
		kept, err := store.Open(ctx, log, filepath.Join(t.TempDir(), "tastetest.db"))
		if err != nil {
			t.Fatal(err)
		}
		defer kept.Close()
		writers, pack, err := llm.Demo()
		if err != nil {
			t.Fatal(err)
		}
		library, err := prompts.Open("")
		if err != nil {
			t.Fatal(err)
		}
		b := demoBot(log, kept, writers, demoLibrary{library, pack}, 8)
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer ln.Close()
		chat, err := web.New(log, ln.Addr(), b, web.Options{Key: make([]byte, 32), Simulated: simulated})
		if err != nil {
			t.Fatal(err)
		}
		b.Add(openChat{chat})
		tap := func(ctx context.Context, ref bot.Ref, user string, c bot.Choice, on bool) error {
			return b.React(ctx, bot.Tap{Ref: ref, User: user, Choice: c, On: on})
		}
		ended := make(chan error, 1)
		go func() { ended <- together(ctx, b.Run, newCrowd(log, 8, chat.Place(), b, tap, b.Press).Run) }()
		defer func() {
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}()
		if err := openDemo(ctx, kept, b, chat.Place(), writers, pack); err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		for _, tt := range []struct {
			after time.Duration
			first bot.State // by emoji
			other bot.State // in private
		}{
			{90 * time.Second, bot.Open, bot.Open},
			{3 * time.Minute, bot.Revealed, bot.Open},
			{29 * time.Minute, bot.Revealed, bot.Open},
			{31 * time.Minute, bot.Revealed, bot.Revealed},
		} {
			time.Sleep(tt.after - time.Since(begun))
			synctest.Wait()
			for n, want := range []bot.State{tt.first, tt.other} {
				got, err := kept.Tasting(ctx, bot.TastingID{Workspace: chat.Place().Workspace, N: uint64(n + 1)})
				if err != nil || got.State != want {
					t.Errorf("after %v test %d is %v (%v), want %v", tt.after, n+1, got.State, err, want)
				}
			}
		}
	})
}
