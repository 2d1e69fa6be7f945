package discord_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
)

// Replicas share the shards out: each has as many as the others, or one more. What they are
// told is done by the one that leads, once; who joins gets some of those that others
// have, whose sessions go on; and those of one that leaves are the others' at once.
func TestShardsAreSharedOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x := newTroupe(t, 4)
		a, b, c := x.actor(t), x.actor(t), x.actor(t)
		a.lead(t)
		b.standBy(t)
		time.Sleep(time.Minute)
		x.once(t, a, 4)
		if got := counts(a, b); !slices.Equal(got, []int{2, 2}) {
			t.Errorf("of two replicas they have %v of four shards", got)
		}
		for n := range 4 {
			y := x.Interact(t, channelOn(n), x.Join("somebody"), 2, x.SlashData("help", nil), nil)
			if !strings.Contains(y.String(), "Yes.") {
				t.Errorf("a command on a server of shard %d is answered %v", n, y)
			}
			x.Again(y)
		}
		synctest.Wait()
		if n := a.answered(); n != 4 {
			t.Errorf("four commands, each said twice, are done %d times", n)
		}
		c.standBy(t)
		time.Sleep(30 * time.Second)
		x.once(t, a, 4)
		if got := counts(a, b, c); slices.Max(got) != 2 || slices.Min(got) != 1 {
			t.Errorf("of three replicas they have %v of four shards", got)
		}

		left := b.shards()
		b.leave()
		b.chat.Close()
		var missed []string
		for _, n := range left {
			missed = append(missed, x.taps(n))
		}
		time.Sleep(2 * time.Second)
		x.once(t, a, 4)
		if got := counts(a, b, c); !slices.Equal(got, []int{2, 0, 2}) {
			t.Errorf("after one has left they have %v of four shards", got)
		}
		for _, user := range missed {
			if n := a.times(user); n != 1 {
				t.Errorf("who tapped between two replicas is heard %d times", n)
			}
		}
		if x.Asked() != 4 {
			t.Errorf("%d sessions were asked for, not one for each shard", x.Asked())
		}
		x.keepsRules(t)
		if b.answered()+c.answered()+len(b.tapped())+len(c.tapped()) > 0 {
			t.Error("one that stands by does what it is told")
		}
	})
}

// A replica that is killed loses its shards when its leases are over. Whoever has them then
// goes on with their sessions: what was handed on before is not done again, and what was
// not is done.
func TestHolderIsKilled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x := newTroupe(t, 4)
		a, b := x.actor(t), x.actor(t)
		a.lead(t)
		b.standBy(t)
		time.Sleep(time.Minute)
		lost := b.shards()
		before := x.taps(lost[0])
		x.Interact(t, channelOn(lost[0]), x.Join("somebody"), 2, x.SlashData("help", nil), nil)
		b.die()
		after := x.taps(lost[1])
		time.Sleep(6 * time.Second)
		if err := a.chat.Ready(); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("not connected: %d, %d ", lost[0], lost[1])) {
			t.Errorf("while nobody listens to the shards %v it says: %v", lost, err)
		}
		time.Sleep(8 * time.Second)
		x.once(t, a, 4)
		for _, user := range []string{before, after} {
			if n := a.times(user); n != 1 {
				t.Errorf("who tapped just before or after a replica was killed is heard %d times", n)
			}
		}
		if n := a.answered(); n != 1 || x.Asked() != 4 {
			t.Errorf("a command is done %d times, and %d sessions were begun", n, x.Asked())
		}
	})
}

// A replica whose lease is over, because it slept or did not reach the database, hands
// nothing on of what it hears then: another does.
func TestHolderSleeps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x := newTroupe(t, 4)
		a, b := x.actor(t), x.actor(t)
		a.lead(t)
		b.standBy(t)
		time.Sleep(time.Minute)
		lost := b.shards()
		b.as.isCut()
		var users []string
		for range 140 { // one each 100 ms, before the lease is over, then, and after
			users = append(users, x.taps(lost[0]))
			time.Sleep(100 * time.Millisecond)
		}
		if got := counts(a, b); !slices.Equal(got, []int{4, 0}) {
			t.Errorf("when the leases are over they have %v of four shards", got)
		}
		x.once(t, a, 4)
		if x.late > 0 {
			t.Errorf("%d events were handed on by the one whose lease was over", x.late)
		}
		for i, user := range users {
			if n := a.times(user); n != 1 {
				t.Errorf("who tapped %d ms after the last renewal is heard %d times", 100*i, n)
			}
		}
		if x.Asked() != 4 {
			t.Errorf("%d sessions were asked for", x.Asked())
		}
	})
}

