package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/bot"
	pictures "github.com/tastetest/tastetest/bot/chart"
)

// A picture stands in the announcement's own message, as a block that shows a
// file of ours. The upload itself shares it nowhere: a shared file has no key by
// which a second attempt would know it, and would stand twice. A file that no
// message shows is seen by nobody, so that an upload can be made again.

const (
	mostUploads  = 3                // of one picture
	mostShown    = 5                // tries to say a message while Slack looks at its file
	uploadWithin = 20 * time.Second // or the announcement goes without
	mostAltFile  = 1000             // characters
)

// sayer says an announcement with its picture or, where there is none or Slack
// does not take it, without; any other post as it is.
func (c *Chat) sayer(ctx context.Context, t *team, r rank, channel string, a attempt, p bot.Post, m said) func(thread string, more ...api.MsgOption) (ts string, err error) {
	shown, drawn := c.pictured(ctx, t, p)
	return func(thread string, more ...api.MsgOption) (string, error) {
		if drawn {
			var ts string
			err := c.whenReady(ctx, func() (err error) {
				ts, err = t.send(ctx, r, channel, thread, a, shown, more)
				return err
			})
			if !errors.Is(err, bot.ErrRefused) || noThread(err) {
				return ts, err
			}
			c.log.Warn("Slack does not show a picture; the announcement goes without", "workspace", t.Name, "post", a.key, "err", err)
		}
		return t.say(ctx, r, channel, thread, a, m, more...)
	}
}

// pictured is an announcement with its picture, which Slack has.
func (c *Chat) pictured(ctx context.Context, t *team, p bot.Post) (m said, ok bool) {
	a, _ := p.(bot.Announcement)
	w := tongueOf(a)
	picture, ok := pictures.Votes(a, w.Text)
	switch {
	case !a.Picture || !ok:
		return m, false
	case !t.may("files:write"):
		c.log.Info("an announcement goes without its picture: the Slack app lacks the scope files:write", "workspace", t.Name)
		return m, false
	}
	file, err := c.upload(ctx, t, fmt.Sprintf("taste-test-%v.png", a.Tasting), picture)
	if err != nil {
		c.log.Warn("upload a picture; the announcement goes without", "workspace", t.Name, "tasting", a.Tasting, "err", err)
		return m, false
	}
	block := api.NewImageBlockSlackFile(&api.SlackFileObject{ID: file}, picture.Alt, "", nil)
	return finished(w.announcement(a, append([]api.Block{block}, w.smalls(a.Summary)...))), true
}

// upload gives Slack a picture and returns its file, which nobody sees yet. What
// may pass is tried again, from the beginning.
func (c *Chat) upload(ctx context.Context, t *team, name string, picture pictures.Picture) (file string, err error) {
	data, err := picture.PNG(pictures.Light)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, uploadWithin)
	defer cancel()
	for try := 1; ; try++ {
		file, err = t.upload(ctx, name, clip(picture.Alt, mostAltFile), data)
		_, lacks := errors.AsType[bot.UserError](err)
		if err == nil || lacks || errors.Is(err, bot.ErrRefused) || errors.Is(err, bot.ErrLost) || try == mostUploads {
			return file, err
		}
		if err := c.pause(ctx, try); err != nil {
			return "", err
		}
	}
}

// upload takes Slack's three steps.
func (t *team) upload(ctx context.Context, name, alt string, data []byte) (file string, err error) {
	var where *api.GetUploadURLExternalResponse
	err = call(ctx, func() (err error) {
		where, err = t.api.GetUploadURLExternalContext(ctx, api.GetUploadURLExternalParameters{FileName: name, FileSize: len(data), AltTxt: alt})
		return err
	})
	if err != nil {
		return "", explain("ask where to upload a picture", err)
	}
	err = call(ctx, func() error {
		return t.api.UploadToURL(ctx, api.UploadToURLParameters{UploadURL: where.UploadURL, Reader: bytes.NewReader(data), Filename: name})
	})
	if err != nil {
		return "", explain("upload a picture", err)
	}
	err = call(ctx, func() error {
		_, err := t.api.CompleteUploadExternalContext(ctx, api.CompleteUploadExternalParameters{Files: []api.FileSummary{{ID: where.FileID, Title: name}}})
		return err
	})
	return where.FileID, explain("complete the upload of a picture", err)
}

// whenReady says or edits a message that shows a file. Slack refuses that while
// it looks at the file, for a moment after the upload, and nothing is done then.
func (c *Chat) whenReady(ctx context.Context, do func() error) error {
	for try := 1; ; try++ {
		err := do()
		if !refused(err, "invalid_blocks") || try == mostShown {
			return err
		}
		if err := c.pause(ctx, try); err != nil {
			return err
		}
	}
}

// pause is between two tries: a second, then twice as long each time.
func (c *Chat) pause(ctx context.Context, try int) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(c.opt.SeedEvery << (try - 1)):
		return nil
	}
}
