package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/compose"
)

// refusedAfter is for how long a chat must refuse the same before that is
// believed: some platforms call an outage a bad request.
const refusedAfter = 5 * time.Second

// hopeless returns what to tell people of a step that failed and would go on
// failing; nothing while it may yet succeed.
func (b *Bot) hopeless(t bot.Tasting, past *bot.Past, err error) (note bot.Sentence) {
	said, tellable := errors.AsType[bot.UserError](err)
	now := time.Now()
	if !errors.Is(err, bot.ErrRefused) {
		past.Refused = time.Time{} // an outage in between: it is not the same for so long
	}
	if !errors.Is(err, bot.ErrLost) && !tellable {
		past.Lost = time.Time{}
	}
	switch {
	case t.State.Over():
		return bot.Sentence{} // it ends as well as it can
	case errors.Is(err, bot.ErrRefused):
		if t.State != bot.Posting || past.RefusedFor(now) < refusedAfter {
			return bot.Sentence{}
		}
		id := compose.FaultID()
		b.log.Error("a chat refuses a tasting's posts for good", "id", id, "tasting", t.ID, "platform", t.ID.Platform, "err", err)
		return bot.Say("This chat does not take what should be posted, and would not take it later (id {id}, which stands in the log with the reason).", bot.Verbatim(id))
	case errors.Is(err, bot.ErrLost), tellable && (t.State == bot.Posting || t.State == bot.Closed):
		lost, wait := past.LostFor(now), b.opt.LostAfter
		if t.State >= bot.Open {
			wait = max(wait, b.opt.WaitForVotes)
		}
		switch {
		case t.State == bot.Closing || lost < wait: // seal knows for itself how long it waits
			return bot.Sentence{}
		case tellable:
			return bot.Sentence(said)
		}
		return lostPlace()
	}
	return bot.Sentence{}
}

// A partError is that of a post of which a part stands.
type partError struct {
	at  bot.Place
	key bot.PostKey
	ref bot.Ref
	err error
}

func (e partError) Error() string { return e.err.Error() }
func (e partError) Unwrap() error { return e.err }

// keepPart records a post that stands in part, so that it can be edited into
// the end of its tasting.
func (b *Bot) keepPart(ctx context.Context, err error) error {
	part, ok := errors.AsType[partError](err)
	if !ok {
		return nil
	}
	if err := b.store.Posted(ctx, part.at, part.key, part.ref); err != nil {
		return fmt.Errorf("record post %v: %w", part.key, err)
	}
	return nil
}

// logRefused logs that part of a reveal is refused for good, and notes in t, which the
// caller stores with it, that the starter is to be told, unless they know.
func (b *Bot) logRefused(t *bot.Tasting, err error) {
	id := cmp.Or(t.Untold, compose.FaultID())
	b.log.Error("a chat refuses a part of a reveal for good", "id", id, "tasting", t.ID, "platform", t.ID.Platform, "err", err)
	if !t.Refused {
		t.Untold = id
	}
}

// tellRefused tells the starter that a tasting is revealed and not all of that could be
// posted, if that is still to be told: once, though a reveal that was stopped goes on to
// the next refusal. Surprising: it is noted only after that, since nobody can look
// whether a direct message arrived: killed in between, the bot tells it twice, which is
// better than never.
func (b *Bot) tellRefused(ctx context.Context, t bot.Tasting) error {
	if t.Untold == "" {
		return nil
	}
	b.tell(ctx, t, bot.Notice{
		Title: bot.Say("Taste test {id} is revealed, but not all of it could be posted", t.ID),
		Text:  bot.Say("This chat does not take some of it (id {id}, which stands in the log with the reason). All of it: {results}", bot.Verbatim(t.Untold), bot.Usage{Command: "results", Words: []string{t.ID.String()}}),
	})
	b.opt.Step("told what is refused")
	err := b.store.Update(ctx, t.ID, bot.Revealed, func(t *bot.Tasting) error {
		t.Refused, t.Untold = true, ""
		return nil
	})
	if err != nil {
		return fmt.Errorf("note that a starter was told what is refused: %w", err)
	}
	return nil
}

// mostPlain is how many lines of a post are said in plain words.
const mostPlain = 12

// plainly says in a few words what a post says, for a chat that refuses its usual
// form.
func plainly(p bot.Post) bot.Notice {
	var title bot.Sentence
	var lines []bot.Sentence
	switch p := p.(type) {
	case bot.Head:
		title, lines = bot.Dotted(bot.Say("Taste test {id}", p.Tasting), p.Question), []bot.Sentence{p.Progress}
	case bot.Ballot:
		title, lines = p.Title, []bot.Sentence{p.Progress}
	case bot.Reveal:
		title = p.Title
		for _, s := range p.Sides {
			lines = append(lines, bot.Quoted(strings.TrimSpace(s.Emoji+" "+string(s.Model))))
		}
		lines = append(append(lines, p.Summary, p.Verdict), p.Notes...)
	case bot.Announcement:
		title = p.Title
		lines = []bot.Sentence{p.Base, p.Summary}
		if !p.Comes.IsZero() { // a digest comes only where that was said
			lines = append(lines, p.Comes)
		}
		lines = append(append(lines, p.Verdict...), p.Notes...)
		lines = append(lines, bot.Say("This chat does not take the whole of it. All of it: {results}", bot.Usage{Command: "results", Words: []string{p.Tasting.String()}}))
	case bot.Notice:
		return p
	}
	return bot.Notice{Voice: p.Spoken(), Title: title, Text: bot.Lines(lines[:min(len(lines), mostPlain)]...)}
}
