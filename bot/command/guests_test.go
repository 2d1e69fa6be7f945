package command

import (
	"errors"
	"slices"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

func TestGuests(t *testing.T) {
	for typed, want := range map[string][]string{
		"2":                          {"", ""},
		" １ ":                        {""},
		"Ana":                        {"Ana"},
		"Ann Lee, Bo,ＢＯ，ann  lee、小马": {"Ann Lee", "Bo", "小马"},
	} {
		got, err := Guests(typed)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q is for %q, %v; want %q", typed, got, err, want)
		}
	}
	for _, typed := range []string{"", "0", "101", "-1", "1, 2", ","} {
		if got, err := Guests(typed); !errors.As(err, new(bot.UserError)) {
			t.Errorf("%q is for %q, %v; want what to type", typed, got, err)
		}
	}
}
