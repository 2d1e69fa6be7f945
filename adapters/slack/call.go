package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/cenkalti/backoff/v5"
	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/bot"
)

// mostTries is how often a call is made that Slack refuses as one too many.
const mostTries = 6

// call does f, and does it again when Slack says that it was called too often:
// after the time it asks for, or else after one second, two, four, ….
// Nothing else is tried again here: only that refusal tells that nothing was done.
func call(ctx context.Context, f func() error) error {
	var said error
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		said = f()
		wait, tooFast := hurried(said)
		switch {
		case !tooFast:
			return struct{}{}, backoff.Permanent(said)
		case wait > 0:
			return struct{}{}, &backoff.RetryAfterError{Duration: wait}
		}
		return struct{}{}, said
	},
		backoff.WithBackOff(&backoff.ExponentialBackOff{InitialInterval: time.Second, Multiplier: 2, MaxInterval: time.Minute}),
		backoff.WithMaxTries(mostTries),
		backoff.WithMaxElapsedTime(0),
	)
	if _, tooFast := hurried(said); tooFast && errors.Is(err, context.Cause(ctx)) {
		return errors.Join(said, ctx.Err())
	}
	return said
}

// repeat does what may be done twice, and does it again where no answer came or
// Slack has trouble.
func repeat(ctx context.Context, f func() error) error {
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		err := f()
		if _, tooFast := hurried(err); tooFast || refusedForGood(err) {
			err = backoff.Permanent(err)
		}
		return struct{}{}, err
	},
		backoff.WithBackOff(&backoff.ExponentialBackOff{InitialInterval: time.Second, Multiplier: 2, MaxInterval: 8 * time.Second}),
		backoff.WithMaxTries(4),
	)
	return err
}

// reconnecting is for how long to wait before another attempt to reach Slack:
// a second, then longer each time, up to six. With the time that an attempt may
// take, [attemptTime], the bot is back within fifteen seconds of the network.
func reconnecting() *backoff.ExponentialBackOff {
	return &backoff.ExponentialBackOff{InitialInterval: time.Second, RandomizationFactor: 0.2, Multiplier: 2, MaxInterval: 5 * time.Second}
}

// hurried reports whether err is a refusal for having called too often, and
// how long to wait, if Slack said.
func hurried(err error) (wait time.Duration, ok bool) {
	if e, ok := errors.AsType[*api.RateLimitedError](err); ok {
		return e.RetryAfter, true
	}
	if e, ok := errors.AsType[api.StatusCodeError](err); ok {
		return 0, e.Code == http.StatusTooManyRequests
	}
	return 0, refused(err, "ratelimited", "rate_limited")
}

// refused reports whether err is one of Slack's answers.
func refused(err error, codes ...string) bool {
	e, ok := errors.AsType[api.SlackErrorResponse](err)
	for _, c := range codes {
		if ok && e.Err == c {
			return true
		}
	}
	return false
}

// passing are Slack's answers that tell of an outage, or of too many calls. All
// others are about what was asked.
var passing = []string{"internal_error", "fatal_error", "service_unavailable", "request_timeout", "timeout",
	"ratelimited", "rate_limited", "message_limit_exceeded", "accesslimited", "external_channel_migrating", "team_added_to_org"}

// refusedForGood reports whether Slack understood a call and will not do it, now
// or later.
func refusedForGood(err error) bool {
	if e, ok := errors.AsType[api.StatusCodeError](err); ok {
		return e.Code == http.StatusBadRequest || e.Code == http.StatusRequestEntityTooLarge || e.Code == http.StatusRequestURITooLong
	}
	_, said := errors.AsType[api.SlackErrorResponse](err)
	return said && !refused(err, passing...)
}

// explain says what was being done, and what Slack's answer means: ErrGone,
// ErrLost, a scope that is missing, or ErrRefused.
func explain(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case refused(err, "message_not_found", "edit_window_closed", "cant_update_message"):
		return fmt.Errorf("%s: %w (%w)", doing, bot.ErrGone, err)
	case refused(err, "channel_not_found", "not_in_channel", "is_archived", "token_revoked", "account_inactive",
		"invalid_auth", "not_authed", "token_expired", "access_denied", "ekm_access_denied", "org_login_required", "team_access_not_granted",
		"restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel",
		"restricted_action_non_threadable_channel", "restricted_action_thread_locked", "no_permission"):
		return fmt.Errorf("%s: %w (%w)", doing, bot.ErrLost, err)
	case refused(err, "missing_scope"):
		e, _ := errors.AsType[api.SlackErrorResponse](err)
		return fmt.Errorf("%s: %w", doing, lacking(e.Needed))
	case refusedForGood(err):
		return fmt.Errorf("%s: %w (%w)", doing, bot.ErrRefused, err)
	}
	return fmt.Errorf("%s: %w", doing, bare(err))
}

func lacking(scope string) bot.UserError {
	if scope == "" {
		scope = "that this needs"
	}
	return bot.UserError(bot.Say("The Slack app lacks the scope {scope}. Whoever looks after the app adds it under “OAuth & Permissions” and clicks “Reinstall to Workspace” there.", bot.Verbatim(scope)))
}

// bare takes the address out of an error: a response URL is a secret.
func bare(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return fmt.Errorf("%s: %w", e.Op, e.Err)
	}
	return err
}
