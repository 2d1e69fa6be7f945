// Package adaptertest says in tests what a [bot.Chat] promises. Every chat
// passes all of it; there are no options.
package adaptertest

import (
	"log/slog"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A World is a chat with its surroundings: a platform's server that
// remembers, and the people on it.
type World interface {
	Chat() bot.Chat
	Place() bot.Place

	// Join brings a person and returns their user ID.
	Join(t *testing.T, name string) (user string)

	// Tap puts a person's emoji on a message, or takes it away.
	// An error: the platform was not told that it was taken, and may tell again.
	Tap(t *testing.T, ref bot.Ref, user string, c bot.Choice, on bool) error

	// TapOther puts an emoji there that is none of ours, where people can.
	TapOther(t *testing.T, ref bot.Ref, user string)

	// Command, Press and Submit return what the person is shown.
	Command(t *testing.T, user, text string) string
	Press(t *testing.T, ref bot.Ref, user, button string) string
	Submit(t *testing.T, user, form string, values map[string]string, files map[string]bot.File) string

	// Suggest returns the completions of what is typed after /tastetest.
	Suggest(t *testing.T, user, text string) []string

	// Seen is every byte that the person's client is sent of a message,
	// and Private of what only they can see.
	Seen(t *testing.T, ref bot.Ref, user string) string
	Private(t *testing.T, user string) string

	// Messages is how many messages of the bot stand in a place.
	Messages(t *testing.T, at bot.Place) int

	// Delete deletes a message as a person would. False: the platform has no
	// such thing.
	Delete(t *testing.T, ref bot.Ref) bool

	// Break takes something away from the bot until mend is called. nil: it
	// cannot be taken away on this platform.
	Break(t *testing.T, what Loss) (mend func())

	// Restart returns a new chat, over the same surroundings. The former one
	// is not used any more.
	Restart(t *testing.T) bot.Chat
}

// A Loss is what a platform may take away from the bot, and give back.
type Loss string

const (
	Token   Loss = "the token is refused"
	Taking  Loss = "what the bot says is refused as not well formed"
	Reading Loss = "the bot may not read what stands"
)

// Run tests the chats of the worlds that open returns. A chat logs to the
// logger that open is given. It is the list of the suite; what a chat promises
// is read here first.
func Run(t *testing.T, open func(t *testing.T, log *slog.Logger) World) {
	for _, tt := range []struct {
		name string
		test func(*testing.T, World, *heard)
	}{
		{"a ballot is blind", ballotIsBlind},
		{"a ballot shows what it asks", ballotShows},
		{"a seat and a head are shown", seatAndHead},
		{"long texts take the same form on both sides", longTexts},
		{"a post that is repeated stands once", postOnce},
		{"after a restart too", postOnceAfterRestart},
		{"what a picture shows stands in the text, once", pictured},
		{"places and keys are told apart", postsApart},
		{"an edit twice is one edit", editTwice},
		{"a ballot becomes its reveal", editIntoReveal},
		{"a round that is taken out leaves nothing of its answers", takenOut},
		{"a message has an address", addressed},
		{"a thread is a place", thread},
		{"a deleted message is gone", deleted},
		{"what is refused for good is told apart", refusedForGood},
		{"a token that is taken back comes back", tokenTakenBack},
		{"a first post reads nothing", firstPostReadsNothing},
		{"emoji are heard", tapsHeard},
		{"emoji that are none of ours are no votes", tapOther},
		{"what was not kept is not acknowledged", tapRefused},
		{"a command is answered to the asker", command},
		{"a user error is shown", userError},
		{"what a command reports later", later},
		{"a button is handed back", press},
		{"a form makes a round trip", form},
		{"completions", suggest},
		{"telling one person", tell},
		{"hostile text is data", hostile},
		{"an admin is not assumed", admin},
	} {
		t.Run(tt.name, func(t *testing.T) {
			logged := &Logs{}
			w := open(t, slog.New(slog.NewTextHandler(logged, &slog.HandlerOptions{Level: slog.LevelDebug})))
			t.Cleanup(func() {
				if t.Failed() {
					t.Logf("logged:\n%s", logged.String())
				}
			})
			h := &heard{logged: logged}
			Start(t, w.Chat(), h)
			tt.test(t, w, h)
		})
	}
	t.Run("it ends with its context, and leaves nothing behind", func(t *testing.T) { ends(t, open) })
}

func post(t *testing.T, w World, key bot.PostKey, p bot.Post) bot.Ref {
	t.Helper()
	ref, err := w.Chat().Post(t.Context(), w.Place(), key, time.Time{}, p)
	if err != nil {
		t.Fatalf("post %v: %v", key, err)
	}
	if ref.Workspace != w.Place().Workspace || ref.Message == "" {
		t.Errorf("post %v gave the reference %+v, not one in %+v", key, ref, w.Place().Workspace)
	}
	return ref
}
