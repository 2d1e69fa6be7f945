//go:build unix

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/adapters/slack/slackfake"
	"github.com/tastetest/tastetest/prompts"
	"github.com/tastetest/tastetest/store/postgres/pgtest"
)

// A play is one team's Slack, and whoever runs its bot.
type play struct {
	*testing.T
	slack   *slackfake.Slack
	acme    *slackfake.Team
	people  []string
	members []member
	sockets bool     // Slack delivers over those of the members
	doors   []string // of the members, for Slack's events
	store   string
	at      time.Time // Slack's clock: each thing that people do has its second
}

// newPlay starts a bot on a store, with as many replicas, to which Slack sends events
// over HTTP.
func newPlay(t *testing.T, store string, replicas int) *play {
	return newPlayOver(t, store, replicas, "signing_secret_env: SIGNING")
}

// newPlayOver is a play in which Slack delivers as the configuration's secret says.
func newPlayOver(t *testing.T, store string, replicas int, secret string) *play {
	p := &play{T: t, slack: slackfake.New(t), store: store, sockets: strings.HasPrefix(secret, "app_"), at: time.Now().Truncate(24 * time.Hour)}
	p.acme = p.slack.AddTeam(slackfake.Team{ID: "T1", BotToken: "xoxb-1", AppToken: "xapp-1", Secret: "a signing secret"})
	for i := range 8 {
		p.people = append(p.people, p.slack.AddUser(slackfake.User{ID: fmt.Sprint("UP", i), Name: fmt.Sprint("person", i), Team: "T1"}))
	}
	var answers bytes.Buffer
	library, err := prompts.Open("")
	if err != nil {
		t.Fatal(err)
	}
	for _, pack := range library.Packs() {
		for _, prompt := range pack.Prompts {
			for _, model := range []string{"kestrel", "nova"} {
				json.NewEncoder(&answers).Encode(map[string]string{"prompt": prompt.Text, "model": model, "answer": "Words that please " + model[3:] + "."})
			}
		}
	}
	t.Setenv("BOT", "xoxb-1")
	t.Setenv("SIGNING", "a signing secret")
	t.Setenv("APP", "xapp-1")
	t.Setenv(sameDraws, "1")
	for range replicas {
		dir, events := team(t), freeAddress(t)
		place(t, filepath.Join(dir, "answers.jsonl"), answers.Bytes())
		place(t, filepath.Join(dir, "tastetest.yaml"), fmt.Appendf(nil, `store: %s
time_zone: UTC
starters: everyone
models:
  - {name: kestrel, file: answers.jsonl}
  - {name: nova, file: answers.jsonl}
slack: {listen: '%s', api_url: '%s', workspaces: [{name: acme, bot_token_env: BOT, %s}]}
`, store, events, p.slack.APIURL(), secret))
		p.members, p.doors = append(p.members, startMember(t, dir, true)), append(p.doors, "http://"+events+"/slack/events")
	}
	p.ready()
	return p
}

// ready waits until one leads, and each hands requests on to it.
func (p *play) ready() {
	p.Helper()
	for _, m := range p.members {
		m.becomes(p.T, "/readyz", http.StatusOK)
	}
}

// killLeader kills whoever leads, if others stand by, and waits for the next.
func (p *play) killLeader() {
	p.Helper()
	if len(p.members) == 1 {
		return
	}
	p.endLeader(syscall.SIGKILL)
	p.ready()
}

// endLeader ends whoever leads by a signal.
func (p *play) endLeader(s syscall.Signal) {
	p.Helper()
	for i, m := range p.members {
		if strings.Contains(m.said(p.T), "Open http") {
			m.cmd.Process.Signal(s)
			m.cmd.Wait()
			p.members, p.doors = slices.Delete(p.members, i, i+1), slices.Delete(p.doors, i, i+1)
			return
		}
	}
	p.Fatal("nobody leads")
}

