package bot

import "fmt"

// A PostKey names a post for good: "7/head", "7.3/ballot". A post with a key
// is said once, whatever happens in between.
type PostKey struct {
	Tasting TastingID
	Round   int    // 0: of the whole tasting
	What    string // "head", "ballot", "reveal", "announcement", "nudge", …
}

func (k PostKey) String() string {
	if k.Round == 0 {
		return fmt.Sprintf("%d/%s", k.Tasting.N, k.What)
	}
	return fmt.Sprintf("%d.%d/%s", k.Tasting.N, k.Round, k.What)
}

// Posts of a tasting, by PostKey.What.
const (
	HeadPost         = "head"
	BallotPost       = "ballot"
	RevealPost       = "reveal" // where the ballot was deleted
	NudgePost        = "nudge"
	ExtendedPost     = "extended"
	AnnouncementPost = "announcement"
)
