package votefile

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// Collect returns the votes of all revealed tastings: by workspace, tasting,
// round and judge; after those of a round, if judges is set, what models that judge
// made of it, and after a tasting's rounds what one made of further prompts. Of any other tasting it reads the state record alone. It
// sorts everything before it writes anything, so that two exports of one store
// are the same file.
func Collect(ctx context.Context, s bot.Store, names, texts, judges bool) ([]Row, error) {
	key, err := s.Secret(ctx, "export")
	if err != nil {
		return nil, fmt.Errorf("read the key of the pseudonyms: %w", err)
	}
	all, err := revealed(ctx, s)
	if err != nil {
		return nil, err
	}
	modelNames := distinctNames(all)
	judge := func(v bot.Voter) string {
		if names || pseudonymous.MatchString(v.User) {
			return v.User
		}
		return pseudonym(key, v)
	}
	var rows []Row
	for _, t := range all {
		var made map[int][]bot.Judgment
		if judges {
			if made, err = s.Judgments(ctx, t.ID); err != nil {
				return nil, fmt.Errorf("read what judges made of tasting %v: %w", t.ID, err)
			}
			for n := range made {
				made[n] = slices.DeleteFunc(made[n], t.TooLate)
			}
		}
		for _, n := range t.Live() {
			rs, err := roundRows(ctx, s, t, n, modelNames, texts)
			if err != nil {
				return nil, fmt.Errorf("read round %v: %w", t.ID.Round(n), err)
			}
			for i := range rs {
				rs[i].Judge = judge(bot.Voter{Workspace: t.ID.Workspace, User: rs[i].Judge})
			}
			slices.SortFunc(rs, func(a, b Row) int { return cmp.Compare(a.Judge, b.Judge) })
			rows = append(rows, rs...)
			if len(rs) > 0 {
				rows = append(rows, rs[0].judged(made[n])...)
			}
		}
		if !judges {
			continue
		}
		for _, n := range t.FurtherNumbers() {
			x, err := s.Texts(ctx, t.ID.Round(n))
			if err != nil {
				return nil, fmt.Errorf("read the further prompt %v: %w", t.ID.Round(n), err)
			}
			rows = append(rows, rowOf(t, n).further(t, x, modelNames, texts).judged(made[n])...)
		}
	}
	return rows, nil
}

