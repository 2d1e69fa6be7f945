//go:build unix

package store_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store"
	"github.com/tastetest/tastetest/store/bolt"
	"github.com/tastetest/tastetest/store/postgres"
	"github.com/tastetest/tastetest/store/postgres/pgtest"
	"github.com/tastetest/tastetest/store/record"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

var (
	silent = slog.New(slog.DiscardHandler)
	team   = bot.Workspace{Platform: "slack", ID: "T1"}
	place  = bot.Place{Workspace: team, Channel: "C1"}
	noon   = time.Date(2026, 1, 5, 12, 0, 0, 0, time.FixedZone("", 3600))
)

func person(name string) bot.Voter { return bot.Voter{Workspace: team, User: name} }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// open opens a store; if it is a file, one that does not wait for the disk.
func open(t *testing.T, url string) store.Store {
	t.Helper()
	open := store.Open
	if !postgres.Named(url) {
		open = func(ctx context.Context, log *slog.Logger, path string) (store.Store, error) {
			return bolt.OpenUnsynced(ctx, log, path)
		}
	}
	s, err := open(t.Context(), silent, url)
	must(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

// database returns the address of a new database.
func database(t *testing.T, name string) string {
	t.Helper()
	url, _ := pgtest.Shared(t).Database(t, t.Name()+name)
	return url
}

func nothing(store.Step) error { return nil }

// lived makes a store at url in which there is something of every kind, and
// returns a tasting that is open.
func lived(t *testing.T, url string) bot.TastingID {
	t.Helper()
	s, ctx := open(t, url), t.Context()
	var open bot.TastingID
	for i := range 4 {
		made, err := s.CreateTasting(ctx, bot.Tasting{
			Place: place, State: bot.Open, Wake: noon, Created: noon, Starter: person("ann"), Question: "哪个\x00?", Rounds: make([]bot.Round, 2),
			Further: bot.Further{N: 1, Judge: "owl", Rounds: 120, Correlation: 0.6, Slope: 0.4},
		}, []bot.Texts{{Prompt: bot.Prompt{Text: strings.Repeat("cake\x00", 1000)}}, {}, {Prompt: bot.Prompt{Text: "further"}}})
		must(t, err)
		open = made.ID
		for v := range 700 {
			must(t, s.Hear(ctx, open.Round(v%2+1), person(fmt.Sprintf("u\xff%d", v)), bot.Pick(v%4+1), bot.Mark{On: v%5 > 0, At: noon.Add(time.Duration(v))}))
		}
		_, err = s.Sit(ctx, open, person("u1"))
		must(t, err)
		key := bot.PostKey{Tasting: open, Round: 1, What: "ballot"}
		must(t, s.Posted(ctx, place, key, bot.Ref{Place: place, Message: fmt.Sprint("m", i)}))
		if i > 1 {
			continue
		}
		must(t, s.Update(ctx, open, bot.Open, func(t *bot.Tasting) error { t.State = bot.Closing; return nil }))
		vs, err := s.Votes(ctx, open.Round(1))
		must(t, err)
		must(t, s.Seal(ctx, open, vs, func(*bot.Tasting, bot.Rows) error { return nil }))
		must(t, s.Judge(ctx, open.Round(1), bot.Judgment{Judge: "owl", At: noon}))
		must(t, s.Judge(ctx, open.Round(3), bot.Judgment{Judge: "owl", At: noon})) // the further prompt
	}
	_, err := s.CreateTasting(ctx, bot.Tasting{Place: place, Wake: noon, Created: noon, Starter: person("ann")}, nil)
	must(t, err)
	_, err = s.Forget(ctx, person("u\xff1"))
	must(t, err)
	_, _, err = s.Intend(ctx, place, bot.PostKey{Tasting: bot.TastingID{Workspace: team}, What: "digest"})
	must(t, err)
	_, _, err = s.Intend(ctx, place, bot.DigestKey(team, noon))
	must(t, err)
	must(t, s.Schedule(ctx, place.DigestJob(), noon))
	must(t, s.Schedule(ctx, bot.ScheduleJobKey(place, 1), noon))
	must(t, s.Update(ctx, open, bot.Open, func(t *bot.Tasting) error {
		t.Reminders = []bot.Reminder{{User: "u\xff3", At: noon}}
		t.Run = &bot.Run{Schedule: 1, Opened: []string{"2026-12-01 09:30"}, Block: true, Shown: 1}
		return nil
	}))
	must(t, s.Schedule(ctx, bot.JobKey{Workspace: team, Kind: "chore\x00", Name: "a"}, noon))
	must(t, s.Schedule(ctx, bot.JobKey{Kind: bot.RetentionJob}, noon.Add(time.Hour)))
	must(t, s.SetSettings(ctx, place, func(x *bot.Settings) error {
		x.Lang, x.Schedules = bot.Zh, []bot.Schedule{{N: 1, Maker: "ann", When: "daily 9:30", State: bot.ScheduleActive, Last: "2026-12-01 09:30", Begun: "2026-12-01 09:30", BegunAt: noon}}
		x.Digest, x.Weekly = "Fri 17:00", bot.Weekly{Told: noon, In: 1, From: noon, Name: "2026-11-27 17:00", Since: noon, Until: noon}
		return nil
	}))
	must(t, s.SetProfile(ctx, person("u\xff2"), func(p *bot.Profile) error { p.Lang = bot.Zh; return nil }))
	must(t, s.Reserve(ctx, "day", 7, -1))
	_, err = s.Secret(ctx, "web")
	must(t, err)
	gone := bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: "Tgone"}, Channel: "C"}
	_, err = s.CreateTasting(ctx, bot.Tasting{Place: gone}, nil)
	must(t, err)
	must(t, s.DeleteWorkspace(ctx, gone.Workspace))
	must(t, s.Close())
	return open
}

