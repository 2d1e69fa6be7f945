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
	Comes   Sentence  // when it comes: "Mondays at 9:00"
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
	Title    Sentence // "Test 13 · humour"
	Base     Sentence // "104 votes, 11 people, 10 prompts"
	Says     []Sentence
	Clearest Sentence      // "Clearest of its 10 prompts (one is always the clearest): “…”"
	Sides    [2]RevealSide // how the two answers to that begin; without text if there is no such prompt
}

func (Digest) isPost() {}
func (Week) isPost()   {}

// digestPost begins the What of a digest's key; its time follows.
const digestPost = "digest/"

// DigestKey names the digest of the week that ends at until: to the minute, so that
// it is the same after a restart, and another when it is asked for again.
func DigestKey(w Workspace, until time.Time) PostKey {
	return PostKey{Tasting: TastingID{Workspace: w}, What: digestPost + until.UTC().Format(digestTime)}
}

// Digest is the end of the week that the post called k sums up; false if it is no
// digest.
func (k PostKey) Digest() (until time.Time, ok bool) {
	said, is := strings.CutPrefix(k.What, digestPost)
	until, err := time.Parse(digestTime, said)
	return until, is && err == nil && k.Tasting.N == 0
}

const digestTime = "2006-01-02T15:04Z"
