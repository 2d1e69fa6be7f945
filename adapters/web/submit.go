package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
)

const (
	largeForms = 4                      // forms are taken in at once; others wait their turn
	mostForms  = largeForms * largeBody // bytes of all others that have come meanwhile
)

// receive reads the body of a form, which may have a file. What has come of all of them is
// bounded, not what is promised, so that nobody waits for somebody on a bad line. If it
// returns false the request has been answered.
func (c *Chat) receive(w http.ResponseWriter, r *http.Request) (end func(), ok bool) {
	var held int64
	end = func() { c.bodies.Release(held) }
	var read bytes.Buffer
	for from := http.MaxBytesReader(w, r.Body, largeBody); ; {
		_, err := io.CopyN(&read, from, smallBody)
		if errors.Is(err, io.EOF) {
			r.Body = io.NopCloser(&read)
			return end, true
		}
		if !c.unread(w, r, err) {
			return end, false
		}
		wait, cancel := context.WithTimeout(r.Context(), patience)
		err = c.bodies.Acquire(wait, smallBody) // for the next piece
		cancel()
		if err != nil {
			c.crowded(w, r)
			return end, false
		}
		held += smallBody
	}
}

func (c *Chat) crowded(w http.ResponseWriter, r *http.Request) {
	c.refuse(w, r, http.StatusServiceUnavailable, bot.Say("Many forms are being sent at this moment, so nothing was done. Try again in a minute."))
}

func (c *Chat) submit(w http.ResponseWriter, r *http.Request) {
	user := c.actor(w, r)
	if user == "" {
		return
	}
	end, ok := c.receive(w, r)
	defer end()
	if !ok {
		return
	}
	turn := time.NewTimer(patience)
	defer turn.Stop()
	select {
	case c.forms <- struct{}{}:
		defer func() { <-c.forms }()
	case <-turn.C:
		c.crowded(w, r)
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
