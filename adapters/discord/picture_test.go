package discord_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image/png"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/bot"
)

var announced = bot.PostKey{Tasting: tasting(12), What: "announcement"}

// pictured is the announcement with its picture. The question stands in the head
// that it answers.
func pictured() bot.Announcement {
	a := samples.Announcement
	a.Picture, a.Question = true, bot.Sentence{}
	return a
}

// theAnnouncement is the one that stands, and the picture that it shows; nil:
// none.
func (f *fake) theAnnouncement(t *testing.T) (payload string, picture []byte) {
	t.Helper()
	all := f.Said.Messages(tasteID)
	if len(all) != 1 {
		t.Fatalf("%d messages stand, want the one announcement", len(all))
	}
	var m struct {
		Embeds []struct{ Image struct{ URL string } }
	}
	if err := json.Unmarshal(all[0].Payload, &m); err != nil {
		t.Fatal(err)
	}
	if name, ok := strings.CutPrefix(m.Embeds[0].Image.URL, "attachment://"); ok {
		f.changed(func() { picture = f.Sent[all[0].ID+"/"+name] })
	}
	return string(all[0].Payload), picture
}

const sends = "POST /channels/{c}/messages"

func TestPictureStandsInTheAnnouncement(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	if _, err := f.chat(t).Post(t.Context(), taste, announced, time.Time{}, pictured()); err != nil {
		t.Fatal(err)
	}
	payload, picture := f.theAnnouncement(t)
	if _, err := png.Decode(bytes.NewReader(picture)); err != nil {
		t.Errorf("what the announcement shows is no picture: %v", err)
	}
	if call := f.Calls.Journal(sends)[0].Body; !bytes.Contains(call, []byte("61% (41%–80%)")) {
		t.Error("the file comes without its text")
	}
	var m struct {
		Embeds     []struct{ Description string }
		Components []json.RawMessage
	}
	if err := json.Unmarshal([]byte(payload), &m); err != nil || len(m.Embeds) != 1 {
		t.Fatalf("%d embeds, %v", len(m.Embeds), err)
	}
	// The title, the picture, a row of buttons; the next step has its own beside it.
	if n := 3 + strings.Count(m.Embeds[0].Description, "\n") + 1; n > 8 || len(m.Components) > 2 {
		t.Errorf("it has %d lines and %d rows of buttons; eight lines are read in five seconds", n, len(m.Components))
	}
	golden(t, "announcement-picture", []json.RawMessage{json.RawMessage(payload)})

	chinese := newFake(t, logger(t))
	in := adaptertest.InSentences(adaptertest.Samples(workspace), workspace).Announcement
	in.Picture, in.Question = true, bot.Sentence{}
	if _, err := chinese.chat(t).Post(t.Context(), taste, announced, time.Time{}, bot.Speak(in, bot.Voice{Lang: bot.Zh})); err != nil {
		t.Fatal(err)
	}
	payload, picture = chinese.theAnnouncement(t)
	if picture == nil {
		t.Error("in Chinese the announcement has no picture")
	}
	golden(t, "announcement-picture.zh", []json.RawMessage{json.RawMessage(payload)})
}

// A post is complete without its picture, and stands once.
func TestAnnouncementGoesWithoutAPicture(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*fake){
		"charts are off":          nil,
		"files may not be sent":   func(f *fake) { f.NoFiles = true },
		"the file is too large":   func(f *fake) { f.MostFile = 100 },
		"files cannot be stored":  func(f *fake) { f.Calls.Fail(sends, 6, fakechat.Fault{Status: 500}) },
		"a proxy refuses a form":  func(f *fake) { f.Calls.Fail(sends, 1, fakechat.Fault{Status: 403, Body: "<html>"}) },
		"an answer is never read": func(f *fake) { f.Calls.Fail(sends, 6, fakechat.Fault{Lose: true}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newPiped(t, logger(t))
				post := pictured()
				if spoil != nil {
					f.changed(func() { spoil(f.fake) })
				} else {
					post.Picture = false
				}
				if _, err := f.chat(t).Post(t.Context(), taste, announced, time.Time{}, post); err != nil {
					t.Fatalf("the announcement fails with its picture: %v", err)
				}
				payload, picture := f.theAnnouncement(t)
				landed := name == "an answer is never read" // and Discord knew it again
				if (picture != nil) != landed || strings.Contains(payload, "█") == landed {
					t.Errorf("it has a picture of %d bytes, and bars in text: %v", len(picture), strings.Contains(payload, "█"))
				}
			})
		})
	}
}

