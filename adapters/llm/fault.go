package llm

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/tastetest/tastetest/bot"
)

// A fault is why one attempt gave no answer.
type fault struct {
	public  string // goes on after the model's name; no ids, no keys
	passing bool   // asking again may help
	wait    time.Duration
	cost    bot.Cost
	err     error // redacted
}

func (f *fault) Error() string { return f.public + ": " + f.err.Error() }

// Unwrap tells backoff how long to wait.
func (f *fault) Unwrap() error {
	if f.wait > 0 {
		return &backoff.RetryAfterError{Duration: f.wait}
	}
	return nil
}

// What public texts say of a status. They are about the configuration or the
// provider's state, never about the answer.
var statusWords = map[int]string{
	400: "it did not accept the request",
	401: "its key was not accepted",
	402: "its account has no credit",
	403: "its key may not use this model",
	404: "there is no such model or address",
	413: "the prompt is too long for it",
	422: "it did not accept the request",
	429: "too many requests",
	498: "it is overloaded",
	502: "its provider could not reach it",
	503: "it is not available now",
	504: "its provider gave up waiting",
	529: "it is overloaded",
}

// status returns the fault of an HTTP status; nobody bills for those.
func status(code int, e providerError) *fault {
	f := &fault{cost: bot.Cost{Known: true}}
	why := statusWords[code]
	switch {
	case code >= 300 && code < 400:
		why = "its address has moved"
	case e.spent():
		why = statusWords[402]
	case code < 500 && e.filtered():
		why = "a filter stopped the prompt"
	case code == 408, code == 425, code == 429, code == 498:
		f.passing = true
	case code >= 500 && code != 501 && code != 505:
		f.passing = true
		if why == "" {
			why = "a fault of its server"
		}
	}
	f.public = fmt.Sprintf("answered %d", code)
	if why != "" {
		f.public += " (" + why + ")"
	}
	f.err = fmt.Errorf("status %d: %s", code, e.text)
	return f
}

// fault tells what went wrong in x; nil if there is a well-formed answer. err
// is go-openai's.
func (x *exchange) fault(err error) *fault {
	e, isError := providerErrorOf(x.body)
	switch {
	case !x.sent:
		return &fault{public: "could not be asked with these settings", cost: bot.Cost{Known: true}, err: err}
	case x.status == 0:
		return unreachable(err)
	case x.status >= 300:
		f := status(x.status, e)
		f.wait = retryAfter(x.header)
		return f
	case x.tooLarge:
		return &fault{public: "answered more than 4 MB", err: errors.New("the body is too large")}
	case x.cut:
		return &fault{public: "broke off its answer", passing: true, err: errors.New("the body broke off")}
	case isError:
		return e.fault()
	case bytes.HasPrefix(bytes.TrimSpace(x.body), []byte("<")):
		return &fault{public: "answered with a web page", err: errors.New("the body is HTML or XML: is base_url right?")}
	case errors.Is(err, io.EOF) && len(bytes.TrimSpace(x.body)) == 0:
		return &fault{public: "answered with nothing", passing: true, err: errors.New("the body is empty")}
	case err != nil:
		var syntax *json.SyntaxError
		return &fault{
			public:  "answered something unreadable",
			passing: errors.As(err, &syntax) || errors.Is(err, io.ErrUnexpectedEOF),
			err:     fmt.Errorf("read the body: %w", err),
		}
	}
	return nil
}

// unreachable returns the fault of a request without a response.
func unreachable(err error) *fault {
	var (
		cert *tls.CertificateVerificationError
		op   *net.OpError
	)
	f := &fault{public: "could not be reached", passing: true, err: err}
	switch {
	case errors.As(err, &cert):
		f.public, f.passing, f.cost.Known = "has no valid certificate", false, true
	case errors.As(err, &op) && op.Op == "dial":
		f.cost.Known = true
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		f.public = "gave no answer in time"
	default:
		f.public = "broke off the connection"
	}
	return f
}

