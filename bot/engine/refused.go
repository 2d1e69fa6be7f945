package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/text"
)

// refusedAfter is for how long a chat must refuse the same before that is
// believed: some platforms call an outage a bad request.
const refusedAfter = 5 * time.Second

// hopeless returns what to tell people of a step that failed and would go on
// failing; "" while it may yet succeed.
func (b *Bot) hopeless(t bot.Tasting, past *bot.Past, err error) (note string) {
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
		return "" // it ends as well as it can
	case errors.Is(err, bot.ErrRefused):
		if t.State != bot.Posting || past.RefusedFor(now) < refusedAfter {
			return ""
		}
		id := compose.FaultID()
		b.log.Error("a chat refuses a tasting's posts for good", "id", id, "tasting", t.ID, "platform", t.ID.Platform, "err", err)
		return fmt.Sprintf("This chat does not take what should be posted, and would not take it later (id %s, which stands in the log with the reason).", id)
	case errors.Is(err, bot.ErrLost), tellable && (t.State == bot.Posting || t.State == bot.Closed):
		lost, wait := past.LostFor(now), b.opt.LostAfter
		if t.State >= bot.Open {
			wait = max(wait, b.opt.WaitForVotes)
		}
		switch {
		case t.State == bot.Closing || lost < wait: // seal knows for itself how long it waits
			return ""
		case tellable:
			return said.Error()
		}
		return lostPlace
	}
	return ""
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

// tellRefused tells the starter that a tasting is revealed and not all of that
// could be posted.
func (b *Bot) tellRefused(ctx context.Context, t bot.Tasting, refused []error) {
	if len(refused) == 0 {
		return
	}
	id := compose.FaultID()
	b.log.Error("a chat refuses parts of a reveal for good", "id", id, "tasting", t.ID, "platform", t.ID.Platform, "err", errors.Join(refused...))
	b.tell(ctx, t.Starter, bot.Notice{
		Title: bot.Say("Taste test {id} is revealed, but not all of it could be posted", t.ID),
		Text:  bot.Say("This chat does not take some of it (id {id}, which stands in the log with the reason). All of it: /tastetest results {id2}", bot.Verbatim(id), t.ID),
	})
}

// mostPlain is how many characters of a post are said in plain words.
const mostPlain = 1500

// plainly says in a few words what a post says, for a chat that refuses its usual
// form.
func plainly(p bot.Post) bot.Notice {
	var title string
	var lines []string
	switch p := p.(type) {
	case bot.Head:
		title, lines = fmt.Sprintf("Taste test %v · %s", p.Tasting, p.Question), []string{p.Progress.String()}
	case bot.Ballot:
		title, lines = p.Title.String(), []string{p.Progress.String()}
	case bot.Reveal:
		title = p.Title.String()
		for _, s := range p.Sides {
			lines = append(lines, strings.TrimSpace(s.Emoji+" "+string(s.Model)))
		}
		lines = append(append(lines, p.Summary.String(), p.Verdict.String()), bot.English(p.Notes)...)
	case bot.Announcement:
		title = p.Title.String()
		lines = append(append([]string{p.Base.String(), p.Summary.String()}, bot.English(p.Verdict)...), bot.English(p.Notes)...)
		lines = append(lines, fmt.Sprintf("This chat does not take the whole of it. All of it: /tastetest results %v", p.Tasting))
	case bot.Notice:
		return p
	}
	kept := lines[:0]
	for _, l := range lines {
		if l != "" {
			kept = append(kept, l)
		}
	}
	return bot.Notice{Title: bot.Literal(title), Text: bot.Literal(text.Cut(strings.Join(kept, "\n"), mostPlain))}
}
