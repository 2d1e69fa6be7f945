package compose

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// Nudge reminds those who were invited: how many have tasted, and until when.
func Nudge(t bot.Tasting, n Turnout) bot.Notice {
	return bot.Notice{Text: bot.Say("{invited} of {invited2} invited have tasted so far. Voting closes {closes}.", bot.Count(n.Invited), bot.Count(len(t.Invited)), t.At(t.Closes))}
}

// Extended says, below the head, that there is more time because too few voted.
func Extended(t bot.Tasting) bot.Notice {
	return bot.Notice{Text: bot.Say("Fewer than five people have voted, so there is more time, once: until {closes}.", t.At(t.Closes))}
}

// Ready tells the starter how asking went. A void round gives no side away.
func Ready(t bot.Tasting, texts []bot.Texts) bot.Notice {
	live := t.Tasted()
	lines := []string{fmt.Sprintf("%d of %d ready; posting now.", len(live), len(t.PlainTexts(texts)))}
	if v := Voids(t); v != "" {
		lines = append(lines, "Void: "+v+".")
	}
	var long []string
	for _, n := range live {
		if a := texts[n-1].Answers; text.LengthWarning(a[0].Text, a[1].Text) {
			long = append(long, t.ID.Round(n).String())
		}
	}
	if len(long) > 0 {
		lines = append(lines, fmt.Sprintf("One answer is much longer than the other in %s. A max_words on the prompts evens that out.", strings.Join(long, ", ")))
	}
	if ids := flagged(t); len(ids) > 0 {
		rounds := "that round stays"
		if len(ids) > 1 {
			rounds = "those rounds stay"
		}
		lines = append(lines, fmt.Sprintf("An answer gives a model’s name away in %s: %s out of the standings.", strings.Join(ids, ", "), rounds))
	}
	n := bot.Notice{Title: bot.Say("Taste test {id}", t.ID), Text: bot.Literal(strings.Join(lines, "\n"))}
	switch {
	case len(lines) > 1:
	case t.HasHead():
		n.Awaits = bot.PostKey{Tasting: t.ID, Round: 0, What: bot.HeadPost}
	default:
		n.Awaits = bot.PostKey{Tasting: t.ID, Round: live[0], What: bot.BallotPost}
	}
	return n
}

// Failed tells a starter that their tasting ended without a reveal, and why.
func Failed(t bot.Tasting) bot.Notice {
	return bot.Notice{Title: bot.Say("Taste test {id} ended without a reveal", t.ID), Text: bot.Literal(t.Note), Error: true}
}

// Apology says that something is our fault, with an id that is in the log.
func Apology(id string) bot.Notice {
	return bot.Notice{Error: true, Text: bot.Say("Sorry, something went wrong here, and it is not your fault (id {id}). Nothing was lost; please try again.", bot.Verbatim(id))}
}

// FaultID names a fault to people and in the log.
func FaultID() string {
	var raw [4]byte
	rand.Read(raw[:])
	return hex.EncodeToString(raw[:])
}

// UnreadNotice tells the starter what the reveal waits for.
func UnreadNotice(t bot.Tasting) bot.Notice {
	return bot.Notice{
		Title: bot.Say("Taste test {id} is closed, but its votes cannot be read", t.ID),
		Text:  bot.Say("The bot may have lost its access, or this chat is away. I go on trying until {readby}, and reveal what stands then; after that what I heard while voting was open counts.", t.At(t.ReadBy)),
		Error: true,
	}
}