// sums are what a file has of each kind.
func sums(t *testing.T, path string) map[record.Kind]record.Sum {
	t.Helper()
	s, err := bolt.Open(t.Context(), silent, path)
	must(t, err)
	defer s.Close()
	all := make(map[record.Kind]record.Sum)
	for _, kind := range record.Kinds() {
		var x record.Sum
		must(t, s.Records(t.Context(), kind, 0, func(r record.Record) error { x.Add(r); return nil }))
		if x.Records == 0 {
			t.Fatalf("there is nothing of %s in it: this test shows nothing of them", kind)
		}
		all[kind] = x
	}
	return all
}

// From a file into a database and back everything is as it was, and open
// tastings go on: in the database, and then in the file.
func TestMove(t *testing.T) {
	dir := t.TempDir()
	first, second, url := filepath.Join(dir, "a.db"), filepath.Join(dir, "b.db"), database(t, "")
	id := lived(t, first)
	must(t, store.Move(t.Context(), silent, first, url, nothing))
	must(t, store.Move(t.Context(), silent, url, "bolt:"+second, nothing))
	before, after := sums(t, first), sums(t, second)
	for kind, want := range before {
		if after[kind] != want {
			t.Errorf("of %s there are %d records with the hash %.8x; want %d with %.8x", kind, after[kind].Records, after[kind].Hash, want.Records, want.Hash)
		}
	}
	for _, where := range []string{url, second} {
		goesOn(t, where, id)
	}
}

// A copy that is moved is a copy where it comes to, and where it comes to from there;
// what never was one is none.
func TestMoveOfACopy(t *testing.T) {
	dir := t.TempDir()
	first, copied, back, url, other := filepath.Join(dir, "a.db"), filepath.Join(dir, "copy.db"), filepath.Join(dir, "b.db"), database(t, ""), database(t, "other")
	s := open(t, first)
	must(t, s.Reserve(t.Context(), "day", 7, -1))
	must(t, s.Snapshot(t.Context(), copied))
	must(t, s.Close())
	restored := func(where string) time.Time {
		t.Helper()
		s := open(t, where)
		defer s.Close()
		return s.Restored()
	}
	want := restored(copied)
	if want.IsZero() {
		t.Fatal("a copy is none: this test shows nothing")
	}
	must(t, store.Move(t.Context(), silent, copied, url, nothing))
	must(t, store.Move(t.Context(), silent, url, "bolt:"+back, nothing))
	for _, where := range []string{url, back} {
		if got := restored(where); !got.Equal(want) {
			t.Errorf("moved to %s, the copy of %v is one of %v", where, want, got)
		}
	}
	must(t, store.Move(t.Context(), silent, first, other, nothing))
	if got := restored(other); !got.IsZero() {
		t.Errorf("what was moved and never was a copy is one of %v", got)
	}
}

