package discord_test

import (
	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/bot"
)

func tasting(n uint64) bot.TastingID { return bot.TastingID{Workspace: workspace, N: n} }

var samples = adaptertest.Samples(workspace)
