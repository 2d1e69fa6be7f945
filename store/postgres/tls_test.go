//go:build unix

package postgres_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/postgres"
	"github.com/tastetest/tastetest/store/postgres/pgtest"
)

// On another machine a database is spoken to by TLS, and only one that is who it says:
// a vote is kept there, and one with a certificate that nobody vouches for, or of
// another name, is not opened.
func TestTLS(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server of its own: run without -short")
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	port := ln.Addr().(*net.TCPAddr).Port
	must(t, ln.Close())
	t.Setenv("PGPORT", fmt.Sprint(port)) // its socket has the name of the port
	server := pgtest.Start(t, "-c", "listen_addresses=127.0.0.1", "-c", fmt.Sprint("port=", port))
	address := fmt.Sprintf("postgres://tastetest@127.0.0.1:%d/postgres", port)
	cert := certify(t, server.Dir, address)
	url := address + "?sslmode=verify-full&sslrootcert="

	s := open(t, url+cert)
	id := create(t, s, bot.Open)
	must(t, s.Hear(t.Context(), id.Round(1), person("ann"), bot.First, bot.Mark{On: true, At: noon}))
	c, err := pgx.Connect(t.Context(), url+cert)
	must(t, err)
	var plain, votes int
	must(t, c.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM pg_stat_ssl WHERE NOT ssl AND pid IN (SELECT pid FROM pg_stat_activity WHERE client_port > 0)), (SELECT count(*) FROM votes)`).Scan(&plain, &votes))
	must(t, errors.Join(c.Close(t.Context()), s.Close()))
	if plain != 0 || votes != 1 {
		t.Errorf("%d connections are without TLS, and %d votes are kept; want 0 and 1", plain, votes)
	}
	for what, address := range map[string]string{
		"a certificate that nobody vouches for": url + "system",
		"a certificate of another name":         strings.Replace(url, "127.0.0.1", "localhost", 1) + cert,
	} {
		s, err := postgres.Open(t.Context(), silent, address)
		if err == nil {
			s.Close()
		}
		if sentence, ok := errors.AsType[bot.UserError](err); !ok || !strings.Contains(sentence.Error(), "does not answer") {
			t.Errorf("%s: %v; want a sentence that the database is not there", what, err)
		}
	}
}

// certify has the server in dir, which listens at an address, speak TLS as 127.0.0.1, by a certificate of its own,
// which it returns the file of.
func certify(t *testing.T, dir, address string) (file string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	of := x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "a database"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	signed, err := x509.CreateCertificate(rand.Reader, &of, &of, &key.PublicKey, key)
	must(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	must(t, err)
	info, err := os.Stat(dir)
	must(t, err)
	owner := info.Sys().(*syscall.Stat_t)
	c, err := pgx.Connect(t.Context(), address+"?sslmode=disable")
	must(t, err)
	defer c.Close(t.Context())
	for name, block := range map[string]pem.Block{"cert": {Type: "CERTIFICATE", Bytes: signed}, "key": {Type: "PRIVATE KEY", Bytes: secret}} {
		path := filepath.Join(dir, name+".pem")
		must(t, os.WriteFile(path, pem.EncodeToMemory(&block), 0o600))
		must(t, os.Chown(path, int(owner.Uid), int(owner.Gid)))
		_, err := c.Exec(t.Context(), "ALTER SYSTEM SET ssl_"+name+"_file = '"+path+"'")
		must(t, err)
	}
	_, err = c.Exec(t.Context(), "ALTER SYSTEM SET ssl = on")
	must(t, err)
	_, err = c.Exec(t.Context(), "SELECT pg_reload_conf()")
	must(t, err)
	return filepath.Join(dir, "cert.pem")
}
