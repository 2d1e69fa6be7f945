package say_test

import (
	"fmt"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
)

func ExampleUSD() {
	fmt.Println(say.USD(15_600_000_000_000), say.USD(1_200_000_000), say.USD(1))
	// Output: $15.60 $0.0012 under $0.000001
}

func ExampleCost() {
	fmt.Println(say.Cost(bot.Cost{Pico: 42e10, Known: true}))
	fmt.Println(say.Cost(bot.Cost{Known: true}))
	fmt.Println(say.Cost(bot.Cost{}))
	// Output:
	// $0.42
	// local, no cost
	// cost unknown
}

func ExampleListed() {
	fmt.Println(say.Listed([]string{"kestrel", "nova", "osprey", "wren", "heron"}, 2))
	// Output: kestrel, nova and 3 more
}
