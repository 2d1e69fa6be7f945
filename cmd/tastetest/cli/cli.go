// Package cli reads what was typed into structs whose tags say what may be typed.
//
// A field is a command (cmd), an argument (arg, which may be optional) or else a flag,
// named after the field or by name. Of each, help says what it is; default and env where
// its value comes from if it is not typed; enum which values there are; placeholder how
// help calls the value. A flag may have a short letter, and be required. A struct without
// a name of its own lends its fields.
//
// No method is looked up by its name: a program that does so anywhere is linked with every
// exported method of every type in it, which is five megabytes of this one.
package cli

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/pflag"
)

// Parse reads args into tree, a pointer to a struct of commands, and returns the command
// that was typed, or else the help that was asked for. An error is one sentence that says
// what to type instead.
func Parse[Command any](name, about string, tree any, args []string) (typed Command, help string, err error) {
	asked := false
	c, err := newCommand(name, about, reflect.ValueOf(tree).Elem()).parse(args, &asked)
	if err != nil {
		return typed, "", err
	}
	if asked {
		return typed, c.page(), nil
	}
	return c.fields.(Command), "", nil
}

// A command is one that is run, or has commands of its own.
type command struct {
	path, short, about string
	fields             any // a pointer to its struct
	commands           []*command
	args, flags        []field
}

func newCommand(path, about string, at reflect.Value) *command {
	c := &command{path: path, short: about, about: about, fields: at.Addr().Interface()}
	if more, ok := c.fields.(interface{ Help() string }); ok {
		c.about += "\n\n" + more.Help()
	}
	c.add(at)
	return c
}

func (c *command) add(at reflect.Value) {
	for i := range at.NumField() {
		of := at.Type().Field(i)
		f := field{StructTag: of.Tag, name: of.Tag.Get("name"), to: at.Field(i).Addr()}
		if f.name == "" {
			f.name = dashed(of.Name)
		}
		switch {
		case of.Anonymous:
			c.add(at.Field(i))
		case f.has("cmd"):
			c.commands = append(c.commands, newCommand(c.path+" "+f.name, f.Get("help"), at.Field(i)))
		case f.has("arg"):
			c.args = append(c.args, f)
		default:
			c.flags = append(c.flags, f)
		}
	}
}

// dashed is a field's name as it is typed: NoModels is no-models, URL is url.
func dashed(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) && unicode.IsLower(rune(name[i-1])) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// parse returns the command that args end in. asked is whether help was, on the way.
func (c *command) parse(args []string, asked *bool) (*command, error) {
	flags := pflag.NewFlagSet(c.path, pflag.ContinueOnError)
	flags.SetInterspersed(len(c.commands) == 0)
	flags.BoolVarP(asked, "help", "h", *asked, "")
	for _, f := range c.flags {
		added := flags.VarPF(f, f.name, f.Get("short"), "")
		if _, ok := f.to.Interface().(*bool); ok {
			added.NoOptDefVal = "true"
		}
	}
	for _, f := range slices.Concat(c.flags, c.args) {
		if err := f.before(); err != nil {
			return nil, c.advised(err)
		}
	}
	if err := unseen(flags, args); err != nil {
		return nil, c.advised(err)
	}
	if err := flags.Parse(args); err != nil {
		return nil, c.advised(mistake(flags, err))
	}
	args = flags.Args()
	if len(c.commands) > 0 {
		return c.choose(args, asked)
	}
	if len(args) > len(c.args) {
		return nil, c.advised(errors.New("unexpected argument " + named(args[len(c.args)])))
	}
	if *asked {
		return c, nil
	}
	for i, f := range c.args {
		if i >= len(args) {
			if !f.has("optional") {
				return nil, c.advised(fmt.Errorf("<%s> is missing: type %s", f.name, c.usage()))
			}
			continue
		}
		if err := f.Set(args[i]); err != nil {
			return nil, c.advised(fmt.Errorf("<%s>: %w", f.name, err))
		}
	}
	for _, f := range c.flags {
		if f.has("required") && !flags.Changed(f.name) {
			return nil, c.advised(fmt.Errorf("--%s is missing: type %s", f.name, c.usage()))
		}
	}
	return c, nil
}

// choose goes on with the command that is named first.
func (c *command) choose(args []string, asked *bool) (*command, error) {
	var names []string
	for _, sub := range c.commands {
		_, name, _ := strings.Cut(sub.path, c.path+" ")
		if len(args) > 0 && args[0] == name {
			return sub.parse(args[1:], asked)
		}
		names = append(names, name)
	}
	switch {
	case len(args) > 0:
		return nil, c.advised(errors.New("unexpected argument " + named(args[0]) + meant(args[0], names)))
	case *asked:
		return c, nil
	}
	return nil, c.advised(fmt.Errorf("say which: %s %s", c.path, strings.Join(names, ", "+c.path+" ")))
}

func (c *command) advised(err error) error { return fmt.Errorf("%w; see %s --help", err, c.path) }
