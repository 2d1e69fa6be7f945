//go:build unix

package pgtest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// poolerPort is part of the name of the pooler's socket.
const poolerPort = "6432"

// Pooler starts a PgBouncer in front of the server, which gives each transaction
// the session that has been idle longest, and returns how to address it. The
// test is skipped where there is none, unless it must be there.
func (s *Server) Pooler(t testing.TB) (through func(url string) string) {
	t.Helper()
	bin, err := exec.LookPath("pgbouncer")
	if err != nil {
		if os.Getenv("TASTETEST_PEERS") != "required" {
			t.Skip("no PgBouncer on this machine: install Debian's pgbouncer")
		}
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "pgb")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	at := &Server{Dir: dir}
	if err := at.notRoot(); err != nil {
		t.Fatal(err)
	}
	conf := filepath.Join(dir, "pgbouncer.ini")
	text := fmt.Sprintf(`[databases]
* = host=%s
[pgbouncer]
listen_port = %s
unix_socket_dir = %s
auth_type = any
pool_mode = transaction
server_round_robin = 1
default_pool_size = 6
server_idle_timeout = 10
max_client_conn = 500
server_login_retry = 1
admin_users = tastetest
logfile = %s
`, s.Dir, poolerPort, dir, filepath.Join(dir, "log"))
	// Any user may be anybody here; auth_type any needs the name that they become.
	text = strings.Replace(text, "host="+s.Dir, "host="+s.Dir+" user=tastetest", 1)
	if err := os.WriteFile(conf, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/bin/sh", "-c", `"$@" & p=$!; cat >/dev/null; kill -TERM $p; wait $p`, "sh", bin, conf)
	cmd.SysProcAttr, cmd.Dir = at.as, dir
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); cmd.Wait() })
	through = func(url string) string {
		return strings.Replace(url, "host="+s.Dir, "port="+poolerPort+"&host="+dir, 1)
	}
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		c, err := pgx.Connect(context.Background(), through(s.URL("postgres")))
		if err == nil {
			c.Close(context.Background())
			return through
		}
		if time.Now().After(end) {
			said, _ := os.ReadFile(filepath.Join(dir, "log"))
			t.Fatalf("PgBouncer does not answer: %v; it says: %s", err, said)
		}
	}
}