// next has what people do next reach another replica than what they did before, at
// the next second of Slack's clock.
func (p *play) next() *slackfake.Slack {
	p.at = p.at.Add(time.Second)
	p.slack.Change(func() {
		if !p.sockets {
			p.acme.URL = p.doors[p.at.Second()%len(p.doors)]
		}
		p.slack.Skew = time.Until(p.at.Add(time.Second / 2))
	})
	return p.slack
}

// until waits until what people see holds.
func (p *play) until(what string, ok func() bool) {
	p.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			p.Fatalf("waited in vain for %s; in Slack stands:\n%s", what, strings.Join(p.published(), "\n"))
		}
	}
}

// stands are the channel's posts, with those in its threads.
func (p *play) stands() (all []fakechat.Message) {
	for _, m := range p.slack.Memory.All() {
		if m.Only == "" && strings.HasPrefix(m.Channel, "CT1") {
			all = append(all, m)
		}
	}
	return all
}

// published is what all can read, byte by byte, in the order in which it was posted.
func (p *play) published() (all []string) {
	for _, m := range p.stands() {
		all = append(all, string(m.Payload))
	}
	return all
}

// start starts a tasting, and returns its posts once people can vote.
func (p *play) start(ballot, until string, posts int) []fakechat.Message {
	p.Helper()
	before := len(p.stands())
	p.next().Command(p.people[0], "CT1", fmt.Sprintf("start kestrel nova pack=humour rounds=3 until=%q ballot=%s", until, ballot))
	yes := regexp.MustCompile(`\w+/go\b`).FindString(p.slack.Private(p.people[0]))
	p.next().Press(p.people[0], "CT1", "", yes)
	p.until("a test's posts", func() bool {
		all := p.stands()[before:]
		return len(all) == posts && (ballot == "private" || len(all[posts-1].Emoji) == 4)
	})
	return p.stands()[before:]
}

// openPost matches posts that have buttons only while people vote.
var openPost = regexp.MustCompile(`"[\d.]+/(close|taste|remove)"`)

// close closes a tasting, and waits until all its posts say who wrote what.
func (p *play) close(n, posts int) {
	p.Helper()
	before := len(p.stands()) - posts
	p.next().Press(p.people[0], "CT1", "", fmt.Sprintf("%d/close", n))
	p.until("the reveal", func() bool {
		all := p.stands()[before:]
		return len(all) == posts+1 && !slices.ContainsFunc(all, func(m fakechat.Message) bool { return openPost.Match(m.Payload) })
	})
}

// votes has everybody vote in three rounds; some change their mind, and one takes
// a vote back. In the middle the leader is killed.
func (p *play) votes(rounds []fakechat.Message) {
	emoji := []string{"a", "a", "b", "a", "handshake", "b", "-1"}
	tap := func(person, round int, name string, on bool) {
		m := rounds[round]
		if err := p.next().Tap(p.people[person], "CT1", m.ID, name, on); err != nil {
			p.Fatalf("person %d, round %d: %v", person, round, err)
		}
	}
	for round := range rounds {
		for person := range p.people {
			if round == 1 && person == 3 {
				p.killLeader()
			}
			tap(person, round, emoji[(person*(round+1)+round)%len(emoji)], true)
			if (person+round)%4 == 1 { // another emoji, and the first goes
				tap(person, round, emoji[(person*(round+1)+round+2)%len(emoji)], true)
				tap(person, round, emoji[(person*(round+1)+round)%len(emoji)], false)
			}
		}
	}
	tap(7, 2, emoji[(7*3+2)%len(emoji)], false)
}

// seats has everybody but one go through a private ballot, in an order of their own.
func (p *play) seats(n int, head fakechat.Message) {
	sides := []string{"left", "left", "right", "tie", "left", "bad", "right"}
	for i, person := range p.people[1:] {
		if i == 4 {
			p.killLeader()
		}
		shown := ""
		p.until("a seat", func() bool {
			shown = p.next().Press(person, "CT1", head.ID, fmt.Sprintf("%d/taste", n))
			return strings.Contains(shown, "1 of 3")
		})
		for round := range 3 {
			side := regexp.MustCompile(`[^\s\[]*/` + sides[(i*2+round)%len(sides)] + `\b`).FindString(shown)
			if side == "" {
				p.Fatalf("person %d is not asked in round %d; they see:\n%s", i, round, shown)
			}
			shown = p.next().Press(person, "CT1", head.ID, side)
		}
		p.slack.CloseModal(person)
	}
}

