package verdict

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// A VoteRow is one vote of any poll, as tables hold it.
type VoteRow struct {
	Question    string    // the round: votes on one question saw the same two answers
	Prompt      string    // what was asked, if several questions ask the same; "": the question
	Models      [2]string // left and right
	Winner      bot.Choice
	Judge       string // "": unknown; then nobody else's vote is taken for this voter's
	Kind        bot.Kind
	RetestOf    string // of a retest: the question of the first time
	RightBetter bool   // of a control: the better answer stood on the right
	Excluded    bool   // stays out of standings
	Visible     bool   // others could see votes while voting was open
	VotedFirst  bool   // if Visible: only once they had voted themselves

	// Of a judge that is a model. Its rows are no votes, and stand beside them.
	Model   bool
	Longer  bot.Choice // where the longer answer stood; "": unknown, or they are as long
	Numbers [2]string  // of Models, if the table has any: by these one of them is the first
}

// A voteTable holds votes by number instead of by name, so that a million fit.
type voteTable struct {
	models, questions, judges *names
	pairs                     map[[2]int32]int
	duels                     []duel
	controls                  []controlVote
	retests                   []retestVote
	readers                   map[string]readings // by the name of the model that judged
	nameless                  int32
}

// A duel is all plain votes on one pair of models.
type duel struct {
	models  [2]int32 // the first one's name comes first in the alphabet
	votes   []duelVote
	visible bool
	open    bool // some of them to everybody, and not only to those who had voted
}

type duelVote struct {
	judge    int32 // negative: unknown, and of this vote alone
	question int32
	prompt   int32 // the number of the question that stands for all with its prompt
	pick     bot.Pick
	swapped  bool // the first model stood on the right
	excluded bool
}

type controlVote struct {
	judge, question int32
	right           bool // the better answer was chosen
}

type retestVote struct {
	firstTime
	own  int32 // the retest's own question
	pick bot.Pick
}

// firstTime is the vote that a retest repeats.
type firstTime struct {
	pair, question, judge int32
}

func newVoteTable() *voteTable {
	return &voteTable{models: newNames(), questions: newNames(), judges: newNames(), pairs: make(map[[2]int32]int), readers: make(map[string]readings)}
}

func (b *voteTable) add(r VoteRow) {
	if r.Model {
		b.read(r)
		return
	}
	judge := int32(-1)
	if r.Judge != "" {
		judge = b.judges.number(r.Judge)
	}
	if r.Kind == bot.Control {
		if judge >= 0 {
			b.controls = append(b.controls, controlVote{judge, b.questions.number(r.Question), r.Winner.Pick(r.RightBetter) == bot.First})
		}
		return
	}
	swapped := r.Models[0] > r.Models[1]
	if swapped {
		r.Models[0], r.Models[1] = r.Models[1], r.Models[0]
	}
	pair := b.pair([2]int32{b.models.number(r.Models[0]), b.models.number(r.Models[1])})
	pick := r.Winner.Pick(swapped)
	if r.Kind == bot.Retest {
		if judge >= 0 {
			b.retests = append(b.retests, retestVote{firstTime{int32(pair), b.questions.number(r.RetestOf), judge}, b.questions.number(r.Question), pick})
		}
		return
	}
	if judge < 0 {
		b.nameless++
		judge = -b.nameless
	}
	v := duelVote{judge: judge, question: b.questions.number(r.Question), pick: pick, swapped: swapped, excluded: r.Excluded}
	v.prompt = v.question
	if r.Prompt != "" {
		v.prompt = b.questions.number(r.Prompt)
	}
	b.duels[pair].visible = b.duels[pair].visible || r.Visible
	b.duels[pair].open = b.duels[pair].open || r.Visible && !r.VotedFirst
	b.duels[pair].votes = append(b.duels[pair].votes, v)
}

