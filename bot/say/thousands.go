package say

import "github.com/tastetest/tastetest/bot"

// Thousands writes 12345 as 12,345.
func Thousands[N int | int64](n N) string { return bot.Count(n).String() }
