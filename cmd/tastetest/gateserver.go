package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/bot/text"
	"github.com/tastetest/tastetest/bot/verdict"
)

// A gateAnswer says how a gate stands.
type gateAnswer struct {
	Ticket   string          `json:"ticket"`
	Name     string          `json:"name"`
	Ask      bot.Ask         `json:"ask"`
	Models   [2]string       `json:"models"`
	State    verdict.Passage `json:"state"`
	Sentence string          `json:"sentence"`
	Votes    *gateVotes      `json:"votes,omitempty"` // once it is revealed
	Power    *int            `json:"passes_in_100_if_equal,omitempty"`
	Voters   int             `json:"voters_expected,omitempty"`
	Notes    []string        `json:"notes,omitempty"` // at its opening: what it may cost, and what is less than was wished for
}

type gateVotes struct {
	Old  int `json:"old"`
	New  int `json:"new"`
	Tie  int `json:"tie"`
	Both int `json:"both_bad"`
}

// gateHandler serves pipelines, over the socket and beside the page:
//
//	POST /gate            a gateRequest; answers with a gateAnswer
//	GET  /gate?ticket=…   a gateAnswer
//	GET  /gate/said?…     what the bot answers to what=standings or what=judges
//
// Each needs the key of a gate, as "Authorization: Bearer KEY".
func gateHandler(log *slog.Logger, b *engine.Bot, keys []gateKey) http.Handler {
	g := gates{log, b, keys}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /gate", g.open)
	mux.HandleFunc("GET /gate", g.status)
	mux.HandleFunc("GET /gate/said", g.said)
	return mux
}

type gates struct {
	log  *slog.Logger
	bot  *engine.Bot
	keys []gateKey
}

const mostGate = 8 << 20 // bytes of a request

// owner is what the request's key is for; false if it was refused.
func (g gates) owner(w http.ResponseWriter, r *http.Request) (gateKey, bool) {
	key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || key == "" {
		refuse(w, http.StatusUnauthorized, "A gate needs a key: put it into the variable TASTETEST_GATE_KEY, or name another with --key-env.")
		return gateKey{}, false
	}
	owner, ok := keyed(g.keys, key)
	if !ok {
		refuse(w, http.StatusUnauthorized, "This key is not one of those under “gates” in the bot’s configuration.")
	}
	return owner, ok
}

func refuse(w http.ResponseWriter, status int, sentence string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": sentence}) // whoever asked is gone
}

// failed answers with what people may read of an error.
func (g gates) failed(w http.ResponseWriter, what string, err error) {
	if u, ok := errors.AsType[bot.UserError](err); ok {
		refuse(w, http.StatusUnprocessableEntity, u.Error())
		return
	}
	g.log.Error(what, "err", err)
	refuse(w, http.StatusInternalServerError, "Sorry, something went wrong; the bot’s log says what.")
}

func (g gates) open(w http.ResponseWriter, r *http.Request) {
	owner, ok := g.owner(w, r)
	if !ok {
		return
	}
	var req gateRequest
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, mostGate)).Decode(&req); err != nil {
		refuse(w, http.StatusBadRequest, "This is not what tastetest gate sends.")
		return
	}
	at := owner.at.Platform + "/" + owner.at.Workspace.ID + "/" + owner.at.Channel
	name := strings.Join(strings.Fields(text.CleanTyped(req.Name)), " ")
	switch {
	case req.Place != "" && req.Place != at:
		refuse(w, http.StatusForbidden, "This key is for another place: "+at+".")
		return
	case name == "" || len(name) > 200:
		refuse(w, http.StatusUnprocessableEntity, "A gate needs a name of at most 200 bytes, the same each time that it is asked, for example the pull request’s.")
		return
	case req.Ask != bot.NotWorse && req.Ask != bot.Preferred:
		refuse(w, http.StatusUnprocessableEntity, "A gate asks not-worse or preferred.")
		return
	case len(req.Rows) == 0 && (req.Versions == nil || req.Versions.Pack == ""):
		refuse(w, http.StatusUnprocessableEntity, "There is no prompt with two answers.")
		return
	case req.Versions != nil && req.Versions.Model == "":
		refuse(w, http.StatusUnprocessableEntity, "Two versions of a prompt need a model that answers them.")
		return
	}
	wish := req.wish()
	wish.Name = name
	t, notes, err := g.bot.OpenGate(r.Context(), owner.at, owner.user, wish)
	if err != nil {
		g.failed(w, "open a gate", err)
		return
	}
	g.tell(w, r, owner, t.ID, max(req.Voters, bot.EnoughVoters), bot.English(notes)...)
}

