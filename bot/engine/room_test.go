package engine_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/store/bolt"
)

var (
	team    = bot.Workspace{Platform: "room", ID: "T1"}
	lounge  = bot.Place{Workspace: team, Channel: "lounge"}
	starter = "ana"
)

// A room is a chat that remembers: messages by key, edits, the emoji that
// stand on them, what was told to whom. Faults can be put into it.
type room struct {
	mu       sync.Mutex
	messages []*message
	told     []string   // "user: text"
	direct   []bot.Post // the same, whole
	admins   []string
	groups   map[string][]string    // by user
	hiding   bool                   // groups and admins cannot be looked up
	names    map[string]string      // by user
	zones    map[string]string      // by user
	nobody   bool                   // is known
	noPosts  func(key string) error // what a post under key fails with; nil: nothing
	lose     int                    // so many next posts are stored, and their response is lost
	lost     bool
	noEdit   bool                                // edits fail
	unread   bool                                // reactions cannot be read
	countFor time.Duration                       // counts are edited into younger messages only; 0: into all
	refuses  func(at bot.Place, p bot.Post) bool // for good; nil: nothing
	reads    int                                 // how often reactions were asked for
	old      bool                                // all messages are old, and only so many edits are taken:
	edits    int
	busy     bool // counts must wait
}

type message struct {
	Ref   bot.Ref
	Key   string
	room  *room
	posts []bot.Post // as said, and after each edit
	taps  []bot.Tap
	gone  bool
}

// now is what the message says by now; all is that and what it said before.
func (m *message) now() bot.Post { all := m.all(); return all[len(all)-1] }

func (m *message) all() []bot.Post {
	m.room.mu.Lock()
	defer m.room.mu.Unlock()
	return slices.Clone(m.posts)
}

// all are the messages so far, and heard is what was told to whom.
func (c *room) all() []*message {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.messages)
}

func (c *room) heard() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.told)
}

// now changes the room while the bot is at work.
func (c *room) now(change func(*room)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(c)
}

var errCut = errors.New("connection cut")

func (c *room) Platform() string                       { return "room" }
func (c *room) Run(context.Context, bot.Handler) error { return nil }

func (c *room) CountEvery(age time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.countFor > 0 && age >= c.countFor {
		return 0
	}
	return 10 * time.Second
}

func (c *room) Post(_ context.Context, at bot.Place, key bot.PostKey, since time.Time, p bot.Post) (bot.Ref, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lost {
		return bot.Ref{}, fmt.Errorf("post: %w", bot.ErrLost)
	}
	if c.noPosts != nil {
		if err := c.noPosts(key.String()); err != nil {
			return bot.Ref{}, err
		}
	}
	if c.refuses != nil && c.refuses(at, p) {
		return bot.Ref{}, fmt.Errorf("post: %w: not well formed", bot.ErrRefused)
	}
	for _, m := range c.messages {
		if m.gone && at.Channel == m.Ref.Channel+"/"+m.Ref.Message {
			return bot.Ref{}, fmt.Errorf("post in a thread: %w", bot.ErrGone)
		}
	}
	if !since.IsZero() {
		for _, m := range c.messages {
			if m.Key == key.String() && m.Ref.Place == at {
				return m.Ref, nil
			}
		}
	}
	m := &message{Ref: bot.Ref{Place: at, Message: fmt.Sprint(len(c.messages) + 1)}, Key: key.String(), room: c, posts: []bot.Post{p}}
	c.messages = append(c.messages, m)
	if c.lose > 0 {
		c.lose--
		return bot.Ref{}, errCut
	}
	return m.Ref, nil
}

func (c *room) Thread(_ context.Context, ref bot.Ref) (bot.Place, error) {
	return bot.Place{Workspace: ref.Workspace, Channel: ref.Channel + "/" + ref.Message}, nil
}

func (c *room) Edit(_ context.Context, ref bot.Ref, p bot.Post) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.find(ref)
	switch {
	case c.lost:
		return bot.ErrLost
	case c.noEdit:
		return errCut
	case m == nil || m.gone:
		return bot.ErrGone
	case c.refuses != nil && c.refuses(ref.Place, p):
		return fmt.Errorf("edit: %w: not well formed", bot.ErrRefused)
	case c.old && c.edits == 0:
		return bot.WaitError{For: 20 * time.Minute, Err: errCut}
	}
	c.edits--
	m.posts = append(m.posts, p)
	return nil
}

