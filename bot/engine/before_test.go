package engine_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// testdata/before.db is a store as the program wrote it before there were rooms
// and jobs: tasting 1 is revealed, 2 is open with reaction ballots and 3 with a
// private one and repeats; four people had voted in each round. before.json is
// what then stood in its chat.
func TestAStoreFromBeforeIsPlayedToTheReveal(t *testing.T) {
	t.Parallel()
	play(t, func(s *stage) {
		db, err := os.ReadFile("testdata/before.db")
		if err != nil {
			s.Fatal(err)
		}
		if err := os.WriteFile(s.path, db, 0o600); err != nil {
			s.Fatal(err)
		}
		chat, err := os.ReadFile("testdata/before.json")
		if err != nil {
			s.Fatal(err)
		}
		var stood []struct {
			Ref  bot.Ref
			Key  string
			Taps []bot.Tap
		}
		if err := json.Unmarshal(chat, &stood); err != nil {
			s.Fatal(err)
		}
		for _, m := range stood {
			s.room.messages = append(s.room.messages, &message{Ref: m.Ref, Key: m.Key, room: s.room, taps: m.Taps, posts: []bot.Post{bot.Notice{}}})
		}
	}, func(s *stage) {
		revealed, reaction, private := tastingNo(1), tastingNo(2), tastingNo(3)
		s.wait()
		told, ok := s.command(starter, fmt.Sprintf("results %v", revealed)).Post.(bot.Announcement)
		if !ok || told.Base.String() != "25 votes, 5 people, 5 prompts" {
			s.Errorf("the revealed tasting is told as %+v, want its 25 votes of 5 people on 5 prompts", told)
		}
		for _, id := range []bot.TastingID{reaction, private} {
			if now := s.tasting(id).State; now != bot.Open {
				s.Fatalf("tasting %v was open and is %v", id, now)
			}
		}

		s.tap(s.room.called(s.T, "2.1/ballot").Ref, "voter4", s.choiceOf(reaction.Round(1), bot.First), true)
		n := s.tasting(private).Tasted()[0]
		choice := bot.First.Choice(s.tasting(private).Seen(n, "voter4").Flip)
		if seat, ok := s.press("voter4", fmt.Sprintf("%v/%s", private.Round(n), choice)).Post.(bot.Seat); !ok || seat.Done != 1 {
			s.Errorf("the first tap of a new voter is answered with %+v, want their page with one round done", seat)
		}
		if seat, ok := s.press("voter0", fmt.Sprintf("%v/show", private.Round(n))).Post.(bot.Seat); !ok || seat.Done != seat.Of || seat.Mine == "" {
			s.Errorf("somebody who had voted everywhere is shown %+v, want all done and their own pick", seat)
		}

		s.sleep(5 * 24 * time.Hour)
		for _, id := range []bot.TastingID{reaction, private} {
			if now := s.tasting(id).State; now != bot.Revealed {
				s.Fatalf("tasting %v is %v after its time, want revealed", id, now)
			}
			a := s.announcement(id)
			if got, want := a.Bars[0].Count, 4*2+1; got != want || a.Bars[1].Count != 0 {
				s.Errorf("tasting %v is revealed as %+v, want %d votes for kestrel: those from before and the new one", id, a.Bars, want)
			}
			if a.Proof == "" {
				s.Errorf("the reveal of tasting %v has no proof", id)
			}
		}
		if _, ok := s.room.called(s.T, "2.1/ballot").now().(bot.Reveal); !ok {
			s.Errorf("the ballot from before was not edited into its reveal")
		}
	})
}

// tastingNo is the tasting of that number in the room.
func tastingNo(n uint64) bot.TastingID { return bot.TastingID{Workspace: team, N: n} }
