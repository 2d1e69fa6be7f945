package web

import (
	"net/url"
	"strconv"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A wish is what an address of the results asks for: a view can be sent. Days are
// those of a zone, the last one included.
type wish struct {
	Model, Pack, Category string
	Since, Until          string // 2026-11-29
	skip                  int    // tastings, from the newest on
}

// wished reads an address. Of days that cannot be read it says how to write them.
func wished(q url.Values, zone *time.Location) (wish, bot.Filter, error) {
	w := wish{Model: q.Get("model"), Pack: q.Get("pack"), Category: q.Get("category"), Since: q.Get("since"), Until: q.Get("until")}
	w.skip, _ = strconv.Atoi(q.Get("skip")) // what is no number skips none
	w.skip = max(0, w.skip)
	f := bot.Filter{Model: w.Model, Pack: w.Pack, Category: w.Category}
	var err error
	if f.Since, err = day(w.Since, zone); err != nil {
		return w, f, err
	}
	if f.Until, err = day(w.Until, zone); err == nil && !f.Until.IsZero() {
		f.Until = f.Until.AddDate(0, 0, 1)
	}
	return w, f, err
}

func day(s string, zone *time.Location) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, s, zone)
	if err != nil {
		return t, bot.UserError(bot.Say("Write a day as {example}.", bot.Verbatim(time.Now().Format(time.DateOnly))))
	}
	return t, nil
}

// Any reports whether the wish leaves anything out.
func (w wish) Any() bool { return w != wish{skip: w.skip} }

// query is the wish as it stands in an address, with what begins it: "?model=nova".
func (w wish) query(skip int) string {
	q := make(url.Values)
	for name, value := range map[string]string{"model": w.Model, "pack": w.Pack, "category": w.Category, "since": w.Since, "until": w.Until} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if skip > 0 {
		q.Set("skip", strconv.Itoa(skip))
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// zoneOf is that of a voice; UTC where it names none.
func zoneOf(v bot.Voice) *time.Location {
	if loc, err := time.LoadLocation(v.Zone); err == nil {
		return loc
	}
	return time.UTC
}