// goesOn votes in, closes and seals an open tasting of lived.
func goesOn(t *testing.T, url string, id bot.TastingID) {
	t.Helper()
	s, ctx := open(t, url), t.Context()
	defer s.Close()
	got, err := s.ByRef(ctx, bot.Ref{Place: place, Message: "m3"})
	if err != nil || got != id.Round(1) {
		t.Errorf("the ballot's round is %v, %v; want %v", got, err, id.Round(1))
	}
	must(t, s.Hear(ctx, id.Round(1), person("late"), bot.Tie, bot.Mark{On: true, At: noon}))
	must(t, s.Hear(ctx, id.Round(1), person("u\xff1"), bot.Tie, bot.Mark{On: true, At: noon})) // was forgotten
	if seat, err := s.Sit(ctx, id, person("u1")); err != nil || seat != 1 {
		t.Errorf("who had seat 1 has %d, %v", seat, err)
	}
	if since, _, err := s.Intend(ctx, place, bot.PostKey{Tasting: id, Round: 1, What: "ballot"}); err != nil || since.IsZero() {
		t.Errorf("a post that was made is intended anew: %v", err)
	}
	var due []string
	for {
		j, ok, err := s.Take(ctx, noon.Add(2*time.Hour), time.Minute)
		must(t, err)
		if !ok {
			break
		}
		due = append(due, j.Key.String())
	}
	if len(due) != 9 || !slices.Contains(due, id.Job().String()) || !slices.Contains(due, place.DigestJob().String()) || !slices.Contains(due, bot.ScheduleJobKey(place, 1).String()) {
		t.Errorf("due are %q; want four tastings, a draft, a digest, a schedule and two chores", due)
	}
	if _, ref, err := s.Intend(ctx, place, bot.DigestKey(team, noon.AddDate(0, 0, 7))); err != nil || ref != (bot.Ref{}) {
		t.Errorf("a later digest than the one that was intended stands at %v, %v", ref, err)
	}
	if since, _, err := s.Intend(ctx, place, bot.DigestKey(team, noon)); err != nil || since.IsZero() {
		t.Errorf("that a digest was intended is forgotten: %v, %v", since, err)
	}
	set, err := s.Settings(ctx, place)
	must(t, err)
	if x := set.Schedule(1); x == nil || x.Begun == "" || x.Maker != "ann" || set.Weekly.Name != "2026-11-27 17:00" || set.Digest != "Fri 17:00" {
		t.Errorf("of the week there is set %+v; want the schedule that has begun, and which digest came last", set)
	}
	x, err := s.Tasting(ctx, id)
	must(t, err)
	if len(x.Reminders) != 1 || x.Run == nil || len(x.Run.Opened) != 1 {
		t.Errorf("of tasting %v came the reminders %v and the run %v; want one, and its first occurrence", id, x.Reminders, x.Run)
	}
	must(t, s.Update(ctx, id, bot.Open, func(t *bot.Tasting) error { t.State = bot.Closing; return nil }))
	vs, err := s.Votes(ctx, id.Round(1))
	must(t, err)
	if len(vs) != 351 {
		t.Errorf("%d have voted; want 350, and the one who came later, and not who was forgotten", len(vs))
	}
	must(t, s.Seal(ctx, id, vs, func(*bot.Tasting, bot.Rows) error { return nil }))
	draft, err := s.CreateTasting(ctx, bot.Tasting{Place: place}, nil)
	must(t, err)
	made, err := s.Start(ctx, draft.ID, func(t *bot.Tasting) error { t.State = bot.Asking; return nil })
	if err != nil || draft.ID != team.Draft(2) || made.ID.N != 5 {
		t.Errorf("after a draft and four tastings come %v and %v, %v", draft.ID, made.ID, err)
	}
}

