package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// columns is how wide help is.
const columns = 80

// usage is how the command is typed.
func (c *command) usage() string {
	s := c.path
	for _, f := range c.flags {
		if f.has("required") {
			s += " --" + f.name + "=" + f.placeholder()
		}
	}
	for _, f := range c.args {
		s += " " + f.argument()
	}
	if len(c.commands) > 0 {
		s += " <command>"
	} else if len(c.flags) > 0 {
		s += " [flags]"
	}
	return s
}

// page is the command's help.
func (c *command) page() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Usage: %s\n\n%s", c.usage(), wrapped(c.about, columns))
	var args, commands [][2]string
	for _, f := range c.args {
		args = append(args, [2]string{f.argument(), f.help()})
	}
	table(&b, "Arguments", args)
	flags := [][2]string{{"-h, --help", "Show this help."}}
	for i, f := range c.flags {
		if i == 0 {
			flags = append(flags, [2]string{})
		}
		flags = append(flags, [2]string{f.flag(), f.help()})
	}
	table(&b, "Flags", flags)
	for _, sub := range c.commands {
		_, name, _ := strings.Cut(sub.path, " ")
		commands = append(commands, [2]string{name, sub.short})
	}
	table(&b, "Commands", commands)
	if len(c.commands) > 0 {
		fmt.Fprintf(&b, "\nRun \"%s <command> --help\" for more information on a command.\n", c.path)
	}
	return b.String()
}

func (f field) argument() string {
	if f.has("optional") {
		return "[<" + f.name + ">]"
	}
	return "<" + f.name + ">"
}

func (f field) flag() string {
	s := "    --" + f.name
	if short := f.Get("short"); short != "" {
		s = "-" + short + ", --" + f.name
	}
	switch f.to.Interface().(type) {
	case *bool:
		return s
	case *[]string:
		return s + "=" + f.placeholder() + ",..."
	}
	return s + "=" + f.placeholder()
}

// placeholder stands for the value.
func (f field) placeholder() string {
	return cmp.Or(f.Get("placeholder"), f.Get("default"), "TEXT")
}

func (f field) help() string {
	s := strings.ReplaceAll(f.Get("help"), "${default}", f.Get("default"))
	if env := f.Get("env"); env != "" {
		s = strings.TrimSuffix(s, ".") + " ($" + env + ")."
	}
	return s
}

// wrapped has no line of more than width characters, but where a line is indented or a word
// is longer. go/doc/comment can do it too, for fifty kilobytes of every binary.
func wrapped(s string, width int) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		if strings.HasPrefix(line, " ") {
			b.WriteString(strings.TrimSuffix(line, "\n") + "\n")
			continue
		}
		at := 0
		for word := range strings.FieldsSeq(line) {
			n := utf8.RuneCountInString(word)
			switch {
			case at == 0:
			case at+1+n > width:
				b.WriteByte('\n')
				at = 0
			default:
				b.WriteByte(' ')
				at++
			}
			b.WriteString(word)
			at += n
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// table writes rows in two columns.
func table(b *strings.Builder, title string, rows [][2]string) {
	if len(rows) == 0 {
		return
	}
	const widest, between = 30, 4
	left := 0
	for _, row := range rows {
		if n := len(row[0]); n < widest {
			left = max(left, n)
		}
	}
	fmt.Fprintf(b, "\n%s:\n", title)
	for _, row := range rows {
		lines := strings.Split(strings.TrimSpace(wrapped(row[1], columns-2-left-between)), "\n")
		if len(row[0]) >= widest {
			lines = slices.Insert(lines, 0, "")
		}
		for i, line := range lines {
			if i > 0 {
				row[0] = ""
			}
			b.WriteString(strings.TrimRight(fmt.Sprintf("  %-*s%s", left+between, row[0], line), " ") + "\n")
		}
	}
}
