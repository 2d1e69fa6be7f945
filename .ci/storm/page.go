package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A pageRoom is the bot's own page. A 2xx is its acknowledgement, and nobody else
// has what was tapped there.
type pageRoom struct {
	at     string // "http://127.0.0.1:1234"
	people []*browser
}

type browser struct {
	*http.Client
	name string

	mu   sync.Mutex
	user string // "" until they have given their name
}

func newPageRoom(listen string, people int) *pageRoom {
	r := &pageRoom{at: "http://" + listen}
	for i := range people {
		jar, err := cookiejar.New(nil)
		if err != nil {
			panic(err) // it has no options that could be wrong
		}
		r.people = append(r.people, &browser{Client: &http.Client{Jar: jar, Timeout: 5 * time.Second}, name: fmt.Sprint("P", i)})
	}
	return r
}

func (*pageRoom) name() string      { return "page" }
func (*pageRoom) platform() string  { return "web" }
func (*pageRoom) emoji() bool       { return false }
func (*pageRoom) settings() string  { return "" }
func (*pageRoom) secrets() []string { return nil }

func (r *pageRoom) who(person int) string {
	b := r.people[person]
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.user
}

// come gives a name, the first time. A name whose answer was lost is taken: then they
// think of another.
func (r *pageRoom) come(person int) bool {
	b := r.people[person]
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.user != "" {
		return true
	}
	if status, _ := r.post(b, "/name", "name", b.name); status == http.StatusConflict {
		b.name += "x"
	}
	at, err := url.Parse(r.at)
	if err != nil {
		return false
	}
	for _, c := range b.Jar.Cookies(at) {
		if id, _, ok := strings.Cut(c.Value, "."); ok && strings.HasPrefix(c.Name, "tastetest-user-") {
			if user, err := base64.RawURLEncoding.DecodeString(id); err == nil {
				b.user = string(user)
			}
		}
	}
	return b.user != ""
}

func (r *pageRoom) post(b *browser, path string, pairs ...string) (status int, body string) {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	resp, err := b.PostForm(r.at+path, form)
	if err != nil {
		return 0, ""
	}
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, "" // cut off
	}
	return resp.StatusCode, string(all)
}

func (r *pageRoom) start(text string) {
	if !r.come(0) {
		return
	}
	_, shown := r.post(r.people[0], "/command", "text", "/tastetest "+text)
	if yes := goes.FindString(shown); yes != "" {
		r.post(r.people[0], "/press", "button", yes)
	}
}

func (r *pageRoom) close(n uint64) {
	if r.come(0) {
		r.post(r.people[0], "/press", "button", fmt.Sprintf("%d/close", n))
	}
}

func (r *pageRoom) tap(b ballot, person int, c bot.Choice, on bool) (outcome, bool) {
	if !r.come(person) {
		return refused, false
	}
	turn := "off"
	if on {
		turn = "on"
	}
	switch status, _ := r.post(r.people[person], "/tap", "channel", b.ref.Channel, "message", b.ref.Message, "tap", turn+":"+string(c)); {
	case status == 0 || status >= 500:
		return unknown, false
	case status < 300:
		return kept, false
	}
	return refused, false
}

// press is kept when it is answered with 2xx.
func (r *pageRoom) press(person int, _ bot.Ref, id string) string {
	if !r.come(person) {
		return ""
	}
	form := url.Values{"button": {id}}
	req, err := http.NewRequest(http.MethodPost, r.at+"/press", strings.NewReader(form.Encode()))
	if err != nil {
		return ""
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json") // as the page's script asks
	resp, err := r.people[person].Do(req)
	if err != nil {
		return ""
	}
	defer resp.Body.Close()
	var said struct{ Dialog, Error string }
	if json.NewDecoder(resp.Body).Decode(&said) != nil {
		return ""
	}
	if resp.StatusCode >= 300 {
		return said.Error
	}
	return said.Dialog
}

var (
	cardOf = regexp.MustCompile(`class="(?:card|round) (\w+)[^"]*" id="m-([\d-]+)-(head|ballot|announcement)"`)
	formOf = regexp.MustCompile(`name="channel" value="([^"]*)"><input type="hidden" name="message" value="([^"]*)"`)
	tags   = regexp.MustCompile(`<[^>]*>`)
)

func (r *pageRoom) posts() (all []post) {
	resp, err := r.people[0].Get(r.at + "/channel")
	if err != nil {
		return nil
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil
	}
	cards := cardOf.FindAllSubmatchIndex(page, -1)
	for i, m := range cards {
		end := len(page)
		if i+1 < len(cards) {
			end = cards[i+1][0]
		}
		card := string(page[m[0]:end])
		kind, id, what := string(page[m[2]:m[3]]), strings.ReplaceAll(string(page[m[4]:m[5]]), "-", "."), string(page[m[6]:m[7]])
		if kind == bot.AnnouncementPost {
			what = kind // it takes the place of its head
		}
		p := post{key: id + "/" + what, text: tags.ReplaceAllString(card, " "), taste: opens(card)}
		if f := formOf.FindStringSubmatch(card); f != nil {
			p.ref.Channel, p.ref.Message = f[1], f[2]
		}
		all = append(all, p)
	}
	return all
}