func (c *room) EditCount(ctx context.Context, ref bot.Ref, p bot.Post) error {
	c.mu.Lock()
	busy := c.busy
	c.mu.Unlock()
	if busy {
		return bot.WaitError{For: 20 * time.Second, Err: errCut}
	}
	return c.Edit(ctx, ref, p)
}

func (c *room) Reactions(_ context.Context, ref bot.Ref) ([]bot.Tap, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.find(ref)
	c.reads++
	switch {
	case c.lost:
		return nil, bot.ErrLost
	case c.unread:
		return nil, errCut
	case m == nil || m.gone:
		return nil, bot.ErrGone
	}
	return slices.Clone(m.taps), nil
}

func (c *room) Tell(_ context.Context, to bot.Voter, p bot.Post) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.told = append(c.told, to.User+": "+worded(p, p.(bot.Notice).Text))
	c.direct = append(c.direct, p)
	return nil
}

// Address is not known of a message in a place that is lost.
func (c *room) Address(_ context.Context, ref bot.Ref) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lost {
		return "", errCut
	}
	return "https://room.example/" + ref.Channel + "/" + ref.Message, nil
}

func (c *room) Group(_ context.Context, _ bot.Place, called string) (id, name string, err error) {
	if called == "nobody" {
		return "", "", bot.UserError(bot.Literal("There is no role “nobody” here."))
	}
	return called, "the " + called, nil
}

func (c *room) Elects(_ context.Context, _ bot.Place, user string, e bot.Electorate, _ time.Time) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.nobody || user == "unlucky" {
		return true, errCut
	}
	return e.Group == "" || slices.Contains(c.groups[user], e.Group), nil
}

func (c *room) Groups(_ context.Context, _ bot.Place, user string) ([]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if user == "unlucky" || c.hiding {
		return []string{"bakers"}, errCut
	}
	return c.groups[user], nil
}

func (c *room) Admin(_ context.Context, _ bot.Place, user string) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if user == "unlucky" || c.hiding {
		return true, errCut
	}
	return slices.Contains(c.admins, user), nil
}

// Person knows in which zone people are, where the story says so.
func (c *room) Person(_ context.Context, v bot.Voter) (bot.Person, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if v.User == "unlucky" {
		return bot.Person{}, errCut
	}
	return bot.Person{Name: c.names[v.User], Zone: c.zones[v.User]}, nil
}

func (c *room) find(ref bot.Ref) *message {
	for _, m := range c.messages {
		if m.Ref == ref {
			return m
		}
	}
	return nil
}

// stand puts an emoji on a message, or takes it away, without telling anybody.
func (c *room) stand(ref bot.Ref, user string, choice bot.Choice, on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.find(ref)
	m.taps = slices.DeleteFunc(m.taps, func(t bot.Tap) bool { return t.User == user && t.Choice == choice })
	if on {
		m.taps = append(m.taps, bot.Tap{Ref: ref, User: user, Choice: choice, On: true})
	}
}

