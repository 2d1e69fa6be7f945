//go:build unix

// Package pgtest starts a PostgreSQL for tests: a real one, of their own, which
// listens on a Unix socket only and is gone when they end. Where there is none
// the tests are skipped and say so; with TASTETEST_PEERS=required they fail.
package pgtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// folderEnv tells processes that a test starts where its server is.
const folderEnv = "TASTETEST_PGTEST"

var shared struct {
	once   sync.Once
	server *Server
	err    error
}

// blank is a cluster that no server has run on yet: making one costs a second of
// the processor, and a copy of it nothing. It is kept where Main removes it, but in
// a short run, which hardly needs a second.
var blank struct {
	sync.Mutex
	kept bool
	dir  string
}

// Main runs a package's tests and stops the server that they have started.
func Main(m *testing.M) {
	flag.Parse() // as testing.Short wants it
	blank.kept = !testing.Short()
	code := m.Run()
	os.RemoveAll(blank.dir)
	if shared.server != nil {
		shared.server.Stop()
	}
	os.Exit(code)
}

// Shared is the server of all tests of a package, which ends with [Main]. It
// does not wait for the disk, and has none if there is room in memory: that is for
// tests that kill the server itself, which start one of their own.
func Shared(t testing.TB) *Server {
	t.Helper()
	shared.once.Do(func() {
		if dir := os.Getenv(folderEnv); dir != "" {
			shared.server = &Server{Dir: dir}
			return
		}
		shared.server, shared.err = start(memory(), "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")
		if shared.err == nil {
			os.Setenv(folderEnv, shared.server.Dir)
		}
	})
	require(t, shared.err)
	return shared.server
}

// Start starts a server of the test's own, which waits for the disk; args are
// for postgres.
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	s, err := start("", args...)
	require(t, err)
	t.Cleanup(s.Stop)
	return s
}

// require skips the test where there is no PostgreSQL, unless it must be there.
func require(t testing.TB, err error) {
	t.Helper()
	switch {
	case err == nil:
	case errors.Is(err, exec.ErrNotFound) && os.Getenv("TASTETEST_PEERS") != "required":
		t.Skip("no PostgreSQL on this machine: install Debian's postgresql, or put postgres and initdb into the PATH")
	default:
		t.Fatal(err)
	}
}

// A Server is a running PostgreSQL.
type Server struct {
	Dir      string // where its socket is
	volatile bool   // Dir is in memory
	args     []string
	bin      string
	as       *syscall.SysProcAttr
	stop     io.Closer // ends the server, and the machine does if this process ends
	cmd      *exec.Cmd
	filling  sync.Mutex // held while the template is made
}

// memory is a folder in memory that has a gigabyte to spare, or nothing. A database
// is three hundred files: a disk's file system takes 200 ms of the processor to make
// them, and memory 15.
func memory() string {
	const folder, enough = "/dev/shm", 1 << 20 // of 1,024 bytes
	out, err := exec.Command("df", "-Pk", folder).Output()
	fields := strings.Fields(string(out[bytes.IndexByte(out, '\n')+1:]))
	if err != nil || len(fields) < 4 {
		return ""
	}
	if free, err := strconv.Atoi(fields[3]); err != nil || free < enough {
		return ""
	}
	return folder
}

// start starts a server in a folder of memory; of the disk, if it is empty or refuses.
func start(folder string, args ...string) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	s := &Server{args: args, bin: bin, volatile: folder != ""}
	s.Dir, err = os.MkdirTemp(folder, "pg") // short: a socket's path has 100 characters at most
	if err != nil && s.volatile {
		s.volatile = false
		s.Dir, err = os.MkdirTemp("", "pg")
	}
	if err != nil {
		return nil, err
	}
	if err := s.notRoot(); err != nil {
		return nil, err
	}
	if err := s.initialise(); err != nil {
		return nil, err
	}
	return s, s.Launch()
}

// initialise gives the server a cluster: where Main will remove it, the first of
// the process is made, and the others are copies of what it was then.
func (s *Server) initialise() error {
	blank.Lock()
	defer blank.Unlock()
	if blank.dir != "" {
		return s.run("cp", "-R", "-p", filepath.Join(blank.dir, "data"), s.data())
	}
	err := s.run(filepath.Join(s.bin, "initdb"), "-D", s.data(), "-U", "tastetest", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	if err != nil || !blank.kept {
		return err
	}
	kept := &Server{bin: s.bin}
	if kept.Dir, err = os.MkdirTemp("", "pg"); err != nil {
		return err
	}
	blank.dir = kept.Dir
	if err := kept.notRoot(); err != nil {
		return err
	}
	return kept.run("cp", "-R", "-p", s.data(), kept.data())
}

// run runs a command as whoever runs the server.
func (s *Server) run(name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.SysProcAttr, cmd.Dir = s.as, s.Dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(name), err, out)
	}
	return nil
}

// notRoot lets root, which PostgreSQL refuses, run it as somebody else.
func (s *Server) notRoot() error {
	if os.Getuid() != 0 {
		return nil
	}
	var who *user.User
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			who = u
			break
		}
	}
	if who == nil {
		return errors.New("root cannot run PostgreSQL, and there is no user postgres or nobody")
	}
	uid, err := strconv.ParseUint(who.Uid, 10, 32)
	if err != nil {
		return err
	}
	gid, err := strconv.ParseUint(who.Gid, 10, 32)
	if err != nil {
		return err
	}
	s.as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	return errors.Join(os.Chown(s.Dir, int(uid), int(gid)), os.Chmod(s.Dir, 0o755))
}

