package prompts

import (
	"errors"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// unread is the UserError for what is not text that can be read.
func unread(err error) error {
	e, ok := errors.AsType[text.NotPlain](err)
	if !ok {
		return err
	}
	switch e.Is {
	case text.Garbled:
		return bot.UserError(bot.Say("Line {n} is not UTF-8 text; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”).", number(e.Line)))
	case text.Binary:
		return bot.UserError(bot.Say("This is not a text file: line {n} has a byte in it that no text has; save it as CSV, JSONL, YAML or plain text.", number(e.Line)))
	case text.Archive:
		return bot.UserError(bot.Say("This is a workbook or an archive, not text; save the sheet as “CSV UTF-8”."))
	case text.Compressed:
		return bot.UserError(bot.Say("This is a compressed file; unpack it first."))
	case text.Wide:
		return bot.UserError(bot.Say("This is UTF-16; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)."))
	case text.RichText:
		return bot.UserError(bot.Say("This is rich text (RTF); save it as plain text."))
	case text.PDF:
		return bot.UserError(bot.Say("This is a PDF; save its text as plain text or as CSV."))
	case text.WebPage:
		return bot.UserError(bot.Say("This is a web page (HTML); save the table in it as CSV, or, from promptfoo, send what this writes: {evalagain}", bot.Verbatim(evalAgain)))
	case text.XML:
		return bot.UserError(bot.Say("This is XML; save the table in it as CSV."))
	}
	return err
}
