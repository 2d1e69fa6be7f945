package bot

import (
	"errors"
	"fmt"
	"time"
)

// Errors that stores return, alone or wrapped.
var (
	ErrNotFound = errors.New("not found")
	ErrClosed   = errors.New("voting is over")                // from Hear and Choose: nothing was kept
	ErrMoved    = errors.New("the tasting has moved on")      // from Update and Seal: another state than was expected
	ErrLimit    = errors.New("the spending limit is reached") // from Reserve
	ErrTaken    = errors.New("the name is somebody else's")   // from SetProfile: nothing was kept
	ErrTerm     = errors.New("somebody else has the job")     // from every write for a job
)

// Errors that chats return, alone or wrapped.
var (
	ErrGone      = errors.New("the message is gone")             // from Edit and Reactions: it was deleted
	ErrLost      = errors.New("the place is lost")               // from any call: deleted, archived, the bot was removed, or its token is refused
	ErrPartial   = errors.New("not all reactions could be read") // from Reactions
	ErrHeardOnly = errors.New("this chat keeps no reactions")    // from Reactions: what was heard is all there is
)

// ErrEarly is from [Handler]'s React: nothing was kept, and the same emoji is to come again.
var ErrEarly = errors.New("the ballot is being posted still")

// ErrRefused is from chats, wrapped: the platform understood what was asked and
// will not do it, now or later. What should be said is too long for it or not
// well formed, or nobody may write there any more. The part that was refused
// has not been done; asking again changes nothing. Whatever may pass by itself
// (an outage, a limit on calls) is not ErrRefused, nor is what an admin can give
// back: that is [ErrLost].
var ErrRefused = errors.New("the chat refuses this for good")

// A WaitError is a chat's refusal to take more for now, from Edit: some take
// only so many edits of old messages.
type WaitError struct {
	For time.Duration // until it is worth trying again
	Err error
}

func (e WaitError) Error() string { return fmt.Sprintf("wait for %v: %v", e.For, e.Err) }
func (e WaitError) Unwrap() error { return e.Err }

// A UserError is an error whose text may be shown to whoever caused it:
// one clear sentence that says what to type or click instead.
type UserError Sentence

func (e UserError) Error() string { return Sentence(e).String() }
