package web_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/store/bolt"
)

var load = flag.Duration("load", 0, "vote on a page that many have open for so long, and report")

// go test ./adapters/web -run TestLoad -load 30s -v
//
// The load is made in the same process, so it takes its share of the cores.
func TestLoad(t *testing.T) {
	if *load == 0 {
		t.Skip("set -load 30s to see how long votes take while many look on")
	}
	for _, tt := range []struct {
		name          string
		voters, pages int
		every         time.Duration // a voter votes; 0: without a pause
	}{
		{"100 voters with open pages, each voting every 3 s", 100, 100, 3 * time.Second},
		{"200 voters without a pause, 50 pages open", 200, 50, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := openHouseOver(t, bolt.Open, listening(t), engine.Policy{Everyone: true})
			ada := joined(t, h.url, "Ada")
			h.start(ada, "rounds=10 until=2h ballot=reaction")
			ctx, cancel := context.WithTimeout(t.Context(), *load)
			defer cancel()
			var all sync.WaitGroup
			var took, looks times
			for i := range tt.voters {
				p := joined(t, h.url, fmt.Sprint("Voter ", i))
				p.client.Transport = &http.Transport{}
				changed := make(chan struct{}, 1)
				if i < tt.pages {
					all.Go(func() { p.watch(ctx, changed, &looks) })
				}
				all.Go(func() {
					random := rand.New(rand.NewPCG(16, uint64(i)))
					next := time.Now().Add(time.Duration(random.Int64N(int64(tt.every) + 1)))
					for pause(ctx, time.Until(next)) {
						next = next.Add(tt.every)
						from := time.Now()
						if err := p.vote(ctx, 1+random.IntN(10), bot.Choices[random.IntN(4)].Choice); err != nil {
							if ctx.Err() == nil {
								t.Errorf("a vote was not acknowledged: %v", err)
							}
							return
						}
						took.add(time.Since(from))
						tell(changed) // the page looks at once at what its own voter did
					}
				})
			}
			all.Wait()
			t.Logf("%d votes, %.0f a second; acknowledged after %v", len(took.all), float64(len(took.all))/load.Seconds(), &took)
			t.Logf("%d looks, %.0f a second, %d KB each; answered after %v", len(looks.all), float64(len(looks.all))/load.Seconds(), looks.bytes/1024/max(1, len(looks.all)), &looks)
		})
	}
}

// times are how long things took.
type times struct {
	mu    sync.Mutex
	all   []time.Duration
	bytes int
}

func (x *times) add(d time.Duration) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.all = append(x.all, d)
}

func (x *times) String() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.all) == 0 {
		return "nothing"
	}
	slices.Sort(x.all)
	at := func(percent int) time.Duration {
		return x.all[(len(x.all)-1)*percent/100].Round(100 * time.Microsecond)
	}
	return fmt.Sprintf("p50 %v, p95 %v, p99 %v, at most %v", at(50), at(95), at(99), at(100))
}

// pause reports whether the time went by before ctx was done.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

func (p *person) vote(ctx context.Context, round int, c bot.Choice) error {
	form := url.Values{"channel": {"tasting/1/head"}, "message": {fmt.Sprintf("1.%d/ballot", round)}, "tap": {"on:" + string(c)}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+"/tap", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	a, err := p.client.Do(r)
	if err != nil {
		return err
	}
	defer a.Body.Close()
	said, err := io.ReadAll(a.Body)
	if err == nil && a.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", a.Status, said)
	}
	return err
}

// watch is an open page: it looks when it is told to, as channel.js does.
func (p *person) watch(ctx context.Context, changed chan struct{}, took *times) {
	go p.listen(ctx, changed)
	have := make(map[string]string)
	for {
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
		from := time.Now()
		n, err := p.look(ctx, have)
		if err != nil {
			if ctx.Err() == nil {
				p.t.Errorf("look: %v", err)
			}
			return
		}
		took.add(time.Since(from))
		took.mu.Lock()
		took.bytes += n
		took.mu.Unlock()
		if !pause(ctx, 250*time.Millisecond) {
			return
		}
	}
}

func (p *person) listen(ctx context.Context, changed chan<- struct{}) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/events", nil)
	if err != nil {
		p.t.Error(err)
		return
	}
	a, err := p.client.Do(r)
	if err != nil {
		return
	}
	defer a.Body.Close()
	if a.StatusCode != http.StatusOK {
		p.t.Errorf("the page is told no news: %s", a.Status)
		return
	}
	for lines := bufio.NewScanner(a.Body); lines.Scan(); {
		if lines.Text() == "event: changed" {
			tell(changed)
		}
	}
}

func tell(changed chan<- struct{}) {
	select {
	case changed <- struct{}{}:
	default:
	}
}

// look fetches what is new, and keeps marks of what a page has by then.
func (p *person) look(ctx context.Context, have map[string]string) (size int, err error) {
	marks := make([]string, 0, len(have))
	for id, mark := range have {
		marks = append(marks, id+":"+mark)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/channel", nil)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("X-Have", strings.Join(marks, ","))
	a, err := p.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if err != nil {
		return 0, err
	}
	var news struct{ Messages map[string]string }
	if err := json.Unmarshal(body, &news); err != nil {
		return 0, fmt.Errorf("%s: %w: %s", a.Status, err, bytes.TrimSpace(body))
	}
	for id, html := range news.Messages {
		sum := fnv.New32a()
		io.WriteString(sum, html)
		have[id] = fmt.Sprintf("%d.%d", len(html), sum.Sum32())
	}
	return len(body), nil
}
