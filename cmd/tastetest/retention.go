package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

const (
	oneDay       = 24 * time.Hour
	mostDays     = 36500
	retentionSay = "write how long tastings are kept once they are over as 180d or 36h, or forever"
)

// A retention is how long a tasting is kept once it is over; 0: for ever. In
// the file it is in days or as Go writes durations, or "forever".
type retention time.Duration

// UnmarshalYAML refuses less than a day: whoever writes 6m means months.
func (r *retention) UnmarshalYAML(n ast.Node) error {
	text := n.GetToken().Value
	if text == "forever" {
		*r = 0
		return nil
	}
	wrong := func(problem string) error { return &yaml.SyntaxError{Message: problem, Token: n.GetToken()} }
	var d time.Duration
	if days, ok := strings.CutSuffix(text, "d"); ok {
		count, err := strconv.ParseUint(days, 10, 64)
		if err != nil {
			return wrong(retentionSay)
		}
		d = time.Duration(min(count, mostDays+1)) * oneDay
	} else {
		var err error
		if d, err = time.ParseDuration(text); err != nil {
			return wrong(retentionSay)
		}
	}
	switch {
	case d < oneDay:
		return wrong("tastings are kept for a day (1d) at least; write months as days, 180d, for m is minutes")
	case d > mostDays*oneDay:
		return wrong("that is more than a hundred years; write forever")
	}
	*r = retention(d)
	return nil
}

func (r retention) String() string {
	switch d := time.Duration(r); {
	case d == 0:
		return "forever"
	case d%oneDay == 0:
		return fmt.Sprintf("%dd", d/oneDay)
	default:
		return d.String()
	}
}