// What one that had a shard before says of it is refused: another has it by now, or
// they are others.
func TestStaleHandings(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x := newTroupe(t, 2)
		a, b := x.actor(t), x.actor(t)
		a.lead(t)
		b.standBy(t)
		time.Sleep(time.Minute)
		x.pool.mu.Lock()
		its := x.lent[1]
		x.pool.mu.Unlock()
		tap := fmt.Sprintf(`{"seq":9000,"kind":"MESSAGE_REACTION_ADD","data":{"guild_id":%q,"channel_id":%q,"message_id":"5","user_id":"77","emoji":{"name":"🤝"}}}`, guildOn(1), channelOn(1))
		for said, want := range map[string]int{
			fmt.Sprintf(`{"shard":1,"of":2,"term":%d,"session":"?","events":[%s]}`, its.term, tap): http.StatusConflict, // of which nobody heard the beginning
			fmt.Sprintf(`{"shard":1,"of":2,"term":%d,"events":[%s]}`, its.term-1, tap):             http.StatusConflict,
			fmt.Sprintf(`{"shard":1,"of":3,"term":%d,"events":[%s]}`, its.term, tap):               http.StatusConflict,
			fmt.Sprintf(`{"shard":2,"of":2,"term":%d,"events":[%s]}`, its.term, tap):               http.StatusConflict,
			fmt.Sprintf(`{"shard":-1,"of":2,"term":%d,"events":[%s]}`, its.term, tap):              http.StatusConflict,
			`{`: http.StatusBadRequest,
			fmt.Sprintf(`{"shard":1,"of":2,"term":%d}`, its.term): http.StatusOK,
		} {
			if status, _, _ := a.ask(t.Context(), "POST", "/", []byte(said)); status != want {
				t.Errorf("%s is answered %d, not %d", said, status, want)
			}
		}
		time.Sleep(2 * time.Second)
		if n := a.times("77"); n > 0 {
			t.Errorf("an emoji that was not to be said is heard %d times", n)
		}
		x.once(t, a, 2)
	})
}

// Where nobody knows whether what was handed on was done, it is handed on again and
// done once.
func TestHandedOnTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x := newTroupe(t, 2)
		a, b := x.actor(t), x.actor(t)
		a.lead(t)
		b.standBy(t)
		time.Sleep(time.Minute)
		n := b.shards()[0]
		x.follow(a.chat.Handed(), http.ErrHandlerTimeout)
		user := x.taps(n)
		y := x.Interact(t, channelOn(n), x.Join("somebody"), 2, x.SlashData("help", nil), nil)
		time.Sleep(3 * time.Second)
		x.follow(a.chat.Handed(), nil)
		time.Sleep(3 * time.Second)
		if !y.Answered() || a.answered() != 1 || a.times(user) != 1 {
			t.Errorf("a command is done %d times, an emoji heard %d times", a.answered(), a.times(user))
		}
		x.once(t, a, 2)
		if x.Asked() != 2 {
			t.Errorf("%d sessions were asked for", x.Asked())
		}
	})
}

// While nobody leads those who stand by keep what their connections tell, and the next one
// that leads hears it, and reads all ballots once. What the one before may have done is
// not done again, after it was killed; after it was drained all is done.
func TestNextLeaderGoesOn(t *testing.T) {
	t.Parallel()
	for name, killed := range map[string]bool{"killed": true, "drained": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				x := newTroupe(t, 6)
				a, b, c := x.actor(t), x.actor(t), x.actor(t)
				stop := a.lead(t)
				b.standBy(t)
				c.standBy(t)
				time.Sleep(2 * time.Minute)
				if got := counts(a, b, c); !slices.Equal(got, []int{2, 2, 2}) {
					t.Fatalf("of three replicas they have %v of six shards", got)
				}
				of := [][]int{a.shards(), b.shards(), c.shards()}
				resumed := x.Counted().Resumes
				if killed {
					x.on.changed(func() { x.on.dead = true })
					a.as.isCut()
					time.Sleep(2 * time.Second)
					for _, shards := range of { // what it has done, and did not live to note
						x.Interact(t, channelOn(shards[0]), x.Join("somebody"), 2, x.SlashData("help", nil), nil)
					}
				}
				x.follow(nil, nil)
				stop()
				x.on.changed(func() { x.on.dead = false })
				var missed []string
				for range 8 {
					for _, shards := range of {
						missed = append(missed, x.taps(shards[1]))
					}
					if killed {
						time.Sleep(time.Second)
					}
				}
				y := x.Tell(channelOn(of[2][0]), x.Join("somebody"), 2, x.SlashData("help", nil), nil)
				if !killed {
					time.Sleep(time.Second)
				}
				b.leave()
				b.lead(t)
				time.Sleep(15 * time.Second)
				x.once(t, b, 6)
				for i, user := range missed {
					if n := b.times(user); n != 1 {
						t.Errorf("the %dth who tapped while nobody led is heard %d times", i, n)
					}
				}
				if got := counts(a, b, c); !slices.Equal(got, []int{0, 3, 3}) {
					t.Errorf("then they have %v of six shards", got)
				}
				if n := b.answered(); n != 1 || !y.Answered() {
					t.Errorf("what was typed while nobody led is answered %d times, with what was answered before", n)
				}
				b.read(func() {
					for n := range 6 {
						if !slices.ContainsFunc(b.resyncs, func(w bot.Workspace) bool { return w.ID == guildOn(n) }) {
							t.Errorf("the ballots of shard %d are not read", n)
						}
					}
				})
				if x.Asked() != 6 {
					t.Errorf("%d sessions were asked for", x.Asked())
				}
				if n := x.Counted().Resumes - resumed; n > 5 {
					t.Errorf("%d sessions were resumed; two connections stood all the while", n)
				}

				// What is typed while a shard changes hands now nobody has done.
				c.leave()
				c.chat.Close()
				y = x.Tell(channelOn(of[2][0]), x.Join("somebody else"), 3, x.SlashData("help", nil), nil)
				time.Sleep(10 * time.Second)
				if !y.Answered() {
					t.Error("what was typed while a shard went from one replica to the next is never answered")
				}
			})
		})
	}
}

