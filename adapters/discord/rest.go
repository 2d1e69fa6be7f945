package discord

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/cenkalti/backoff/v5"

	"github.com/tastetest/tastetest/bot"
)

const (
	mostTries   = 6
	firstPause  = 250 * time.Millisecond
	longestTell = time.Minute      // a longer pause than this is an error
	oneTry      = 20 * time.Second // for one request
)

// A request is one call of the REST API.
type request struct {
	doing   string // for errors: "edit a message"
	method  string
	path    string // below the API's URL
	bucket  string // requests of one bucket wait for each other; empty: path
	body    any    // JSON
	message *message
	channel string // a thread that may be asleep
	once    bool   // nobody makes it again who is told to stop while it waits
}

// call makes a request, with retries of what passes, and reads the answer
// into out. Requests are made so that twice does no harm. Once the bot is told to stop
// it waits for nothing any more, neither to try again nor until Discord takes more.
// Errors: bot.ErrGone, bot.ErrLost, bot.ErrRefused, or others that name no URL.
func (c *Chat) call(ctx context.Context, r request, out any) error {
	contentType, body, err := r.encode()
	if err != nil {
		return fmt.Errorf("%s: %w", r.doing, err)
	}
	waiting, release := ctx, func() {}
	if !r.once {
		waiting, release = bot.Waiting(ctx)
	}
	defer release()
	woken := false
	var said error
	answer, err := backoff.Retry(waiting, func() (answer []byte, err error) {
		answer, said = c.try(ctx, waiting, r, contentType, body)
		if code(said) == discordgo.ErrCodePerformedOperationOnArchivedThread && r.channel != "" && !woken {
			woken = true
			if c.wake(ctx, r.channel) == nil {
				answer, said = c.try(ctx, waiting, r, contentType, body)
			}
		}
		wait, passes := passing(said)
		switch {
		case !passes:
			return answer, backoff.Permanent(said)
		case wait > 0:
			return nil, &backoff.RetryAfterError{Duration: max(wait, c.pause)}
		}
		return nil, said
	},
		backoff.WithBackOff(&backoff.ExponentialBackOff{InitialInterval: c.pause, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: longestTell}),
		backoff.WithMaxTries(mostTries),
		backoff.WithMaxElapsedTime(0),
	)
	switch {
	case err != nil && errors.Is(err, context.Cause(waiting)):
		return fmt.Errorf("%s: %w", r.doing, waiting.Err())
	case err != nil:
		return fmt.Errorf("%s: %w", r.doing, meaning(said))
	case out == nil || len(answer) == 0:
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("%s: read the answer: %w", r.doing, err)
	}
	return nil
}

// try makes a request once, when it is its turn.
func (c *Chat) try(ctx, waiting context.Context, r request, contentType string, body []byte) ([]byte, error) {
	bucket, err := c.turn(waiting, r.method+" "+cmp.Or(r.bucket, r.path))
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, oneTry)
	defer cancel()
	return c.session.RequestWithLockedBucket(r.method, discordgo.EndpointAPI+r.path, contentType, body, bucket, 0, discordgo.WithContext(ctx))
}