// maxWait caps how long a provider can have us wait.
const maxWait = time.Minute

// retryAfter returns what a response says about waiting; 0: nothing.
func retryAfter(h http.Header) time.Duration {
	var d time.Duration
	if ms, err := strconv.ParseFloat(h.Get("Retry-After-Ms"), 64); err == nil && ms > 0 {
		d = time.Duration(min(ms, 1e6) * float64(time.Millisecond))
	} else if s, err := strconv.ParseFloat(h.Get("Retry-After"), 64); err == nil && s > 0 {
		d = time.Duration(min(s, 1e6) * float64(time.Second))
	} else if at, err := http.ParseTime(h.Get("Retry-After")); err == nil {
		d = time.Until(at)
	}
	return min(max(d, 0), maxWait)
}

// A providerError is what a body says that went wrong.
type providerError struct {
	code int    // an HTTP status within a 200, as OpenRouter sends it; 0: none
	text string // codes, types and messages
}

// providerErrorOf finds the error in a body, as
//
//	{"error": {"message": …, "type": …, "code": …}}   OpenAI and most
//	{"error": "…", "code": "…"}                       xAI
//	[{"error": {…}}]                                  Gemini
//	{"choices": [{"error": {…}}]}                     OpenRouter
func providerErrorOf(body []byte) (providerError, bool) {
	type object struct {
		Error   json.RawMessage `json:"error"`
		Code    json.RawMessage `json:"code"`
		Choices []struct {
			Error json.RawMessage `json:"error"`
		} `json:"choices"`
	}
	var o object
	if json.Unmarshal(body, &o) != nil {
		var list []object
		if json.Unmarshal(body, &list) != nil || len(list) == 0 {
			return providerError{}, false
		}
		o = list[0]
	}
	raw := o.Error
	if len(o.Choices) > 0 && absent(raw) {
		raw = o.Choices[0].Error
	}
	if absent(raw) {
		return providerError{}, false
	}
	e := providerError{text: strings.TrimSpace(string(o.Code) + " " + string(raw))}
	var inner struct {
		Code   json.Number `json:"code"`
		Status json.Number `json:"status"`
	}
	// A code that is no number fails, and is in the text anyway.
	_ = json.Unmarshal(raw, &inner)
	for _, n := range []json.Number{inner.Code, inner.Status} {
		if code, err := strconv.Atoi(n.String()); err == nil && code >= 400 && code < 600 {
			e.code = code
			break
		}
	}
	return e, true
}

func absent(raw json.RawMessage) bool {
	s := string(raw)
	return s == "" || s == "null" || s == `""` || s == "{}"
}

var (
	passingWords = regexp.MustCompile(`(?i)overload|rate.?limit|too many requests|capacity|temporar|unavailable|try again|timed? ?out|server_error|internal error|loading`)
	spentWords   = regexp.MustCompile(`(?i)insufficient_quota|insufficient.balance|insufficient.credit`)
	filterWords  = regexp.MustCompile(`(?i)content_filter|content.management.policy|ResponsibleAIPolicyViolation|data_inspection_failed|moderation`)
)

func (e providerError) spent() bool    { return spentWords.MatchString(e.text) }
func (e providerError) filtered() bool { return filterWords.MatchString(e.text) }

// fault returns the fault of an error within a 200. What it cost is unknown.
func (e providerError) fault() *fault {
	if e.code != 0 {
		f := status(e.code, e)
		f.cost = bot.Cost{}
		return f
	}
	f := &fault{public: "answered with an error", err: fmt.Errorf("an error within a 200: %s", e.text)}
	switch {
	case e.spent():
		f.public += " (" + statusWords[402] + ")"
	case e.filtered():
		f.public += " (a filter stopped the prompt)"
	case passingWords.MatchString(e.text):
		f.public, f.passing = f.public+" ("+statusWords[529]+")", true
	}
	return f
}
