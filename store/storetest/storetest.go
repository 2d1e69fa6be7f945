// Package storetest tests implementations of [bot.Store].
package storetest

import (
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// Run tests the stores that open returns for a path.
func Run(t *testing.T, open func(t *testing.T, path string) bot.Store) {}
