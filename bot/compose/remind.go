package compose

import (
	"slices"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// Remind is what the ID of the button ends with that asks for a reminder, and what those
// of its answer go on from: "7/remind", "7/remind/tomorrow".
const Remind = "/remind"

// Tomorrow is 9:00 on the day after now, where somebody is.
func Tomorrow(now time.Time, zone *time.Location) time.Time {
	y, m, d := now.In(zone).Date()
	return time.Date(y, m, d+1, 9, 0, 0, 0, zone)
}

// Reminder answers whoever wants to be reminded of t: when that can be, what they asked
// for before, and how to have none. Times are in their zone.
func Reminder(t bot.Tasting, user string, now time.Time, zone *time.Location) bot.Notice {
	id := t.ID.String() + Remind
	n := bot.Notice{Title: bot.Say("Remind you of taste test {id}?", t.ID)}
	i := slices.IndexFunc(t.Reminders, func(r bot.Reminder) bool { return r.User == user })
	if i >= 0 {
		n.Title = bot.Say("A reminder of taste test {id} is set", t.ID)
		n.Text = bot.Prose(bot.Say("It comes {when}.", bot.Moment(t.Due(t.Reminders[i]).In(zone))), once())
	}
	if at := Tomorrow(now, zone); i < 0 && at.Before(t.Closes) {
		n.Buttons = append(n.Buttons, bot.Button{ID: id + "/tomorrow", Label: bot.Say("Tomorrow at 9:00")})
	}
	if i < 0 && t.Due(bot.Reminder{}).After(now) {
		n.Buttons = append(n.Buttons, bot.Button{ID: id + "/late", Label: bot.Say("An hour before voting closes")})
	}
	switch {
	case i >= 0:
		n.Buttons = append(n.Buttons, bot.Button{ID: id + "/off", Label: bot.Say("Cancel this one")})
	case len(n.Buttons) == 0:
		n.Text = bot.Say("Voting closes {closes}: that is too soon for a reminder.", bot.Moment(t.Closes.In(zone)))
		return n
	default:
		n.Text = once()
	}
	n.Buttons = append(n.Buttons, noReminders(t))
	return n
}

// once says what somebody will get.
func once() bot.Sentence {
	return bot.Say("One direct message, for you alone, and only if rounds are left for you then.")
}

// noReminders takes back all that somebody asked for.
func noReminders(t bot.Tasting) bot.Button {
	return bot.Button{ID: t.ID.String() + Remind + "/never", Label: bot.Say("No reminders")}
}

// Reminded is the reminder itself. It says nothing that its reader could not see at the
// start of t: no count, no side, no model. link is the address of what opened t; "": none
// is known.
func Reminded(t bot.Tasting, zone *time.Location, link string) bot.Notice {
	n := bot.Notice{
		Title:   bot.Dotted(bot.Say("Taste test {id}", t.ID), Asked(t)),
		Text:    bot.Say("You asked to be reminded: rounds are left for you. Voting closes {closes}.", bot.Moment(t.Closes.In(zone))),
		Buttons: []bot.Button{noReminders(t)},
	}
	if link != "" {
		n.Buttons = append([]bot.Button{{ID: t.ID.String() + "/opened", Label: bot.Say("Go to the test"), URL: link, Primary: true}}, n.Buttons...)
	}
	return n
}
