package judge

import "github.com/tastetest/tastetest/bot"

const (
	defaultTokens = 4096 // what a model without a cap is taken to write at most
	frame         = 1500 // bytes of the rules and of what parts the texts, at most
)

// Most is what a judge may cost at most for rounds that are not answered yet, in
// pico-USD. Each answer is taken to have four bytes for every token of its model's
// cap, but no more than is shown, and every byte to be a token of the judge's.
// unknown is what a call without a price counts as.
func Most(j bot.Judge, contestants [2]bot.Card, texts []bot.Texts, unknown int64) int64 {
	var sum int64
	for _, x := range texts {
		input := len(x.Prompt.Text) + len(x.Prompt.System)
		for i, c := range contestants {
			if a := x.Answers[i].Text; a != "" {
				input += min(len(a), 4*mostShown)
				continue
			}
			tokens := c.MaxTokens
			if tokens == 0 {
				tokens = defaultTokens
			}
			input += 4 * min(max(tokens, x.Prompt.MaxTokens), mostShown)
		}
		sum += calls(j, input, unknown)
	}
	return sum
}

// MostOf is what reading one round that is answered may cost at most: a token is at
// least a byte.
func MostOf(j bot.Judge, x bot.Texts, unknown int64) int64 {
	longest := 0
	for _, p := range prompts("", x) {
		longest = max(longest, len(p.Text))
	}
	return calls(j, longest, unknown)
}

// calls is what reading a round of so many bytes costs at most.
func calls(j bot.Judge, input int, unknown int64) int64 {
	card := j.Card()
	const times = orders * askedTwice * paidTwice
	switch {
	case card.Free():
		return 0
	case card.Price == nil:
		return times * unknown
	}
	output := card.MaxTokens
	if output == 0 {
		output = defaultTokens
	}
	input += len(j.Rubric) + len(card.System) + frame
	return times * (card.Price.Input*int64(input) + card.Price.Output*int64(output))
}

// Spent is what one judge's answers cost, in pico-USD, of rounds that it was asked
// about. One of which that is not known counts as unknown for each order, if its
// model has no price, or else as its part of the most that all may have cost.
func Spent(asked bot.AskedJudge, made []bot.Judgment, rounds int, unknown int64) int64 {
	var sum int64
	for _, j := range made {
		switch {
		case j.Cost.Known:
			sum += j.Cost.Pico
		case asked.Card.Price == nil:
			sum += orders * unknown
		default:
			sum += asked.Most / int64(max(rounds, 1))
		}
	}
	return min(sum, asked.Most)
}
