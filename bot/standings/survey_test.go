package standings

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// spread are tastings of three models, a day apart: auk is liked a little better than
// bee, and much better than cat; bee and cat never met.
func spread(n int) []bot.Tasting {
	var ts []bot.Tasting
	for i := range n {
		other, c := "bee", bot.Counts{{3, 2, 1, 1}}
		if i%2 == 1 {
			other, c = "cat", bot.Counts{{1, 6, 0, 0}}
		}
		t := tasted(i+1, "auk", other)
		if i%2 == 1 {
			t = tasted(i+1, other, "auk")
		}
		t.RevealedAt, t.TimeZone = time.Date(2026, 3, 1+i, 23, 30, 0, 0, time.UTC), "Europe/Berlin"
		for k := range 4 {
			r := round(10*i+k, c)
			r.Category = []string{"humour", "support"}[k%2]
			t.Rounds = append(t.Rounds, r)
		}
		ts = append(ts, t)
	}
	return ts
}

// What was voted between each two models stands in the matrix as it was voted, from
// both sides, with its number; what was not, does not.
func TestPairings(t *testing.T) {
	res := Survey(spread(4), nil, bot.Filter{})
	if got := fmt.Sprint(res.Paired); got != "[auk bee cat]" {
		t.Fatalf("the matrix has %s, want the order of the standings", got)
	}
	for i, row := range []string{"- 57%/56 86%/56", "43%/56 - /0", "14%/56 /0 -"} {
		var got []string
		for j, p := range res.Pairs[i] {
			if i == j {
				got = append(got, "-")
				continue
			}
			got = append(got, fmt.Sprintf("%s/%d", p.Share, p.Votes))
		}
		if strings.Join(got, " ") != row {
			t.Errorf("%s against each: %q, want %q", res.Paired[i], strings.Join(got, " "), row)
		}
	}
	few := tasted(1, "auk", "bee", round(1, bot.Counts{{2, 0, 1, 0}}))
	if p := Survey([]bot.Tasting{few}, nil, bot.Filter{}).Pairs[0][1]; p.Share.String() != "2½ of 3" || p.Tint != 50 {
		t.Errorf("of three votes the matrix says %q, tinted as %d%%: under five are no percentage", p.Share, p.Tint)
	}
}

// A course ends where the standings are, begins where they were, and holds nothing
// that came later.
func TestCourses(t *testing.T) {
	ts := spread(20)
	res := Survey(ts, nil, bot.Filter{})
	if len(res.Courses) != 3 {
		t.Fatalf("%d models are followed, want 3", len(res.Courses))
	}
	for i, c := range res.Courses {
		last, row := c.Points[len(c.Points)-1], res.Standings.Rows[i]
		if c.Model != row.Model || last.Score != row.Score || last.Low != row.Low || last.High != row.High || last.Votes != row.Votes {
			t.Errorf("the course of %s ends at %+v, and standings have %s at %s of %d votes", c.Model, last, row.Model, row.Beats, row.Votes)
		}
		at := len(ts) * 4 / 8 // the fourth of eight
		then := Survey(ts[:at], nil, bot.Filter{}).Standings.Rows
		was := slices.IndexFunc(c.Points, func(p bot.Stood) bool { return p.On.Equal(ts[at-1].RevealedAt) })
		for _, row := range then {
			if row.Model == c.Model && (was < 0 || c.Points[was].Score != row.Score || c.Points[was].Low != row.Low || c.Points[was].Votes != row.Votes) {
				t.Errorf("after %d tastings %s was at %s of %d votes, and its course says %+v", at, c.Model, row.Beats, row.Votes, c.Points)
			}
		}
	}
}

// Only what is wanted is summed up, and days are those of the tasting's zone.
func TestSurveyOfWhatIsWanted(t *testing.T) {
	ts := spread(10)
	open := tasted(11, "auk", "bee", round(1, bot.Counts{{9, 0, 0, 0}}))
	open.State = bot.Closed
	ts = append(ts, open)
	for _, tt := range []struct {
		f         bot.Filter
		all       int
		base, had string
	}{
		{bot.Filter{}, 10, "10 taste tests, revealed from 2026-03-02 to 2026-03-11", "280 votes"},
		{bot.Filter{Model: "bee"}, 5, "5 taste tests, revealed from 2026-03-02 to 2026-03-10", "140 votes"},
		{bot.Filter{Category: "humour", Model: "bee"}, 5, "5 taste tests, revealed from 2026-03-02 to 2026-03-10", "70 votes"},
		{bot.Filter{Since: ts[3].RevealedAt, Until: ts[4].RevealedAt}, 1, "1 taste test, revealed on 2026-03-05", "28 votes"},
		{bot.Filter{Category: "poems"}, 0, "No taste test that has been revealed here is like that.", ""},
	} {
		res := Survey(ts, nil, tt.f)
		if res.All != tt.all || res.Base.String() != tt.base || !strings.HasPrefix(res.Standings.Base.String(), tt.had) {
			t.Errorf("%+v: %d tastings, %q, standings of %q; want %d, %q, %q", tt.f, res.All, res.Base, res.Standings.Base, tt.all, tt.base, tt.had)
		}
		if got := fmt.Sprint(res.Offers); got != "{[auk bee cat] [fruit] [humour support]}" {
			t.Errorf("%+v: what can be asked for is %s, whatever was", tt.f, got)
		}
	}
}