// turn returns a bucket, locked, once Discord takes another request of it. discordgo
// would wait for that too, whatever its context says, and keep all others waiting.
func (c *Chat) turn(ctx context.Context, name string) (*discordgo.Bucket, error) {
	limits := c.session.Ratelimiter
	bucket := limits.GetBucket(name)
	for {
		bucket.Lock() // which lasts for the request before, and that has an end of its own
		wait := limits.GetWaitTime(bucket, 1)
		if wait <= 0 {
			bucket.Remaining--
			return bucket, nil
		}
		bucket.Unlock()
		if wait > longestTell {
			return nil, &discordgo.RateLimitError{RateLimit: &discordgo.RateLimit{TooManyRequests: &discordgo.TooManyRequests{RetryAfter: wait}}}
		}
		if err := sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// encode returns the body: JSON, or with files a form that has JSON in it.
func (r request) encode() (contentType string, body []byte, err error) {
	payload := r.body
	var files []file
	if r.message != nil {
		payload, files = r.message.complete(), r.message.Files
	}
	if answer, ok := payload.(response); ok {
		if m, ok := answer.Data.(message); ok {
			answer.Data, files = m.complete(), m.Files
			payload = answer
		}
	}
	if len(files) > 0 {
		var fs []*discordgo.File
		for _, f := range files {
			fs = append(fs, &discordgo.File{Name: f.Name, ContentType: cmp.Or(f.Kind, "text/plain; charset=utf-8"), Reader: bytes.NewReader(f.Data)})
		}
		return discordgo.MultipartBodyWithJSON(payload, fs)
	}
	if payload == nil {
		return "application/json", nil, nil
	}
	body, err = json.Marshal(payload)
	return "application/json", body, err
}

// complete lists what a message does not have, so that an edit takes it away.
func (m message) complete() message {
	if m.Embeds == nil {
		m.Embeds = []embed{}
	}
	if m.Components == nil {
		m.Components = []component{}
	}
	if len(m.Files) > 0 {
		var list []attachment
		for i, f := range m.Files {
			list = append(list, attachment{i, f.Name, f.Alt})
		}
		m.Attachments = &list
	}
	return m
}

// passing reports whether a fault passes, and after what time, if Discord said.
func passing(err error) (wait time.Duration, passes bool) {
	if limited, ok := errors.AsType[*discordgo.RateLimitError](err); ok {
		return limited.RetryAfter, limited.RetryAfter <= longestTell
	}
	if refused, ok := errors.AsType[*discordgo.RESTError](err); ok {
		return 0, refused.Response.StatusCode >= 500
	}
	if errors.Is(err, errRefused) {
		return 0, false
	}
	_, network := errors.AsType[*url.Error](err)
	return 0, network
}

// code is Discord's own number for an error, or 0.
func code(err error) int {
	if refused, ok := errors.AsType[*discordgo.RESTError](err); ok && refused.Message != nil {
		return refused.Message.Code
	}
	return 0
}

// meaning says what an error means for a tasting, and leaves out URLs: those
// of interactions have tokens in them.
func meaning(err error) error {
	if failed, ok := errors.AsType[*url.Error](err); ok {
		return failed.Err
	}
	if limited, ok := errors.AsType[*discordgo.RateLimitError](err); ok {
		return fmt.Errorf("told to wait for %v", limited.RetryAfter)
	}
	refused, ok := errors.AsType[*discordgo.RESTError](err)
	if !ok {
		return err
	}
	said := ""
	if refused.Message != nil {
		said = refused.Message.Message
	}
	n, status := code(refused), refused.Response.StatusCode
	err = &apiError{status: status, code: n, said: said, wrong: complaints(refused.ResponseBody)}
	switch n {
	case codeOldEdits:
		return bot.WaitError{For: wait(refused.ResponseBody), Err: err}
	case discordgo.ErrCodeUnknownMessage:
		return fmt.Errorf("%w: %w", bot.ErrGone, err)
	case discordgo.ErrCodeUnknownChannel, discordgo.ErrCodeUnknownGuild, discordgo.ErrCodeMissingAccess, discordgo.ErrCodeMissingPermissions:
		return fmt.Errorf("%w: %w", bot.ErrLost, err)
	}
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden && n != 0: // an admin's to give back
		return fmt.Errorf("%w: %w", bot.ErrLost, err)
	case status == http.StatusForbidden, // by a proxy
		status == http.StatusRequestTimeout, status == http.StatusTooManyRequests, status >= 500:
		return err // it passes
	}
	return fmt.Errorf("%w: %w", bot.ErrRefused, err)
}

// usualWait is for how long old messages are left alone where Discord does not
// say for how long it takes no more edits of them.
const usualWait = 5 * time.Minute

// wait is for how long a refusal asks to wait.
func wait(body []byte) time.Duration {
	var said struct {
		Seconds float64 `json:"retry_after"`
	}
	if json.Unmarshal(body, &said) != nil || said.Seconds <= 0 {
		return usualWait
	}
	return time.Duration(said.Seconds * float64(time.Second))
}

// An apiError is a refusal by Discord.
type apiError struct {
	status int
	code   int    // Discord's own; 0: none
	said   string // by Discord
	wrong  string // with what was asked, as Discord says it; "": it does not
}

func (e *apiError) Error() string {
	said := fmt.Sprintf("Discord answered %d (code %d: %s)", e.status, e.code, e.said)
	if e.wrong != "" {
		said += ": " + e.wrong
	}
	return said
}

// hasCode reports whether err is a refusal with Discord's own number n.
func hasCode(err error, n int) bool {
	refused, ok := errors.AsType[*apiError](err)
	return ok && refused.code == n
}
