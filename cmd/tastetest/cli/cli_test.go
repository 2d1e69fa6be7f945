package cli_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/cmd/tastetest/cli"
)

type runner interface{ Run() string }

type where struct {
	Config string `short:"c" placeholder:"FILE" env:"CLI_TEST_CONFIG" default:"bakery.yaml" help:"The recipes (${default})."`
}

type bake struct {
	where
	Cake     string            `arg:"" help:"Which cake."`
	Tin      string            `arg:"" optional:"" default:"round" help:"In which tin; left out: a round one."`
	Out      string            `short:"o" placeholder:"FILE" help:"Write it down here."`
	NoSugar  bool              `help:"Leave the sugar out."`
	Layers   int               `default:"3" help:"How many (${default})."`
	Butter   float64           `help:"How much."`
	For      time.Duration     `placeholder:"TIME" help:"How long."`
	Icing    string            `enum:"thin,thick," default:"thin" help:"thin (${default}) or thick."`
	With     []string          `placeholder:"nuts" help:"What comes on top, of all that the bakery keeps in its larder, in the order in which it is put on."`
	Decorate map[string]string `placeholder:"PART_OR_ALL=COLOUR" help:"May be repeated."`
}

func (bake) Run() string { return "baked" }
func (bake) Help() string {
	return "Cakes are baked one after the other, in an oven that was warm before, and nobody opens it.\n\n    bakery bake sponge --layers 4"
}

type sell struct {
	To  string `required:"" placeholder:"NAME" help:"To whom."`
	URL string `help:"Where they are."`
}

func (sell) Run() string { return "sold" }

type bakery struct {
	Bake bake `cmd:"" help:"Bake a cake."`
	Shop struct {
		Sell  sell `cmd:"" help:"Sell it."`
		Close shut `cmd:"" name:"shut" help:"Go home."`
	} `cmd:"" help:"What goes on in front."`
}

type shut struct{}

func (shut) Run() string { return "shut" }

func parse(typed ...string) (bakery, string, string, error) {
	var b bakery
	run, help, err := cli.Parse[runner]("bakery", "Cakes.", &b, typed)
	if run == nil {
		return b, "", help, err
	}
	return b, run.Run(), help, err
}

// However a value is typed, it arrives; what is not typed has its default.
func TestParse(t *testing.T) {
	plain := bake{where: where{"bakery.yaml"}, Cake: "sponge", Tin: "round", Layers: 3, Icing: "thin"}
	for typed, want := range map[string]func(*bake){
		"bake sponge":                                     func(*bake) {},
		"-- bake sponge":                                  func(*bake) {},
		"bake -- sponge":                                  func(*bake) {},
		"bake sponge loaf":                                func(b *bake) { b.Tin = "loaf" },
		"bake --no-sugar sponge -":                        func(b *bake) { b.NoSugar, b.Tin = true, "-" },
		"bake sponge --no-sugar=false":                    func(*bake) {},
		"bake sponge --no-sugar=yes":                      func(b *bake) { b.NoSugar = true },
		"bake -c a.yaml sponge":                           func(b *bake) { b.Config = "a.yaml" },
		"bake -ca.yaml sponge":                            func(b *bake) { b.Config = "a.yaml" },
		"bake -c=a.yaml sponge":                           func(b *bake) { b.Config = "a.yaml" },
		"bake --config a.yaml sponge --config=b=c":        func(b *bake) { b.Config = "b=c" },
		"bake --out=--json sponge -- --loaf":              func(b *bake) { b.Out, b.Tin = "--json", "--loaf" },
		"bake --out - sponge":                             func(b *bake) { b.Out = "-" },
		"bake --out= sponge --icing=":                     func(b *bake) { b.Icing = "" },
		"bake sponge --layers=-1 --butter 0.5":            func(b *bake) { b.Layers, b.Butter = -1, 0.5 },
		"bake sponge --for 1h30m --icing thick":           func(b *bake) { b.For, b.Icing = 90*time.Minute, "thick" },
		"bake sponge --with nuts,figs --with jam":         func(b *bake) { b.With = []string{"nuts", "figs", "jam"} },
		"bake sponge --with=":                             func(*bake) {},
		"bake sponge --decorate a=b,c --decorate top=x=y": func(b *bake) { b.Decorate = map[string]string{"a": "b,c", "top": "x=y"} },
	} {
		b, ran, help, err := parse(strings.Fields(typed)...)
		wanted := plain
		want(&wanted)
		if d := cmp.Diff(wanted, b.Bake, cmp.AllowUnexported(bake{})); d != "" || ran != "baked" || help != "" || err != nil {
			t.Errorf("%s: %s, %q, %v (-want +got):\n%s", typed, ran, help, err, d)
		}
	}
	if b, ran, _, err := parse("shop", "sell", "--to", "Ann", "--url", "x"); ran != "sold" || b.Shop.Sell != (sell{"Ann", "x"}) || err != nil {
		t.Errorf("%s to %v, %v", ran, b.Shop.Sell, err)
	}
	if _, ran, _, err := parse("shop", "shut"); ran != "shut" || err != nil {
		t.Errorf("%s, %v", ran, err)
	}
}

// A variable stands behind what is typed and before the default, also if it is empty.
func TestEnvironment(t *testing.T) {
	for _, set := range []string{"ours.yaml", ""} {
		t.Setenv("CLI_TEST_CONFIG", set)
		if b, _, _, err := parse("bake", "sponge"); b.Bake.Config != set || err != nil {
			t.Errorf("%q, %v; want %q", b.Bake.Config, err, set)
		}
		if b, _, _, err := parse("bake", "sponge", "-c", "typed.yaml"); b.Bake.Config != "typed.yaml" || err != nil {
			t.Errorf("%q, %v; want what was typed", b.Bake.Config, err)
		}
	}
}

