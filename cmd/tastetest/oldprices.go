package main

import (
	"fmt"
	"time"
)

// priceDated reports whether the price, if it says of when it is, names a day.
func (m modelSettings) priceDated() bool {
	if m.Price == nil || m.Price.AsOf == "" {
		return true
	}
	_, err := time.Parse(time.DateOnly, m.Price.AsOf)
	return err == nil
}

// oldPrices are the models whose prices are of more than a year ago, with the
// day. Providers change their lists, and limits and costs are reckoned from what
// stands here. Of a price without a day nothing is known, and nothing said.
func (s settings) oldPrices(now time.Time) []string {
	var old []string
	for _, m := range s.Models {
		if m.Price == nil {
			continue
		}
		read, err := time.Parse(time.DateOnly, m.Price.AsOf)
		if err == nil && now.After(read.AddDate(1, 0, 0)) {
			old = append(old, fmt.Sprintf("%s (%s)", m.Name, m.Price.AsOf))
		}
	}
	return old
}

// lookUpPrices says which are old, and what to do.
const lookUpPrices = "Prices of more than a year ago: %s. Look them up in the providers' lists, and write the day into as_of."