func (g gates) status(w http.ResponseWriter, r *http.Request) {
	owner, ok := g.owner(w, r)
	if !ok {
		return
	}
	id, err := parseTicket(r.URL.Query().Get("ticket"))
	switch {
	case err != nil:
		refuse(w, http.StatusUnprocessableEntity, err.Error())
	case id.Workspace != owner.at.Workspace:
		refuse(w, http.StatusForbidden, "This key is for another workspace than the ticket.")
	default:
		g.tell(w, r, owner, id, 0)
	}
}

// A saidAnswer is what the bot said to a command, in English.
type saidAnswer struct {
	Said string `json:"said"`
}

// said answers with what the key's owner would be told at its place.
func (g gates) said(w http.ResponseWriter, r *http.Request) {
	owner, ok := g.owner(w, r)
	if !ok {
		return
	}
	q := r.URL.Query()
	typed := q.Get("what")
	if typed != "standings" && typed != "judges" {
		refuse(w, http.StatusUnprocessableEntity, "Ask for standings or judges.")
		return
	}
	if category := q.Get("category"); category != "" && typed == "standings" {
		typed += fmt.Sprintf(" category=%q", category)
	}
	reply := g.bot.Command(r.Context(), bot.Command{At: owner.at, User: owner.user, Text: typed})
	if n, ok := reply.Post.(bot.Notice); ok && n.Error {
		refuse(w, http.StatusUnprocessableEntity, n.Text.String())
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(saidAnswer{plainPost(reply.Post)}); err != nil {
		g.log.Warn("answer what was asked", "err", err)
	}
}

// plainPost is a post as plain text.
func plainPost(p bot.Post) string {
	var lines []string
	add := func(said ...bot.Sentence) {
		for _, s := range said {
			if !s.IsZero() {
				lines = append(lines, s.String())
			}
		}
	}
	switch p := p.(type) {
	case bot.Standings:
		add(p.Title, p.Base)
		if len(p.Rows) > 0 {
			lines = append(lines, strings.Join(bot.English(p.Columns), " | "))
		}
		for _, row := range p.Rows {
			lines = append(lines, strings.Join(bot.English(row.Cells()), " | "))
		}
		add(p.Legend)
		add(p.Says...)
		add(p.Notes...)
	case bot.Notice:
		add(p.Title, p.Text, p.Code)
	}
	return strings.Join(lines, "\n")
}

// tell answers with how a gate stands; with its power, if it is known how many are
// expected.
func (g gates) tell(w http.ResponseWriter, r *http.Request, owner gateKey, id bot.TastingID, voters int, notes ...string) {
	s, err := g.bot.Gate(r.Context(), owner.at, owner.user, id)
	if err != nil {
		g.failed(w, "look at a gate", err)
		return
	}
	t := s.Tasting
	a := gateAnswer{Ticket: ticket(id), Name: t.Gate.Name, Ask: t.Gate.Ask, Models: t.Names(), State: s.Passage, Sentence: s.Sentence, Notes: notes}
	if s.Tally.N() > 0 {
		a.Votes = &gateVotes{s.Tally.First, s.Tally.Second, s.Tally.Tie, s.Tally.Bad}
	}
	if voters > 0 {
		power := verdict.Power(t.Gate.Ask, min(voters, verdict.MostPlanned), promptsVoted(t))
		a.Power, a.Voters = &power, voters
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(a); err != nil {
		g.log.Warn("answer a gate", "err", err)
	}
}

// promptsVoted is on how many prompts people vote. While a model is asked nobody is told how
// that goes: all of them.
func promptsVoted(t bot.Tasting) int {
	if t.State != bot.Asking || !t.Versions() {
		return len(t.Tasted())
	}
	n := 0
	for _, r := range t.Rounds {
		if r.Kind == bot.Plain {
			n++
		}
	}
	return n
}

// ticket names a gate's tasting: slack/T024BE7LH/7.
func ticket(id bot.TastingID) string {
	return fmt.Sprintf("%s/%s/%d", id.Platform, id.Workspace.ID, id.N)
}

func parseTicket(s string) (bot.TastingID, error) {
	const form = usageError("a ticket is what gate open printed, for example slack/T024BE7LH/7")
	i := strings.LastIndexByte(s, '/')
	if i < 0 {
		return bot.TastingID{}, form
	}
	n, err := strconv.ParseUint(s[i+1:], 10, 64)
	w, wrong := parseWorkspace(s[:i])
	if err != nil || wrong != nil || w == nil {
		return bot.TastingID{}, form
	}
	return bot.TastingID{Workspace: *w, N: n}, nil
}

// gateSettings are one entry under gates: a key with which a pipeline may ask a team,
// as somebody and at one place, what that person could ask there by hand.
type gateSettings struct {
	Name    string `yaml:"name"`
	KeyEnv  string `yaml:"key_env"`
	KeyFile string `yaml:"key_file"`
	User    string `yaml:"user"`  // platform:id
	Place   string `yaml:"place"` // platform/workspace/channel
}

func (g gateSettings) key() secret { return secret{"gates." + g.Name + ".key", g.KeyEnv, g.KeyFile} }

// checkGates returns what is wrong with the gates' keys, and where.
func (s settings) checkGates() (path, problem string) {
	for i, g := range s.Gates {
		at := fmt.Sprintf("$.gates[%d]", i)
		if g.Name == "" {
			return at, "give this key a name, as ci"
		}
		if p := checkSecret(g.KeyEnv, g.KeyFile); p != "" {
			return at + ".key_env", p
		}
		if !g.key().configured() {
			return at, "name the variable that holds the key: key_env: TASTETEST_GATE_KEY"
		}
		if badUser([]string{g.User}) >= 0 {
			return at + ".user", userForm
		}
		place, err := parsePlace(g.Place)
		if err != nil {
			return at + ".place", "write the place as platform/workspace/channel, for example slack/T024BE7LH/C0123456 or web/local/tasting-room"
		}
		if platform, _, _ := strings.Cut(g.User, ":"); platform != place.Platform {
			return at + ".user", "the user and the place are of different platforms"
		}
	}
	return "", ""
}

// parsePlace reads platform/workspace/channel.
func parsePlace(s string) (bot.Place, error) {
	platform, rest, _ := strings.Cut(s, "/")
	workspace, channel, ok := strings.Cut(rest, "/")
	if !ok || platform == "" || workspace == "" || channel == "" {
		return bot.Place{}, usageError("write the place as platform/workspace/channel, for example slack/T024BE7LH/C0123456")
	}
	return bot.Place{Workspace: bot.Workspace{Platform: platform, ID: workspace}, Channel: channel}, nil
}

// A gateKey is a key that was read: what it is for is decided here and nowhere else.
type gateKey struct {
	sum  [sha256.Size]byte
	at   bot.Place
	user string
}

// gateKeys reads the keys of all gates. One that is short is refused.
func (s settings) gateKeys() ([]gateKey, error) {
	var keys []gateKey
	for _, g := range s.Gates {
		key, err := g.key().read()
		if err != nil {
			return nil, err
		}
		if len([]rune(key)) < leastKey {
			return nil, fmt.Errorf("gates.%s.key has under %d characters; make one with: openssl rand -base64 24", g.Name, leastKey)
		}
		at, err := parsePlace(g.Place)
		if err != nil {
			return nil, err
		}
		_, user, _ := strings.Cut(g.User, ":")
		keys = append(keys, gateKey{sha256.Sum256([]byte(key)), at, user})
	}
	return keys, nil
}

// keyed returns what a key is for; false if it is none of them.
func keyed(keys []gateKey, key string) (gateKey, bool) {
	sum := sha256.Sum256([]byte(key))
	for _, k := range keys {
		if subtle.ConstantTimeCompare(k.sum[:], sum[:]) == 1 {
			return k, true
		}
	}
	return gateKey{}, false
}
