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
func composerView(at bot.Place) api.ModalViewRequest {
	e := api.NewOptionsSelectBlockElement(api.OptTypeExternal, literal("start, status, results …"), composerField)
	none := 0
	e.MinQueryLength = &none
	v := modal(at, "Tastetest", []api.Block{
		sentence("What shall I do? Choose, and type more to complete it. Everything here can also be typed after /tastetest; /tastetest help explains it."),
		api.NewInputBlock(composerField, literal("Command"), nil, e),
	})
	v.CallbackID, v.Submit = composerID, literal("Go")
	return v
}

// chosen is the command that was chosen in the composer.
func chosen(v api.View) string {
	if v.State == nil {
		return ""
	}
	return v.State.Values[composerField][composerField].SelectedOption.Value
}
