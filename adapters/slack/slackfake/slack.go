// Package slackfake is a Slack for tests: the Web API with its limits, Socket
// Mode over real WebSockets, events over HTTP, and people who tap, type and
// fill in forms. It remembers.
package slackfake

import (
	"cmp"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
)

// A Slack is a server with workspaces.
type Slack struct {
	fakechat.Memory // a thread's channel is "C1/1700000000.000100"
	fakechat.Calls
	Sockets fakechat.Lines

	// AckWait is how long a delivery waits for its acknowledgement.
	AckWait time.Duration

	// Redelivers is how long after an event was not acknowledged in time it comes again, by
	// itself: Slack's own are at once, after a minute, after five. nil: when a socket is
	// opened, or a test says so.
	Redelivers []time.Duration

	// Busy is how many messages Slack refuses with a file before it is ready.
	Busy int

	// Lenient says that refused messages are what the test is about. Else each
	// is an error of the test.
	Lenient bool

	// Tiers says that methods may be called only as often as Slack's pages say.
	// Refused are the methods of calls that were one too many.
	Tiers   bool
	Refused []string

	// Skew is how far Slack's clock is ahead of the machine's.
	Skew time.Duration

	// Through is the address by which clients come; empty: the server's own.
	Through string

	t       testing.TB
	srv     *httptest.Server
	ended   chan struct{}  // closed when the test is over
	posting sync.WaitGroup // what delivers again

	mu      sync.Mutex
	teams   map[string]*Team
	users   map[string]*User
	rooms   map[string]*Room
	groups  []Group
	homes   map[string]string // channel/ts → where in Memory
	both    map[string]bool   // ts of messages in a thread that stand in the channel too
	tickets map[string]string // of sockets → app token
	views   map[string]view   // by user
	opened  int
	parcels []*parcel
	cords   []*cord
	shown   map[string]int    // by user: how many modals and direct messages they were shown
	said    map[string][]byte // by response URL: what it was sent last
	files   map[string][]byte
	ids     map[string]string      // by team and client_msg_id: the ts of the message
	calls   map[string][]time.Time // by method, token and perhaps channel, within their span
	uploads map[string]*Upload     // by ID
}

// A Team is a workspace with the bot in it.
type Team struct {
	ID       string
	Bot      string // user ID
	BotToken string
	AppToken string
	Secret   string // signs what is delivered over HTTP
	URL      string // where to; empty: over a socket
	Lacks    string // a scope that the app lacks, "reactions:read"
	Bars     string // a type of block that it refuses, "rich_text"
	MostText int    // characters of all blocks of a message; 0: Slack's own limit
	IDs      string // what it does with client_msg_id: "" passes it over, "known" finds duplicates, "refused"
	Revoked  bool
	Org      string // the enterprise organisation that it belongs to, if any
}

// A User is somebody, or something, in a team.
type User struct {
	ID, Name, Team          string
	Admin, Guest, Bot, Away bool // Away: of another organisation, which is a large one
	Sister                  bool // of another workspace of the same organisation
	Left                    bool // deactivated
	Display, Real, Zone     string
}

// home is where a user is from: the workspace and, if it belongs to one, the
// enterprise organisation.
func (u User) home(t *Team) (team, org string) {
	switch {
	case u.Away:
		return "TELSEWHERE", "EELSEWHERE"
	case u.Sister:
		return "TSISTER", t.Org
	}
	return u.Team, t.Org
}

// object is a user as the API has one.
func (u User) object(t *Team) object {
	home, org := u.home(t)
	return object{"id": u.ID, "team_id": home, "enterprise_user": object{"enterprise_id": org, "id": "W" + u.ID},
		"name": u.Name, "real_name": u.Real, "profile": object{"display_name": u.Display, "real_name": u.Real},
		"deleted": u.Left, "is_admin": u.Admin, "is_bot": u.Bot, "is_restricted": u.Guest, "tz": u.Zone}
}

// A Group is a user group of a team.
type Group struct {
	ID, Team, Handle string
	Users            []string
}

// AddGroup adds a user group.
func (s *Slack) AddGroup(x Group) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.groups = append(s.groups, x)
}

// A Room is a channel.
type Room struct {
	ID, Team string
	Absent   bool   // the bot is not in it
	Broken   string // what the API answers: "is_archived"
	Mute     string // what it answers to posts and edits alone: "msg_too_long"
	Shared   bool
	Group    bool // a direct message of several people
}