// all plays an open and a private tasting, and returns everything that leaves the bot
// of them.
func (p *play) all(until string) map[string]string {
	posts := p.start("reaction", until, 4)
	ballots := p.published()
	p.votes(posts[1:])
	p.close(1, 4)
	head := p.start("private", until, 2)
	ballots = append(ballots, p.published()[5:]...)
	p.seats(2, head[0])
	p.close(2, 2)
	said := map[string]string{"ballots": strings.Join(ballots, "\n"), "reveals": strings.Join(p.published(), "\n")}
	for _, post := range p.stands() {
		for _, m := range regexp.MustCompile(`"action_id":"((\d+)/(shows|boss|results#\d+))"`).FindAllSubmatch(post.Payload, -1) {
			button := string(m[1])
			said[button] = p.next().Press(p.people[0], "CT1", post.ID, button)
			p.slack.CloseModal(p.people[0])
		}
	}
	said["standings"] = p.next().Command(p.people[0], "CT1", "standings")
	said["me"] = p.next().Command(p.people[2], "CT1", "me")
	for _, u := range p.slack.Uploads() {
		said["picture "+u.Name] = fmt.Sprintf("%x", sha256.Sum256(u.Data))
	}
	// With names: pseudonyms are made with a secret of the store's own.
	for format, more := range map[string]string{"csv": "--names", "jsonl": "--names", "dpo": "--own-texts"} {
		out, errs, code := tastetest(p.Context(), "export", "--store", p.store, "--format", format, more)
		if code != 0 {
			p.Errorf("export as %s: %s", format, errs)
		}
		said["export as "+format] = out
	}
	return said
}

// What two plays must differ in, as patterns with what stays: the moment of the reveal,
// and those of opening, closing and of votes by buttons, for which Slack has no stamps
// as it has for emoji.
var momentsOfAPlay = map[*regexp.Regexp]string{
	regexp.MustCompile(`revealed \\u003c!date\^\d+\^\{date_short_pretty\} \{time\}\|\d+:\d+`): "revealed",
	regexp.MustCompile(`"(opened|closed|revealed)":"[^"]*"`):                                  `"$1"`,
	regexp.MustCompile(`"tstamp":[\d.]+(,.*"ballot":"private")`):                              `"tstamp"$1`,
	regexp.MustCompile(`,20\d\d-\d\d-\d\dT[\d:.]+Z`):                                          ",", // of CSV, as the next
	regexp.MustCompile(`(?m)^(.*,)[\d.]+(,slack,T1,CT1,2,.*private.*)$`):                      "$1$2",
}

// The same test, with the same draws and the same votes in the same order, once in one
// bot on a file, and once through all of three replicas on a database, of which two
// are killed while they lead: everything that leaves the bot is the same, byte by byte.
func TestSameRevealsOnThreeReplicas(t *testing.T) {
	if testing.Short() {
		t.Skip("two replicas are killed, and whoever takes over waits for their leases")
	}
	server := pgtest.Start(t)
	url, _ := server.Database(t, "same")
	until := time.Now().UTC().AddDate(0, 0, 3).Format(time.DateOnly) + " 17:00"
	file := newPlay(t, filepath.Join(t.TempDir(), "tastetest.db"), 1).all(until)
	replicas := newPlay(t, url, 3).all(until)
	for what := range replicas {
		if file[what] == "" {
			t.Errorf("only replicas say anything as %s", what)
		}
	}
	for what, said := range file {
		want, got := said, replicas[what]
		for moment, stays := range momentsOfAPlay {
			want, got = moment.ReplaceAllString(want, stays), moment.ReplaceAllString(got, stays)
		}
		if d := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); d != "" {
			t.Errorf("%s is another on replicas (+) than on a file (-):\n%s", what, d)
		}
	}
}
