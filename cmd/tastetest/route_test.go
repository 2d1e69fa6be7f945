package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// What a router reads: a model where it can be said, and null where it cannot.
func TestRoute(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	s := openStore(t, path)
	cost := func(category string) func(*bot.Tasting) {
		return func(t *bot.Tasting) {
			for i := range t.Rounds {
				t.Rounds[i].Category = category
				t.Rounds[i].Cost = [2]bot.Cost{{Pico: 15_600_000_000, Known: true}, {Pico: 600_000_000, Known: true}}
			}
		}
	}
	var cheap, dear [][4]int
	for range 8 {
		cheap, dear = append(cheap, [4]int{1, 8, 0, 0}), append(dear, [4]int{8, 1, 0, 0})
	}
	preferred(t, s, cost("office"), cheap...)
	preferred(t, s, cost("creative"), dear...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	out, errs, code := tastetest(t.Context(), "route", "--store", path, "--json")
	var got struct{ Routes []routeJSON }
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != 0 || len(got.Routes) != 3 {
		t.Fatalf("exit code %d, %v: %s%s", code, err, out, errs)
	}
	for _, r := range got.Routes {
		switch r.Category {
		case "office":
			if r.Model == nil || *r.Model != "nova" || r.Best != "nova" || *r.Saves != 0 {
				t.Errorf("office: %+v; the best is the cheapest", r)
			}
		case "creative":
			if r.Model != nil || r.Saves != nil || r.Best != "kestrel" {
				t.Errorf("creative: %+v; the cheap one is worse", r)
			}
		}
	}
	if table, _, _ := tastetest(t.Context(), "route", "--store", path); !strings.Contains(table, "creative  cannot be said yet") {
		t.Errorf("for people:\n%s", table)
	}
	if _, errs, code := tastetest(t.Context(), "route", "--store", path, "--workspace", "x"); code != 2 {
		t.Errorf("a wrong workspace: exit code %d, %s", code, errs)
	}
}
