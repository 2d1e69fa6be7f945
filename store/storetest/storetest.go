// Package storetest says in tests what [bot.Store] promises. A store passes
// all of them or is not one: there are no options.
package storetest

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tastetest/tastetest/bot"
)

// Run tests the stores that open returns. A path names a place that is empty at
// first; opened again after Close or a kill, it has all that was kept there. It
// is the list of the suite; what a store promises is read here first.
func Run(t *testing.T, open func(t *testing.T, path string) bot.Store) {
	for _, tt := range []struct {
		name string
		test func(*testing.T, *harness)
	}{
		{"Create", testCreate},
		{"CreateRefused", testCreateRefused},
		{"Tastings", testTastings},
		{"Start", testStart},
		{"Texts", testTexts},
		{"Update", testUpdate},
		{"UpdateOnlyForward", testUpdateOnlyForward},
		{"UpdateAtOnce", testUpdateAtOnce},
		{"ListAfterChange", testListAfterChange},
		{"Review", testReview},
		{"ReviewWhileVoting", testReviewWhileVoting},
		{"Sit", testSit},
		{"SitAtOnce", testSitAtOnce},
		{"SitSealed", testSitSealed},
		{"SitForgotten", testSitForgotten},
		{"Hear", testHear},
		{"HearInAnyOrder", testHearInAnyOrder},
		{"HearRefused", testHearRefused},
		{"EachVote", testEachVote},
		{"VotesBy", testVotesBy},
		{"Choose", testChoose},
		{"ChooseRefused", testChooseRefused},
		{"HearManyAtOnce", testHearManyAtOnce},
		{"Seal", testSeal},
		{"SealHeard", testSealHeard},
		{"SealApart", testSealApart},
		{"SealBeside", testSealBeside},
		{"SealForgetting", testSealForgetting},
		{"SealRefused", testSealRefused},
		{"CloseOnce", testCloseOnce},
		{"CloseWhileVoting", testCloseWhileVoting},
		{"Cells", testCells},
		{"CellsForgotten", testCellsForgotten},
		{"Judge", testJudge},
		{"JudgeRefused", testJudgeRefused},
		{"Further", testFurther},
		{"TakeTastings", testTakeTastings},
		{"TakeOnce", testTakeOnce},
		{"TakeAtOnce", testTakeAtOnce},
		{"TakeAfterNothing", testTakeAfterNothing},
		{"LeaseLost", testLeaseLost},
		{"StaleHolder", testStaleHolder},
		{"ClocksThatDiffer", testClocksThatDiffer},
		{"Finish", testFinish},
		{"FinishTasting", testFinishTasting},
		{"JobsReopened", testJobsReopened},
		{"Posts", testPosts},
		{"PostsAtOnce", testPostsAtOnce},
		{"Relocate", testRelocate},
		{"Settings", testSettings},
		{"SettingsAtOnce", testSettingsAtOnce},
		{"Schedules", testSchedules},
		{"Profiles", testProfiles},
		{"ProfilesAtOnce", testProfilesAtOnce},
		{"Names", testNames},
		{"NamesAtOnce", testNamesAtOnce},
		{"Reminders", testReminders},
		{"Reserve", testReserve},
		{"ReserveAtOnce", testReserveAtOnce},
		{"Secret", testSecret},
		{"ForgetOpen", testForgetOpen},
		{"ForgetSealed", testForgetSealed},
		{"ForgetBarred", testForgetBarred},
		{"ForgetStarter", testForgetStarter},
		{"Delete", testDelete},
		{"DeleteWorkspace", testDeleteWorkspace},
		{"DeleteWhileVoting", testDeleteWhileVoting},
		{"Workspaces", testWorkspaces},
		{"HostileIDs", testHostileIDs},
		{"Reopen", testReopen},
		{"Canceled", testCanceled},
		{"Close", testClose},
		{"Snapshot", testSnapshot},
		{"SnapshotWhileVoting", testSnapshotWhileVoting},
		{"Killed", testKilled},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.test(t, &harness{open: open, path: filepath.Join(t.TempDir(), "store")})
		})
	}
}

// A harness opens one test's store.
type harness struct {
	open func(t *testing.T, path string) bot.Store
	path string
}

// store opens the store; call it again after Close. It is closed at the
// test's end if it still is open then.
func (h *harness) store(t *testing.T) bot.Store {
	t.Helper()
	s := h.open(t, h.path)
	t.Cleanup(func() { s.Close() })
	return s
}

// reopen closes s and opens the store again.
func (h *harness) reopen(t *testing.T, s bot.Store) bot.Store {
	t.Helper()
	must(t, s.Close())
	return h.store(t)
}

// noon is when the tests' stories take place.
var noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

var (
	team  = bot.Workspace{Platform: "slack", ID: "T1"}
	place = bot.Place{Workspace: team, Channel: "C1"}
)

func person(name string) bot.Voter { return bot.Voter{Workspace: team, User: name} }

func on(at time.Time) bot.Mark  { return bot.Mark{On: true, At: at} }
func off(at time.Time) bot.Mark { return bot.Mark{On: false, At: at} }

// create makes a tasting of two rounds in a state.
func create(t *testing.T, s bot.Store, st bot.State) bot.Tasting {
	t.Helper()
	return createAt(t, s, place, st)
}

func createAt(t *testing.T, s bot.Store, at bot.Place, st bot.State) bot.Tasting {
	t.Helper()
	got, err := s.CreateTasting(t.Context(), bot.Tasting{
		Place: at, State: st, Wake: noon, Rounds: make([]bot.Round, 2),
		Starter: bot.Voter{Workspace: at.Workspace, User: "starter"},
	}, make([]bot.Texts, 2))
	must(t, err)
	return got
}

// move brings a tasting from one state to another.
func move(t *testing.T, s bot.Store, id bot.TastingID, from, to bot.State) {
	t.Helper()
	must(t, s.Update(t.Context(), id, from, func(t *bot.Tasting) error { t.State = to; return nil }))
}

func hear(t *testing.T, s bot.Store, id bot.RoundID, user string, p bot.Pick, m bot.Mark) {
	t.Helper()
	must(t, s.Hear(t.Context(), id, bot.Voter{Workspace: id.Workspace, User: user}, p, m))
}

// row returns a vote by one pick.
func row(id bot.RoundID, user string, p bot.Pick, m bot.Mark) bot.Vote {
	v := bot.Vote{Round: id, Voter: bot.Voter{Workspace: id.Workspace, User: user}}
	v.Marks[p-1] = m
	return v
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantErr fails the test unless err is want.
func wantErr(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v; want %v", what, err, want)
	}
}

// wantVotes fails the test unless a round has exactly these rows.
func wantVotes(t *testing.T, s bot.Store, id bot.RoundID, want ...bot.Vote) {
	t.Helper()
	got, err := s.Votes(t.Context(), id)
	must(t, err)
	equal(t, "rows of round "+id.String(), got, want)
}

// equal compares values; no elements are as good as nil.
func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s (- want, + got):\n%s", what, d)
	}
}

// tasting returns a stored tasting.
func tasting(t *testing.T, s bot.Store, id bot.TastingID) bot.Tasting {
	t.Helper()
	got, err := s.Tasting(t.Context(), id)
	must(t, err)
	return got
}
