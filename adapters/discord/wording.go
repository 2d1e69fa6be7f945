package discord

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
)

// render lays a post out, with commands as people type them on Discord.
func (c *Chat) render(p bot.Post, mark string) layout { return render(c.opt.wording(p), mark) }

// wording writes the commands that the core speaks of as they are typed, and
// can be pasted, on Discord: "/tastetest start kestrel nova rounds=5" as
// "/tastetest-admin start model:kestrel against:nova rounds:5".
func (o Options) wording(p bot.Post) bot.Post {
	switch p := p.(type) {
	case bot.Notice:
		p.Title, p.Text, p.Code = bot.Literal(o.spoken(p.Title.String())), bot.Literal(o.spoken(p.Text.String())), bot.Literal(o.spoken(p.Code.String()))
		return p
	case bot.Standings:
		p.Says = slices.Clone(p.Says)
		for i, s := range p.Says {
			p.Says[i] = bot.Literal(o.spoken(s.String()))
		}
		return p
	}
	return p
}

var (
	spokenCommand = regexp.MustCompile(`\B/tastetest ([a-z-]+)(.*)`)
	spokenOption  = regexp.MustCompile(`\b([a-z]+)=("[^"\n]*"|\S*)`)
	spokenWord    = regexp.MustCompile(`[a-z]+=(?:"[^"]*"|\S+)|\S+`)
	spokenQuote   = regexp.MustCompile(`“[^”]*”`)
	loneOption    = regexp.MustCompile(`^“[a-z]+=”$`)
	number        = regexp.MustCompile(`^[0-9]+$`)
)

// spoken does it in one text. What stands in quotation marks is what somebody
// typed, or is called so, and stays; but a lone “pack=” is how we name an option.
func (o Options) spoken(text string) string {
	var out strings.Builder
	for text != "" {
		at := spokenQuote.FindStringIndex(text)
		if at == nil {
			at = []int{len(text), len(text)}
		}
		out.WriteString(o.unquoted(text[:at[0]]))
		if quote := text[at[0]:at[1]]; loneOption.MatchString(quote) {
			out.WriteString(o.unquoted(quote))
		} else {
			out.WriteString(quote)
		}
		text = text[at[1]:]
	}
	return out.String()
}

// unquoted does it in a text without quotations.
func (o Options) unquoted(text string) string {
	specs := command.Table()
	text = spokenCommand.ReplaceAllStringFunc(text, func(s string) string {
		m := spokenCommand.FindStringSubmatch(s)
		i := slices.IndexFunc(specs, func(c command.Spec) bool { return c.Name == m[1] })
		if i < 0 {
			return s
		}
		return "/" + o.commandOf(specs[i]) + " " + m[1] + named(bareOf(specs[i]), m[2])
	})
	return spokenOption.ReplaceAllStringFunc(text, func(s string) string {
		m := spokenOption.FindStringSubmatch(s)
		if !slices.ContainsFunc(specs, func(c command.Spec) bool {
			return slices.ContainsFunc(c.Options, func(o command.Option) bool { return o.Name == m[1] })
		}) {
			return s
		}
		return m[1] + ":" + strings.Trim(m[2], `"`)
	})
}

// bareOf are the options of a command that are bare words elsewhere.
func bareOf(spec command.Spec) []string {
	switch {
	case spec.Models:
		return []string{firstModel, secondModel}
	case spec.ID:
		return []string{tastingID}
	case spec.Name == "help":
		return []string{commandName}
	case spec.Word != "":
		return []string{spec.Word}
	}
	return nil
}

// named puts the options' names before the bare words that follow a command,
// unless they are the rest of a sentence. A number is never that.
func named(bare []string, rest string) string {
	if !strings.HasPrefix(rest, " ") {
		return rest
	}
	words := spokenWord.FindAllString(rest, -1)
	if len(words) == 0 {
		return rest
	}
	first, said := words[0], 0
	for i, w := range words {
		if strings.Contains(w, "=") {
			continue
		}
		if said == len(bare) || strings.ContainsAny(w[len(w)-1:], ".,;:?") {
			if len(bare) == 1 && number.MatchString(first) {
				return strings.Replace(rest, first, bare[0]+":"+first, 1)
			}
			return rest
		}
		words[i] = bare[said] + ":" + w
		said++
	}
	return " " + strings.Join(words, " ")
}
