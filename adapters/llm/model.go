package llm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/sashabaranov/go-openai"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// maxAnswer caps an answer's text.
const maxAnswer = 256 << 10

// maxAttempts is how often a model is asked for one answer.
const maxAttempts = 6

// maxPaid is how many of them may fail and yet be billed: broken off, or
// answered with what cannot be read. The core reserves for as many.
const maxPaid = 2

// A Model is an LLM behind an API. It logs nothing: at which attempt and after
// what time an answer came would tell, before the reveal, whose it is. What kept
// a model from answering stands in the error.
type Model struct {
	s        Settings
	base     http.RoundTripper
	redactor redactor
	pause    time.Duration // before the second attempt, give or take a half; doubles
}

// New returns the model that s describes. An error says in a sentence what is
// wrong with s, for whoever wrote it.
func New(s Settings) (*Model, error) {
	s, err := s.complete()
	if err != nil {
		return nil, err
	}
	return &Model{s: s, base: http.DefaultTransport, redactor: newRedactor(s), pause: time.Second}, nil
}

// Card describes the model.
func (m *Model) Card() bot.Card {
	c := bot.Card{
		Name:     m.s.Name,
		Source:   "api",
		Settings: m.s.card(),
		System:   m.s.SystemText,
		Price:    m.s.Price.card(),
		Names:    slices.Compact(append([]string{m.s.Name, m.s.Model}, m.s.Aliases...)),
	}
	if m.s.MaxTokensField != NoMaxTokens {
		c.MaxTokens = cmp.Or(m.s.MaxTokens, defaultMaxTokens)
	}
	return c
}

// Write asks for an answer to p, and again after passing faults, within the
// configured time. It leaves Text and Leaks to the core; Raw is the text
// without thinking that came in a field of its own. A refusal by the model or
// its provider is an answer whose Finish says so.
//
// The cost is the sum over all attempts. One that was refused with an HTTP
// status, or never sent, costs nothing; one that broke off may have been
// billed, so it makes the sum unknown.
//
// Errors are *[bot.Refusal]s, but when ctx is done: then ctx's own, wrapped.
func (m *Model) Write(ctx context.Context, p bot.Prompt) (bot.Answer, error) {
	limited, cancel := context.WithTimeout(ctx, m.s.Timeout)
	defer cancel()
	var (
		attempts int
		paid     int // attempts that failed and may have been billed, or took as long as if
		last     *fault
		spent    = bot.Cost{Known: true}
	)
	answer, err := backoff.Retry(limited, func() (bot.Answer, error) {
		attempts++
		a, f := m.ask(limited, p)
		if f == nil {
			spent = spent.Add(a.Cost)
			return a, nil
		}
		last, spent = f, spent.Add(f.cost)
		if f.wrote || f.cost != (bot.Cost{Known: true}) {
			paid++
		}
		if !f.passing || paid == maxPaid {
			return a, backoff.Permanent(f)
		}
		return a, f
	},
		backoff.WithBackOff(&backoff.ExponentialBackOff{InitialInterval: m.pause, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: 30 * time.Second}),
		backoff.WithMaxTries(maxAttempts),
		backoff.WithMaxElapsedTime(m.s.Timeout),
	)
	switch {
	case err == nil:
		answer.Cost, answer.Attempts = spent, attempts
		return answer, nil
	case ctx.Err() != nil:
		return bot.Answer{}, fmt.Errorf("ask %s: %w", m.s.Name, ctx.Err())
	case limited.Err() != nil:
		return bot.Answer{}, &bot.Refusal{
			Public: bot.Say("took longer than {timeout}", bot.Verbatim(m.s.Timeout.String())),
			Cost:   spent,
			Err:    fmt.Errorf("ask %s, %d attempts, last %v: %w", m.s.Name, attempts, last, context.DeadlineExceeded),
		}
	}
	return bot.Answer{}, &bot.Refusal{
		Public: last.public,
		Cost:   spent,
		Err:    fmt.Errorf("ask %s, %d attempts: %w", m.s.Name, attempts, last.err),
	}
}

// ask makes one attempt. Surprising: a body is read for its usage also when the
// answer is a fault, because it was billed all the same.
func (m *Model) ask(ctx context.Context, p bot.Prompt) (bot.Answer, *fault) {
	x := &exchange{base: m.base, fields: m.fields(p), headers: m.s.Headers}
	config := openai.DefaultConfig(m.s.Key)
	config.BaseURL = m.s.BaseURL
	config.HTTPClient = &http.Client{
		Transport:     x,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	start := time.Now()
	_, err := openai.NewClientWithConfig(config).CreateChatCompletion(ctx, openai.ChatCompletionRequest{
		Model:    m.s.Model,
		Messages: m.messages(p),
	})
	took := time.Since(start)

	r, f := x.reply(err, m.s, m.cap(p))
	var a bot.Answer
	if f == nil {
		c := r.Choices[0]
		a = bot.Answer{
			Raw:     string(c.Message.Content),
			Finish:  c.finish(),
			Model:   string(r.Model),
			Cost:    cost(r.Usage, m.s.Price.card()),
			Latency: took,
		}
		if r.Usage.reported() {
			a.Input, a.Output = int(r.Usage.Prompt), int(r.Usage.output())
		}
		switch {
		case len(a.Raw) > maxAnswer:
			f = &fault{public: bot.Say("answered more than 256 KB"), err: fmt.Errorf("the answer has %d bytes", len(a.Raw))}
		case a.Finish == "error":
			f = &fault{public: bot.Say("answered with an error"), passing: true, err: errors.New("the answer finished with an error")}
		default:
			f = empty(c, r.Usage, text.Clean(a.Raw), m.cap(p))
		}
	}
	if f == nil {
		return a, nil
	}
	if !f.cost.Known {
		f.cost = cost(r.Usage, m.s.Price.card())
	}
	f.err = errors.New(m.redactor.redact(f.err.Error(), texts(m.messages(p))...))
	return bot.Answer{}, f
}
