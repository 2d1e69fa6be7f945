package record

import "time"

// Sortable maps times to numbers of the same order, the zero time to 0.
// Times that UnixNano cannot say go to the nearest that it can.
func Sortable(t time.Time) uint64 {
	switch {
	case t.IsZero():
		return 0
	case t.Before(time.Unix(0, -1<<63+1)):
		return 1
	case t.After(time.Unix(0, 1<<63-1)):
		return 1<<64 - 1
	}
	return uint64(t.UnixNano()) ^ 1<<63
}
