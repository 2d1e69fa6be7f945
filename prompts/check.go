package prompts

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// A Problem is what [Check] finds in a pack.
type Problem struct {
	Prompt string // its ID; "" for the whole pack
	Says   string
	Advice bool // the pack is good to use; it would be better without
}

func (p Problem) String() string {
	says := p.Says
	if p.Advice {
		says = "better: " + says
	}
	if p.Prompt == "" {
		return says
	}
	return p.Prompt + ": " + says
}

var (
	aboutAI = regexp.MustCompile(`(?i)\b(AI|LLMs?|chatbots?|(large )?language models?|artificial intelligence)\b|人工智能|大模型|语言模型|聊天机器人`)
	digits  = regexp.MustCompile(`[0-9]+`)
	lists   = regexp.MustCompile(`(?i)\b(lists? (of|all|the)|bullet points?|enumerate|top [0-9]+|[0-9]+ (ways|reasons|tips|ideas|examples|things))\b|列出|列举`)
)

// Check returns what keeps a pack that [Parse] accepted from being a good one:
// people read its prompts in half a minute, and should care which answer wins.
// Each fault of a pack has a sentence of its own for whoever wrote it.
func Check(p bot.Pack) []Problem {
	var found []Problem
	report := func(id string, advice bool, format string, args ...any) {
		found = append(found, Problem{Prompt: id, Says: fmt.Sprintf(format, args...), Advice: advice})
	}
	if p.Title == "" || p.Description == "" {
		report("", true, "give the pack a title and a description; people choose by them")
	}
	long := 0
	texts := make(map[string]string)
	asks := make([]map[string]bool, 0, len(p.Prompts))
	for _, q := range p.Prompts {
		n := text.Words(q.Text)
		if n > 60 {
			long++
		}
		if n > 150 {
			report(q.ID, false, "the text has %d words; at most 150 are read", n)
		}
		if first, twice := texts[q.Text]; twice {
			report(q.ID, false, "the text is that of %q again", first)
		}
		texts[q.Text] = q.ID
		asked := marks(q.Text)
		for j, other := range asks {
			if first := p.Prompts[j]; first.Text != q.Text && alike(asked, other) >= mostAlike {
				report(q.ID, true, "it asks nearly what %q asks; keep one, or send one somewhere else", first.ID)
				break
			}
		}
		asks = append(asks, asked)
		if q.Why == "" {
			report(q.ID, false, "say in one sentence why it tells models apart (the field “why”)")
		}
		if q.Category == "brain-teaser" && q.Answer == "" {
			report(q.ID, false, "a brain-teaser needs its checked answer (the field “answer”)")
		}
		if m := aboutAI.FindString(q.Text); m != "" {
			report(q.ID, false, "it speaks of %q, which invites models to speak of themselves", m)
		}
		if leaks := text.Leaks(q.Text, "", nil); len(leaks) > 0 && !q.AllowNames {
			report(q.ID, false, "it names %q, also a model or a vendor; set “allow_names: true” if it must", leaks[0].Match)
		}
		if m := lists.FindString(q.Text); m != "" {
			report(q.ID, true, "%q invites a list, and lists are hard to tell apart", m)
		}
		switch {
		case q.MaxWords == 0:
			report(q.ID, true, "set “max_words”, 60 to 120 for most, so that a round takes 40 seconds")
		case q.MaxWords > 200:
			report(q.ID, true, "answers of %d words take minutes to compare", q.MaxWords)
		case !slices.Contains(digits.FindAllString(q.Text, -1), strconv.Itoa(q.MaxWords)):
			report(q.ID, true, "max_words is %d, but the text does not ask for it, in digits", q.MaxWords)
		}
	}
	if 2*long > len(p.Prompts) {
		report("", true, "%d of %d prompts have more than 60 words; people skip them", long, len(p.Prompts))
	}
	return found
}
