package adaptertest

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strconv"
)

// A Footprint is what a process has taken of its machine.
type Footprint struct {
	Goroutines  int
	Descriptors int // files and sockets that are open; 0 where that cannot be told
	Resident    int // memory, in KB; 0 where that cannot be told
	Heap        int // of it what Go's values take, in KB; 0 unless it was measured
}

// Now is that of this process.
func Now() Footprint {
	f := Footprint{Goroutines: runtime.NumGoroutine()}
	open, _ := os.ReadDir("/proc/self/fd")
	f.Descriptors = len(open)
	status, _ := os.ReadFile("/proc/self/status")
	if _, rest, ok := bytes.Cut(status, []byte("VmRSS:")); ok {
		f.Resident, _ = strconv.Atoi(string(bytes.Fields(rest)[0]))
	}
	return f
}

// Swept is Now after garbage was collected, which takes a moment.
func Swept() Footprint {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	f := Now()
	f.Heap = int(m.HeapAlloc >> 10)
	return f
}

// Beyond reports whether there are more goroutines or descriptors than there were, but
// for so many. Memory is only told: the runtime gives it back when it likes.
func (f Footprint) Beyond(was Footprint, slack int) bool {
	return f.Goroutines > was.Goroutines+slack || f.Descriptors > was.Descriptors+slack
}

func (f Footprint) String() string {
	said := fmt.Sprintf("%d goroutines, %d descriptors, %d MB", f.Goroutines, f.Descriptors, f.Resident>>10)
	if f.Heap > 0 {
		said += fmt.Sprintf(", %.1f MB of them in use", float64(f.Heap)/1024)
	}
	return said
}

// Rounds is how often something is to be done that should leave nothing behind: as
// often as the environment says, or else n times, and few in a short run.
func Rounds(variable string, short bool, few, n int) int {
	if asked, err := strconv.Atoi(os.Getenv(variable)); err == nil {
		return asked
	}
	if short {
		return few
	}
	return n
}
