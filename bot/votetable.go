package bot

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"
)

// A VoteRow is one vote of any poll, as tables hold it.
type VoteRow struct {
	Question    string    // the round: votes on one question saw the same two answers
	Prompt      string    // what was asked, if several questions ask the same; "": the question
	Models      [2]string // left and right
	Winner      Choice
	Judge       string // "": unknown; then nobody else's vote is taken for this voter's
	Kind        Kind
	RetestOf    string // of a retest: the question of the first time
	RightBetter bool   // of a control: the better answer stood on the right
	Excluded    bool   // stays out of standings
	Visible     bool   // others could see votes while voting was open
}

// A voteTable holds votes by number instead of by name, so that a million fit.
type voteTable struct {
	models, questions, judges *names
	pairs                     map[[2]int32]int
	duels                     []duel
	controls                  []controlVote
	retests                   []retestVote
	nameless                  int32
}

// A duel is all plain votes on one pair of models.
type duel struct {
	models  [2]int32 // the first one's name comes first in the alphabet
	votes   []duelVote
	visible bool
}

type duelVote struct {
	judge    int32 // negative: unknown, and of this vote alone
	question int32
	prompt   int32 // the number of the question that stands for all with its prompt
	pick     Pick
	swapped  bool // the first model stood on the right
	excluded bool
}

type controlVote struct {
	judge, question int32
	right           bool // the better answer was chosen
}

type retestVote struct {
	firstTime
	pick Pick
}

// firstTime is the vote that a retest repeats.
type firstTime struct {
	pair, question, judge int32
}

func newVoteTable() *voteTable {
	return &voteTable{models: newNames(), questions: newNames(), judges: newNames(), pairs: make(map[[2]int32]int)}
}

func (b *voteTable) add(r VoteRow) {
	judge := int32(-1)
	if r.Judge != "" {
		judge = b.judges.number(r.Judge)
	}
	if r.Kind == Control {
		if judge >= 0 {
			b.controls = append(b.controls, controlVote{judge, b.questions.number(r.Question), r.Winner.Pick(r.RightBetter) == First})
		}
		return
	}
	swapped := r.Models[0] > r.Models[1]
	if swapped {
		r.Models[0], r.Models[1] = r.Models[1], r.Models[0]
	}
	pair := b.pair([2]int32{b.models.number(r.Models[0]), b.models.number(r.Models[1])})
	pick := r.Winner.Pick(swapped)
	if r.Kind == Retest {
		if judge >= 0 {
			b.retests = append(b.retests, retestVote{firstTime{int32(pair), b.questions.number(r.RetestOf), judge}, pick})
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
	b.duels[pair].votes = append(b.duels[pair].votes, v)
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
