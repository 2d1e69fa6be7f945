package command

import (
	"errors"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// What nobody would type is answered with a sentence, and what is understood is a
// command of the table with options that it has.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", "start kestrel nova pack=humour rounds=10", `start a b prompt="it's “so” \" so" until='Thu 17:00'`, "开始　kestrel　对　nova　rounds＝１０", "remove 7.3",
		"/tastetest close #7", "packs humour", "standings category=creative", "settings time_zone=Asia/Shanghai", "start a b worth=60 dearer=a dearer=b", "plan voters=9", "\"", "=", "start =", "—rounds=5",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, said string) {
		p, err := Parse(said, Examples{})
		if err != nil {
			if _, ok := errors.AsType[bot.UserError](err); !ok || err.Error() == "" {
				t.Fatalf("%q gave %T: %v", said, err, err)
			}
			return
		}
		if _, ok := Called(p.Spec.Name); !ok {
			t.Fatalf("%q is the command %q, which is not there", said, p.Spec.Name)
		}
		for name := range p.Opts {
			if _, ok := p.Spec.Option(name); !ok {
				t.Fatalf("%q has the option %q, which %s has not", said, name, p.Spec.Name)
			}
		}
	})
}

// A time that is understood is one to come; any other gets a sentence.
func FuzzWhen(f *testing.F) {
	for _, s := range []string{
		"Thu 17:00", "17:00", "5pm", "in 2 hours", "2h", "90m", "3d", "tomorrow 9:30", "2026-03-05 17:00", "周四17点半", "后天下午三点", "下周一", "12月31日", "半小时后", "noon", "24:00", "99999999999h", "0m", "-2h", "Feb 30", "next Monday", "1.5h", "",
	} {
		f.Add(s)
	}
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, said string) {
		at, err := When(said, now)
		if err != nil {
			if _, ok := errors.AsType[bot.UserError](err); !ok || err.Error() == "" {
				t.Fatalf("%q gave %T: %v", said, err, err)
			}
			return
		}
		if !at.After(now) {
			t.Fatalf("%q is %v, which is over", said, at)
		}
	})
}
