package cli

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/pflag"

	"github.com/tastetest/tastetest/bot/text"
)

// A field is a flag or an argument.
type field struct {
	reflect.StructTag
	name string
	to   reflect.Value // a pointer to it
}

func (f field) has(key string) bool {
	_, ok := f.Lookup(key)
	return ok
}

// before gives the field what it has if nothing is typed.
func (f field) before() error {
	if name := f.Get("env"); name != "" {
		if s, ok := os.LookupEnv(name); ok {
			if err := f.Set(s); err != nil {
				return fmt.Errorf("$%s: %w", name, err)
			}
			return nil
		}
	}
	if s := f.Get("default"); s != "" {
		return f.Set(s)
	}
	return nil
}

// Set reads what was typed. It may be typed again: of most kinds the last one counts, and
// lists and pairs come to be more.
func (f field) Set(s string) (err error) {
	if f.has("enum") {
		words := strings.Split(f.Get("enum"), ",")
		if !slices.Contains(words, s) {
			words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
			return fmt.Errorf("%q is none of %s", s, strings.Join(words, ", "))
		}
	}
	switch to := f.to.Interface().(type) {
	case *string:
		*to = s
	case *bool:
		if *to, err = strconv.ParseBool(strings.NewReplacer("yes", "true", "no", "false").Replace(s)); err != nil {
			return fmt.Errorf("%q is neither true nor false", s)
		}
	case *int:
		n, err := strconv.ParseInt(s, 0, 0)
		if err != nil {
			return fmt.Errorf("%q is not a whole number", s)
		}
		*to = int(n)
	case *float64:
		if *to, err = strconv.ParseFloat(s, 64); err != nil {
			return fmt.Errorf("%q is not a number", s)
		}
	case *time.Duration:
		if *to, err = time.ParseDuration(s); err != nil {
			return fmt.Errorf("%q is not a time; write one as 90s, 10m or 4h", s)
		}
	case *[]string:
		if s != "" {
			*to = append(*to, strings.Split(s, ",")...)
		}
	case *map[string]string:
		name, value, ok := strings.Cut(s, "=")
		if !ok {
			return fmt.Errorf("%q is not %s", s, f.placeholder())
		}
		if *to == nil {
			*to = make(map[string]string)
		}
		(*to)[name] = value
	default:
		return fmt.Errorf("nothing can be typed for a %T", to)
	}
	return nil
}

func (field) String() string { return "" }
func (field) Type() string   { return "" }

// unseen finds what pflag would not complain of: a flag after which another one stands
// where its value should, so that a file would come to be called --json; and the flags of
// go test, which it passes over.
func unseen(flags *pflag.FlagSet, args []string) error {
	for i, arg := range args {
		var f *pflag.Flag
		switch name, long := strings.CutPrefix(arg, "--"); {
		case arg == "--":
			return nil
		case strings.HasPrefix(arg, "-test."):
			return errors.New("unknown flag " + named(arg))
		case long:
			f = flags.Lookup(name)
		case len(arg) == 2 && arg[0] == '-':
			f = flags.ShorthandLookup(arg[1:])
		}
		if f == nil || f.NoOptDefVal != "" || i+1 == len(args) {
			continue
		}
		if next := args[i+1]; len(next) > 1 && next[0] == '-' {
			return fmt.Errorf("--%s needs a value; one that begins with a dash is written --%s=%q", f.Name, f.Name, next)
		}
	}
	return nil
}

// mistake says in our words what pflag did not understand.
func mistake(flags *pflag.FlagSet, err error) error {
	var unknown *pflag.NotExistError
	var syntax *pflag.InvalidSyntaxError
	var bare *pflag.ValueRequiredError
	var bad *pflag.InvalidValueError
	name := ""
	switch {
	case errors.As(err, &bare):
		return fmt.Errorf("--%s needs a value", bare.GetFlag().Name)
	case errors.As(err, &bad):
		return fmt.Errorf("--%s: %w", bad.GetFlag().Name, bad.Unwrap())
	case errors.As(err, &syntax):
		name, _, _ = strings.Cut(syntax.GetSpecifiedFlag(), "=")
	case errors.As(err, &unknown):
		name = "--" + unknown.GetSpecifiedName()
		if short := unknown.GetSpecifiedShortnames(); short != "" {
			_, n := utf8.DecodeRuneInString(short)
			return errors.New("unknown flag " + named("-"+short[:n]))
		}
	}
	var known []string
	flags.VisitAll(func(f *pflag.Flag) { known = append(known, "--"+f.Name) })
	return errors.New("unknown flag " + named(name) + meant(name, known))
}

// meant asks whether one of words was meant by s.
func meant(s string, words []string) string {
	if strings.Trim(s, "-") == "" {
		return ""
	}
	near := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return !strings.HasPrefix(w, s) })
	if word := text.Nearest(s, words); len(near) == 0 && word != "" {
		near = []string{word}
	}
	switch len(near) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf(", did you mean %q?", near[0])
	}
	return fmt.Sprintf(", did you mean one of %s?", strings.Join(near, ", "))
}

// named is s, in quotes if it would not be seen for what it is.
func named(s string) string {
	if q := strconv.Quote(s); s == "" || len(q) != len(s)+2 {
		return q
	}
	return s
}