// Where nobody leads for long, or nobody is reached, a replica lets its shards go, and takes
// some again when it is. All that was said meanwhile is said again.
func TestNobodyLeadsForLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x := newTroupe(t, 4)
		a, b := x.actor(t), x.actor(t)
		a.lead(t)
		b.standBy(t)
		time.Sleep(time.Minute)
		var missed []string
		x.follow(nil, nil)
		for range 60 {
			missed = append(missed, x.taps(b.shards()[0]))
			time.Sleep(time.Second)
			if len(b.shards()) == 0 {
				break
			}
		}
		if n := len(missed); n < 18 || n > 25 {
			t.Errorf("a replica from which nobody takes anything has its shards for %d s", n)
		}
		time.Sleep(3 * time.Second)
		x.once(t, a, 4)
		x.follow(a.chat.Handed(), nil)
		time.Sleep(30 * time.Second)
		x.once(t, a, 4)
		if got := counts(a, b); !slices.Equal(got, []int{2, 2}) {
			t.Errorf("in the end they have %v of four shards", got)
		}
		for i, user := range missed {
			if n := a.times(user); n != 1 {
				t.Errorf("who tapped in second %d is heard %d times", i, n)
			}
		}
		if x.Asked() != 4 {
			t.Errorf("%d sessions were asked for", x.Asked())
		}
	})
}

// Where Discord wants more shards of a replica that stands by, the one that leads begins
// all anew, in all replicas, at Discord's pace.
func TestReshardedOverReplicas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x := newTroupe(t, 2)
		a, b := x.actor(t), x.actor(t)
		a.lead(t)
		b.standBy(t)
		time.Sleep(time.Minute)
		n := b.shards()[0]
		for n := 2; n < 5; n++ {
			x.Found(guildOn(n), channelOn(n))
		}
		x.wants(5)
		x.Upset(discordfake.Trouble{Op: 9}, n)
		time.Sleep(2 * time.Minute)
		x.once(t, a, 5)
		if got := counts(a, b); slices.Max(got) != 3 || slices.Min(got) != 2 {
			t.Errorf("of five shards they have %v", got)
		}
		if n := x.Counted().Sessions - 1; n != 5 { // one is not valid any more
			t.Errorf("%d sessions stand, not 5", n)
		}
		x.keepsRules(t)
	})
}

// Replicas that begin sessions at the same time keep Discord's pace together, and all are
// counted once.
func TestReplicasShareThePace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x := newTroupe(t, 9)
		a, b, c := x.actor(t), x.actor(t), x.actor(t)
		a.lead(t)
		b.standBy(t)
		c.standBy(t)
		time.Sleep(8 * time.Second)
		if got := counts(a, b, c); slices.Min(got) < 2 {
			t.Errorf("after seconds they have %v of nine shards", got)
		}
		time.Sleep(2 * time.Minute)
		x.once(t, a, 9)
		x.keepsRules(t)
		if x.Asked() != 9 {
			t.Errorf("%d sessions were asked for", x.Asked())
		}
	})
}

// Where more comes than can wait for the one that leads, the connection ends, and what
// came is said again.
func TestMoreThanCanWait(t *testing.T) {
	if testing.Short() {
		t.Skip("ten thousand emoji take a second")
	}
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x := newTroupe(t, 2)
		a, b := x.actor(t), x.actor(t)
		a.lead(t)
		b.standBy(t)
		time.Sleep(time.Minute)
		n := b.shards()[0]
		x.follow(nil, nil)
		const people = 10_100
		for i := range people {
			x.DispatchReaction(channelOn(n), "5", strconv.Itoa(5000+i), "👎", true, false)
		}
		synctest.Wait()
		if len(x.Listening()) != 1 {
			t.Errorf("%d shards are listened to, where too much waits for one", len(x.Listening()))
		}
		x.follow(a.chat.Handed(), nil)
		time.Sleep(time.Minute)
		x.once(t, a, 2)
		times := make(map[string]int)
		for _, tap := range a.tapped() {
			times[tap.User]++
		}
		for i := range people {
			if n := times[strconv.Itoa(5000+i)]; n != 1 {
				t.Fatalf("the %dth of %d emoji is heard %d times", i, people, n)
			}
		}
	})
}
