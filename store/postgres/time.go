package postgres

import (
	"time"

	"github.com/tastetest/tastetest/store/record"
)

// nanos is how a time is stored: in nanoseconds since 1970, the zero time as the
// smallest number.
func nanos(t time.Time) int64 { return int64(record.Sortable(t) ^ 1<<63) }
