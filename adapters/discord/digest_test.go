package discord_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/bot"
)

// What Discord is sent for a digest, and what stands behind it, in both languages.
func TestDigestGolden(t *testing.T) {
	for lang, end := range map[bot.Lang]string{bot.En: "", bot.Zh: ".zh"} {
		voice := bot.Voice{Lang: lang}
		t.Run("digest"+end, func(t *testing.T) {
			f := newFake(t, logger(t))
			key := bot.DigestKey(tasting(12).Workspace, samples.Digest.Until)
			if _, err := f.chat(t).Post(t.Context(), taste, key, time.Time{}, bot.Speak(samples.Digest, voice)); err != nil {
				t.Fatal(err)
			}
			golden(t, "digest"+end, []json.RawMessage{f.Said.Messages(tasteID)[0].Payload})
		})
		for name, post := range map[string]bot.Post{"digest-now": adaptertest.DigestAlone(samples.Digest), "week": samples.Digest.Week} {
			t.Run(name+end, func(t *testing.T) {
				f := newFake(t, logger(t))
				adaptertest.Start(t, f.chat(t), &recorder{reply: bot.Reply{Post: bot.Speak(post, voice)}})
				golden(t, name+end, []json.RawMessage{f.Slash(t, tasteID, f.Join("Ada"), "status").Data})
			})
		}
	}
}

// A digest whose answer was lost is found again by its date, long after Discord has
// forgotten its nonce.
func TestDigestIsFoundAgain(t *testing.T) {
	f := newFake(t, logger(t))
	key, began := bot.DigestKey(tasting(12).Workspace, samples.Digest.Until), time.Now().Add(-time.Hour)
	f.Calls.Fail("POST /channels/{c}/messages", 1, fakechat.Fault{Lose: true})
	c := f.chat(t)
	for _, since := range []time.Time{{}, began, began} {
		c.Post(t.Context(), taste, key, since, samples.Digest)
	}
	all := f.Said.Messages(tasteID)
	if len(all) != 1 || !strings.Contains(string(all[0].Payload), `"timestamp":"2026-11-30T08:00:00.000000+00:00"`) || !strings.Contains(string(all[0].Payload), `"text":"Mondays at 9:00 · admins change that: /tastetest digest"`) {
		t.Errorf("%d messages stand, of which the first is %s; want one, with the end of its week and when the next comes", len(all), all[0].Payload)
	}
	later := samples.Digest
	later.Until = later.Until.AddDate(0, 0, 7)
	if _, err := c.Post(t.Context(), taste, bot.DigestKey(tasting(12).Workspace, later.Until), began, later); err != nil {
		t.Fatal(err)
	}
	if n := len(f.Said.Messages(tasteID)); n != 2 {
		t.Errorf("a week later there are %d digests; want a second one", n)
	}
}
