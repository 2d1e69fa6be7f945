package slack_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image/png"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/bot"
)

// pictured is the announcement with its picture. The question stands in the head
// that it answers.
func pictured() bot.Announcement {
	a := samples.Announcement
	a.Picture, a.Question = true, bot.Sentence{}
	return a
}

// announced is the one announcement that stands, and the file that it shows.
func (w *world) announced(t *testing.T) (payload, file string) {
	t.Helper()
	all := w.Memory.Messages("CT1")
	if len(all) != 1 {
		t.Fatalf("%d messages stand, want the one announcement", len(all))
	}
	var m struct {
		Blocks []struct {
			Type string
			File struct{ ID string } `json:"slack_file"`
		}
	}
	if err := json.Unmarshal(all[0].Payload, &m); err != nil {
		t.Fatal(err)
	}
	for _, b := range m.Blocks {
		if b.Type == "image" {
			file = b.File.ID
		}
	}
	return string(all[0].Payload), file
}

func TestPictureStandsInTheAnnouncement(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		lang          bot.Lang
		heard, golden string
	}{
		{bot.En, "kestrel + ½ (equal + both bad): 61% (41%–80%)", "announcement-picture"},
		{bot.Zh, "kestrel + ½ (差不多 + 都不好): 61% (41%–80%)", "announcement-picture.zh"},
	} {
		standsWithPicture(t, bot.Voice{Lang: tt.lang}, tt.heard, tt.golden)
	}
}

func standsWithPicture(t *testing.T, voice bot.Voice, want, name string) {
	w := newWorld(t, logger(t), false)
	run(t, w, newPlayer())
	if _, err := w.chat.Post(t.Context(), w.Place(), key(0, "announcement"), time.Time{}, bot.Speak(pictured(), voice)); err != nil {
		t.Fatal(err)
	}
	payload, file := w.announced(t)
	var lines struct{ Blocks []json.RawMessage }
	if err := json.Unmarshal([]byte(payload), &lines); err != nil || len(lines.Blocks) > 8 {
		t.Errorf("it has %d blocks (%v); eight lines are read in five seconds", len(lines.Blocks), err)
	}
	up := w.Uploads()
	if len(up) != 1 {
		t.Errorf("%d files were uploaded, want 1", len(up))
	}
	if _, err := png.Decode(bytes.NewReader(up[file].Data)); err != nil {
		t.Errorf("what the announcement shows is no picture: %v", err)
	}
	if !strings.Contains(up[file].Alt, want) || !strings.Contains(payload, want) {
		t.Errorf("who hears the picture does not hear %q: %q", want, up[file].Alt)
	}
	golden(t, name, [][]byte{regexp.MustCompile(`F\d{9}`).ReplaceAll([]byte(payload), []byte("F000000001"))})
}

// A post is complete without its picture: whatever step goes wrong for good, it
// stands once, with its bars in text.
func TestAnnouncementGoesWithoutAPicture(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*world){
		"charts are off":           nil,
		"the scope is not there":   func(w *world) { w.Change(func() { w.team.Lacks = "files:write" }) },
		"no address is given":      func(w *world) { w.Fail("files.getUploadURLExternal", 9, fakechat.Fault{Status: 500}) },
		"the upload breaks":        func(w *world) { w.Fail("upload", 9, fakechat.Fault{Status: 502}) },
		"the upload is too large":  func(w *world) { w.Fail("upload", 9, fakechat.Fault{Status: 413}) },
		"it is never completed":    func(w *world) { w.Fail("files.completeUploadExternal", 9, fakechat.Fault{Status: 503}) },
		"files may not be created": func(w *world) { w.refuse("files.completeUploadExternal", "file_uploads_disabled") },
		"it is never ready":        func(w *world) { w.Change(func() { w.Busy = 99 }) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, logger(t), false)
			post := pictured()
			if spoil != nil {
				spoil(w)
			} else {
				post.Picture = false
			}
			run(t, w, newPlayer())
			if _, err := w.chat.Post(t.Context(), w.Place(), key(0, "announcement"), time.Time{}, post); err != nil {
				t.Fatalf("the announcement fails with its picture: %v", err)
			}
			payload, file := w.announced(t)
			if file != "" || !strings.Contains(payload, "████") {
				t.Errorf("it shows the file %q, and its bars in text: %v", file, strings.Contains(payload, "████"))
			}
			if spoil == nil && len(w.Uploads()) > 0 {
				t.Error("a file was uploaded where charts are off")
			}
		})
	}
}

