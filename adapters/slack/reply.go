package slack

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/bot"
)

const (
	urlUses = 5 // how often, and how long, a response URL can be used
	urlLife = 29 * time.Minute
)

// An asker is somebody who did something, and the ways back to them alone:
// the modal they are in, a new modal, the response URL, a direct message.
type asker struct {
	*team
	log     *slog.Logger
	at      bot.Place
	voice   bot.Voice // of that place
	user    string
	trigger string // opens one modal within 3 s
	view    string // the modal in which they are; empty: none
	url     string // takes urlUses messages within urlLife
	thread  string // in which they tapped; empty: in the channel itself
	mine    bool   // what they tapped on is theirs alone, and may be replaced
	page    int    // of a result with pages

	uses  int
	since time.Time
}

// answer shows a reply, and what it reports later.
func (in *inbox) answer(a *asker, r bot.Reply) {
	a.since = time.Now()
	a.try(in.ctx, a.show(in.ctx, r))
	in.follow(a, r)
}

// try logs what kept an answer from its asker.
func (a *asker) try(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		a.log.Warn("show an answer in Slack", "workspace", a.Name, "err", err)
	}
}

// show shows a reply where its asker looks.
func (a *asker) show(ctx context.Context, r bot.Reply) error {
	if r.Post == nil && r.Form == nil {
		return nil
	}
	n, isNotice := r.Post.(bot.Notice)
	if a.view != "" || !isNotice {
		if view, ok := a.replyView(a.at, r, a.page); ok {
			return a.open(ctx, view)
		}
	}
	return a.whisper(ctx, r.Post, a.mine && !n.Error)
}

// open shows a modal: instead of the one they are in, or a new one.
func (a *asker) open(ctx context.Context, v api.ModalViewRequest) error {
	if a.view != "" {
		return a.turn(ctx, v)
	}
	var shown *api.ViewResponse
	err := call(ctx, func() (err error) {
		shown, err = a.api.OpenViewContext(ctx, a.trigger, v)
		return err
	})
	if refused(err, "expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "trigger_exchanged") {
		return a.whisper(ctx, bot.Notice{Voice: a.voice, Text: bot.Say("That took too long to open. Please do it once more."), Error: true}, false)
	}
	if err != nil {
		return errors.Join(explain("open a modal", err),
			a.whisper(ctx, bot.Notice{Voice: a.voice, Text: bot.Say("That could not be shown. Please try again."), Error: true}, false))
	}
	a.view = shown.View.ID
	return nil
}

// turn replaces the modal they are in. errAway: it is not open any more.
func (a *asker) turn(ctx context.Context, v api.ModalViewRequest) error {
	err := call(ctx, func() error {
		_, err := a.api.UpdateViewContext(ctx, v, "", "", a.view)
		return err
	})
	if refused(err, "not_found", "view_not_found") {
		return errAway
	}
	return explain("update a modal", err)
}

var errAway = errors.New("the modal is closed")

// whisper says p to the asker alone, in the channel if that can be done.
func (a *asker) whisper(ctx context.Context, p bot.Post, replace bool) error {
	m := render(p)
	if a.url != "" && a.uses < urlUses && (a.since.IsZero() || time.Since(a.since) < urlLife) {
		a.uses++
		err := call(ctx, func() error { return a.respond(ctx, m, replace) })
		if err == nil {
			return nil
		}
		a.log.Debug("a response URL did not take an answer", "workspace", a.Name, "err", bare(err))
	}
	return a.tell(ctx, a.user, p)
}

// A response is what a response URL takes.
type response struct {
	Type    string      `json:"response_type"`
	Thread  string      `json:"thread_ts,omitempty"` // else it is said in the channel, wherever they are
	Replace bool        `json:"replace_original"`
	Text    string      `json:"text"`
	Mrkdwn  bool        `json:"mrkdwn"`
	Unfurl  bool        `json:"unfurl_links"`
	Media   bool        `json:"unfurl_media"`
	Blocks  []api.Block `json:"blocks"`
}

func (a *asker) respond(ctx context.Context, m said, replace bool) error {
	body, err := json.Marshal(response{Type: "ephemeral", Thread: a.thread, Replace: replace, Text: escaped(m.text), Blocks: m.blocks})
	if err != nil {
		return fmt.Errorf("write an answer: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url, bytes.NewReader(body))
	if err != nil {
		return errors.New("the response URL is none")
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := a.client.Do(req)
	if err != nil {
		return bare(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return api.StatusCodeError{Code: resp.StatusCode, Status: resp.Status}
	}
	return nil
}

// sorry says that something is our fault, with an id that is in the log.
func (in *inbox) sorry(a *asker, doing string, err error) bot.Notice {
	id := rand.Text()[:8]
	in.log.Error(doing, "id", id, "err", err)
	return bot.Notice{Voice: a.voice, Error: true, Text: bot.Say("Sorry, something went wrong here, and it is not your fault (id {id}). Please try again.", bot.Verbatim(id))}
}
