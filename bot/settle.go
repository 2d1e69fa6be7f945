package bot

import "fmt"

// settle says which new tasting would show a preference of 70 to 30; or, where
// this one would most likely have shown that, of 60 to 40. Going on with this
// one after a look at it would not be fair.
func (f *finding) settle() string {
	voters := min(f.Mean.Voters, mostPlanned)
	sought := plannedShare
	if power(voters, min(f.Mean.Prompts, mostRounds), sought) >= enoughPower {
		sought = 0.6
	}
	type size struct{ voters, prompts int }
	sizes := []size{{voters, 10}, {voters, 15}, {voters, 20}, {2 * voters, 20}, {4 * voters, 20}}
	var said string
	for _, s := range sizes {
		s.voters = min(s.voters, mostPlanned)
		if s.voters <= voters && s.prompts <= f.Mean.Prompts {
			continue // no more than this one
		}
		found := power(s.voters, s.prompts, sought)
		said = fmt.Sprintf("To settle it: a new tasting of %d prompts with %d people finds a %d/%d preference about %d times in 100.",
			s.prompts, s.voters, whole(sought), 100-whole(sought), whole(found))
		if found >= enoughPower {
			break
		}
	}
	return said
}