// judged are what judges made of the round of a voter's row, by [ModelJudge] no votes:
// two rows a judge, one for each order of the answers.
func (row Row) judged(made []bot.Judgment) (rows []Row) {
	row.Position, row.Changes, row.Kind = 0, 0, bot.Plain
	exchanged := row
	exchanged.ModelA, exchanged.ModelB = row.ModelB, row.ModelA
	exchanged.FingerprintA, exchanged.FingerprintB = row.FingerprintB, row.FingerprintA
	exchanged.AnswerA, exchanged.AnswerB = row.AnswerB, row.AnswerA
	exchanged.FirstModel = "model_a"
	if row.FirstModel == "model_a" {
		exchanged.FirstModel = "model_b"
	}
	if row.Cards != nil {
		exchanged.Cards = &[2]bot.Card{row.Cards[1], row.Cards[0]}
	}
	for _, m := range made {
		for _, r := range []Row{row, exchanged} {
			flip := r.FirstModel == "model_b"
			order := 0
			if flip {
				order = 1
			}
			r.SideKnown, r.Judge, r.Tstamp = true, ModelJudge+m.Judge, float64(m.At.UnixMilli())/1000
			if r.Winner = winners[m.Picks[order].Choice(flip)]; r.Winner == "" {
				r.Winner = abstains
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// revealed are all revealed tastings, by workspace and number.
func revealed(ctx context.Context, s bot.Store) ([]bot.Tasting, error) {
	workspaces, err := s.Workspaces(ctx)
	if err != nil {
		return nil, fmt.Errorf("list workspaces: %w", err)
	}
	slices.SortFunc(workspaces, func(a, b bot.Workspace) int {
		return cmp.Or(cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.ID, b.ID))
	})
	var all []bot.Tasting
	for _, w := range workspaces {
		ts, err := s.Tastings(ctx, w, bot.Query{States: []bot.State{bot.Revealed}})
		if err != nil {
			return nil, fmt.Errorf("list the tastings of %s: %w", w.ID, err)
		}
		slices.Reverse(ts)
		all = append(all, ts...)
	}
	return all, nil
}

// roundRows returns a round's votes, with users as judges. It is long because a
// row says everything about its round, so that a file can be read without the
// store.
func roundRows(ctx context.Context, s bot.Store, t bot.Tasting, n int, names map[string]string, texts bool) ([]Row, error) {
	votes, err := s.Votes(ctx, t.ID.Round(n))
	if err != nil {
		return nil, err
	}
	x, err := s.Texts(ctx, t.ID.Round(n))
	if err != nil {
		return nil, err
	}
	r := t.Rounds[n-1]
	base := rowOf(t, n)
	base.Kind, base.Repeats = cmp.Or(r.Kind, bot.Plain), r.Original
	base.Pack, base.PromptID, base.Category = cmp.Or(r.Pack, t.Pack), r.Prompt, r.Category
	if r.Flagged {
		base.Excluded = append(base.Excluded, ExcludedFlagged)
	}
	switch base.Kind {
	case bot.Control:
		base.Excluded = append(base.Excluded, ExcludedControl)
	case bot.Retest:
		base.Excluded = append(base.Excluded, excludedRetest)
	}
	if t.Compared {
		base.Excluded = append(base.Excluded, ExcludedPasted)
	}
	switch {
	case t.Versions():
		base.Excluded = append(base.Excluded, excludedVersions)
	case t.Gate != nil:
		base.Excluded = append(base.Excluded, ExcludedGate)
	}
	if t.Crowd {
		base.Excluded = append(base.Excluded, excludedSimulated)
	}
	var rows []Row
	for _, v := range votes {
		if v.Pick() == bot.None {
			continue
		}
		rows = append(rows, base.of(t, v, x, names, texts))
	}
	return rows, nil
}

// rowOf is what the rows of round n of a tasting, or of a further prompt, say of it.
func rowOf(t bot.Tasting, n int) Row {
	base := Row{
		QuestionID: fmt.Sprintf("%s/%s/%v", t.ID.Platform, t.ID.Workspace.ID, t.ID.Round(n)),
		Turn:       1,
		Platform:   t.ID.Platform,
		Workspace:  t.ID.Workspace.ID,
		Channel:    t.Place.Channel,
		Tasting:    t.ID.N,
		Round:      n,
		Rounds:     len(t.Rounds),
		Ballot:     string(t.Ballot),
		Question:   t.Question,
		Opened:     t.Opened,
		Closed:     t.ClosedAt,
		Revealed:   t.RevealedAt,
		ClosedLate: t.Late,
	}
	for i, r := range t.Rounds {
		if !r.Live() {
			base.VoidRounds = append(base.VoidRounds, i+1)
		}
	}
	return base
}

// further fills in a further prompt, as a judge reads it with the first model on the left.
func (row Row) further(t bot.Tasting, x bot.Texts, names map[string]string, texts bool) Row {
	row.Kind, row.FirstModel = bot.Plain, "model_a"
	row.Pack, row.PromptID, row.Category = cmp.Or(x.Prompt.Pack, t.Pack), x.Prompt.ID, x.Prompt.Category
	row.Excluded = []string{excludedFurther}
	return row.byModels(t, [2]int{0, 1}, names).withTexts(t, [2]int{0, 1}, x, texts)
}

// byModels fills in which models stand on the left and on the right.
func (row Row) byModels(t bot.Tasting, sides [2]int, names map[string]string) Row {
	a, b := t.Models[sides[0]], t.Models[sides[1]]
	row.ModelA, row.ModelB = names[distinct(a)], names[distinct(b)]
	row.FingerprintA, row.FingerprintB = a.Fingerprint(), b.Fingerprint()
	return row
}

// withTexts fills in what was asked and answered, if that is wanted.
func (row Row) withTexts(t bot.Tasting, sides [2]int, x bot.Texts, wanted bool) Row {
	if wanted {
		row.exportedTexts = exportedTexts{
			Prompt:  x.Prompt.Text,
			System:  x.Prompt.System,
			AnswerA: x.Answers[sides[0]].Text,
			AnswerB: x.Answers[sides[1]].Text,
			Cards:   &[2]bot.Card{t.Models[sides[0]], t.Models[sides[1]]},
			Full:    &x,
		}
	}
	return row
}

// of fills in what one vote adds to its round's row.
func (row Row) of(t bot.Tasting, v bot.Vote, x bot.Texts, names map[string]string, texts bool) Row {
	pick := v.Pick()
	seen := t.Seen(v.Round.Round, v.Voter.User)
	a, b := 0, 1 // which model stood on the left, and which on the right
	row.FirstModel = "model_a"
	if seen.Flip {
		a, b = 1, 0
		row.FirstModel = "model_b"
	}
	row.SideKnown = seen.Known
	row.Position = seen.Position
	if row.Kind == bot.Control {
		row.ModelA, row.ModelB = ControlNames[a], ControlNames[b]
	} else {
		row = row.byModels(t, [2]int{a, b}, names)
	}
	row.Winner = winners[pick.Choice(seen.Flip)]
	row.Judge = v.Voter.User
	row.Tstamp = float64(v.Marks[pick-1].At.UnixMilli()) / 1000
	for _, m := range v.Marks {
		if !m.At.IsZero() {
			row.Changes++
		}
	}
	row.Changes-- // the one that counts
	return row.withTexts(t, [2]int{a, b}, x, texts)
}

// ControlNames stand for the authors of a control pair, so that no tool takes
// its answers for those of the tasting's models.
var ControlNames = [2]string{"control (better)", "control (worse)"}

// distinctNames returns a name for each model as it was set: "kestrel", or
// "kestrel@3fa2c1" where one name stands for different settings.
func distinctNames(ts []bot.Tasting) map[string]string {
	settings := make(map[string]map[string]bool) // by name
	for _, t := range ts {
		for _, c := range t.Models {
			if settings[c.Name] == nil {
				settings[c.Name] = make(map[string]bool)
			}
			settings[c.Name][c.Fingerprint()] = true
		}
	}
	names := make(map[string]string)
	for name, prints := range settings {
		for print := range prints {
			full := name + "@" + print
			names[full] = name
			if len(prints) > 1 {
				names[full] = full
			}
		}
	}
	return names
}

func distinct(c bot.Card) string { return c.Name + "@" + c.Fingerprint() }

// pseudonymous finds voters that an export has renamed already.
var pseudonymous = regexp.MustCompile(`^p-[a-z2-7]{16}$`)

// pseudonym is the same for a voter in every export of a store, and tells
// nobody without the store who it is: base32 of HMAC-SHA-256, 80 bits of it.
func pseudonym(key []byte, v bot.Voter) string {
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%q %q %q", v.Platform, v.Workspace.ID, v.User)
	return "p-" + strings.ToLower(base32.StdEncoding.EncodeToString(mac.Sum(nil)[:10]))
}