// called returns the only message posted under key.
func (c *room) called(t *testing.T, key string) *message {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	var found []*message
	for _, m := range c.messages {
		if m.Key == key {
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d messages called %q, want one, among %d", len(found), key, len(c.messages))
	}
	return found[0]
}

func (c *room) keys() (keys []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.messages {
		keys = append(keys, m.Key)
	}
	return keys
}

// A scribe is a model that answers each prompt with what it was given, in turn,
// and the last for ever; without answers it writes its own word and the prompt.
type scribe struct {
	name      string
	word      string
	answers   []string
	source    string // "": api
	refuses   string // prompts with this in them
	finish    string
	price     *bot.Price
	ask       func()        // called when it is asked
	cost      int64         // pico-USD an answer; 0: 1e9
	pause     time.Duration // what an answer is said to have taken; 0: a second
	tokens    int           // the cap on an answer; 0: 100
	speed     time.Duration // a word takes it so long, which passes; 0: it answers at once
	wordy     int           // a word is so many tokens, and billed by price; 0: it bills cost
	stumble   string        // of prompts with this in them the first attempt breaks off
	again     string        // prompts with this in them it answers the first time only
	uncounted bool          // what it bills is not known

	mu    sync.Mutex
	asked map[string]int // times, by prompt
}

func (m *scribe) Card() bot.Card {
	return bot.Card{Name: m.name, Source: cmp.Or(m.source, "api"), Names: []string{m.name}, Price: m.price, MaxTokens: cmp.Or(m.tokens, 100)}
}

func (m *scribe) Write(ctx context.Context, p bot.Prompt) (bot.Answer, error) {
	if m.ask != nil {
		m.ask()
	}
	a, err := m.answer(p)
	if m.speed > 0 {
		a.Latency = m.speed * time.Duration(len(strings.Fields(a.Raw)))
		select {
		case <-ctx.Done(): // what it has begun to write is billed
			return bot.Answer{}, &bot.Refusal{Public: bot.Literal("did not answer"), Err: ctx.Err()}
		case <-time.After(a.Latency * time.Duration(a.Attempts)):
		}
	}
	return a, err
}

// answer is what m writes.
func (m *scribe) answer(p bot.Prompt) (bot.Answer, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.asked == nil {
		m.asked = make(map[string]int)
	}
	m.asked[p.Text]++
	if m.refuses != "" && strings.Contains(p.Text, m.refuses) || m.again != "" && strings.Contains(p.Text, m.again) && m.asked[p.Text] > 1 {
		return bot.Answer{}, &bot.Refusal{Public: bot.Literal("answered 401"), Cost: bot.Cost{Known: true}, Err: errCut}
	}
	raw := "⟦" + m.word + " on " + p.Text + "⟧"
	if n := len(m.answers); n > 0 {
		raw = m.answers[min(m.asked[p.Text], n)-1]
	}
	a := bot.Answer{Raw: raw, Finish: cmp.Or(m.finish, "stop"), Attempts: 1, Cost: bot.Cost{Pico: cmp.Or(m.cost, 1e9), Known: m.price != nil && !m.uncounted}, Latency: cmp.Or(m.pause, time.Second)}
	if m.stumble != "" && strings.Contains(p.Text, m.stumble) {
		a.Attempts = 2
	}
	if m.wordy > 0 {
		a.Input, a.Output = 10, m.wordy*len(strings.Fields(raw))
		a.Cost.Pico = int64(a.Attempts) * (m.price.Input*int64(a.Input) + m.price.Output*int64(a.Output))
	}
	return a, nil
}

// shelf is a library of one pack.
type shelf struct{ pack bot.Pack }

func (s shelf) Packs() []bot.Pack { return []bot.Pack{s.pack} }

func (s shelf) Controls() (pairs []bot.ControlPair) {
	for i := range 10 {
		pairs = append(pairs, bot.ControlPair{
			Prompt: bot.Prompt{ID: fmt.Sprint("c", i), Category: "style", Text: fmt.Sprintf("Control %d.", i)},
			Better: fmt.Sprintf("⟦GOOD on control %d⟧", i), Worse: fmt.Sprintf("⟦POOR on control %d⟧", i),
		})
	}
	return pairs
}

func (s shelf) Read(_ string, data []byte) (bot.Sheet, error) {
	var sheet bot.Sheet
	for _, p := range strings.Split(string(data), "\n\n") {
		sheet.Rows = append(sheet.Rows, bot.SheetRow{Prompt: bot.Prompt{Text: p}})
	}
	return sheet, nil
}

func pack(n int) bot.Pack {
	p := bot.Pack{Name: "fruit", Title: "Fruit", Language: "en"}
	for i := range n {
		p.Prompts = append(p.Prompts, bot.Prompt{ID: fmt.Sprintf("f%d", i+1), Category: "creative", Text: fmt.Sprintf("Describe fruit %d.", i+1)})
	}
	return p
}

// A stage is a bot with a store on disk, a room, and two models.
type stage struct {
	*testing.T
	bot    *engine.Bot
	store  *bolt.Store
	room   *room
	chat   bot.Chat // if set, what the bot sees of the room
	models [2]*scribe
	opt    engine.Options
	log    io.Writer
	wrap   func(bot.Store) bot.Store // if set, what the bot sees of the store
	path   string
	stop   func()
	kill   func() // ends the bot as if its process had been killed: nothing that it does later comes into the file

	earlier func()        // if set, what was before the story
	cut     time.Duration // if not 0, overhear kills the bot so long after the starter's yes
}

// play runs a story in a bubble of its own time.
func play(t *testing.T, setUp func(*stage), story func(*stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &stage{T: t, room: &room{}, log: t.Output(), path: filepath.Join(t.TempDir(), "db"),
			models: [2]*scribe{{name: "kestrel", word: "ALPHA"}, {name: "nova", word: "OMEGA"}}}
		s.opt = engine.Options{
			Models:  func() []bot.Model { return []bot.Model{s.models[0], s.models[1]} },
			Library: shelf{pack(12)},
			Policy:  engine.Policy{Starters: []string{"room:" + starter}},
			Limits:  engine.Limits{Day: -1, Person: -1, Unknown: 1e9},
			Hold:    -1,
		}
		if setUp != nil {
			setUp(s)
		}
		s.begin()
		defer func() { s.stop() }()
		if s.earlier != nil {
			s.earlier()
		}
		story(s)
	})
}

