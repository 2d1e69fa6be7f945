package slack_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/bot"
)

// kinds are the types of the blocks of messages, in order.
func kinds(t *testing.T, payloads [][]byte) (all []string) {
	t.Helper()
	for _, p := range payloads {
		var m struct{ Blocks []struct{ Type string } }
		if err := json.Unmarshal(p, &m); err != nil {
			t.Fatal(err)
		}
		for _, b := range m.Blocks {
			all = append(all, b.Type)
		}
	}
	return all
}

// A digest is one message in the channel without a picture, and its thread has the
// tests, the standings as a table, and their picture: each once, also where Slack's
// answers get lost, and without what Slack does not take.
func TestDigestAndItsThread(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		spoil   func(*world)
		table   bool
		picture bool
	}{
		{"all is well", func(*world) {}, true, true},
		{"Slack takes no tables", func(w *world) { w.Change(func() { w.Lenient, w.team.Bars = true, "data_table" }) }, false, true},
		{"files may not be written", func(w *world) { w.Change(func() { w.team.Lacks = "files:write" }) }, true, false},
		{"the upload breaks", func(w *world) { w.Fail("upload", 9, fakechat.Fault{Status: 502}) }, true, false},
		{"the file is never ready", func(w *world) { w.Change(func() { w.Busy = 99 }) }, true, false},
		{"its answer is lost", func(w *world) { w.Fail("chat.postMessage", 1, fakechat.Fault{Lose: true}) }, true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, logger(t), false)
			tt.spoil(w)
			run(t, w, newPlayer())
			d := samples.Digest
			d.Week.Standings.Picture = true
			key, began := bot.DigestKey(twelve.Workspace, d.Until), time.Now()
			var ref bot.Ref
			since := time.Time{} // the first time nothing can stand there yet; its answer may be lost
			for n := range 3 {
				var err error
				if ref, err = w.chat.Post(t.Context(), w.Place(), key, since, d); err != nil && n > 0 {
					t.Fatal(err)
				}
				since = began
			}
			if all := w.Memory.Messages("CT1"); len(all) != 1 || strings.Contains(string(all[0].Payload), `"image"`) {
				t.Errorf("%d messages stand in the channel; want the digest once, without a picture", len(all))
			}
			thread := w.payloads(ref.Channel + "/" + ref.Message)
			blocks, want := kinds(t, thread), 2
			if tt.picture {
				want++
			}
			if len(thread) != want || slices.Contains(blocks, "data_table") != tt.table || slices.Contains(blocks, "image") != tt.picture {
				t.Errorf("in its thread stand %d messages, of %v; want %d", len(thread), blocks, want)
			}
			if all := strings.ReplaceAll(string(slices.Concat(thread...)), "\\u0026", "&"); !strings.Contains(all, "kestrel@a01b77") || !strings.Contains(all, "Dear motorist") {
				t.Errorf("the thread lacks standings or how answers begin: %s", all)
			}
		})
	}
}

// Killed at any of the calls that say a digest, before or after Slack has heard it, the
// next process finishes: the digest stands once, and its thread has each part and the
// picture once.
func TestDigestKilledAnywhere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		at  string
		nth int // from 1
	}{{"files.getUploadURLExternal", 1}, {"upload", 1}, {"files.completeUploadExternal", 1}, {"chat.postMessage", 1}, {"chat.postMessage", 2}, {"chat.postMessage", 3}, {"chat.postMessage", 4}} {
		for name, fault := range map[string]fakechat.Fault{"before": {Delay: time.Hour}, "after": {Lose: true}} {
			t.Run(fmt.Sprint(name, " ", c.at, " ", c.nth), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, logger(t), false)
				w.Change(func() { w.Busy = 0 })
				w.Fail(c.at, c.nth-1, fakechat.Fault{})
				w.Fail(c.at, 1, fault)
				stop := run(t, w, newPlayer())
				d := samples.Digest
				d.Week.Standings.Picture = true
				key, began := bot.DigestKey(twelve.Workspace, d.Until), time.Now()
				ctx, kill := context.WithCancel(t.Context())
				posted := make(chan error, 1)
				go func() {
					_, err := w.chat.Post(ctx, w.Place(), key, time.Time{}, d)
					posted <- err
				}()
				adaptertest.Eventually(t, c.at+" is called", func() bool { return len(w.Journal(c.at)) >= c.nth })
				if fault.Lose {
					<-posted // it stands there, and nobody was told; or it went on
				}
				kill()
				stop()
				w.Restart(t)
				run(t, w, newPlayer())
				ref, err := w.chat.Post(t.Context(), w.Place(), key, began, d)
				if err != nil {
					t.Fatal(err)
				}
				if n := len(w.Memory.Messages("CT1")); n != 1 {
					t.Errorf("%d digests stand in the channel, want one", n)
				}
				var pictures int
				thread := w.payloads(ref.Channel + "/" + ref.Message)
				for _, kind := range kinds(t, thread) {
					if kind == "image" {
						pictures++
					}
				}
				if len(thread) != 3 || pictures != 1 {
					t.Errorf("in its thread stand %d messages with %d pictures, want three and one", len(thread), pictures)
				}
			})
		}
	}
}
