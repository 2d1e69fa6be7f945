package discord

import (
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// roomForReveal is what a reveal says besides the prompt and the answers, at
// most: names, facts, bars, verdict, notes, details. A ballot whose texts leave
// less room shows them in messages of their own from the start, so that the
// reveal finds them in the same form.
const roomForReveal = 1800

// mostFacts is what a reveal adds to an answer: "58 words · $0.0156 · 2.1 s".
const mostFacts = 100

// mostPromptAlone is how much of a prompt stands in the ballot itself where
// the answers follow.
const mostPromptAlone = 2500

// together reports whether prompt and answers stand in one message. It goes by
// both answers alike: their form tells nothing apart.
func together(prompt string, answers [2]string) bool {
	a, b := length(answers[0]), length(answers[1])
	return length(prompt)+a+b+roomForReveal <= mostEmbeds && max(a, b)+mostFacts <= mostDescription
}

// ballot lays a ballot out as embeds: the adapter's page says why not as
// components V2.
func (w tongue) ballot(p bot.Ballot) layout {
	answers := [2]string{markdown(string(p.Left)), markdown(string(p.Right))}
	if !p.Removed.IsZero() {
		answers = [2]string{w.text(p.Removed), w.text(p.Removed)}
	}
	l := layout{Seeds: p.State.TakesVotes()}
	asked := prompt(string(p.Prompt))
	end := join([]string{
		w.text(p.Legend),
		w.bold(p.Progress),
		w.small(p.Note),
		w.small(p.Privacy),
		w.crowd(p.Crowd),
		w.details(p.Details),
	})
	top := embed{Title: w.text(p.Title), Description: asked, Color: ownColor}
	last := embed{Description: end, Color: ownColor}
	if together(asked, answers) {
		l.Main.Embeds = []embed{top, answer("🅰️", answers[0]), answer("🅱️", answers[1]), last}
	} else {
		l.Parts = w.parts(asked, answers)
		top.Description = join([]string{above(asked), w.text(bot.Say("🅰️ and 🅱️ follow below, one after the other."))})
		l.Main.Embeds = []embed{top, last}
	}
	l.Main.Components = w.buttons(nil, p.Menu)
	return l
}

// above is the prompt, or its beginning, where the rest follows.
func above(asked string) string { return trim(asked, mostPromptAlone) }

// parts are the messages that show both answers, and a long prompt first.
func (w tongue) parts(asked string, answers [2]string) []message {
	var out []message
	add := func(title, text string) {
		for _, piece := range pieces(text, mostDescription-mostMark) {
			out = append(out, message{Embeds: []embed{answer(title, piece)}})
			title = strings.TrimSuffix(title, " …") + " …"
		}
	}
	if length(asked) > mostPromptAlone {
		add(w.Text(bot.Say("Prompt")), asked)
	}
	add("🅰️", answers[0])
	add("🅱️", answers[1])
	return out
}

func (w tongue) reveal(p bot.Reveal) layout {
	answers := [2]string{markdown(string(p.Sides[0].Text)), markdown(string(p.Sides[1].Text))}
	asked := prompt(string(p.Prompt))
	top := embed{Title: w.text(p.Title), Description: asked, Color: ownColor}
	last := embed{Description: w.revealed(p), Color: ownColor}
	var whole []component
	if p.Whole != nil {
		whole = w.buttons([]bot.Button{*p.Whole}, nil)
	}
	if together(asked, answers) {
		return layout{Main: message{Components: whole, Embeds: []embed{
			top, answer(sideTitle(p.Sides[0]), answers[0]+"\n"+w.small(p.Sides[0].Facts)),
			answer(sideTitle(p.Sides[1]), answers[1]+"\n"+w.small(p.Sides[1].Facts)), last,
		}}}
	}
	top.Description = join([]string{
		above(asked), w.sideLine(p.Sides[0]), w.sideLine(p.Sides[1]),
	})
	return layout{Main: message{Components: whole, Embeds: []embed{top, last}}, Parts: w.parts(asked, answers)}
}

// revealed is what a reveal says besides the prompt and the answers.
func (w tongue) revealed(p bot.Reveal) string {
	lines := []string{w.bars(p.Bars)}
	if len(p.Bars) == 0 {
		lines = append(lines, w.text(p.Summary))
	}
	lines = append(lines, w.text(p.Verdict))
	if p.Answer != "" {
		lines = append(lines, w.bold(bot.Say("Answer:"))+" "+escape(string(p.Answer)))
	}
	for _, n := range p.Notes {
		lines = append(lines, w.small(n))
	}
	return join(append(lines, w.details(p.Details)))
}

func sideTitle(s bot.RevealSide) string {
	return strings.TrimSpace(s.Emoji + " " + escapeInside(string(s.Model)))
}

func (w tongue) sideLine(s bot.RevealSide) string {
	return "**" + sideTitle(s) + "** · " + w.inside(s.Facts)
}

// shownOrFiled is for what cannot have messages of its own below it: prompt and
// both answers whole, or else the beginnings of both answers, cut alike, and of
// a prompt that is long, and what is cut as files.
func (w tongue) shownOrFiled(asked string, answers [2]string) (top string, shown [2]string, files []file) {
	top = prompt(asked)
	whole := [2]string{markdown(answers[0]), markdown(answers[1])}
	if together(top, whole) {
		return top, whole, nil
	}
	const room = 1200
	for i, name := range []string{"A.txt", "B.txt"} {
		shown[i] = trim(whole[i], room) + "\n" + w.small(bot.Say("Whole in {file} below.", bot.Verbatim(name)))
		files = append(files, file{Name: name, Data: []byte(answers[i])})
	}
	if length(top) > mostPromptAlone {
		top = above(top) + "\n" + w.small(bot.Say("Whole in {file} below.", bot.Verbatim("prompt.txt")))
		files = append(files, file{Name: "prompt.txt", Data: []byte(asked)})
	}
	return top, shown, files
}
