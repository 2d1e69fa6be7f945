package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/tastetest/tastetest/adapters/monitor"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/store"
	"github.com/tastetest/tastetest/store/postgres"
)

// watch says how a running bot is: its store, its chats, what is due, and votes that
// are waited for. shared says that others than who sits at this machine come to the page.
func watch(b *engine.Bot, kept store.Store, remotes []remote, page *web.Chat, shared bool) monitor.Sources {
	parts := []monitor.Part{
		{Name: "store", Check: func(context.Context) error { return kept.Healthy() }},
		monitor.LateJobs(kept.Late),
		{Name: "votes", Check: b.Healthy},
		{Name: "results", Check: b.Ready},
	}
	for _, r := range remotes {
		parts = append(parts, monitor.Part{Name: r.Platform(), Check: func(context.Context) error { return r.Ready() }})
	}
	return monitor.Sources{
		Alive: kept.Healthy, Parts: parts, Late: kept.Late, Waiting: kept.Waiting, Admits: page.Admits, Shared: shared, Version: version(),
		Ended: func(ctx context.Context) (map[string]monitor.Model, error) { return monitor.Ended(ctx, kept) },
	}
}

// chores are what the bot does by itself besides tastings.
func (s settings) chores(log *slog.Logger, kept bot.Store) map[string]func(context.Context) (time.Time, error) {
	if s.Backup == (backupSettings{}) || postgres.Named(s.Store) {
		return nil
	}
	return map[string]func(context.Context) (time.Time, error){bot.BackupJob: s.Backup.chore(log, kept, s.Store)}
}

// steps calls all that are told of the engine's steps.
func steps(all ...func(string)) func(string) {
	return func(name string) {
		for _, f := range all {
			if f != nil {
				f(name)
			}
		}
	}
}

// askEvery is how often it is seen whether the store still works.
const askEvery = time.Second

// untilFailed returns an error once the store refuses all calls until it is opened
// anew, so that the process ends and whoever supervises it starts it again: a bot that
// stays up and can keep nothing is no use.
func untilFailed(ctx context.Context, kept interface{ Failed() error }) error {
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := kept.Failed(); err != nil {
			return fmt.Errorf("the store has failed, and is checked when the bot starts again: %w", err)
		}
	}
}