// New starts a Slack that ends with the test.
func New(t testing.TB) *Slack {
	s := unserved(t)
	s.srv.Start()
	return s
}

// NewPiped is a Slack, within a bubble of synctest, and the network on which alone
// it is reached. It delivers over sockets only.
func NewPiped(t testing.TB) (*Slack, *fakechat.Pipes) {
	time.Sleep(time.Until(time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC))) // in the year 2000 there was no Slack
	s, net := unserved(t), fakechat.NewPipes()
	s.srv.Listener.Close()
	s.srv.Listener = net
	s.srv.Start()
	return s, net
}

// unserved is a fake that nobody can reach yet.
func unserved(t testing.TB) *Slack {
	s := &Slack{
		AckWait: 3 * time.Second, t: t, ended: make(chan struct{}),
		teams: make(map[string]*Team), users: make(map[string]*User), rooms: make(map[string]*Room),
		homes: make(map[string]string), both: make(map[string]bool), tickets: make(map[string]string),
		views: make(map[string]view), shown: make(map[string]int), files: make(map[string][]byte), said: make(map[string][]byte),
		Busy: 1, uploads: make(map[string]*Upload),
	}
	mux := http.NewServeMux()
	mux.Handle("/api/", s.Calls.Handler(method, http.HandlerFunc(s.api)))
	mux.Handle("/respond/", s.Calls.Handler(func(*http.Request) string { return "response_url" }, http.HandlerFunc(s.respond)))
	mux.Handle("/files/", s.Calls.Handler(func(*http.Request) string { return "file" }, http.HandlerFunc(s.file)))
	mux.Handle("/upload/", s.Calls.Handler(func(*http.Request) string { return "upload" }, http.HandlerFunc(s.receive)))
	mux.HandleFunc("/link/", s.link)
	s.srv = httptest.NewUnstartedServer(mux)
	s.srv.Config.ErrorLog = log.New(io.Discard, "", 0) // cut connections are meant
	t.Cleanup(func() {
		close(s.ended)
		s.posting.Wait()
		s.Sockets.Cut()
		s.srv.CloseClientConnections()
		s.srv.Close()
	})
	return s
}

func method(r *http.Request) string { return strings.TrimPrefix(r.URL.Path, "/api/") }

// APIURL is the base of the Web API.
func (s *Slack) APIURL() string { return s.address() + "/api/" }

func (s *Slack) address() string { return cmp.Or(s.Through, s.srv.URL) }

// Address is where the server listens, "127.0.0.1:1234".
func (s *Slack) Address() string { return s.srv.Listener.Addr().String() }

// AddTeam adds a workspace, with a channel "C" + its ID in which the bot is.
func (s *Slack) AddTeam(x Team) *Team {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x.Bot == "" {
		x.Bot = "UBOT" + x.ID
	}
	s.teams[x.ID] = &x
	s.users[x.Bot] = &User{ID: x.Bot, Name: "tastetest", Team: x.ID, Bot: true}
	s.rooms["C"+x.ID] = &Room{ID: "C" + x.ID, Team: x.ID}
	return &x
}

// AddUser adds somebody to a team and returns their ID.
func (s *Slack) AddUser(x User) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x.ID == "" {
		x.ID = fmt.Sprintf("U%04d", len(s.users))
	}
	s.users[x.ID] = &x
	return x.ID
}

// AddRoom adds a channel.
func (s *Slack) AddRoom(x Room) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rooms[x.ID] = &x
}

// Change changes what the test set up, while nothing else reads it.
func (s *Slack) Change(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// now is what Slack's clock shows.
func (s *Slack) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().Add(s.Skew)
}

// newTS is a stamp after all earlier ones.
func (s *Slack) newTS() string {
	return fmt.Sprintf("%d.%06d", s.now().Unix(), s.Next()%1_000_000)
}

// home is where in Memory a message stands.
func (s *Slack) home(channel, ts string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h, ok := s.homes[channel+"/"+ts]; ok {
		return h
	}
	return channel
}

// Message returns the message with a ts, in the channel or in a thread of it.
func (s *Slack) Message(channel, ts string) (fakechat.Message, bool) {
	return s.Memory.Message(s.home(channel, ts), ts)
}

// Remove deletes a message as an admin would.
func (s *Slack) Remove(channel, ts string) bool { return s.Memory.Delete(s.home(channel, ts), ts) }

func (s *Slack) team(id string) *Team {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.teams[id]
}

func (s *Slack) user(id string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.users[id]
}

// showed notes that a user was shown something.
func (s *Slack) showed(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shown[user]++
}
