package engine

import (
	"testing"
	"time"
)

func TestHeld(t *testing.T) {
	asked := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	for _, tt := range []struct{ took, want time.Duration }{
		{0, time.Minute},
		{time.Second, time.Minute},
		{time.Minute, time.Minute},
		{time.Minute + 1, 2 * time.Minute},
		{2 * time.Minute, 2 * time.Minute},
		{2*time.Minute + 1, 4 * time.Minute},
		{4 * time.Minute, 4 * time.Minute},
		{4*time.Minute + 1, 8 * time.Minute},
		{10*time.Hour + time.Second, 10*time.Hour + 4*time.Minute}, // the bot was down
	} {
		if got := held(asked, asked.Add(tt.took), time.Minute).Sub(asked); got != tt.want {
			t.Errorf("asking took %v: ballots come after %v, want %v", tt.took, got, tt.want)
		}
	}
}
