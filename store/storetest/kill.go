package storetest

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// victimEnv tells a child process that it is one: "path|run".
const victimEnv = "TASTETEST_STORETEST_VICTIM"

// testKilled runs the test's own binary as a child that hears votes and prints
// each one that was acknowledged, and kills it. All are there afterwards, and
// so are the changes of state.
func testKilled(t *testing.T, h *harness) {
	if path, run, ok := strings.Cut(os.Getenv(victimEnv), "|"); ok {
		beVictim(t, h.open(t, path), run)
		return
	}
	s := h.store(t)
	id := create(t, s, bot.Open).ID.Round(1)
	kills := 20
	if testing.Short() {
		kills = 3
	}
	acked := make(map[string]bool)
	for run := range kills {
		must(t, s.Close())
		before := len(acked)
		for _, user := range killAfterVotes(t, h.path, run) {
			acked[user] = true
		}
		if len(acked) == before {
			t.Fatalf("run %d was killed before it had acknowledged a vote", run)
		}
		s = h.store(t)
		vs, err := s.Votes(t.Context(), id)
		must(t, err)
		there := make(map[string]bool)
		for _, v := range vs {
			there[v.Voter.User] = v.Pick() == bot.First
		}
		for user := range acked {
			if !there[user] {
				t.Fatalf("kill %d: the vote of %s was acknowledged and is lost", run, user)
			}
		}
	}
	t.Logf("%d kills, %d votes acknowledged, none lost", kills, len(acked))
}

// killAfterVotes starts a child, kills it some time after its first vote, and
// returns those who it said had voted.
func killAfterVotes(t *testing.T, path string, run int) (users []string) {
	t.Helper()
	exe, err := os.Executable()
	must(t, err)
	var pattern []string
	for part := range strings.SplitSeq(t.Name(), "/") {
		pattern = append(pattern, "^"+part+"$")
	}
	c := exec.CommandContext(t.Context(), exe, "-test.run="+strings.Join(pattern, "/"), "-test.count=1")
	c.Env = append(os.Environ(), victimEnv+"="+path+"|"+strconv.Itoa(run))
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	must(t, err)
	must(t, c.Start())
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			break // the last line may be half a line
		}
		if user, ok := strings.CutPrefix(line, "acked "); ok {
			if len(users) == 0 {
				time.AfterFunc(rand.N(60*time.Millisecond), func() { c.Process.Kill() })
			}
			users = append(users, strings.TrimSuffix(user, "\n"))
		}
	}
	if c.Wait(); c.ProcessState.Exited() {
		t.Fatalf("run %d ended by itself: %v", run, c.ProcessState)
	}
	return users
}

// beVictim hears votes until it is killed.
func beVictim(t *testing.T, s bot.Store, run string) {
	id := bot.TastingID{Workspace: team, N: 1}.Round(1)
	var wg sync.WaitGroup
	for g := range 16 {
		wg.Go(func() {
			for i := 0; ; i++ {
				user := fmt.Sprintf("u%s-%d-%d", run, g, i)
				if err := s.Hear(t.Context(), id, person(user), bot.First, on(noon)); err != nil {
					t.Error(err)
					return
				}
				os.Stdout.WriteString("acked " + user + "\n")
			}
		})
	}
	wg.Wait()
}
