package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// One command writes one file of what a store has revealed, and says what to type where
// it cannot.
func TestReport(t *testing.T) {
	dir := t.TempDir()
	file, page, none := filepath.Join(dir, "tastetest.db"), filepath.Join(dir, "results.html"), filepath.Join(dir, "none.yaml")
	s := openStore(t, file)
	models := [2]bot.Card{card("kestrel", "0"), card("nova", "0")}
	taste(t, s, bot.Reaction, models, bot.Open, "OPENSECRET")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	report := func(args ...string) []string {
		return append([]string{"report", "--store", file, "--config", none}, args...)
	}
	fails(t, 2, "no taste test has been revealed yet, so there is nothing to report", report("-")...)

	s = openStore(t, file)
	taste(t, s, bot.Reaction, models, bot.Revealed, "revealed-text")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if out, errs, code := tastetest(t.Context(), report(page)...); code != 0 || out != "" || errs != "1 taste test written to "+page+".\n" {
		t.Fatalf("says %q, %q, code %d", out, errs, code)
	}
	written, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<!doctype html>", "Taste test 2", "Which? revealed-text"} {
		if !strings.Contains(string(written), want) {
			t.Errorf("the page does not have %q", want)
		}
	}
	for _, never := range []string{"OPENSECRET", "starterrevealed", "annrevealed"} {
		if strings.Contains(string(written), never) {
			t.Errorf("the page has %q", never)
		}
	}
	succeeds(t, `lang="zh-CN"`, report("-", "--language", "zh")...)
	succeeds(t, "No taste test that has been revealed here is like that.", report("-", "--model", "lark")...)
	fails(t, 2, page+" is there already; name a new file", report(page)...)
	fails(t, 2, "write --since as a day: --since 20", report("-", "--since", "yesterday")...)
	fails(t, 2, "write the channel as platform/id/channel, for example web/local/tasting-room", report("-", "--place", "slack")...)
}
