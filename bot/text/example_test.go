package text_test

import (
	"fmt"

	"github.com/tastetest/tastetest/bot/text"
)

func ExampleClean() {
	fmt.Printf("%q\n", text.Clean("<think>Short is better.</think>\r\nDear Mara,\u200b we are sorry.\r\n\r\n\r\n\r\n\r\nYour bakery"))
	// Output: "Dear Mara, we are sorry.\n\n\nYour bakery"
}

func ExampleCut() {
	fmt.Println(text.Cut("A birthday cake came a day late.", 20))
	// Output: A birthday cake …
}

func ExampleLeaks() {
	for _, l := range text.Leaks("I'm Kestrel, and I apologise.", "Apologise.", []string{"kestrel", "nova"}) {
		fmt.Println(l.Level == text.Self, l.Match)
	}
	// Output: true Kestrel
}

func ExampleNearest() {
	fmt.Println(text.Nearest("humor", []string{"brain-teasers", "humour", "writing"}))
	// Output: humour
}
