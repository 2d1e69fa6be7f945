package command_test

import (
	"fmt"
	"time"

	"github.com/tastetest/tastetest/bot/command"
)

func ExampleParse() {
	p, err := command.Parse("start kestrel nova pack＝humour prompt=“Apologise in 60 words.”", command.Examples{})
	fmt.Println(p.Spec.Name, p.Args, p.Opts["pack"], p.Opts["prompt"], err)
	_, err = command.Parse("strat", command.Examples{})
	fmt.Println(err)
	// Output:
	// start [kestrel nova] humour Apologise in 60 words. <nil>
	// I do not know “strat”. Did you mean “start”? For example: /tastetest start kestrel nova pack=humour rounds=10
}

func ExampleWhen() {
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC) // a Tuesday
	until, err := command.When("Thu 17:00", now)
	fmt.Println(until.Format("Mon 2 Jan 15:04"), err)
	// Output: Thu 3 Dec 17:00 <nil>
}
