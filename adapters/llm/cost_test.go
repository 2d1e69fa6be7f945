package llm

import (
	"encoding/json"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

func TestCost(t *testing.T) {
	price := &bot.Price{Input: 3_000_000, Output: 15_000_000, CachedInput: 300_000}
	local := &bot.Price{}
	unknown := bot.Cost{}
	for _, tt := range []struct {
		name, usage string
		price       *bot.Price
		want        bot.Cost
	}{
		{"a million each", `{"prompt_tokens":1000000,"completion_tokens":1000000,"total_tokens":2000000}`, price, bot.Cost{Pico: 18e12, Known: true}}, // $18
		{"cached", `{"prompt_tokens":1000,"completion_tokens":0,"total_tokens":1000,"prompt_tokens_details":{"cached_tokens":900}}`, price, bot.Cost{Pico: 100*3_000_000 + 900*300_000, Known: true}},
		{"more cached than there are", `{"prompt_tokens":10,"completion_tokens":0,"prompt_tokens_details":{"cached_tokens":900}}`, price, bot.Cost{Pico: 10 * 300_000, Known: true}},
		{"thinking only in the total", `{"prompt_tokens":10,"completion_tokens":5,"total_tokens":100}`, price, bot.Cost{Pico: 10*3_000_000 + 90*15_000_000, Known: true}},
		{"no total", `{"prompt_tokens":10,"completion_tokens":5}`, price, bot.Cost{Pico: 10*3_000_000 + 5*15_000_000, Known: true}},
		{"no price", `{"prompt_tokens":10,"completion_tokens":5}`, nil, unknown},
		{"no usage", `{}`, price, unknown},
		{"neither", `{}`, nil, unknown},
		{"local", `{"prompt_tokens":10,"completion_tokens":5}`, local, bot.Cost{Known: true}},
		{"local without usage", `{}`, local, bot.Cost{Known: true}},
		{"stated", `{"prompt_tokens":10,"completion_tokens":5,"cost":0.0123}`, price, bot.Cost{Pico: 12_300_000_000, Known: true}},
		{"stated without a price", `{"cost":0.0123}`, nil, bot.Cost{Pico: 12_300_000_000, Known: true}},
		{"stated as text", `{"cost":"0.0123"}`, nil, bot.Cost{Pico: 12_300_000_000, Known: true}},
		{"stated free", `{"cost":0}`, price, bot.Cost{Known: true}},
		{"stated smaller than counted", `{"cost":1.6e-12}`, nil, bot.Cost{Pico: 2, Known: true}},
		{"stated below zero", `{"prompt_tokens":10,"completion_tokens":0,"cost":-1}`, price, bot.Cost{Pico: 10 * 3_000_000, Known: true}},
		{"stated absurdly", `{"cost":1e99}`, nil, unknown},
		{"negative tokens", `{"prompt_tokens":-10,"completion_tokens":5}`, price, unknown},
		{"more tokens than can be", `{"prompt_tokens":9000000000000000000,"completion_tokens":5}`, price, unknown},
	} {
		var u usage
		if err := json.Unmarshal([]byte(tt.usage), &u); err != nil {
			t.Fatal(err)
		}
		if got := cost(u, tt.price); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

// The dearest answer that can be configured does not overflow.
func TestCostDoesNotOverflow(t *testing.T) {
	u := usage{Prompt: maxTokens, Completion: maxTokens}
	got := cost(u, &bot.Price{Input: maxPrice, Output: maxPrice, CachedInput: maxPrice})
	if want := (bot.Cost{Pico: 2 * maxTokens * maxPrice, Known: true}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}
