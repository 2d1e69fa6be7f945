package verdict

import (
	"slices"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

func (b *voteTable) observations(d duel, rank []int32) []stats.Obs {
	obs := make([]stats.Obs, len(d.votes))
	for i, v := range d.votes {
		voter := int(v.judge)
		if voter < 0 {
			voter = len(b.judges.list) - voter
		}
		y, _ := v.pick.Score()
		obs[i] = stats.Obs{Voter: voter, Prompt: int(rank[v.prompt]), Y: y}
	}
	return obs
}

// sided reports of each duel whether the first model stood on one side for all
// who voted on a prompt, and somebody else voted on it too.
func (b *voteTable) sided() []bool {
	const left, right = 1, 2
	sided := make([]bool, len(b.duels))
	at := make([]uint8, len(b.questions.list)) // of each prompt of a duel
	for i, d := range b.duels {
		one, shared := true, false // all saw one order; some prompt has two votes
		for _, v := range d.votes {
			side := uint8(left)
			if v.swapped {
				side = right
			}
			shared = shared || at[v.prompt] != 0
			one = one && (at[v.prompt] == 0 || at[v.prompt] == side)
			at[v.prompt] = side
		}
		sided[i] = one && shared
		for _, v := range d.votes {
			at[v.prompt] = 0
		}
	}
	return sided
}

// flipped returns the sides of a duel that is sided, by prompt. It numbers the
// prompts of its votes from 0, in their order: most are of other pairs.
func (d duel) flipped(votes []stats.Obs) []bool {
	prompts := make([]int, len(votes))
	for i, o := range votes {
		prompts[i] = o.Prompt
	}
	slices.Sort(prompts)
	prompts = slices.Compact(prompts)
	flipped := make([]bool, len(prompts))
	for i := range votes {
		k, _ := slices.BinarySearch(prompts, votes[i].Prompt)
		votes[i].Prompt = k
		flipped[k] = d.votes[i].swapped
	}
	return flipped
}

// controls are those of the judges of a duel.
func (d duel) controls(of map[int32][]stats.Obs) []stats.Obs {
	if len(of) == 0 {
		return nil
	}
	var obs []stats.Obs
	judges := make(map[int32]bool)
	for _, v := range d.votes {
		if !judges[v.judge] {
			judges[v.judge] = true
			obs = append(obs, of[v.judge]...)
		}
	}
	return obs
}

// steady returns for each duel whether retests repeated the first time.
func (b *voteTable) steady(rank []int32) map[int32][]stats.Obs {
	first := make(map[firstTime]bot.Pick, len(b.retests))
	for _, r := range b.retests {
		first[r.firstTime] = bot.None
	}
	for i, d := range b.duels {
		if len(first) == 0 {
			break
		}
		for _, v := range d.votes {
			key := firstTime{int32(i), v.question, v.judge}
			if _, wanted := first[key]; wanted {
				first[key] = v.pick
			}
		}
	}
	steady := make(map[int32][]stats.Obs)
	for _, r := range b.retests {
		was := first[r.firstTime]
		if was == bot.None {
			continue
		}
		o := stats.Obs{Voter: int(r.judge), Prompt: int(rank[r.question]), Y: float64(stats.Bit(r.pick == was))}
		steady[r.pair] = append(steady[r.pair], o)
	}
	return steady
}

// agreementUnits are the counts of left, right, equal and, if anybody found so,
// both bad of each question and pair with two votes or more. Left is where most
// saw the model, as chance agreement depends on what the answers are called.
func (b *voteTable) agreementUnits() [][]int {
	var units [][]int
	picks := 3
	votes := make([]int32, len(b.questions.list)) // of each question of a duel
	unit := make([]int32, len(b.questions.list))  // 1 + its place in units; 0: it has none yet
	for _, d := range b.duels {
		start := len(units)
		var swapped []int
		for _, v := range d.votes {
			votes[v.question]++
		}
		for _, v := range d.votes {
			if v.pick == bot.Bad {
				picks = 4
			}
			if votes[v.question] < 2 {
				continue
			}
			if unit[v.question] == 0 {
				units, swapped = append(units, make([]int, 4)), append(swapped, 0)
				unit[v.question] = int32(len(units))
			}
			u := int(unit[v.question]) - 1
			units[u][v.pick-1]++
			swapped[u-start] += stats.Bit(v.swapped)
		}
		for _, v := range d.votes {
			votes[v.question], unit[v.question] = 0, 0
		}
		for i, u := range units[start:] {
			if 2*swapped[i] > u[0]+u[1]+u[2]+u[3] {
				u[0], u[1] = u[1], u[0]
			}
		}
	}
	for i := range units {
		units[i] = units[i][:picks]
	}
	return units
}

// rounds counts the prompts of all duels.
func (b *voteTable) rounds() int {
	n, seen := 0, make([]int32, len(b.questions.list)) // 1 + the last duel with a vote on each
	for i, d := range b.duels {
		for _, v := range d.votes {
			if seen[v.prompt] != int32(i+1) {
				seen[v.prompt] = int32(i + 1)
				n++
			}
		}
	}
	return n
}
