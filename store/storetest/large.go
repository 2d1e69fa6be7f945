package storetest

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// A Large store is what measures of big stores are taken on: so many tastings of the
// page, each of so many rounds on which all of so many people voted, and which a judge
// has read. It is written record by record, since holding so many would take hours.
type Large struct {
	Tastings, Rounds, Voters int
	Ballot                   bot.BallotKind
	State                    bot.State // Revealed, or one before Closed
}

// LargePlace is where they were held.
var LargePlace = bot.Place{Workspace: bot.Workspace{Platform: "web", ID: "local"}, Channel: "tasting"}

// ID is that of the n-th tasting, from 1.
func (l Large) ID(n int) bot.TastingID {
	return bot.TastingID{Workspace: LargePlace.Workspace, N: uint64(n)}
}

// Voter is the i-th voter, from 0.
func (l Large) Voter(i int) bot.Voter {
	return bot.Voter{Workspace: LargePlace.Workspace, User: fmt.Sprintf("Voter%06d·aaaaaa", i)}
}

// Fill hands add all records, kind by kind, what others refer to first.
func (l Large) Fill(add func(record.Kind, []record.Record) error) error {
	w := record.WorkspaceKey(LargePlace.Workspace)
	secret := make([]byte, 32)
	for _, name := range []string{record.ForgetSecret, record.KeySecret} {
		if err := add(record.Secrets, []record.Record{{Name: []byte(name), Value: secret}}); err != nil {
			return err
		}
	}
	if err := add(record.Workspaces, []record.Record{{Name: w, Value: binary.BigEndian.AppendUint64(nil, uint64(l.Tastings))}}); err != nil {
		return err
	}
	for _, kind := range []record.Kind{record.Tastings, record.Texts, record.Votes, record.Cells, record.Judgments, record.Jobs, record.Intents, record.Refs} {
		c := collector{kind: kind, add: add}
		for n := 1; n <= l.Tastings && c.err == nil; n++ {
			l.fill(&c, n, secret)
		}
		if c.flush(); c.err != nil {
			return fmt.Errorf("fill %s: %w", kind, c.err)
		}
	}
	return nil
}

// A collector hands records on, some thousand at a time.
type collector struct {
	kind  record.Kind
	add   func(record.Kind, []record.Record) error
	rs    []record.Record
	bytes int
	err   error
}

func (c *collector) put(id bot.TastingID, round int, name string, value []byte) {
	r := record.Record{Workspace: record.WorkspaceKey(id.Workspace), Tasting: id.N, Round: round, Value: value}
	if name != "" {
		r.Name = []byte(name)
	}
	c.rs = append(c.rs, r)
	if c.bytes += len(value); len(c.rs) >= 5000 || c.bytes > 8<<20 {
		c.flush()
	}
}

func (c *collector) json(id bot.TastingID, round int, name string, value any) {
	b, err := json.Marshal(value)
	if c.err == nil {
		c.err = err
	}
	c.put(id, round, name, b)
}

func (c *collector) flush() {
	if c.err == nil && len(c.rs) > 0 {
		c.err = c.add(c.kind, c.rs)
	}
	c.rs, c.bytes = c.rs[:0], 0
}

// fill puts the records of one kind of the n-th tasting.
func (l Large) fill(c *collector, n int, secret []byte) {
	t := l.tasting(n)
	over := t.State == bot.Revealed
	switch c.kind {
	case record.Tastings:
		c.json(t.ID, 0, "", t)
	case record.Texts:
		for r := range t.Rounds {
			c.json(t.ID, r+1, "", l.texts(t, r+1))
		}
	case record.Votes:
		for r := range t.Rounds {
			for v := range l.Voters {
				b, err := record.EncodeMarks(l.vote(n, r+1, v).Marks)
				if c.err == nil {
					c.err = err
				}
				c.put(t.ID, r+1, l.Voter(v).User, b)
			}
		}
	case record.Cells:
		for r := 0; over && r < len(t.Rounds); r++ {
			vs := make([]bot.Vote, l.Voters)
			for v := range vs {
				vs[v] = l.vote(n, r+1, v)
			}
			c.put(t.ID, r+1, "", record.EncodeCells(record.CellsOf(secret, vs)))
		}
	case record.Judgments:
		for r := 0; over && r < len(t.Rounds); r++ {
			p := bot.Pick((n+r)%3 + 1)
			c.json(t.ID, r+1, "arbiter", bot.Judgment{Judge: "arbiter", Picks: [2]bot.Pick{p, p}, Cost: bot.Cost{Known: true, Pico: 1e9}, At: t.ClosedAt})
		}
	case record.Jobs:
		if !over {
			name := record.AppendString(record.AppendString(nil, "tasting"), t.ID.String())
			c.json(bot.TastingID{Workspace: t.ID.Workspace}, 0, string(name), struct{ Due time.Time }{t.Wake})
		}
	case record.Intents, record.Refs:
		whats := []bot.PostKey{{Tasting: t.ID, What: bot.HeadPost}}
		for r := 0; l.Ballot == bot.Reaction && r < len(t.Rounds); r++ {
			whats = append(whats, bot.PostKey{Tasting: t.ID, Round: r + 1, What: bot.BallotPost})
		}
		if over {
			whats = append(whats, bot.PostKey{Tasting: t.ID, What: bot.AnnouncementPost})
		}
		for i, key := range whats {
			order := uint64((n-1)*len(whats) + i + 1)
			ref := bot.Ref{Place: LargePlace, Message: fmt.Sprint(order)}
			if c.kind == record.Refs {
				if key.What == bot.BallotPost {
					c.put(t.ID, key.Round, string(record.AppendString(record.AppendString(record.WorkspaceKey(ref.Workspace), ref.Channel), ref.Message)), nil)
				}
				continue
			}
			name := append(record.AppendString(nil, key.What), record.WorkspaceKey(LargePlace.Workspace)...)
			c.json(t.ID, key.Round, string(record.AppendString(name, LargePlace.Channel)), struct {
				Order uint64
				bot.Posted
			}{order, bot.Posted{Key: key, At: LargePlace, Ref: ref, On: t.Opened}})
		}
	}
}

