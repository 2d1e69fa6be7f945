package adaptertest

import (
	"github.com/tastetest/tastetest/bot"
)

// Reminders are what somebody is answered who wants to be reminded of taste test 12, the
// same once that is set, and the direct message that comes, at times.
func Reminders(w bot.Workspace, when, closes bot.Arg) (ask, set, message bot.Notice) {
	id := bot.TastingID{Workspace: w, N: 12}
	once := bot.Say("One direct message, for you alone, and only if rounds are left for you then.")
	never := bot.Button{ID: "12/remind/never", Label: bot.Say("No reminders")}
	ask = bot.Notice{
		Title: bot.Say("Remind you of taste test {id}?", id), Text: once,
		Buttons: []bot.Button{
			{ID: "12/remind/tomorrow", Label: bot.Say("Tomorrow at 9:00")},
			{ID: "12/remind/late", Label: bot.Say("An hour before voting closes")},
			never,
		},
	}
	set = bot.Notice{
		Title: bot.Say("A reminder of taste test {id} is set", id), Text: bot.Prose(bot.Say("It comes {when}.", when), once),
		Buttons: []bot.Button{{ID: "12/remind/off", Label: bot.Say("Cancel this one")}, never},
	}
	message = bot.Notice{
		Title:   bot.Dotted(bot.Say("Taste test {id}", id), bot.Say("Which reply is better?")),
		Text:    bot.Say("You asked to be reminded: rounds are left for you. Voting closes {closes}.", closes),
		Buttons: []bot.Button{{ID: "12/opened", Label: bot.Say("Go to the test"), URL: "https://chat.example/C1/12", Primary: true}, never},
	}
	return ask, set, message
}
