package llm

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// A Price is what a provider's list says, in USD per million tokens.
type Price struct {
	Input       USD    `yaml:"input"`
	Output      USD    `yaml:"output"`
	CachedInput *USD   `yaml:"cached_input"` // nil: as Input
	AsOf        string `yaml:"as_of"`        // a date
}

// USD is an amount in micro-USD. In YAML it is a decimal number of USD: 2.50.
type USD int64

// No cost within these overflows; $10,000 is far over any list.
const (
	maxPrice  = 10_000_000_000 // micro-USD per million tokens
	maxTokens = 100_000_000    // of one answer
)

// decimal keeps exponents small: big.Rat would write them out.
var decimal = regexp.MustCompile(`^\d{1,12}(?:\.\d{1,30})?(?:[eE][-+]?\d{1,2})?$`)

// UnmarshalYAML reads a decimal number exactly.
func (u *USD) UnmarshalYAML(text []byte) error {
	s := strings.Trim(strings.TrimSpace(string(text)), `"'`)
	r, ok := parse(s)
	if !ok {
		return fmt.Errorf("%q is no price: write USD per million tokens, like 2.50", s)
	}
	r.Mul(r, big.NewRat(1_000_000, 1))
	if r.Cmp(big.NewRat(maxPrice, 1)) > 0 {
		return fmt.Errorf("%s is no price: it is USD per million tokens, 0 to 10000", s)
	}
	*u = USD(rounded(r))
	return nil
}

// rounded returns the nearest integer; r is not negative.
func rounded(r *big.Rat) int64 {
	twice := new(big.Int).Lsh(r.Num(), 1)
	twice.Add(twice, r.Denom())
	return twice.Quo(twice, new(big.Int).Lsh(r.Denom(), 1)).Int64()
}

// card returns p as the core keeps it; nil if unknown.
func (p *Price) card() *bot.Price {
	if p == nil {
		return nil
	}
	c := bot.Price{Input: int64(p.Input), Output: int64(p.Output), CachedInput: int64(p.Input), AsOf: p.AsOf}
	if p.CachedInput != nil {
		c.CachedInput = int64(*p.CachedInput)
	}
	return &c
}

// usage is what a provider says that an answer took. OpenRouter adds the cost.
type usage struct {
	Prompt     count  `json:"prompt_tokens"`
	Completion count  `json:"completion_tokens"`
	Total      count  `json:"total_tokens"`
	Cost       amount `json:"cost"`
	Details    struct {
		Cached count `json:"cached_tokens"`
	} `json:"prompt_tokens_details"`
}

// A count is a number of tokens. What is no number, as "10", is -1: no cost is
// reckoned from it.
type count int

// UnmarshalJSON never fails.
func (c *count) UnmarshalJSON(b []byte) error {
	var f float64
	*c = -1
	if json.Unmarshal(b, &f) == nil && f >= 0 && f <= 1e12 && f == math.Trunc(f) {
		*c = count(f)
	}
	return nil
}

// An amount is a number as it is written, in quotation marks or not.
type amount string

// UnmarshalJSON never fails.
func (a *amount) UnmarshalJSON(b []byte) error {
	*a = amount(strings.Trim(string(b), `"`))
	return nil
}

// reported reports whether u says anything that can be true.
func (u usage) reported() bool {
	possible := func(n count) bool { return n >= 0 && n <= maxTokens }
	return possible(u.Prompt) && possible(u.Completion) && possible(u.Total) && u.Prompt+u.Completion+u.Total > 0
}

// output returns the tokens billed as output. Some providers count thinking
// only in the total.
func (u usage) output() count { return max(u.Completion, u.Total-u.Prompt) }

// cost returns what an attempt cost: what the provider says, else price by
// tokens. Micro-USD per million tokens times tokens is pico-USD.
func cost(u usage, p *bot.Price) bot.Cost {
	if c := u.stated(); c.Known {
		return c
	}
	switch {
	case p == nil:
		return bot.Cost{}
	case p.Input == 0 && p.Output == 0 && p.CachedInput == 0:
		return bot.Cost{Known: true} // a local model
	case !u.reported():
		return bot.Cost{}
	}
	cached := min(max(u.Details.Cached, 0), u.Prompt)
	return bot.Cost{
		Pico:  int64(u.Prompt-cached)*p.Input + int64(cached)*p.CachedInput + int64(u.output())*p.Output,
		Known: true,
	}
}

// stated returns the cost that the provider itself names, in USD.
func (u usage) stated() bot.Cost {
	r, ok := parse(string(u.Cost))
	if !ok || r.Cmp(big.NewRat(1_000_000, 1)) > 0 {
		return bot.Cost{}
	}
	return bot.Cost{Pico: rounded(r.Mul(r, big.NewRat(1e12, 1))), Known: true}
}

// parse reads a number that is not negative.
func parse(s string) (*big.Rat, bool) {
	if !decimal.MatchString(s) {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}