// What is typed wrong gets one sentence that says what to type.
func TestMistakes(t *testing.T) {
	for _, tt := range []struct{ typed, want string }{
		{"baek", `unexpected argument baek, did you mean "bake"?; see bakery --help`},
		{"xyzzy", `unexpected argument xyzzy; see bakery --help`},
		{"-c x bake", `unknown flag -c; see bakery --help`},
		{"shop", `say which: bakery shop sell, bakery shop shut; see bakery shop --help`},
		{"shop s", `unexpected argument s, did you mean one of sell, shut?; see bakery shop --help`},
		{"bake", `<cake> is missing: type bakery bake <cake> [<tin>] [flags]; see bakery bake --help`},
		{"bake sponge round hole", `unexpected argument hole; see bakery bake --help`},
		{"bake a b c --help", `unexpected argument c; see bakery bake --help`},
		{"bake --layer 2 sponge", `unknown flag --layer, did you mean "--layers"?; see bakery bake --help`},
		{"bake ---out=x", `unknown flag ---out, did you mean "--out"?; see bakery bake --help`},
		{"bake --=x", `unknown flag --; see bakery bake --help`},
		{"bake -x sponge", `unknown flag -x; see bakery bake --help`},
		{"bake -中 sponge", `unknown flag -中; see bakery bake --help`},
		{"bake -test.v sponge", `unknown flag -test.v; see bakery --help`},
		{"bake sponge --layers two", `--layers: "two" is not a whole number; see bakery bake --help`},
		{"bake sponge --butter much", `--butter: "much" is not a number; see bakery bake --help`},
		{"bake sponge --for ever", `--for: "ever" is not a time; write one as 90s, 10m or 4h; see bakery bake --help`},
		{"bake sponge --no-sugar=perhaps", `--no-sugar: "perhaps" is neither true nor false; see bakery bake --help`},
		{"bake sponge --icing royal", `--icing: "royal" is none of thin, thick; see bakery bake --help`},
		{"bake sponge --decorate top", `--decorate: "top" is not PART_OR_ALL=COLOUR; see bakery bake --help`},
		{"bake sponge --out", `--out needs a value; see bakery bake --help`},
		{"bake sponge -o", `--out needs a value; see bakery bake --help`},
		{"bake sponge -o --no-sugar", `--out needs a value; one that begins with a dash is written --out="--no-sugar"; see bakery bake --help`},
		{"bake sponge --layers -1", `--layers needs a value; one that begins with a dash is written --layers="-1"; see bakery bake --help`},
		{"bake sponge --out -- x", `--out needs a value; one that begins with a dash is written --out="--"; see bakery bake --help`},
		{"shop sell", `--to is missing: type bakery shop sell --to=NAME [flags]; see bakery shop sell --help`},
		{"\x1b[31mred", `unexpected argument "\x1b[31mred"; see bakery --help`},
		{"bake --\xff=1", `unknown flag "--\xff"; see bakery bake --help`},
		{"bake -\xff", `unknown flag "-\xff"; see bakery bake --help`},
		{"bake sponge --layers \x1b", `--layers: "\x1b" is not a whole number; see bakery bake --help`},
	} {
		if _, ran, help, err := parse(strings.Split(tt.typed, " ")...); err == nil || err.Error() != tt.want || ran+help != "" {
			t.Errorf("%q: %v, %s%s\nwant %s", tt.typed, err, ran, help, tt.want)
		}
	}
	if _, _, _, err := parse("bake", "a", "b", "c\nd"); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v; want one line", err)
	}
}

func TestHelp(t *testing.T) {
	const baking = `Usage: bakery bake <cake> [<tin>] [flags]

Bake a cake.

Cakes are baked one after the other, in an oven that was warm before, and nobody
opens it.

    bakery bake sponge --layers 4

Arguments:
  <cake>     Which cake.
  [<tin>]    In which tin; left out: a round one.

Flags:
  -h, --help             Show this help.

  -c, --config=FILE      The recipes (bakery.yaml) ($CLI_TEST_CONFIG).
  -o, --out=FILE         Write it down here.
      --no-sugar         Leave the sugar out.
      --layers=3         How many (3).
      --butter=TEXT      How much.
      --for=TIME         How long.
      --icing=thin       thin (thin) or thick.
      --with=nuts,...    What comes on top, of all that the bakery keeps in its
                         larder, in the order in which it is put on.
      --decorate=PART_OR_ALL=COLOUR
                         May be repeated.
`
	const shop = `Usage: bakery shop <command>

What goes on in front.

Flags:
  -h, --help    Show this help.

Commands:
  shop sell    Sell it.
  shop shut    Go home.

Run "bakery shop <command> --help" for more information on a command.
`
	for typed, want := range map[string]string{
		"bake --help":                  baking,
		"bake -h":                      baking,
		"-h bake":                      baking,
		"bake sponge -hc x --layers 2": baking,
		"shop --help":                  shop,
		"--help shop":                  shop,
	} {
		if _, ran, help, err := parse(strings.Fields(typed)...); ran != "" || err != nil || help != want {
			t.Errorf("%s: %s, %v (-want +got):\n%s", typed, ran, err, cmp.Diff(want, help))
		}
	}
	if _, _, help, err := parse("bake", "sponge", "--", "--help"); help != "" || err != nil {
		t.Errorf("%q, %v; want --help to be a tin", help, err)
	}
}
