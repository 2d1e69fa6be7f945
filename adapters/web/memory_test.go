package web_test

import (
	"context"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

// A memory is the core as the page sees it: it keeps what was posted and
// who tapped what, and does what its functions say.
type memory struct {
	mu    sync.Mutex
	posts []*bot.Shown
	on    map[bot.Ref]map[string][]bot.Choice // by user
	heard []bot.Tap
	err   error // of React

	react   func(bot.Tap) // what comes before a tap is kept
	command func(bot.Command) bot.Reply
	press   func(bot.Press) bot.Reply
	submit  func(bot.Submission) bot.Reply
	suggest func(bot.Command) []bot.Suggestion
}

func newMemory() *memory {
	return &memory{on: make(map[bot.Ref]map[string][]bot.Choice)}
}

var workspace = bot.Workspace{Platform: "web", ID: "local"}

var channel = bot.Place{Workspace: workspace, Channel: "tasting"}

func tasting(n uint64) bot.TastingID { return bot.TastingID{Workspace: workspace, N: n} }

// put posts, or edits what stands under the key already.
func (m *memory) put(at bot.Place, key bot.PostKey, p bot.Post) bot.Ref {
	m.mu.Lock()
	defer m.mu.Unlock()
	ref := bot.Ref{Place: at, Message: key.String()}
	for _, s := range m.posts {
		if s.Ref == ref {
			s.Post = p
			return ref
		}
	}
	m.posts = append(m.posts, &bot.Shown{
		Posted: bot.Posted{Key: key, At: at, Ref: ref, On: time.Unix(1e9, 0).UTC()}, Post: p,
	})
	return ref
}

func (m *memory) edit(ref bot.Ref, p bot.Post) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.posts {
		if s.Ref == ref {
			s.Post = p
		}
	}
}

func (m *memory) View(_ context.Context, at bot.Place, viewer bot.Voter) ([]bot.Shown, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.view(at, viewer.User), nil
}

func (m *memory) view(at bot.Place, viewer string) []bot.Shown {
	var out []bot.Shown
	for _, s := range m.posts {
		if s.At != at {
			continue
		}
		x := *s
		if b, ok := x.Post.(bot.Ballot); ok {
			voted := false
			for _, c := range bot.Choices {
				t := bot.Tapped{Choice: c.Choice, Emoji: c.Emoji}
				for user, on := range m.on[x.Ref] {
					if slices.Contains(on, c.Choice) {
						t.Users = append(t.Users, user)
						t.Mine = t.Mine || user == viewer
					}
				}
				slices.Sort(t.Users)
				voted = voted || t.Mine
				x.Taps = append(x.Taps, t)
			}
			for i := range x.Taps {
				if !voted && b.State.TakesVotes() {
					x.Taps[i].Users = nil
				}
			}
		}
		x.Thread = m.view(bot.Place{Workspace: at.Workspace, Channel: at.Channel + "/" + x.Ref.Message}, viewer)
		out = append(out, x)
	}
	return out
}

func (m *memory) React(_ context.Context, t bot.Tap) error {
	if m.react != nil {
		m.react(t)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return m.err
	}
	m.heard = append(m.heard, t)
	if m.on[t.Ref] == nil {
		m.on[t.Ref] = make(map[string][]bot.Choice)
	}
	on := slices.DeleteFunc(m.on[t.Ref][t.User], func(c bot.Choice) bool { return t.Only || c == t.Choice })
	if t.On {
		on = append(on, t.Choice)
	}
	m.on[t.Ref][t.User] = on
	return nil
}

func (m *memory) Command(_ context.Context, c bot.Command) bot.Reply {
	if m.command == nil {
		return bot.Reply{Post: bot.Notice{Text: bot.Literal("You said " + c.Text)}}
	}
	return m.command(c)
}

