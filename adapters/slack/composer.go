package slack

import (
	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/bot"
)

const (
	composerID    = "command"
	composerField = "command"
)

// composerView is what /tastetest alone opens: a field that completes what is
// typed in it. Slack completes nothing after a slash command.
func (w tongue) composerView(at bot.Place) api.ModalViewRequest {
	e := api.NewOptionsSelectBlockElement(api.OptTypeExternal, literal(w.Text(bot.Say("{commands} …", bot.Series{bot.Name("start"), bot.Name("status"), bot.Name("results")}))), composerField)
	none := 0
	e.MinQueryLength = &none
	v := w.modal(at, "Tastetest", []api.Block{
		w.sentence(bot.Say("What shall I do? Choose, and type more to complete it. Everything here can also be typed after {command}; {help} explains it.", bot.Verbatim("/tastetest"), bot.Usage{Command: "help"})),
		api.NewInputBlock(composerField, literal(w.Text(bot.Say("Command"))), nil, e),
	})
	v.CallbackID, v.Submit = composerID, literal(w.Text(bot.Say("Go")))
	return v
}

// chosen is the command that was chosen in the composer.
func chosen(v api.View) string {
	if v.State == nil {
		return ""
	}
	return v.State.Values[composerField][composerField].SelectedOption.Value
}