// largeModels taste in turn.
const largeModels = 10

// tasting is the n-th one: three hours after the one before, 56 a week.
func (l Large) tasting(n int) bot.Tasting {
	end := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC).Add(time.Duration(n-l.Tastings) * 3 * time.Hour)
	id := l.ID(n)
	t := bot.Tasting{
		ID: id, Place: LargePlace, Starter: l.Voter(0), Ballot: l.Ballot, Pack: "humour", TimeZone: "UTC", Question: fmt.Sprint("Which reply is better, ", n, "?"),
		State: l.State, Nonce: make([]byte, 16), Orders: make([]byte, 16),
		Created: end.Add(-26 * time.Hour), Asked: end.Add(-25 * time.Hour), Opened: end.Add(-24 * time.Hour), Closes: end, Wake: end.AddDate(10, 0, 0),
		Briefed: true, Pace: 40 * time.Second, Told: true,
		Judges: []bot.AskedJudge{{Card: bot.Card{Name: "arbiter", Source: "api"}}},
	}
	binary.BigEndian.PutUint64(t.Nonce, uint64(n))
	for i := range t.Models {
		name := fmt.Sprint("model-", (n*(i+1)+i)%largeModels)
		t.Models[i] = bot.Card{
			Name: name, Source: "api", Settings: map[string]string{"model": name + "-2026", "temperature": "1"}, MaxTokens: 1024,
			Price: &bot.Price{Input: 3e6, Output: int64(1+(n+i)%largeModels) * 1e6, AsOf: "2026-11-01"}, Returned: name + "-2026-10", Names: []string{name, name + "-2026"},
		}
	}
	if t.Models[0].Name == t.Models[1].Name {
		t.Models[1].Name = "model-x"
	}
	over := t.State == bot.Revealed
	if over {
		t.ClosedAt, t.RevealedAt, t.JudgedAt, t.Wake = end, end.Add(time.Second), end.Add(time.Minute), end
	}
	for r := range l.Rounds {
		k := (n*l.Rounds + r) % 200
		round := bot.Round{
			Kind: bot.Plain, Pack: []string{"humour", "apologies", "summaries"}[k%3], Prompt: fmt.Sprint("prompt-", k), Category: []string{"humour", "work", "code", "letters"}[k%4],
			Flip: r%2 == 1, Ready: true, Commitment: make([]byte, 32),
			Cost: [2]bot.Cost{{Pico: 1e9, Known: true}, {Pico: int64(1+n%9) * 1e8, Known: true}}, Took: [2]time.Duration{2 * time.Second, 3 * time.Second}, Words: [2]int{80 + k%40, 100 - k%30},
		}
		t.Rounds = append(t.Rounds, round)
	}
	if over {
		votes := make([]bot.Vote, 0, l.Voters*l.Rounds)
		for r := range l.Rounds {
			for v := range l.Voters {
				votes = append(votes, l.vote(n, r+1, v))
			}
		}
		t.Count(slices.Values(votes))
	}
	return t
}

func (l Large) texts(t bot.Tasting, n int) bot.Texts {
	r := t.Rounds[n-1]
	x := bot.Texts{Prompt: bot.Prompt{ID: r.Prompt, Pack: r.Pack, Category: r.Category, Text: fmt.Sprintf("Write something kind about number %d, in 60 words.", n)}}
	for i := range x.Answers {
		s := fmt.Sprintf("Answer %d of %d to prompt %s: a few words that are never the same for two models, and a list:\n\n- one\n- two\n", i+1, n, r.Prompt)
		x.Answers[i] = bot.Answer{Raw: s, Text: s, Finish: "stop", Model: t.Models[i].Returned, Input: 50, Output: 100, Cost: r.Cost[i], Latency: r.Took[i], Attempts: 1}
	}
	return x
}

// vote is the v-th voter's in a round of the n-th tasting: six in ten for the first
// model, one in ten for neither.
func (l Large) vote(n, round, v int) bot.Vote {
	row := bot.Vote{Round: l.ID(n).Round(round), Voter: l.Voter(v)}
	p := bot.Second
	switch x := (uint64(n)*1000003 + uint64(round)*10007 + uint64(v)) * 0x9e3779b97f4a7c15 >> 40 % 10; {
	case x < 6:
		p = bot.First
	case x == 9:
		p = bot.Tie
	}
	row.Choose(p, time.Date(2026, 11, 27, 12, 0, 0, v, time.UTC))
	return row
}
