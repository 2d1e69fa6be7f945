package discord_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
)

// Of messages older than an hour Discord takes few edits. The chat says for how
// long to wait, and asks no further; new messages wait for nothing.
func TestOldEditsAreRefused(t *testing.T) {
	for silent, want := range map[bool]time.Duration{false: discordfake.OldEditsIn, true: 5 * time.Minute} {
		f := newFake(t, logger(t))
		c := f.chat(t)
		ref, err := c.Post(t.Context(), taste, ballotKey, time.Time{}, samples.Ballot)
		if err != nil {
			t.Fatal(err)
		}
		f.Silent = silent
		f.Later(2 * time.Hour)
		for range discordfake.MostOldEdits {
			if err := c.Edit(t.Context(), ref, samples.Ballot); err != nil {
				t.Fatal(err)
			}
		}
		before := len(f.Calls.Journal(editRoute))
		err = c.Edit(t.Context(), ref, samples.Ballot)
		if wait, ok := errors.AsType[bot.WaitError](err); !ok || wait.For != want {
			t.Errorf("one edit too many: %v, not to wait for %v", err, want)
		}
		if n := len(f.Calls.Journal(editRoute)) - before; n != 1 {
			t.Errorf("it was tried %d times", n)
		}
		other, err := c.Post(t.Context(), taste, bot.PostKey{Tasting: tasting(12), Round: 2, What: "ballot"}, time.Time{}, samples.Ballot)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Edit(t.Context(), other, samples.Ballot); err != nil {
			t.Errorf("the edit of a new message: %v", err)
		}
	}
}

// A tasting of many old ballots is announced at once; then each ballot is
// edited into its reveal, once, as Discord allows.
func TestRevealOfOldBallots(t *testing.T) {
	if testing.Short() {
		t.Skip("six old ballots take half a second: run without -short")
	}
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newPiped(t, logger(t))
		s := stageOn(t, f.log, f.fake, f.net.Dial)
		file := s.Upload([]byte("prompt\nOne\nTwo\nThree\nFour\nFive\nSix\n"))
		s.start(str("model", "kestrel"), str("against", "nova"), discordfake.Input{Name: "file", Type: 11, Value: file})
		s.state(1, bot.Open)
		head := s.post("1/head")
		s.fake.Mu.Lock()
		s.Edit = time.Second
		s.fake.Mu.Unlock()
		s.Later(2 * time.Hour)
		s.closeIt(head, 1)
		s.post("1/announcement")
		revealed := func() (n int) {
			for i := range 6 {
				for _, m := range s.posts()[fmt.Sprintf("1.%d/ballot", i+1)] {
					if strings.Contains(string(m.Payload), "kestrel") {
						n++
					}
				}
			}
			return n
		}
		if n := revealed(); n > discordfake.MostOldEdits {
			t.Errorf("when it was announced %d ballots were edited already", n)
		}
		adaptertest.Eventually(t, "all ballots are revealed", func() bool { return revealed() == 6 })
		for i := range 6 {
			if m := s.post(fmt.Sprintf("1.%d/ballot", i+1)); m.Edits != 1 {
				t.Errorf("ballot %d was edited %d times", i+1, m.Edits)
			}
		}
	})
}
