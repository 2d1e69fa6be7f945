package command

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// What was said in plain words is answered with commands that may be meant, none of
// which is longer than a button can carry.
func TestGuess(t *testing.T) {
	for said, want := range map[string]string{
		"":                                  "start results help",
		"hello there":                       "start results help",
		"/tastetest start kestrel vs nova":  "start kestrel vs nova help",
		"start kestrel nova until=17:00":    "start kestrel nova until=17:00 help",
		"can you show me the standings?":    "standings help",
		"strat kestrel nova":                "start kestrel nova help",
		"please stop it":                    "close cancel help",
		"怎么开始盲测？":                           "start help",
		"看一下排行":                             "standings help",
		"停止":                                "结束 取消 help",
		"/help":                             "/help help",
		"start " + strings.Repeat("x ", 99): "start help",
	} {
		got := Guess(said)
		if strings.Join(got, " ") != want {
			t.Errorf("%q may mean %q; want %s", said, got, want)
		}
		for _, c := range got {
			if _, err := Parse(c, Examples{}); err != nil && !errorsIsSlip(err) {
				t.Errorf("of %q comes %q, which is not understood: %v", said, c, err)
			}
		}
	}
}

func errorsIsSlip(err error) bool { _, ok := errors.AsType[Slip](err); return ok }

// A slip knows the whole command that was meant.
func TestMeant(t *testing.T) {
	for typed, want := range map[string][]string{
		"strat kestrel nova rounds=5":       {"start kestrel nova rounds=5"},
		"stop":                              {"close", "cancel"},
		"停止 7":                              {"结束 7", "取消 7"},
		"start a b pakc=humour":             {"start a b pack=humour"},
		"start a b ballot=privat":           {"start a b ballot=private"},
		"排行次":                               {"standings"},
		"frobnicate":                        {"start", "results", "help"},
		"strat " + strings.Repeat("x ", 60): nil,
		`strat prompt="Why?"`:               nil, // Slack's buttons take no question mark
	} {
		_, err := Parse(typed, Examples{})
		slip, ok := errors.AsType[Slip](err)
		if !ok {
			t.Errorf("%q is answered %v", typed, err)
			continue
		}
		if got := slip.Meant(typed); !slices.Equal(got, want) {
			t.Errorf("%q may mean %q; want %q", typed, got, want)
		}
	}
}

// Words by which people call commands, and values, are understood.
func TestOtherWords(t *testing.T) {
	for typed, want := range map[string]string{
		"config language=中文":        "settings zh",
		"config language=Chinese":   "settings zh",
		"settings language=ENGLISH": "settings en",
		"设置 language=简体中文":          "settings zh",
		"leaderboard":               "standings ",
		"rank":                      "standings ",
		"排名":                        "standings ",
	} {
		p, err := Parse(typed, Examples{})
		if got := p.Spec.Name + " " + p.Opts["language"]; err != nil || got != want {
			t.Errorf("%q is understood as %q, %v; want %q", typed, got, err, want)
		}
	}
}
