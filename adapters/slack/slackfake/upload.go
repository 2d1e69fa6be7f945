package slackfake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// An Upload is a file that the bot sends, in Slack's three steps: it asks for
// an address, sends the bytes there, and says that it is done. What is done is
// not ready yet: Slack goes on to look at the file, and refuses a message that
// shows it before that.
type Upload struct {
	Name, Alt string
	Data      []byte // nil: they have not come
	Done      bool   // and nobody else sees it, unless a message shows it

	team   string
	length int
	busy   int // how many messages with it are refused yet
}

// Uploads are the files that the bot sent, by their IDs.
func (s *Slack) Uploads() map[string]Upload {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[string]Upload)
	for id, u := range s.uploads {
		all[id] = *u
	}
	return all
}

// uploadURL is the first step.
func (s *Slack) uploadURL(team *Team, args url.Values) object {
	n, err := strconv.Atoi(args.Get("length"))
	if err != nil || n <= 0 || args.Get("filename") == "" {
		return no("invalid_arguments")
	}
	if len([]rune(args.Get("alt_txt"))) > 1000 {
		return no("invalid_arguments")
	}
	id := fmt.Sprintf("F%09d", s.Next())
	s.mu.Lock()
	defer s.mu.Unlock()
	s.uploads[id] = &Upload{Name: args.Get("filename"), Alt: args.Get("alt_txt"), team: team.ID, length: n, busy: s.Busy}
	return object{"ok": true, "upload_url": s.srv.URL + "/upload/" + id, "file_id": id}
}

// receive is the second step: bytes as they are, or in a form.
func (s *Slack) receive(w http.ResponseWriter, r *http.Request) {
	var data []byte
	if file, _, err := r.FormFile("file"); err == nil {
		data, _ = io.ReadAll(file)
	} else {
		data, _ = io.ReadAll(r.Body)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.uploads[strings.TrimPrefix(r.URL.Path, "/upload/")]
	switch {
	case u == nil || u.Done:
		http.Error(w, "not found", http.StatusNotFound)
	case len(data) != u.length:
		http.Error(w, fmt.Sprintf("%d bytes were promised, and %d came", u.length, len(data)), http.StatusBadRequest)
	default:
		u.Data = bytes.Clone(data)
		fmt.Fprintf(w, "OK - %d", len(data))
	}
}

// uploaded is the third step. The bot shares nothing by it: that could not be
// told from a second attempt, and would stand twice.
func (s *Slack) uploaded(team *Team, args url.Values) object {
	var files []struct{ ID, Title string }
	if json.Unmarshal([]byte(args.Get("files")), &files) != nil || len(files) == 0 {
		return no("invalid_arguments")
	}
	if args.Get("channel_id")+args.Get("channels") != "" {
		s.t.Errorf("a file is shared into %s by an upload, which cannot be made again", args.Get("channel_id"))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	said := []object{}
	for _, f := range files {
		u := s.uploads[f.ID]
		if u == nil || u.team != team.ID || u.Data == nil {
			return no("file_not_found")
		}
		u.Done = true
		said = append(said, object{"id": f.ID, "title": f.Title})
	}
	return object{"ok": true, "files": said}
}

// shows refuses a message that shows a file which is not the team's, is not
// there, is no picture or is not ready. None of that is the test's fault: the
// bot cannot know.
func (s *Slack) shows(team *Team, blocks string) object {
	var all []struct {
		Type string
		File struct{ ID string } `json:"slack_file"`
	}
	json.Unmarshal([]byte(blocks), &all)
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, b := range all {
		if b.Type != "image" {
			continue
		}
		u := s.uploads[b.File.ID]
		ready := u != nil && u.team == team.ID && u.Done && http.DetectContentType(u.Data) == "image/png"
		if ready && u.busy > 0 {
			u.busy--
			ready = false
		}
		if !ready {
			said := fmt.Sprintf("[ERROR] invalid slack file [json-pointer:/blocks/%d/slack_file]", i)
			return object{"ok": false, "error": "invalid_blocks", "errors": []string{"invalid slack file"}, "response_metadata": object{"messages": []string{said}}}
		}
	}
	return nil
}
