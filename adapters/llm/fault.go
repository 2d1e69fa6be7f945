package llm

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"
	"unicode/utf8"

	"github.com/cenkalti/backoff/v5"

	"github.com/tastetest/tastetest/bot"
)

// A fault is why one attempt gave no answer.
type fault struct {
	public  bot.Sentence // goes on after the model's name; no ids, no keys
	passing bool         // asking again may help
	wrote   bool         // the model wrote, and nothing of it can be shown
	wait    time.Duration
	cost    bot.Cost
	err     error // redacted
}

func (f *fault) Error() string { return f.public.String() + ": " + f.err.Error() }

// Unwrap tells backoff how long to wait.
func (f *fault) Unwrap() error {
	if f.wait > 0 {
		return &backoff.RetryAfterError{Duration: f.wait}
	}
	return nil
}

// reply reads what came back. err is go-openai's; most is the cap that was sent.
func (x *exchange) reply(err error, s Settings, most int) (reply, *fault) {
	switch {
	case !x.sent:
		return reply{}, &fault{public: bot.Say("could not be asked with these settings"), cost: bot.Cost{Known: true}, err: err}
	case x.status == 0:
		return reply{}, unreachable(err)
	case x.status >= 300:
		e, _ := providerErrorOf(x.body)
		f := status(x.status, e, s, most)
		f.wait = retryAfter(x.header)
		return reply{}, f
	case x.tooLarge:
		return reply{}, &fault{public: bot.Say("answered more than 16 MB"), err: errors.New("the body is too large")}
	case x.cut:
		return reply{}, &fault{public: bot.Say("broke off its answer"), passing: true, err: errors.New("the body broke off")}
	case len(bytes.TrimSpace(x.body)) == 0:
		return reply{}, &fault{public: bot.Say("answered with nothing"), passing: true, err: errors.New("the body is empty")}
	case bytes.HasPrefix(bytes.TrimSpace(x.body), []byte("<")):
		return reply{}, &fault{public: bot.Say("answered with a web page"), err: errors.New("the body is HTML or XML: is base_url right?")}
	case !utf8.Valid(x.body):
		return reply{}, &fault{public: bot.Say("answered something unreadable"), passing: true, err: errors.New("the body is not UTF-8")}
	}
	docs, stream, ended := documents(x.body)
	r, err := readReply(docs)
	for _, d := range docs {
		if e, is := providerErrorOf(d); is {
			return r, e.within(s, most)
		}
	}
	switch {
	case err != nil:
		_, other := errors.AsType[*json.UnmarshalTypeError](err)
		return r, &fault{public: bot.Say("answered something unreadable"), passing: !other, err: fmt.Errorf("read the body: %w", err)}
	case len(r.Choices) == 0:
		return r, &fault{public: bot.Say("answered with nothing"), passing: true, err: errors.New("the body has no choices")}
	case stream && !ended && r.Choices[0].Finish == "":
		return r, &fault{public: bot.Say("broke off its answer"), passing: true, err: errors.New("the stream has no end")}
	}
	return r, nil
}

// unreachable returns the fault of a request without a response, by what was in its way.
func unreachable(err error) *fault {
	var (
		cert *tls.CertificateVerificationError
		op   *net.OpError
		late interface{ Timeout() bool }
	)
	f := &fault{public: bot.Say("could not be reached"), passing: true, err: err}
	switch {
	case errors.As(err, &cert):
		f.public, f.passing, f.cost.Known = because(bot.Say("has no valid certificate"), certificate(cert)), false, true
	case errors.Is(err, http.ErrSchemeMismatch):
		f.public, f.passing, f.cost.Known = because(f.public, bot.Say("it does not speak TLS; write http:// in base_url")), false, true
	case is[tls.RecordHeaderError](err), is[tls.AlertError](err):
		f.public = because(f.public, bot.Say("its server and the bot agree on no TLS; look at base_url"))
	case errors.As(err, &op) && op.Op == "proxyconnect":
		f.public, f.cost.Known = because(f.public, bot.Say("the proxy on the way to it does not answer")), true
	case errors.As(err, &op) && op.Op == "dial":
		f.public, f.cost.Known = because(f.public, notDialled(op)), true
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), errors.As(err, &late) && late.Timeout():
		f.public = bot.Say("gave no answer in time")
	default:
		f.public = bot.Say("broke off the connection")
	}
	return f
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// notDialled is why there is no connection; nothing if that is not known.
func notDialled(op *net.OpError) bot.Sentence {
	dns, named := errors.AsType[*net.DNSError](op)
	switch {
	case named && dns.IsNotFound:
		return bot.Say("no server has its name; look at base_url")
	case named:
		return bot.Say("its name could not be looked up")
	case errors.Is(op, syscall.ECONNREFUSED):
		return bot.Say("nothing listens at its address; look whether it runs, and at base_url")
	case op.Timeout(), errors.Is(op, context.DeadlineExceeded):
		return bot.Say("nothing answers at its address")
	case errors.Is(op, syscall.ENETUNREACH), errors.Is(op, syscall.EHOSTUNREACH):
		return bot.Say("there is no way to its network")
	}
	return bot.Sentence{}
}

// certificate is what is wrong with one; nothing if it is something else.
func certificate(err error) bot.Sentence {
	invalid, _ := errors.AsType[x509.CertificateInvalidError](err)
	switch {
	case is[x509.HostnameError](err):
		return bot.Say("it is for another name")
	case is[x509.UnknownAuthorityError](err):
		return bot.Say("this machine does not know who issued it")
	case invalid.Cert != nil && invalid.Reason == x509.Expired:
		return bot.Say("it has expired, or this machine’s clock is wrong")
	}
	return bot.Sentence{}
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