func TestFailingPictureIsTriedAgain(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	f.Calls.Fail(sends, 2, fakechat.Fault{Status: 503})
	if _, err := f.chat(t).Post(t.Context(), taste, announced, time.Time{}, pictured()); err != nil {
		t.Fatal(err)
	}
	if _, picture := f.theAnnouncement(t); picture == nil {
		t.Error("it passed, and the announcement stands without its picture")
	}
}

// The process may end while it sends the picture, before or after Discord hears
// of it. Whoever comes next finishes, also when Discord has forgotten the nonce,
// and the announcement stands once, with its picture.
func TestKilledWhileThePictureIsSent(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]fakechat.Fault{"before": {Delay: time.Hour}, "after": {Lose: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, logger(t))
			f.Calls.Fail(sends, 1, fault)
			ctx, kill := context.WithCancel(t.Context())
			began, done := time.Now(), make(chan struct{})
			go func() {
				f.chat(t).Post(ctx, taste, announced, time.Time{}, pictured())
				close(done)
			}()
			adaptertest.Eventually(t, "it is being sent", func() bool {
				return len(f.Calls.Journal(sends)) > 0 && (!fault.Lose || len(f.Said.Messages(tasteID)) > 0)
			})
			kill()
			<-done
			f.ForgetNonces()
			if _, err := f.chat(t).Post(t.Context(), taste, announced, began, pictured()); err != nil {
				t.Fatal(err)
			}
			if _, picture := f.theAnnouncement(t); picture == nil {
				t.Error("the announcement stands without its picture")
			}
		})
	}
}

// An announcement that is edited keeps its picture, and its mark; where files
// may no longer be sent the bars in text say the same.
func TestEditedAnnouncementKeepsItsPicture(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	c := f.chat(t)
	ref, err := c.Post(t.Context(), taste, announced, time.Time{}, pictured())
	if err != nil {
		t.Fatal(err)
	}
	post := pictured()
	post.Choose = bot.Literal("Judges agree.")
	if err := c.Edit(t.Context(), ref, post); err != nil {
		t.Fatal(err)
	}
	payload, picture := f.theAnnouncement(t)
	if picture == nil || !strings.Contains(payload, "Judges agree.") || !strings.Contains(payload, `"12/announcement"`) {
		t.Errorf("after an edit it has a picture of %d bytes and says %s", len(picture), payload)
	}
	f.changed(func() { f.NoFiles = true })
	if err := c.Edit(t.Context(), ref, post); err != nil {
		t.Fatalf("the edit fails with its picture: %v", err)
	}
	if payload, picture = f.theAnnouncement(t); picture != nil || !strings.Contains(payload, "█") {
		t.Errorf("where files are barred it has a picture of %d bytes and says %s", len(picture), payload)
	}
}

// Standings have their picture below the list, and are complete without it.
func TestStandingsAreDrawn(t *testing.T) {
	t.Parallel()
	for name, barred := range map[string]bool{"with a picture": false, "files may not be sent": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, logger(t))
			f.changed(func() { f.NoFiles = barred })
			post := samples.Standings
			post.Picture = true
			adaptertest.Start(t, f.chat(t), &recorder{reply: bot.Reply{Post: post}})
			x := f.Slash(t, tasteID, f.Join("Ada"), "standings")
			var picture []byte
			f.changed(func() { picture = f.Sent[x.Original+"/standings.png"] })
			if _, err := png.Decode(bytes.NewReader(picture)); (err != nil) != barred {
				t.Errorf("the picture: %v", err)
			}
			if said := string(x.Data); !strings.Contains(said, "61% (54 to 68)") || strings.Contains(said, "attachment://") == barred {
				t.Errorf("the answer is not complete: %s", said)
			}
		})
	}
}
