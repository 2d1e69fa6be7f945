package llm

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// Whoever set a model up is told why it was not reached, by kinds, and nothing of what
// the network said: there may be an address with a key in it.
func TestWhyUnreachable(t *testing.T) {
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	sys := os.NewSyscallError
	for _, tt := range []struct {
		err  error
		want string
		cost bool // known: nothing can have been billed
	}{
		{dial(&net.DNSError{Err: "no such host", Name: "secret.example", IsNotFound: true}), "could not be reached (no server has its name; look at base_url)", true},
		{dial(&net.DNSError{Err: "server misbehaving", Name: "secret.example"}), "could not be reached (its name could not be looked up)", true},
		{dial(sys("connect", syscall.ECONNREFUSED)), "could not be reached (nothing listens at its address; look whether it runs, and at base_url)", true},
		{dial(context.DeadlineExceeded), "could not be reached (nothing answers at its address)", true},
		{dial(sys("connect", syscall.ETIMEDOUT)), "could not be reached (nothing answers at its address)", true},
		{dial(sys("connect", syscall.EHOSTUNREACH)), "could not be reached (there is no way to its network)", true},
		{dial(errors.New("secret")), "could not be reached", true},
		{&net.OpError{Op: "proxyconnect", Net: "tcp", Err: dial(sys("connect", syscall.ECONNREFUSED))}, "could not be reached (the proxy on the way to it does not answer)", true},
		{http.ErrSchemeMismatch, "could not be reached (it does not speak TLS; write http:// in base_url)", true},
		{tls.RecordHeaderError{Msg: "secret"}, "could not be reached (its server and the bot agree on no TLS; look at base_url)", false},
		{&net.OpError{Op: "remote error", Err: tls.AlertError(40)}, "could not be reached (its server and the bot agree on no TLS; look at base_url)", false},
		{&tls.CertificateVerificationError{Err: x509.HostnameError{Certificate: &x509.Certificate{}, Host: "secret"}}, "has no valid certificate (it is for another name)", true},
		{&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, "has no valid certificate (this machine does not know who issued it)", true},
		{&tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Cert: &x509.Certificate{}, Reason: x509.Expired}}, "has no valid certificate (it has expired, or this machine’s clock is wrong)", true},
		{&tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Reason: x509.TooManyIntermediates}}, "has no valid certificate", true},
		{&net.DNSError{IsTimeout: true}, "gave no answer in time", false},
		{errors.New("secret: connection reset"), "broke off the connection", false},
	} {
		inBubble(t, 20*time.Second, func(context.Context, int) (*http.Response, error) {
			return nil, &url.Error{Op: "Post", URL: "https://secret.example/?key=secret", Err: tt.err}
		}, func(t *testing.T, m *Model, _ *[]time.Duration) {
			_, err := m.Write(t.Context(), cake)
			refusal, ok := errors.AsType[*bot.Refusal](err)
			if !ok || refusal.Public.String() != tt.want || refusal.Cost.Known != tt.cost {
				t.Errorf("%v: %v; want %q, cost known: %v", tt.err, err, tt.want, tt.cost)
			}
		})
	}
}

// The same of real servers: one without TLS, one with a certificate of its own making.
func TestWhyUnreachableForReal(t *testing.T) {
	plain := newProvider(t, answers(""))
	sealed := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(sealed.Close)
	for address, want := range map[string]string{
		strings.Replace(plain.URL, "http:", "https:", 1): "could not be reached (it does not speak TLS; write http:// in base_url)",
		sealed.URL: "has no valid certificate (this machine does not know who issued it)",
	} {
		_, err := testModel(t, address, nil).Write(t.Context(), cake)
		if refusal, ok := errors.AsType[*bot.Refusal](err); !ok || refusal.Public.String() != want {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
	}
}