// Launch starts the server, again after Kill, and waits until it answers.
func (s *Server) Launch() error {
	os.Remove(filepath.Join(s.data(), "postmaster.pid")) // of one that was killed
	args := append([]string{"-D", s.data(), "-c", "listen_addresses=", "-c", "unix_socket_directories=" + s.Dir, "-c", "max_connections=600"}, s.args...)
	// The shell ends the server when its standard input ends, however this process does,
	// and leaves nothing in memory.
	script := `"$@" & p=$!; cat >/dev/null; kill -INT $p; wait $p`
	if s.volatile {
		script += `; rm -rf data`
	}
	s.cmd = exec.Command("/bin/sh", append([]string{"-c", script, "sh", filepath.Join(s.bin, "postgres")}, args...)...)
	s.cmd.SysProcAttr, s.cmd.Dir = s.as, s.Dir
	var out bytes.Buffer
	s.cmd.Stdout, s.cmd.Stderr = &out, &out
	in, err := s.cmd.StdinPipe()
	if err != nil {
		return err
	}
	s.stop = in
	if err := s.cmd.Start(); err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	for end := time.Now().Add(time.Minute); ; {
		c, err := pgx.Connect(context.Background(), s.URL("postgres"))
		if err == nil {
			return c.Close(context.Background())
		}
		if time.Now().After(end) {
			return fmt.Errorf("PostgreSQL does not answer: %w; it says: %s", err, out.String())
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// Kill ends the server as a power cut would, all of its processes.
func (s *Server) Kill() error {
	pid, err := os.ReadFile(filepath.Join(s.data(), "postmaster.pid"))
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(string(pid), "\n")
	n, err := strconv.Atoi(first)
	if err != nil {
		return err
	}
	err = syscall.Kill(n, syscall.SIGQUIT) // immediate shutdown
	s.stop.Close()
	s.cmd.Wait()
	return err
}

// Stop ends the server and removes it.
func (s *Server) Stop() {
	if s.stop == nil { // another process's
		return
	}
	s.stop.Close()
	s.cmd.Wait()
	os.RemoveAll(s.Dir)
}

func (s *Server) data() string { return filepath.Join(s.Dir, "data") }

// URL is a database's address.
func (s *Server) URL(database string) string {
	return "postgres://tastetest@/" + database + "?host=" + s.Dir + "&sslmode=disable"
}

// Database makes the database of a name unless there is one, and returns its
// address. A name can be anything: a path, for example. In memory it is gone with
// the test that made it.
func (s *Server) Database(t testing.TB, name string) (url string, fresh bool) {
	t.Helper()
	database := fmt.Sprintf("t%x", sha256.Sum256([]byte(name)))[:40]
	c, err := pgx.Connect(t.Context(), s.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	var there bool
	if err := c.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, database).Scan(&there); err != nil {
		t.Fatal(err)
	}
	if !there {
		template := "template0"
		var made bool
		if err := c.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'ready')`).Scan(&made); err == nil && made {
			template = "ready"
		}
		if _, err := c.Exec(t.Context(), "CREATE DATABASE "+database+" TEMPLATE "+template+" STRATEGY file_copy"); err != nil {
			t.Fatal(err)
		}
		if s.volatile {
			t.Cleanup(func() { s.drop(t, database) })
		}
	}
	return s.URL(database), !there
}

// Vacuum cleans a database up and analyses it, as the server does by itself some time
// after much was written.
func Vacuum(t testing.TB, url string) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	if _, err := c.Exec(t.Context(), "VACUUM ANALYZE"); err != nil {
		t.Fatal(err)
	}
}

func (s *Server) drop(t testing.TB, database string) {
	c, err := pgx.Connect(context.Background(), s.URL("postgres"))
	if err != nil {
		t.Error(err)
		return
	}
	defer c.Close(context.Background())
	if _, err := c.Exec(context.Background(), "DROP DATABASE "+database+" WITH (FORCE)"); err != nil {
		t.Error(err)
	}
}

// Template makes a database that later ones are copies of, unless it is there:
// fill fills it.
func (s *Server) Template(t testing.TB, fill func(url string) error) {
	t.Helper()
	s.filling.Lock()
	defer s.filling.Unlock()
	c, err := pgx.Connect(t.Context(), s.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	var made bool
	if err := c.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM pg_database WHERE datname IN ('ready', 'filling'))`).Scan(&made); err != nil || made {
		return
	}
	if _, err := c.Exec(t.Context(), "CREATE DATABASE filling"); err != nil {
		t.Fatal(err)
	}
	if err := fill(s.URL("filling")); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Exec(t.Context(), "ALTER DATABASE filling RENAME TO ready"); err != nil {
		t.Fatal(err)
	}
}

// binaries is the folder with postgres and initdb: the newest that Debian has, or
// where the PATH says.
func binaries() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	slices.SortFunc(found, func(a, b string) int { return major(a) - major(b) })
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1]), nil
	}
	path, err := exec.LookPath("initdb")
	return filepath.Dir(path), err
}

// major is the version in a path such as /usr/lib/postgresql/15/bin/initdb.
func major(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	return n
}