// refuse makes the next call of a method, and all after it, be refused.
func (w *world) refuse(method, code string) {
	w.Fail(method, 9, fakechat.Fault{Status: 200, Body: `{"ok":false,"error":"` + code + `"}`})
}

func TestFailingUploadIsTriedAgain(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*world){
		"no address at first":         func(w *world) { w.Fail("files.getUploadURLExternal", 1, fakechat.Fault{Status: 500}) },
		"one call too many":           func(w *world) { w.Fail("files.getUploadURLExternal", 1, fakechat.Fault{Status: 429}) },
		"an upload that is cut off":   func(w *world) { w.Fail("upload", 2, fakechat.Fault{Status: 503}) },
		"an answer that is lost":      func(w *world) { w.Fail("files.completeUploadExternal", 1, fakechat.Fault{Lose: true}) },
		"a file that takes some time": func(w *world) { w.Change(func() { w.Busy = 4 }) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := worldInBubble(t, logger(t))
				spoil(w)
				run(t, w, newPlayer())
				if _, err := w.chat.Post(t.Context(), w.Place(), key(0, "announcement"), time.Time{}, pictured()); err != nil {
					t.Fatal(err)
				}
				if _, file := w.announced(t); file == "" {
					t.Error("it passed, and the announcement stands without its picture")
				}
			})
		})
	}
}

// The process may end at any of the calls, before or after it is heard. Whoever
// comes next finishes, and the announcement stands once, with its picture.
func TestKilledBetweenUploadAndPost(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"files.getUploadURLExternal", "upload", "files.completeUploadExternal", "chat.postMessage"} {
		for name, fault := range map[string]fakechat.Fault{"before " + at: {Delay: time.Hour}, "after " + at: {Lose: true}} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, logger(t), false)
				w.Change(func() { w.Busy = 0 })
				w.Fail(at, 1, fault)
				stop := run(t, w, newPlayer())
				ctx, kill := context.WithCancel(t.Context())
				began := time.Now()
				posted := make(chan error, 1)
				go func() {
					_, err := w.chat.Post(ctx, w.Place(), key(0, "announcement"), time.Time{}, pictured())
					posted <- err
				}()
				adaptertest.Eventually(t, at+" is called", func() bool { return len(w.Journal(at)) > 0 })
				if fault.Lose && at == "chat.postMessage" {
					<-posted // it stands there, and nobody was told
				}
				kill()
				stop()
				w.Restart(t)
				run(t, w, newPlayer())
				ref, err := w.chat.Post(t.Context(), w.Place(), key(0, "announcement"), began, pictured())
				if err != nil {
					t.Fatal(err)
				}
				if _, file := w.announced(t); file == "" || ref.Message == "" {
					t.Errorf("the announcement stands at %q without its picture", ref.Message)
				}
			})
		}
	}
}

// An announcement that is edited keeps its picture; where it cannot be uploaded
// anew the bars in text say the same.
func TestEditedAnnouncementKeepsItsPicture(t *testing.T) {
	t.Parallel()
	w := newWorld(t, logger(t), false)
	run(t, w, newPlayer())
	ref, err := w.chat.Post(t.Context(), w.Place(), key(0, "announcement"), time.Time{}, pictured())
	if err != nil {
		t.Fatal(err)
	}
	post := pictured()
	post.Choose = bot.Literal("Judges agree.")
	if err := w.chat.Edit(t.Context(), ref, post); err != nil {
		t.Fatal(err)
	}
	if payload, file := w.announced(t); file == "" || !strings.Contains(payload, "Judges agree.") {
		t.Errorf("after an edit it shows the file %q and says %s", file, payload)
	}
	w.Fail("upload", 9, fakechat.Fault{Status: 502})
	if err := w.chat.Edit(t.Context(), ref, post); err != nil {
		t.Fatalf("the edit fails with its picture: %v", err)
	}
	if payload, file := w.announced(t); file != "" || !strings.Contains(payload, "████") {
		t.Errorf("without an upload it shows the file %q and says %s", file, payload)
	}
}
