package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/bot"
)

const (
	mostInput   = 3000    // characters of a text field
	mostOptions = 100     // of a select
	mostUpload  = 8 << 20 // bytes
	formPrefix  = "form:"
	fetchTime   = 1500 * time.Millisecond // for a file, while Slack waits for the form
)

// formView is a form as a modal. A field is a block of its name. Slack opens no
// form with an upload for an app that may not read files.
func (w tongue) formView(at bot.Place, f bot.Form, uploads bool) api.ModalViewRequest {
	var blocks []api.Block
	if !f.Intro.IsZero() {
		blocks = append(blocks, w.sentence(f.Intro))
	}
	for _, field := range f.Fields {
		if field.Kind == bot.Upload && !uploads {
			blocks = append(blocks, w.smalls(bot.Say("Files cannot be uploaded here: the Slack app lacks the scope {scope}.", bot.Verbatim("files:read")))...)
			continue
		}
		var hint *api.TextBlockObject
		if !field.Hint.IsZero() {
			hint = literal(clip(w.Text(field.Hint), mostPlain))
		}
		b := api.NewInputBlock(field.Name, literal(clip(w.Text(field.Label), mostPlain)), hint, w.input(field))
		b.Optional = !field.Required
		blocks = append(blocks, b)
	}
	v := w.modal(at, w.Text(f.Title), blocks)
	v.CallbackID = formPrefix + f.ID
	v.Close, v.Submit = literal(w.Text(bot.Say("Not now"))), literal(clip(w.Text(f.Submit), mostTitle))
	return v
}

// input is what a field is filled in with.
func (w tongue) input(f bot.Field) api.BlockElement {
	switch f.Kind {
	case bot.Select:
		e := api.NewOptionsSelectBlockElement(api.OptTypeStatic, nil, f.Name)
		for _, o := range f.Options[:min(len(f.Options), mostOptions)] {
			option := api.NewOptionBlockObject(o.Value, literal(clip(w.Text(o.Label), mostLabel)), nil)
			e.Options = append(e.Options, option)
			if o.Value == f.Value {
				e.InitialOption = option
			}
		}
		return e
	case bot.People:
		return api.NewOptionsMultiSelectBlockElement(api.MultiOptTypeUser, nil, f.Name)
	case bot.Upload:
		return api.NewFileInputBlockElement(f.Name).WithMaxFiles(1)
	}
	e := api.NewPlainTextInputBlockElement(nil, f.Name)
	e.Multiline = f.Kind == bot.Area
	e.MaxLength = mostInput
	if f.Max > 0 {
		e.MaxLength = min(f.Max, mostInput)
	}
	e.InitialValue = clip(f.Value, e.MaxLength)
	return e
}

// submission reads a filled-in form. blame is the field that cannot be read.
func (a *asker) submission(ctx context.Context, v api.View) (s bot.Submission, blame string, err error) {
	s = bot.Submission{
		At: a.at, User: a.user, Form: strings.TrimPrefix(v.CallbackID, formPrefix),
		Values: make(map[string]string), Files: make(map[string]bot.File),
	}
	if v.State == nil {
		return s, "", errors.New("a form without its fields")
	}
	for field, actions := range v.State.Values {
		for _, in := range actions {
			switch {
			case len(in.Files) > 0:
				f, err := a.download(ctx, in.Files[0])
				if err != nil {
					return s, field, err
				}
				s.Files[field] = f
			case len(in.SelectedUsers) > 0:
				s.Values[field] = "<@" + strings.Join(in.SelectedUsers, "> <@") + ">"
			case in.SelectedOption.Value != "":
				s.Values[field] = in.SelectedOption.Value
			case in.Value != "":
				s.Values[field] = in.Value
			}
		}
	}
	return s, "", nil
}

// blamed is the field of a form below which a mistake is said: the one that it
// is about, else the first by name; "" if the form has none.
func blamed(v api.View, about string) string {
	if v.State == nil || len(v.State.Values) == 0 {
		return ""
	}
	if _, ok := v.State.Values[about]; ok {
		return about
	}
	return slices.Min(slices.Collect(maps.Keys(v.State.Values)))
}

// faults are what is wrong, each below its field.
func (w tongue) faults(v api.View, all []bot.Fault) map[string]string {
	said := make(map[string]string)
	for _, f := range all {
		at := blamed(v, f.Field)
		said[at] = clip(strings.TrimSpace(said[at]+" "+w.Text(f.Text)), 2000)
	}
	return said
}

// download fetches an uploaded file.
func (a *asker) download(ctx context.Context, f api.File) (bot.File, error) {
	if f.Size > mostUpload {
		return bot.File{}, bot.UserError(bot.Say("The file is larger than {mostupload} MB. Upload a smaller one.", bot.Count(mostUpload>>20)))
	}
	address := f.URLPrivateDownload
	if address == "" {
		address = f.URLPrivate
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	var data bytes.Buffer
	err := a.api.GetFileContext(ctx, address, &limited{&data, mostUpload})
	if errors.Is(err, context.DeadlineExceeded) {
		return bot.File{}, bot.UserError(bot.Say("The file took too long to fetch. Try once more, upload a smaller one, or paste the text."))
	}
	if e, ok := errors.AsType[api.StatusCodeError](err); ok && (e.Code == 403 || e.Code == 404) || err != nil && strings.Contains(err.Error(), "sign-in page") {
		return bot.File{}, lacking("files:read")
	}
	if err != nil {
		return bot.File{}, fmt.Errorf("fetch an uploaded file: %w", bare(err))
	}
	return bot.File{Name: f.Name, Data: data.Bytes()}, nil
}

// limited is a writer that takes so many bytes and no more.
type limited struct {
	to   io.Writer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, errors.New("the file is larger than it was said to be")
	}
	return l.to.Write(p)
}
