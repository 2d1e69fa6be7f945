package proof_test

import (
	"fmt"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/proof"
)

func ExampleVerify() {
	t := bot.Tasting{
		ID: bot.TastingID{N: 7}, Ballot: bot.Reaction, Models: [2]bot.Card{{Name: "kestrel"}, {Name: "nova"}},
		Rounds: []bot.Round{{Kind: bot.Plain, Flip: true}}, Nonce: make([]byte, 16),
	}
	published := proof.Of(t, []bot.Texts{{Answers: [2]bot.Answer{{Text: "Hi Mara"}, {Text: "Dear Mara"}}}}).String()
	said, err := proof.Verify(published)
	fmt.Println(said[0][:len("Round 7.1: the commitment fits; kestrel stood on 🅱️")], err)
	// Output: Round 7.1: the commitment fits; kestrel stood on 🅱️ <nil>
}
