package bolt_test

import (
	"log/slog"
	"testing"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/bolt"
	"github.com/tastetest/tastetest/store/storetest"
)

func TestStore(t *testing.T) {
	open := bolt.Open
	if testing.Short() {
		open = bolt.OpenUnsynced
	}
	storetest.Run(t, func(t *testing.T, path string) bot.Store {
		s, err := open(t.Context(), slog.New(slog.DiscardHandler), path)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}