// lastVotes leaves one vote for each known judge and question, the last, and
// returns how many rows went.
func (b *voteTable) lastVotes() int {
	var gone, n int
	for i := range b.duels {
		d := &b.duels[i]
		d.votes, n = last(d.votes, func(v duelVote) (int32, int32) { return v.judge, v.question })
		gone += n
	}
	b.controls, n = last(b.controls, func(v controlVote) (int32, int32) { return v.judge, v.question })
	gone += n
	b.retests, n = last(b.retests, func(v retestVote) (int32, int32) { return v.judge, v.own })
	return gone + n
}

// last leaves the last of votes of one judge on one question, in their order,
// and returns how many went. Unknown judges are negative, and keep every vote.
func last[T any](votes []T, of func(T) (judge, question int32)) ([]T, int) {
	type vote struct {
		key uint64
		at  int32
	}
	known := make([]vote, 0, len(votes))
	for i, v := range votes {
		if judge, question := of(v); judge >= 0 {
			known = append(known, vote{uint64(judge)<<32 | uint64(question), int32(i)})
		}
	}
	slices.SortFunc(known, func(a, b vote) int {
		if a.key == b.key {
			return cmp.Compare(a.at, b.at)
		}
		return cmp.Compare(a.key, b.key)
	})
	gone := make(map[int32]bool)
	for i := 1; i < len(known); i++ {
		if known[i].key == known[i-1].key {
			gone[known[i-1].at] = true
		}
	}
	if len(gone) == 0 {
		return votes, 0
	}
	kept := votes[:0]
	for i, v := range votes {
		if !gone[int32(i)] {
			kept = append(kept, v)
		}
	}
	return kept, len(gone)
}

func (b *voteTable) pair(models [2]int32) int {
	i, ok := b.pairs[models]
	if !ok {
		i = len(b.duels)
		b.pairs[models] = i
		b.duels = append(b.duels, duel{models: models})
	}
	return i
}

// names number strings, from 0 in the order in which they come.
type names struct {
	numbers map[string]int32
	list    []string // by number
}

func newNames() *names { return &names{numbers: make(map[string]int32)} }

func (n *names) number(s string) int32 {
	i, ok := n.numbers[s]
	if !ok {
		i = int32(len(n.list))
		s = strings.Clone(s) // or it would keep a whole row
		n.numbers[s] = i
		n.list = append(n.list, s)
	}
	return i
}

// ranks returns an order of all strings, by number, that does not depend on
// the order in which they came: that of their FNV-1a hashes, which sorts a
// million several times faster than their letters.
func (n *names) ranks() []int32 {
	type hashed struct {
		hash   uint64
		number int32
	}
	order := make([]hashed, len(n.list))
	for i, s := range n.list {
		h := fnv.New64a()
		h.Write([]byte(s))
		order[i] = hashed{h.Sum64(), int32(i)}
	}
	slices.SortFunc(order, func(a, b hashed) int {
		if a.hash == b.hash {
			return cmp.Compare(n.list[a.number], n.list[b.number])
		}
		return cmp.Compare(a.hash, b.hash)
	})
	ranks := make([]int32, len(order))
	for r, o := range order {
		ranks[o.number] = int32(r)
	}
	return ranks
}

// alike returns pairs of names that differ in nothing but case, by the alphabet.
func (n *names) alike() [][2]string {
	type folded struct {
		hash   uint64
		number int32
	}
	order := make([]folded, len(n.list))
	for i, s := range n.list {
		h := fnv.New64a()
		h.Write([]byte(strings.ToLower(s)))
		order[i] = folded{h.Sum64(), int32(i)}
	}
	slices.SortFunc(order, func(a, b folded) int {
		if a.hash == b.hash {
			return cmp.Compare(n.list[a.number], n.list[b.number])
		}
		return cmp.Compare(a.hash, b.hash)
	})
	var pairs [][2]string
	for i := 1; i < len(order); i++ {
		a, b := n.list[order[i-1].number], n.list[order[i].number]
		if order[i-1].hash == order[i].hash && strings.EqualFold(a, b) {
			pairs = append(pairs, [2]string{a, b})
		}
	}
	slices.SortFunc(pairs, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	return pairs
}
