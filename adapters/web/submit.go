package web

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// largeForms is how many forms that may have a file are read at once, so that
// no more than so many times largeBody is in memory: others wait their turn.
const largeForms = 4

func (c *Chat) submit(w http.ResponseWriter, r *http.Request) {
	user := c.actor(w, r)
	if user == "" {
		return
	}
	turn := time.NewTimer(patience)
	defer turn.Stop()
	select {
	case c.forms <- struct{}{}:
		defer func() { <-c.forms }()
	case <-turn.C:
		c.refuse(w, r, http.StatusServiceUnavailable, bot.Say("Many forms are being sent at this moment, so nothing was done. Try again in a minute."))
		return
	case <-r.Context().Done():
		return
	}
	if !c.read(w, r, largeBody) {
		return
	}
	s := bot.Submission{At: c.place, User: user, Form: r.PostFormValue("form"), Values: make(map[string]string), Files: make(map[string]bot.File)}
	for k, v := range r.PostForm {
		if name, ok := strings.CutPrefix(k, "field-"); ok {
			s.Values[name] = strings.ReplaceAll(v[0], "\r\n", "\n") // as it was typed
		}
	}
	if r.MultipartForm != nil {
		defer r.MultipartForm.RemoveAll()
		for k, fs := range r.MultipartForm.File {
			name, ok := strings.CutPrefix(k, "field-")
			if !ok || fs[0].Filename == "" {
				continue
			}
			f, err := fs[0].Open()
			if err != nil {
				c.sorry(w, r, fmt.Errorf("open the upload of field %s: %w", name, err))
				return
			}
			data, err := io.ReadAll(f)
			f.Close()
			if err != nil {
				c.sorry(w, r, fmt.Errorf("read the upload of field %s: %w", name, err))
				return
			}
			s.Files[name] = bot.File{Name: fs[0].Filename, Data: data}
		}
	}
	h, _ := c.connected()
	ctx, cancel := outlives(r)
	defer cancel()
	c.reply(w, r, user, h.Submit(ctx, s), false)
}
