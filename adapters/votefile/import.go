package votefile

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/text"
)

const (
	maxImportLine   = 16 << 20
	maxImportRounds = 1000
)

// Import adds the revealed tastings in a JSONL export, into one
// workspace if into is set. A judge has one vote a round, the last in the file;
// with ignoreCase names that differ only in case are one judge. Tastings that are there already, by an earlier
// import or because they took place here, are passed over. An error names the
// line; what was added before it stays.
func Import(ctx context.Context, s bot.Store, in io.Reader, into *bot.Workspace, ignoreCase bool) (Imported, error) {
	groups, done, err := readImport(in, into, ignoreCase)
	if err != nil {
		return Imported{}, err
	}
	for _, g := range groups {
		added, err := g.add(ctx, s)
		if err != nil {
			return done, fmt.Errorf("import taste test %d: %w", g.rows[0].Tasting, err)
		}
		if !added {
			done.Present++
			continue
		}
		done.Added++
		done.Votes += len(g.rows)
	}
	return done, nil
}

// Imported says what an import did.
type Imported struct {
	Added   int // tastings
	Present int // tastings that were there already
	Votes   int // of the added tastings

	Rows     int         // of the file
	Repeated int         // of these, replaced by a later one of the same judge in the same round
	Alike    [][2]string // judges whose names differ only in case
}

func (i Imported) String() string {
	said := fmt.Sprintf("%s added (%s), %s there already.", say.Counted(i.Added, "taste test"), say.Counted(i.Votes, "vote"), say.Counted(i.Present, "taste test"))
	if i.Repeated > 0 {
		said += fmt.Sprintf("\nOf %s %s left out: the same judge voted in the same round again, and the last row counts.", say.Counted(i.Rows, "row"), say.WereOf(i.Repeated))
	}
	if s := LikeNames(i.Alike); s != "" {
		said += "\n" + s + " With --ignore-case they are imported as one."
	}
	return said
}

// An importGroup is one tasting of the file.
type importGroup struct {
	into bot.Workspace
	rows []Row
}

// readImport returns the tastings of a file, and of what it did Rows, Repeated
// and Alike. Rows are checked while they come, since a file can be large; what
// only shows in the whole is checked at the end of a tasting's rows.
func readImport(in io.Reader, into *bot.Workspace, ignoreCase bool) ([]importGroup, Imported, error) {
	type key struct {
		bot.Workspace
		tasting uint64
	}
	type vote struct {
		key
		round int
		judge string
	}
	var groups []importGroup
	var done Imported
	seen := make(map[vote]int) // where it stands among its tasting's rows
	judges := newSpellings()
	index := make(map[key]int)
	lines := bufio.NewScanner(text.NewReader(in))
	lines.Buffer(nil, maxImportLine)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var row Row
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			return nil, Imported{}, fmt.Errorf("line %d is not a row of a JSONL export; make one with: tastetest export --format jsonl --texts", n)
		}
		if strings.HasPrefix(row.Judge, ModelJudge) {
			continue // no vote
		}
		if problem := row.check(); problem != "" {
			return nil, Imported{}, fmt.Errorf("line %d %s", n, problem)
		}
		k := key{bot.Workspace{Platform: row.Platform, ID: row.Workspace}, row.Tasting}
		done.Rows++
		if first := judges.of(row.Judge); ignoreCase {
			row.Judge = first
		}
		i, ok := index[k]
		if !ok {
			i = len(groups)
			index[k] = i
			g := importGroup{into: k.Workspace}
			if into != nil {
				g.into = *into
			}
			groups = append(groups, g)
		}
		if problem := row.fits(append(groups[i].rows, row)[0]); problem != "" {
			return nil, Imported{}, fmt.Errorf("line %d %s", n, problem)
		}
		v := vote{k, row.Round, row.Judge}
		if at, again := seen[v]; again {
			groups[i].rows[at] = row
			done.Repeated++
		} else {
			seen[v] = len(groups[i].rows)
			groups[i].rows = append(groups[i].rows, row)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, Imported{}, fmt.Errorf("read the import: %w", err)
	}
	if len(groups) == 0 {
		return nil, Imported{}, errors.New("there are no votes in this file; make one with: tastetest export --format jsonl --texts")
	}
	done.Alike = judges.alike()
	return groups, done, nil
}

// check returns what an import cannot do with the row.
func (row Row) check() string {
	_, known := row.choice()
	switch {
	case row.Full == nil || row.Cards == nil || row.Cards[0].Name == "" || row.Cards[1].Name == "":
		return "has no texts; make the export with: tastetest export --format jsonl --texts"
	case row.Platform == "" || row.Workspace == "" || row.Tasting == 0:
		return "does not say where it was tasted: platform, workspace and tasting are needed"
	case row.Rounds < 1 || row.Rounds > maxImportRounds || row.Round < 1 || row.Round > row.Rounds:
		return "has a round that cannot be"
	case !known:
		return "has an unknown winner; it is one of model_a, model_b, tie, tie (bothbad)"
	case row.FirstModel != "model_a" && row.FirstModel != "model_b":
		return "does not say which was the first model; it is model_a or model_b"
	case row.Ballot != string(bot.Reaction) && row.Ballot != string(bot.Private):
		return "has an unknown ballot; it is reaction or private"
	case row.Judge == "":
		return "does not say who voted: judge is needed"
	}
	return row.cannotBe(time.Now())
}

// fits returns why the row cannot be of the same tasting as first.
func (row Row) fits(first Row) string {
	a, b := row.models(), first.models()
	if a[0].Fingerprint() != b[0].Fingerprint() || a[1].Fingerprint() != b[1].Fingerprint() ||
		row.Rounds != first.Rounds || row.Ballot != first.Ballot || !row.Closed.Equal(first.Closed) {
		return fmt.Sprintf("does not fit the other rows of taste test %d; is the file made of two exports?", row.Tasting)
	}
	return ""
}

