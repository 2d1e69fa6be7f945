package bot

import "context"

// A Reader shows what stands in a place. A chat without a memory of its own
// (the web page) is a view over it, and so survives restarts. [*engine.Bot] is one.
type Reader interface {
	// View returns what stands at a place, oldest first, as viewer may see it.
	View(ctx context.Context, at Place, viewer Voter) ([]Shown, error)
}

// A Shown is a post as it stands.
type Shown struct {
	Posted
	Post   Post
	Taps   []Tapped // who tapped what, on a reaction ballot; the order of Choices
	Barred Sentence // why a tap of the viewer would not count; nothing if it would
	Thread []Shown  // what stands below it
}

// A Tapped is one emoji under a reaction ballot, as a chat shows it.
type Tapped struct {
	Choice Choice
	Emoji  string
	Users  []string
	Mine   bool
}
