package storetest

import (
	"bytes"
	"errors"
	"math"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

func testReserve(t *testing.T, h *harness) {
	s := h.store(t)
	const day = "2026-01-05"
	for _, tt := range []struct {
		key         string
		cost, limit int64
		want        error
		sum         int64
	}{
		{day, 60, 100, nil, 60},
		{day, 41, 100, bot.ErrLimit, 60},
		{day, 40, 100, nil, 100},
		{day, 0, 100, nil, 100},
		{day, 1, 100, bot.ErrLimit, 100},
		{day, 5, -1, nil, 105},
		{day, -1, 100, nil, 104},
		{day, 0, 100, bot.ErrLimit, 104},
		{day, -54, 0, nil, 50},
		{day, math.MaxInt64, 100, bot.ErrLimit, 50},
		{"2026-01-06", 100, 100, nil, 100},
		{"", 1, 0, bot.ErrLimit, 0},
		{day, 1, 51, nil, 51},
	} {
		if err := s.Reserve(t.Context(), tt.key, tt.cost, tt.limit); !errors.Is(err, tt.want) {
			t.Errorf("reserving %d with limit %d: %v; want %v", tt.cost, tt.limit, err, tt.want)
		}
		if sum, err := s.Reserved(t.Context(), tt.key); err != nil || sum != tt.sum {
			t.Errorf("after reserving %d with limit %d: %d, %v; want %d", tt.cost, tt.limit, sum, err, tt.sum)
		}
	}
	if err := s.Reserve(t.Context(), day, math.MaxInt64, -1); err == nil {
		t.Error("a sum of more than an int64 holds was reserved")
	}
	s = h.reopen(t, s)
	if sum, err := s.Reserved(t.Context(), day); err != nil || sum != 51 {
		t.Errorf("opened again, %d, %v are reserved; want 51", sum, err)
	}
}

func testReserveAtOnce(t *testing.T, h *harness) {
	s := h.store(t)
	var taken atomic.Int64
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			err := s.Reserve(t.Context(), "day", 3, 100)
			if err == nil {
				taken.Add(3)
			} else if !errors.Is(err, bot.ErrLimit) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if sum, err := s.Reserved(t.Context(), "day"); err != nil || sum != taken.Load() || sum != 99 {
		t.Errorf("50 at once reserved 3 each, up to 100: %d are reserved, %v, and %d were granted; want 99 and 99", sum, err, taken.Load())
	}
}

func testSecret(t *testing.T, h *harness) {
	s := h.store(t)
	var all [16][]byte
	var wg sync.WaitGroup
	for i := range all {
		wg.Go(func() {
			x, err := s.Secret(t.Context(), "cookies")
			if err != nil {
				t.Error(err)
			}
			all[i] = x
		})
	}
	wg.Wait()
	want := all[0]
	if len(want) != 32 || bytes.Equal(want, make([]byte, 32)) {
		t.Fatalf("a secret of %d bytes; want 32 random ones", len(want))
	}
	for _, x := range all {
		if !bytes.Equal(x, want) {
			t.Fatal("those who ask for a secret at once get different ones")
		}
	}
	other, err := s.Secret(t.Context(), "pseudonyms")
	must(t, err)
	if bytes.Equal(other, want) {
		t.Error("two names have the same secret")
	}
	all[1][0]++ // a caller's copy
	s = h.reopen(t, s)
	if got, err := s.Secret(t.Context(), "cookies"); err != nil || !bytes.Equal(got, want) {
		t.Errorf("opened again, the store has another secret: %v", err)
	}
}
