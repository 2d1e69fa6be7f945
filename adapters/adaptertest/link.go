package adaptertest

import "github.com/tastetest/tastetest/bot"

// Link is what answers somebody who wants to read results in a browser.
func Link() bot.Notice {
	return bot.Notice{
		Title:   bot.Say("Results"),
		Text:    bot.Say("All that has been revealed here, in your browser. The link is for you alone and holds for ten minutes."),
		Buttons: []bot.Button{{ID: "12/opened", Label: bot.Say("Open results"), URL: "https://taste.example/at/open?key=WyJ4Il0.1.sig", Primary: true}},
	}
}
