package web

import (
	"errors"
	"net/http"
	"path"
	"strconv"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/chart"
)

// A room is whose results a request asks for.
type room struct {
	at   bot.Place
	base string // begins the addresses of its results; "" of the page's own place
}

// ownRoom serves the results of the page's own place.
func (c *Chat) ownRoom(serve func(http.ResponseWriter, *http.Request, room)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { serve(w, r, room{at: c.place}) }
}

// A resultsView is a page of results: of all that was wanted, or one tasting's.
type resultsView struct {
	bot.Results
	Wish   wish
	Home   string // the address of all results; "" in a report
	Own    bool   // the channel is on this page too
	Item   *item  // the only tasting
	Items  []item // a page of them
	Whole  []item // in a report: each of them in full
	Ranks  markup
	Prices markup
	Course markup
	CSV    string // addresses
	JSONL  string
	Newer  string
	Older  string
}

// newResultsView lays results out. Addresses begin with home.
func newResultsView(w wording, md *texts, res bot.Results, wish wish, home string) *resultsView {
	v := &resultsView{Results: res, Wish: wish, Home: home}
	draw := func(p chart.Picture, ok bool) markup {
		if !ok {
			return ""
		}
		return markup(p.SVG())
	}
	v.Ranks = draw(chart.WideRanks(res.Standings, w.Text))
	v.Prices = draw(chart.Prices(res.Standings, w.Text))
	v.Course = draw(chart.Courses(res.Courses, w.Text))
	for _, t := range res.Tastings {
		v.Items = append(v.Items, *resultItem(w, md, t))
	}
	if home == "" {
		return v
	}
	if end := wish.skip + len(res.Tastings); end < res.All {
		v.Older = home + wish.query(end)
	}
	if wish.skip > 0 {
		v.Newer = home + wish.query(max(0, wish.skip-bot.ResultsPage))
	}
	return v
}

// resultItem is a tasting's outcome to be read: nothing of it can be pressed.
func resultItem(w wording, md *texts, t bot.Result) *item {
	a := t.Announcement
	a.Again, a.Under = nil, bot.Ref{}
	it := newItem(w, "t"+a.Tasting.String(), a, nil, md)
	it.Day = string(t.On)
	return &it
}

// results shows what has been revealed.
func (c *Chat) results(w http.ResponseWriter, r *http.Request, in room) {
	h, _ := c.connected()
	voice := h.Voice(r.Context(), in.at)
	wish, filter, err := wished(r.URL.Query(), zoneOf(voice))
	if u, ok := errors.AsType[bot.UserError](err); ok {
		c.noResults(w, r, in, voice, http.StatusBadRequest, bot.Sentence(u))
		return
	}
	if tidy := in.base + "/results" + wish.query(wish.skip); r.URL.RawQuery != "" && r.URL.RequestURI() != tidy {
		http.Redirect(w, r, tidy, http.StatusSeeOther) // the fields that were left empty leave the address
		return
	}
	res, err := c.reader.Results(r.Context(), in.at, filter, wish.skip)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	f := c.resultsFrame(r, in, res.Voice)
	f.Results = newResultsView(f.wording, &c.texts, res, wish, in.base+"/results")
	f.Results.Own = in.base == ""
	if c.opt.Votes != nil && res.All > 0 {
		f.Results.CSV, f.Results.JSONL = in.base+"/results/votes.csv"+wish.query(0), in.base+"/results/votes.jsonl"+wish.query(0)
	}
	execute(w, http.StatusOK, f.results())
}

// votes sends the votes behind a page of results as a file.
func (c *Chat) votes(w http.ResponseWriter, r *http.Request, in room) {
	h, _ := c.connected()
	voice := h.Voice(r.Context(), in.at)
	_, filter, err := wished(r.URL.Query(), zoneOf(voice))
	if u, ok := errors.AsType[bot.UserError](err); ok {
		c.noResults(w, r, in, voice, http.StatusBadRequest, bot.Sentence(u))
		return
	}
	if c.opt.Votes == nil {
		http.NotFound(w, r)
		return
	}
	write, err := c.opt.Votes(r.Context(), in.at, filter)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	jsonl := path.Ext(r.URL.Path) == ".jsonl"
	w.Header().Set("Content-Type", map[bool]string{true: "application/jsonl; charset=utf-8", false: "text/csv; charset=utf-8"}[jsonl])
	w.Header().Set("Content-Disposition", `attachment; filename="`+path.Base(r.URL.Path)+`"`)
	if err := write(w, jsonl); err != nil {
		c.log.Debug("the page went away", "err", err)
	}
}

// result shows one tasting that has been revealed.
func (c *Chat) result(w http.ResponseWriter, r *http.Request, in room) {
	n, err := strconv.ParseUint(r.PathValue("tasting"), 10, 64)
	var res bot.Result
	if err == nil {
		res, err = c.reader.Result(r.Context(), in.at, n)
	}
	h, _ := c.connected()
	switch none := (*strconv.NumError)(nil); {
	case errors.Is(err, bot.ErrNotFound) || errors.As(err, &none):
		c.noResults(w, r, in, h.Voice(r.Context(), in.at), http.StatusNotFound, bot.Say("No taste test of that number has been revealed here."))
		return
	case err != nil:
		c.fail(w, r, err)
		return
	}
	f := c.resultsFrame(r, in, res.Voice)
	f.Results = &resultsView{Home: in.base + "/results", Own: in.base == "", Item: resultItem(f.wording, &c.texts, res)}
	execute(w, http.StatusOK, f.results())
}

// resultsFrame is a page of results without them.
func (c *Chat) resultsFrame(r *http.Request, in room, v bot.Voice) frame {
	f := c.frame(r, v)
	f.To = r.URL.RequestURI()
	if in.base != "" {
		f.Channel = "" // an ID that people do not know
	}
	return f
}

// noResults says why there is nothing to see, on a page that leads to all results.
func (c *Chat) noResults(w http.ResponseWriter, r *http.Request, in room, v bot.Voice, status int, why bot.Sentence) {
	f := c.resultsFrame(r, in, v)
	f.To = in.base + "/results"
	f.Problem = why
	f.Results = &resultsView{Home: f.To, Own: in.base == ""}
	execute(w, status, f.results())
}

// tint is the class of a share's shade: "up-3" at 80%.
func tint(percent int) string {
	steps := (max(percent, 100-percent) - 50 + 5) / 10
	switch {
	case steps == 0:
		return "even"
	case percent > 50:
		return "up-" + strconv.Itoa(min(steps, 4))
	}
	return "down-" + strconv.Itoa(min(steps, 4))
}
