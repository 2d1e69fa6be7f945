package bot

import (
	"strings"
	"time"
)

// A Digest sums up a week of a place for those who have twenty seconds: at most
// eight lines. It names no person, and no model of what is under way.
type Digest struct {
	Voice
	Until   time.Time // the end of the week of which it speaks; names it in its buttons
	Title   Sentence  // "The week in taste · 23–29 Nov"
	Found   []Found   // what was revealed, clearest first, at most three
	Closest Sentence  // the prompt on which votes were closest
	Open    Sentence  // what is under way
	Taste   *Button   // leads to a ballot of it, if that is private
	Counts  Sentence  // how many voted, what it cost, how many tests more there were
	Next    Sentence  // one step that would tell more
	Again   *Button   // opens the form of that, filled in
	Post    *Button   // posts it, where its asker alone sees it
	More    *Button   // shows what stands behind it, where that is not in its thread
	Comes   Sentence  // when it comes, for whoever asked for it alone
	Foot    Sentence  // the same in few words, where it was posted; nothing: no more will come
	Menu    []Button  // for admins
	Week    Week      // what stands behind it; in a thread where the chat has them
	Crowd   bool      // all voters are simulated
}

// A Found is a line on one revealed tasting.
type Found struct {
	Lead Sentence // "nova is preferred for humour"
	Rest Sentence // "(test 13): 63% of 104 votes, kestrel 23%."
}

// A Week is what stands behind a [Digest]: each revealed tasting, and the standings
// of the place.
type Week struct {
	Voice
	Title     Sentence
	Tests     []WeekTest
	Moved     []Sentence // what the week changed in the standings, as far as votes show it
	Standings Standings  // of the place; without rows where nothing can be ranked
}

// A WeekTest is one revealed tasting of a [Week].
type WeekTest struct {
	Title    Sentence // "Test 13 · humour: nova is preferred."
	Base     Sentence // "104 votes, 11 people, 10 prompts"
	Says     []Sentence
	Clearest Sentence      // "Clearest of its 10 prompts (one is always the clearest): “…”"
	Sides    [2]RevealSide // how the two answers to that begin; without text if there is no such prompt
}

// Lines are what every chat shows of it, line by line, the title first.
func (d Digest) Lines() []Sentence {
	lines := []Sentence{d.Title}
	for _, f := range d.Found {
		lines = append(lines, Say("{lead}{rest}", f.Lead, f.Rest))
	}
	for _, s := range []Sentence{d.Closest, d.Open, d.Counts, d.Next} {
		if !s.IsZero() {
			lines = append(lines, s)
		}
	}
	return lines
}

func (Digest) isPost() {}
func (Week) isPost()   {}

// digestPost begins the What of a digest's key; the name of its week follows.
const digestPost = "digest/"

// DigestKey names the digest of the week that ends at until: to the minute, so that
// it is the same after a restart, and another when it is asked for again.
func DigestKey(w Workspace, until time.Time) PostKey {
	return PostKey{Tasting: TastingID{Workspace: w}, What: digestPost + WeekName(until)}
}

// Digest is the end of the week that the post called k sums up; false if it is no
// digest.
func (k PostKey) Digest() (until time.Time, ok bool) {
	name, is := strings.CutPrefix(k.What, digestPost)
	until, ok = WeekNamed(name)
	return until, ok && is && k.Tasting.N == 0
}

// WeekName names the week that ends at until, in keys and in buttons' IDs: it has no
// sign that a chat gives a meaning of its own.
func WeekName(until time.Time) string { return until.UTC().Format(weekName) }

// WeekNamed is the end of the week that WeekName named; false if that is none.
func WeekNamed(name string) (until time.Time, ok bool) {
	until, err := time.Parse(weekName, name)
	return until, err == nil
}

const weekName = "2006-01-02T1504Z"
