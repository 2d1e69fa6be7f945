package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/tastetest/tastetest/adapters/monitor"
	"github.com/tastetest/tastetest/adapters/slack"
	"github.com/tastetest/tastetest/adapters/votefile"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/postgres"
)

// A running bot holds its store's lock. It serves HTTP on a Unix socket
// beside the file, for whoever may read the file itself (mode 0600):
//
//	GET  /health    204
//	GET  /snapshot  a copy of the store
//	POST /import    a JSONL export; answers with an [imported]
//	     /gate      what [gateHandler] serves
//	GET  /states    how the bot is, part by part: monitor.State as JSON
//	GET  /noticed   what the chats have seen that somebody should put right, as JSON
func socketPath(store string) string { return store + ".sock" }

// How the names of folders for copies of a store begin; they are beside it.
const (
	snapshotDir = ".snapshot-"
	restoreDir  = ".restore-"
)

// A socket serves machine commands while the bot runs.
type socket struct {
	log   *slog.Logger
	store bot.Store
	dir   string // for snapshots: where the store is
	path  string
	ln    net.Listener

	noticed func() []slack.Checked // nil: nothing is ever
	gate    http.Handler           // nil: there are none
	states  func(context.Context) (all []monitor.State, ok bool)

	importing sync.Mutex // the same file twice at once would be added twice
}

// listenSocket makes the socket of the store at path, in place of one that a
// killed bot left behind: whoever holds the store's lock owns the name.
func listenSocket(log *slog.Logger, s bot.Store, path string) (*socket, error) {
	sweep(log, filepath.Dir(path))
	// In a folder that only we may enter nobody can connect before the mode is set.
	dir, err := os.MkdirTemp(filepath.Dir(path), ".s")
	if err != nil {
		return nil, fmt.Errorf("make the socket for machine commands: %w", err)
	}
	defer os.RemoveAll(dir)
	made, final := filepath.Join(dir, "s"), socketPath(path)
	ln, err := net.Listen("unix", made)
	if err != nil {
		return nil, fmt.Errorf("make the socket for machine commands: %w", err)
	}
	ln.(*net.UnixListener).SetUnlinkOnClose(false)
	if err := errors.Join(os.Chmod(made, 0o600), os.Rename(made, final)); err != nil {
		return nil, errors.Join(fmt.Errorf("make the socket for machine commands: %w", err), ln.Close())
	}
	return &socket{log: log, store: s, dir: filepath.Dir(path), path: final, ln: ln}, nil
}

// sweep removes copies of a store that killed commands left in its folder:
// whoever was forgotten since would stay in them. No command takes an hour.
func sweep(log *slog.Logger, dir string) {
	left, _ := filepath.Glob(filepath.Join(dir, ".*-*"))
	for _, path := range left {
		name := filepath.Base(path)
		info, err := os.Stat(path)
		if err != nil || time.Since(info.ModTime()) < time.Hour || !strings.HasPrefix(name, snapshotDir) && !strings.HasPrefix(name, restoreDir) {
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			log.Warn("remove a copy of the store that was left behind", "err", err)
		}
	}
}

// Run serves until ctx is done, and removes the socket.
func (s *socket) Run(ctx context.Context) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /snapshot", s.snapshot)
	mux.HandleFunc("POST /import", s.add)
	mux.HandleFunc("GET /noticed", s.notices)
	mux.HandleFunc("GET /states", func(w http.ResponseWriter, r *http.Request) {
		var all []monitor.State
		if s.states != nil {
			all, _ = s.states(r.Context())
		}
		json.NewEncoder(w).Encode(all)
	})
	if s.gate != nil {
		mux.Handle("/gate", s.gate)
		mux.Handle("/gate/", s.gate)
	}
	return errors.Join(serve(ctx, s.log, "machine commands", s.ln, mux), os.Remove(s.path))
}