// models returns the cards of the first model and the second.
func (row Row) models() [2]bot.Card {
	if row.FirstModel == "model_a" {
		return *row.Cards
	}
	return [2]bot.Card{row.Cards[1], row.Cards[0]}
}

func (row Row) flip() bool { return row.FirstModel == "model_b" }

func (row Row) choice() (bot.Choice, bool) {
	for c, w := range winners {
		if w == row.Winner {
			return c, true
		}
	}
	return "", false
}

func (row Row) pick() bot.Pick {
	c, _ := row.choice()
	return c.Pick(row.flip())
}

func (row Row) at() time.Time { return time.UnixMilli(int64(row.Tstamp*1000 + 0.5)).UTC() }

// hash is the same for the same votes, whatever names or pseudonyms the
// export was made with.
func (g importGroup) hash() string {
	first := g.rows[0]
	lines := make([]string, 0, len(g.rows))
	for _, r := range g.rows {
		lines = append(lines, fmt.Sprintf("%d %d %.3f", r.Round, r.pick(), r.Tstamp))
	}
	slices.Sort(lines)
	models := first.models()
	return fmt.Sprintf("%x", sha256.Sum256(fmt.Appendf(nil, "%q %q %d %d %s %s %q",
		first.Platform, first.Workspace, first.Tasting, first.Closed.UnixMilli(), distinct(models[0]), distinct(models[1]), lines)))
}

// add stores the tasting, and returns false if it is there already.
// It can be cut short anywhere and run again.
func (g importGroup) add(ctx context.Context, s bot.Store) (bool, error) {
	t, texts := g.tasting()
	all, err := s.Tastings(ctx, g.into, bot.Query{})
	if err != nil {
		return false, err
	}
	sameVotes := func(o bot.Tasting) bool { return o.Imported == t.Imported || g.tookPlaceHere(o) }
	if i := slices.IndexFunc(all, sameVotes); i < 0 {
		if t, err = s.CreateTasting(ctx, t, texts); err != nil {
			return false, err
		}
	} else if t = all[i]; t.State == bot.Revealed {
		return false, nil
	}
	if t.State == bot.Closing {
		if err := s.Seal(ctx, t.ID, g.votes(t.ID), g.count); err != nil {
			return false, err
		}
	}
	err = s.Update(ctx, t.ID, bot.Closed, func(t *bot.Tasting) error {
		t.State = bot.Revealed
		return nil
	})
	return err == nil, err
}

// tookPlaceHere reports whether o is the very tasting that was exported.
func (g importGroup) tookPlaceHere(o bot.Tasting) bool {
	r := g.rows[0]
	return o.ID.Platform == r.Platform && o.ID.Workspace.ID == r.Workspace && o.ID.N == r.Tasting && o.ClosedAt.Equal(r.Closed)
}

// never is when a tasting is due that the bot must leave alone meanwhile.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// tasting returns the record, closing, and its rounds' texts.
func (g importGroup) tasting() (bot.Tasting, []bot.Texts) {
	first := g.rows[0]
	t := bot.Tasting{
		Place:    bot.Place{Workspace: g.into, Channel: first.Channel},
		Starter:  bot.Voter{Workspace: g.into, User: "import"},
		Question: first.Question,
		Ballot:   bot.BallotKind(first.Ballot),
		Models:   first.models(),
		Rounds:   make([]bot.Round, first.Rounds),
		Pack:     first.Pack,
		State:    bot.Closing,
		Created:  first.Opened, Opened: first.Opened, Closes: first.Closed, ClosedAt: first.Closed, RevealedAt: first.Revealed,
		Wake:     never,
		Late:     first.ClosedLate,
		Crowd:    slices.Contains(first.Excluded, excludedSimulated),
		Imported: g.hash(),
	}
	for _, names := range []string{ExcludedPasted, excludedVersions, ExcludedGate} {
		t.Compared = t.Compared || slices.Contains(first.Excluded, names)
	}
	texts := make([]bot.Texts, first.Rounds)
	for i := range t.Rounds {
		t.Rounds[i] = bot.Round{Kind: bot.Plain, Void: "nobody voted in it"}
		if slices.Contains(first.VoidRounds, i+1) {
			t.Rounds[i].Void = "a model gave no usable answer"
		}
	}
	for _, r := range g.rows {
		round := bot.Round{
			Kind: cmp.Or(r.Kind, bot.Plain), Original: r.Repeats, Pack: r.Pack, Prompt: r.PromptID, Category: r.Category,
			Flip: r.flip(), Ready: true, Flagged: slices.Contains(r.Excluded, ExcludedFlagged),
		}
		round.Measure(*r.Full)
		t.Rounds[r.Round-1] = round
		texts[r.Round-1] = *r.Full
	}
	return t, texts
}

func (g importGroup) votes(id bot.TastingID) []bot.Vote {
	var votes []bot.Vote
	for _, r := range g.rows {
		v := bot.Vote{Round: id.Round(r.Round), Voter: bot.Voter{Workspace: g.into, User: r.Judge}}
		v.Hear(r.pick(), bot.Mark{On: true, At: r.at()})
		votes = append(votes, v)
	}
	return votes
}

// count takes the counts from the file: on a private ballot the sides follow
// from the voter's id, which an export does not hold.
func (g importGroup) count(t *bot.Tasting, _ bot.Rows) error {
	for _, r := range g.rows {
		side := 0
		if r.flip() {
			side = 1
		}
		t.Rounds[r.Round-1].Counts[side][r.pick()-1]++
	}
	return nil
}
