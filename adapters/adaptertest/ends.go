package adaptertest

import (
	"log/slog"
	"testing"

	"go.uber.org/goleak"

	"github.com/tastetest/tastetest/bot"
)

func ends(t *testing.T, open func(t *testing.T, log *slog.Logger) World) {
	before := goleak.IgnoreCurrent()
	t.Run("run", func(t *testing.T) { // its clean-ups end before the look
		w := open(t, slog.New(slog.NewTextHandler(t.Output(), nil)))
		h := &heard{logged: &Logs{}}
		stop := Start(t, w.Chat(), h)
		ann := w.Join(t, "Ann")
		ref := post(t, w, ballotKey(w, 3), ballot(w))
		if err := w.Tap(t, ref, ann, bot.Left, true); err != nil {
			t.Errorf("tap: %v", err)
		}
		stop()
	})
	goleak.VerifyNone(t, before)
}