func (s *socket) snapshot(w http.ResponseWriter, r *http.Request) {
	dir, err := os.MkdirTemp(s.dir, snapshotDir)
	if err != nil {
		s.fail(w, fmt.Errorf("make room for a snapshot: %w", err))
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "snapshot")
	if err := s.store.Snapshot(r.Context(), path); err != nil {
		s.fail(w, err)
		return
	}
	f, err := os.Open(path)
	if err != nil {
		s.fail(w, fmt.Errorf("open a snapshot: %w", err))
		return
	}
	defer f.Close()
	// Its name goes first: whoever has read the last byte finds nothing left.
	if err := os.RemoveAll(dir); err != nil {
		s.log.Warn("remove a snapshot", "err", err)
	}
	http.ServeContent(w, r, "snapshot", time.Time{}, f)
}

func (s *socket) add(w http.ResponseWriter, r *http.Request) {
	into, err := parseWorkspace(r.URL.Query().Get("workspace"))
	if err != nil {
		s.fail(w, err)
		return
	}
	// A large import is read for as long as it takes.
	if err := http.NewResponseController(w).SetReadDeadline(time.Time{}); err != nil {
		s.fail(w, fmt.Errorf("read an import: %w", err))
		return
	}
	s.importing.Lock()
	defer s.importing.Unlock()
	done, err := votefile.Import(r.Context(), s.store, r.Body, into, r.URL.Query().Get("ignore-case") == "true")
	if err != nil {
		s.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(done); err != nil {
		s.log.Warn("answer an import", "err", err)
	}
}

func (s *socket) notices(w http.ResponseWriter, _ *http.Request) {
	var all []slack.Checked
	if s.noticed != nil {
		all = s.noticed()
	}
	if err := json.NewEncoder(w).Encode(all); err != nil {
		s.log.Warn("tell what was noticed", "err", err)
	}
}

// states asks the bot that holds the store at path how it is.
func states(ctx context.Context, path string) (all []monitor.State, err error) {
	resp, err := ask(ctx, path, http.MethodGet, "/states", nil)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&all); err != nil {
		return nil, fmt.Errorf("read how the running bot is: %w", err)
	}
	return all, nil
}

// noticed asks the bot that holds the store at path what it has noticed.
func noticed(ctx context.Context, path string) (all []slack.Checked, err error) {
	resp, err := ask(ctx, path, http.MethodGet, "/noticed", nil)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&all); err != nil {
		return nil, fmt.Errorf("read what the running bot has noticed: %w", err)
	}
	return all, nil
}

// fail answers with err's text: whoever may use the socket may read the log.
func (s *socket) fail(w http.ResponseWriter, err error) {
	http.Error(w, advised(err).Error(), http.StatusUnprocessableEntity)
}

// client talks to the bot that holds the store at path.
func client(path string) *http.Client {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", socketPath(path))
	}
	return &http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}
}

// running reports whether a bot holds the store at path and answers. A database
// is no bot's alone.
func running(path string) bool {
	if postgres.Named(path) {
		return false
	}
	c := client(path)
	c.Timeout = 2 * time.Second
	resp, err := c.Get("http://bot/health")
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusNoContent
}

// ask sends a request to the bot that holds the store at path.
// The caller closes the body.
func ask(ctx context.Context, path, method, target string, body io.Reader) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://bot"+target, body)
	if err != nil {
		return nil, fmt.Errorf("ask the running bot: %w", err)
	}
	resp, err := client(path).Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask the running bot: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		defer resp.Body.Close()
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
		return nil, fmt.Errorf("the running bot says: %s", strings.TrimSpace(string(text)))
	}
	return resp, nil
}

func fetchSnapshot(ctx context.Context, path, to string) (err error) {
	resp, err := ask(ctx, path, http.MethodGet, "/snapshot", nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	f, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("save the snapshot: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := io.Copy(f, resp.Body); err != nil {
		return fmt.Errorf("save the snapshot: %w", err)
	}
	return nil
}
