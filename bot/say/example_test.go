package say_test

import (
	"fmt"

	"github.com/tastetest/tastetest/bot/say"
)

func ExampleListed() {
	fmt.Println(say.Listed([]string{"kestrel", "nova", "osprey", "wren", "heron"}, 2))
	// Output: kestrel, nova and 3 more
}
