package compose

import (
	"crypto/rand"
	"encoding/hex"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// Nudge reminds those who were invited: how many have tasted, and until when.
func Nudge(t bot.Tasting, n Turnout) bot.Notice {
	return bot.Notice{Text: bot.Say("{n} of {invited} invited {n?has|have} tasted so far. Voting closes {closes}.", bot.Count(n.Invited), bot.Count(len(t.Invited)), t.At(t.Closes))}
}

// Extended says, below the head, that there is more time because too few voted.
func Extended(t bot.Tasting) bot.Notice {
	return bot.Notice{Text: bot.Say("Fewer than five people have voted, so there is more time, once: until {closes}.", t.At(t.Closes))}
}

// Ready tells the starter how asking went. A void round gives no side away.
func Ready(t bot.Tasting, texts []bot.Texts) bot.Notice {
	live := t.Tasted()
	lines := []bot.Sentence{bot.Say("{n} of {all} ready; posting now.", bot.Count(len(live)), bot.Count(len(t.PlainTexts(texts))))}
	if v := Voids(t); !v.IsZero() {
		lines = append(lines, bot.Say("Void: {voids}.", v))
	}
	var long []int
	for _, n := range live {
		if a := texts[n-1].Answers; text.LengthWarning(a[0].Text, a[1].Text) {
			long = append(long, n)
		}
	}
	if len(long) > 0 {
		lines = append(lines, bot.Say("One answer is much longer than the other in {rounds}. A max_words on the prompts evens that out.", rounds(t, long)))
	}
	if ns := flagged(t); len(ns) > 0 {
		lines = append(lines, bot.Say("An answer gives a model’s name away in {rounds}: {n?that round stays|those rounds stay} out of the standings.", rounds(t, ns), bot.Count(len(ns))))
	}
	n := bot.Notice{Title: bot.Say("Taste test {id}", t.ID), Text: bot.Lines(lines...)}
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
	return bot.Notice{Title: bot.Say("Taste test {id} ended without a reveal", t.ID), Text: t.Why(), Error: true}
}

// Apology says that something is our fault, with an id that is in the log.
func Apology(id string) bot.Notice {
	return bot.Notice{Error: true, Text: bot.Say("Sorry, something went wrong here, and it is not your fault (id {id}). Nothing was lost; please try again.", bot.Verbatim(id))}
}

// Down says that nothing can be kept right now, with an id that is in the log.
func Down(id string) bot.Notice {
	return bot.Notice{Error: true, Text: bot.Say("Sorry, the bot’s memory is out of reach, so nothing can be kept right now (id {id}). Whoever runs the bot can see why in its log. Emoji in the chat are counted once it is back; please try anything else again in a few minutes.", bot.Verbatim(id))}
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
