package say

import (
	"fmt"
	"time"
)

// Seconds writes how long an answer took: "2.1 s".
func Seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