func (m *memory) Press(_ context.Context, p bot.Press) bot.Reply {
	if m.press == nil {
		return bot.Reply{Post: bot.Notice{Text: bot.Literal("You pressed " + p.Button)}}
	}
	return m.press(p)
}

func (m *memory) Submit(_ context.Context, s bot.Submission) bot.Reply {
	if m.submit == nil {
		return bot.Reply{}
	}
	return m.submit(s)
}

func (m *memory) Suggest(_ context.Context, c bot.Command) []bot.Suggestion {
	if m.suggest == nil {
		return nil
	}
	return m.suggest(c)
}

func (m *memory) Voice(context.Context, bot.Place) bot.Voice        { return bot.Voice{} }
func (m *memory) Resync(context.Context, bot.Workspace) error       { return nil }
func (m *memory) Joined(context.Context, bot.Place) error           { return nil }
func (m *memory) Moved(context.Context, bot.Place, bot.Place) error { return nil }
func (m *memory) Gone(context.Context, bot.Place, error) error      { return nil }
func (m *memory) Left(context.Context, bot.Workspace) error         { return nil }
func (m *memory) taps() []bot.Tap                                   { m.mu.Lock(); defer m.mu.Unlock(); return slices.Clone(m.heard) }

// serve runs a Chat over r and h on a port of this machine and returns it
// with its address. opt.Key may be empty.
func serve(t *testing.T, r bot.Reader, h bot.Handler, opt web.Options) (*web.Chat, string) {
	t.Helper()
	return serveOn(t, "127.0.0.1:0", r, h, opt)
}

func serveOn(t *testing.T, address string, r bot.Reader, h bot.Handler, opt web.Options) (*web.Chat, string) {
	t.Helper()
	ln, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	if opt.Key == nil {
		opt.Key = make([]byte, 32)
	}
	c, err := web.New(logger(t), ln.Addr(), r, opt)
	if err != nil {
		t.Fatal(err)
	}
	adaptertest.Serve(t, ln, c.Handler())
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx, h) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	url := "http://" + ln.Addr().String()
	return c, url
}

// Results and Result show the announcements that stand at a place.
func (m *memory) Results(_ context.Context, at bot.Place, _ bot.Filter, _ int) (bot.Results, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var res bot.Results
	for _, s := range m.posts {
		if a, ok := s.Post.(bot.Announcement); ok && s.At == at {
			res.Tastings = append(res.Tastings, bot.Result{Announcement: a, On: "2026-11-29"})
		}
	}
	res.All = len(res.Tastings)
	if res.All > 0 {
		res.Standings, res.Paired = samples.Standings, []bot.Verbatim{"kestrel@3fa2c1", "nova", "lark"}
		res.Picks = []bot.CostPick{{For: bot.Say("all prompts"), Take: bot.Quoted("nova"), Why: bot.Literal("It is as good to ten points.")}}
		res.Pairs = make([][]bot.Pairing, len(res.Paired))
		for i := range res.Pairs {
			res.Pairs[i] = make([]bot.Pairing, len(res.Paired))
			for j := range res.Pairs[i][:2] { // nobody met lark
				res.Pairs[i][j] = bot.Pairing{Votes: 120, Share: bot.Literal("90%"), Tint: 10 + 80*j}
			}
		}
		for i, name := range res.Paired[:2] {
			course := bot.Course{Model: name}
			for k := range 4 {
				course.Points = append(course.Points, bot.Stood{On: time.Unix(1e9, 0).AddDate(0, k, 0), Score: 55 + i, Low: 40, High: 70, Votes: 100})
			}
			res.Courses = append(res.Courses, course)
		}
	}
	return res, nil
}

func (m *memory) Result(ctx context.Context, at bot.Place, n uint64) (bot.Result, error) {
	res, err := m.Results(ctx, at, bot.Filter{}, 0)
	for _, t := range res.Tastings {
		if t.Tasting.N == n {
			return t, err
		}
	}
	return bot.Result{}, bot.ErrNotFound
}