// However often a move is cut short, nobody opens what is half full, and the same
// move carries on.
func TestMoveCutShort(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.db")
	id := lived(t, path)
	for _, to := range []string{database(t, ""), filepath.Join(dir, "b.db")} {
		enough := errors.New("enough")
		cuts := 0
		for cut := true; cut; cuts++ {
			steps := 0
			err := store.Move(t.Context(), silent, path, to, func(store.Step) error {
				if steps++; steps > cuts {
					return enough
				}
				return nil
			})
			if cut = errors.Is(err, enough); !cut {
				must(t, err)
				break
			}
			if strings.HasPrefix(to, "postgres:") {
				s, err := store.Open(t.Context(), silent, to)
				if err == nil {
					s.Close()
				}
				if sentence, ok := errors.AsType[bot.UserError](err); !ok || !strings.Contains(sentence.Error(), "run the same") {
					t.Fatalf("a half full database is opened: %v; want a sentence that says what to run", err)
				}
			}
		}
		if cuts < 5 {
			t.Errorf("%d cuts show little", cuts)
		}
		goesOn(t, to, id)
	}
}

func TestMoveRefused(t *testing.T) {
	dir := t.TempDir()
	path, url, used := filepath.Join(dir, "a.db"), database(t, "new"), database(t, "used")
	lived(t, path)
	busy := open(t, used)
	check := func(what, from, to, want string) {
		t.Helper()
		err := store.Move(t.Context(), silent, from, to, nothing)
		if sentence, ok := errors.AsType[bot.UserError](err); !ok || !strings.Contains(sentence.Error(), want) {
			t.Errorf("%s: %v; want a sentence with %q", what, err, want)
		}
	}
	check("into a database that a bot has open", path, used, "stop all replicas")
	check("out of a database that a bot has open", used, filepath.Join(dir, "b.db"), "stop all replicas")
	_, err := busy.CreateTasting(t.Context(), bot.Tasting{Place: place}, nil)
	must(t, err)
	must(t, busy.Close())
	check("into a database in which something is kept", path, used, "not empty")
	check("into a file that is there", used, path, "already")
	for what, keep := range map[string]func(s bot.Store) error{
		"settings": func(s bot.Store) error {
			return s.SetSettings(t.Context(), place, func(x *bot.Settings) error { x.Lang = bot.Zh; return nil })
		},
		"somebody": func(s bot.Store) error {
			return s.SetProfile(t.Context(), person("ann"), func(p *bot.Profile) error { p.Lang = bot.Zh; return nil })
		},
	} {
		only := database(t, what)
		s := open(t, only)
		key, err := s.Secret(t.Context(), "web")
		must(t, errors.Join(err, keep(s), s.Close()))
		check("into a database in which nothing is kept but "+what, path, only, "not empty")
		again := open(t, only)
		if after, err := again.Secret(t.Context(), "web"); err != nil || string(after) != string(key) {
			t.Errorf("a move was refused, and the database with %s is not as it was: its secret is another, %v", what, err)
		}
		must(t, again.Close())
	}
	check("from a file that is not there", filepath.Join(dir, "none.db"), url, "no store")
	check("onto itself", path, path, "one and the same")
	check("into what is neither", path, "mysql://u@127.0.0.1/x", "no store for")
	check("from what is neither", "mysql://u@127.0.0.1/x", url, "no store for")
	held := open(t, path)
	check("from a file that a bot has open", path, url, "stop it first")
	must(t, held.Close())
	// One that a bot has opened and left is as good as new.
	must(t, open(t, url).Close())
	must(t, store.Move(t.Context(), silent, path, url, nothing))
}

// What changes at the source between two goes is noticed.
func TestMoveNoticesChanges(t *testing.T) {
	path, url := filepath.Join(t.TempDir(), "a.db"), database(t, "")
	id := lived(t, path)
	enough := errors.New("enough")
	err := store.Move(t.Context(), silent, path, url, func(s store.Step) error {
		if s.Kind == record.Votes {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) {
		t.Fatal(err)
	}
	s := open(t, path)
	must(t, s.Update(context.Background(), id, bot.Open, func(t *bot.Tasting) error { t.Question = "Other?"; return nil }))
	must(t, s.Close())
	err = store.Move(t.Context(), silent, path, url, nothing)
	if err == nil || !strings.Contains(err.Error(), "has changed") {
		t.Errorf("a store that changed in the middle of a move: %v; want an error that says so", err)
	}
}