// begin opens the store and runs a bot on it.
func (s *stage) begin() {
	s.Helper()
	log := s.logger()
	store, err := bolt.OpenUnsynced(s.Context(), log, s.path)
	if err != nil {
		s.Fatal(err)
	}
	var seen bot.Store = store
	if s.wrap != nil {
		seen = s.wrap(store)
	}
	opt := s.opt
	opt.Restored = store.Restored()
	s.store, s.bot = store, engine.New(log, seen, opt)
	s.bot.Add(s.room)
	if s.chat != nil {
		s.bot.Add(s.chat)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.bot.Run(ctx) }()
	halt := func() {
		cancel()
		if err := <-done; err != nil {
			s.Errorf("Run: %v", err)
		}
	}
	closeStore := func() {
		if err := store.Close(); err != nil {
			s.Errorf("close the store: %v", err)
		}
	}
	s.kill = func() { closeStore(); halt() }
	s.stop = func() {
		halt()
		closeStore()
	}
}

func (s *stage) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// sleep lets time pass, and the bot do what falls due in it.
func (s *stage) sleep(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// wait lets the bot do what is due.
func (s *stage) wait() { s.sleep(3500 * time.Millisecond) } // never at the same instant as a tick

func (s *stage) command(user, text string) bot.Reply {
	return s.bot.Command(s.Context(), bot.Command{At: lounge, User: user, Text: text})
}

func (s *stage) press(user, button string) bot.Reply {
	return s.bot.Press(s.Context(), bot.Press{At: lounge, User: user, Button: button})
}

// start has the starter start a tasting and say yes, and waits for its posts.
func (s *stage) start(text string) bot.TastingID {
	s.Helper()
	ask := s.notice(s.command(starter, text))
	if ask.Error || len(ask.Buttons) < 2 {
		s.Fatalf("%q was answered with %+v, want the question whether to start", text, ask)
	}
	yes := s.notice(s.press(starter, ask.Buttons[0].ID))
	if yes.Error {
		s.Fatalf("yes was answered with %+v", yes)
	}
	s.wait()
	var n uint64
	fmt.Sscanf(yes.Title.String(), "Taste test %d", &n)
	return bot.TastingID{Workspace: team, N: n}
}

// notice returns a reply's Notice.
func (s *stage) notice(r bot.Reply) bot.Notice {
	s.Helper()
	n, ok := r.Post.(bot.Notice)
	if !ok {
		s.Fatalf("answered with %T %+v, want a notice", r.Post, r.Post)
	}
	return n
}

// tap puts an emoji on a ballot, or takes it away; the bot hears of it.
func (s *stage) tap(ref bot.Ref, user string, c bot.Choice, on bool) {
	s.Helper()
	s.room.stand(ref, user, c, on)
	if err := s.bot.React(s.Context(), bot.Tap{Ref: ref, User: user, Choice: c, On: on}); err != nil {
		s.Errorf("React(%s %s %v): %v", user, c, on, err)
	}
	s.sleep(time.Millisecond)
}

func (s *stage) tasting(id bot.TastingID) bot.Tasting {
	s.Helper()
	t, err := s.store.Tasting(s.Context(), id)
	if err != nil {
		s.Fatal(err)
	}
	return t
}

// choiceOf is the side on which a round's first or second model stands.
func (s *stage) choiceOf(id bot.RoundID, p bot.Pick) bot.Choice {
	s.Helper()
	return p.Choice(s.tasting(id.TastingID).Rounds[id.Round-1].Flip)
}

// announcement returns the one announcement of a tasting.
func (s *stage) announcement(id bot.TastingID) bot.Announcement {
	s.Helper()
	return s.room.called(s.T, id.String()+"/announcement").now().(bot.Announcement)
}

// steady is randomness that is the same in each run, but for the coin: a read
// of a single byte, which decides which half of the rounds is turned round.
type steady struct {
	chacha *rand.ChaCha8
	turn   byte
}

func newSteady(turn byte) *steady { return &steady{rand.NewChaCha8([32]byte{1}), turn} }

func (s *steady) Read(p []byte) (int, error) {
	n, err := s.chacha.Read(p)
	if len(p) == 1 {
		p[0] ^= s.turn
	}
	return n, err
}

// asText writes anything for comparing.
func asText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%T %s", v, b)
}
