package storetest

import (
	"testing"

	"github.com/tastetest/tastetest/bot"
)

func Run(t *testing.T, open func(t *testing.T, path string) bot.Store) {}
