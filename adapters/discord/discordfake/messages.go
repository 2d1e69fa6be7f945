package discordfake

import (
	"cmp"
	"encoding/json"
	"fmt"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
)

// A Sent is a message, as far as the fake looks into it.
type Sent struct {
	Content    string           `json:"content"`
	Embeds     []sentEmbed      `json:"embeds"`
	Components []SentComponent  `json:"components"`
	Mentions   *json.RawMessage `json:"allowed_mentions,omitempty"`
	Reference  *struct {
		Message string `json:"message_id"`
	} `json:"message_reference,omitempty"`
	Flags       int              `json:"flags,omitempty"`
	Nonce       string           `json:"nonce,omitempty"`
	Enforce     bool             `json:"enforce_nonce,omitempty"`
	Attachments []sentAttachment `json:"attachments,omitempty"`
}

// A sentAttachment says which of a form's files is which.
type sentAttachment struct {
	ID          int    `json:"id"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
}

type sentEmbed struct {
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
	Color       int    `json:"color,omitempty"`
	Image       *struct {
		URL string `json:"url"`
	} `json:"image,omitempty"`
	Footer *struct {
		Text string `json:"text"`
	} `json:"footer,omitempty"`
	Timestamp string `json:"timestamp,omitempty"`
}

// A SentComponent is a part of a message or of a form.
type SentComponent struct {
	Type        int             `json:"type"`
	ID          string          `json:"custom_id,omitempty"`
	URL         string          `json:"url,omitempty"` // of a button of style 5, which has no custom_id
	Label       string          `json:"label,omitempty"`
	Description string          `json:"description,omitempty"`
	Style       int             `json:"style,omitempty"`
	Content     string          `json:"content,omitempty"`
	Placeholder string          `json:"placeholder,omitempty"`
	Value       string          `json:"value,omitempty"`
	MaxLength   int             `json:"max_length,omitempty"`
	Options     []sentOption    `json:"options,omitempty"`
	Components  []SentComponent `json:"components,omitempty"`
	Component   *SentComponent  `json:"component,omitempty"`
}

type sentOption struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
	Default     bool   `json:"default,omitempty"`
}

// read takes a message out of a request, with its files, and checks it.
func (f *Discord) read(r *http.Request, inside string) (m Sent, files map[string][]byte, no *refusal) {
	body := readAll(r.Body)
	var fields map[string]string // of files: the field in the form, and the name
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "multipart/form-data" {
		form, err := multipart.NewReader(strings.NewReader(string(body)), params["boundary"]).ReadForm(1 << 24)
		if err != nil {
			return m, nil, &refusal{400, 50035, err.Error()}
		}
		body = []byte(form.Value["payload_json"][0])
		if files, fields, no = f.attached(form); no != nil {
			return m, nil, no
		}
	}
	if inside != "" {
		var outer map[string]json.RawMessage
		if err := json.Unmarshal(body, &outer); err != nil {
			return m, nil, &refusal{400, 50035, err.Error()}
		}
		body = outer[inside]
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return m, nil, &refusal{400, 50035, err.Error()}
	}
	f.Mu.Lock()
	most := cmp.Or(f.Embedded, 6000)
	f.Mu.Unlock()
	if wrong := cmp.Or(m.check(len(files), most), m.checkFiles(fields)); wrong != "" {
		f.log.Error("the fake refuses a message", "wrong", wrong)
		return m, nil, &refusal{400, 50035, "Invalid Form Body: " + wrong}
	}
	m.Attachments = nil // Discord lists them in words of its own
	return m, files, nil
}

// check enforces Discord's limits, and trims as it does; most is that of all
// embeds together.
func (m *Sent) check(files, most int) string {
	m.Content = strings.TrimSpace(m.Content)
	total := 0
	for i := range m.Embeds {
		e := &m.Embeds[i]
		e.Title, e.Description = strings.TrimSpace(e.Title), strings.TrimSpace(e.Description)
		total += units(e.Title) + units(e.Description)
		if e.Footer != nil {
			total += units(e.Footer.Text)
		}
		if e.Timestamp != "" {
			at, err := time.Parse(time.RFC3339, e.Timestamp)
			if err != nil {
				return fmt.Sprintf("embeds.%d.timestamp: Could not parse %s. Should be ISO8601.", i, e.Timestamp)
			}
			e.Timestamp = at.UTC().Format("2006-01-02T15:04:05.000000-07:00") // as Discord tells it
		}
		switch {
		case e.Title == "" && e.Description == "":
			return fmt.Sprintf("embeds.%d.description: This field is required", i)
		case units(e.Title) > 256:
			return fmt.Sprintf("embeds.%d.title: Must be 256 or fewer in length.", i)
		case units(e.Description) > 4096:
			return fmt.Sprintf("embeds.%d.description: Must be 4096 or fewer in length.", i)
		}
	}
	switch {
	case m.Content == "" && len(m.Embeds) == 0 && files == 0:
		return "an empty message"
	case units(m.Content) > 2000:
		return "content too long"
	case total > most || len(m.Embeds) > 10:
		return fmt.Sprintf("embeds: Embed size exceeds maximum size of %d", most)
	case len(m.Nonce) > 25:
		return "nonce too long"
	case m.Mentions == nil || !strings.Contains(string(*m.Mentions), `"parse":[]`):
		return "mentions are allowed"
	case len(m.Components) > 5:
		return "too many rows"
	}
	seen := make(map[string]bool)
	for _, row := range m.Components {
		if row.Type != 1 || len(row.Components) == 0 || len(row.Components) > 5 {
			return "a row that is none"
		}
		for _, c := range row.Components {
			if c.Type == 2 && c.Style == 5 {
				if c.ID != "" || !strings.HasPrefix(c.URL, "https://") && !strings.HasPrefix(c.URL, "http://") || units(c.URL) > 512 || c.Label == "" || units(c.Label) > 80 {
					return "a link button that is none: " + c.URL
				}
				continue
			}
			if c.URL != "" || c.ID == "" || len(c.ID) > 100 || seen[c.ID] || units(c.Label) > 80 || c.Type == 2 && c.Label == "" ||
				c.Type == 3 && len(row.Components) > 1 || len(c.Options) > 25 {
				return "component " + c.ID
			}
			seen[c.ID] = true
			if no := checkOptions(c.Options); no != "" {
				return no
			}
		}
	}
	return ""
}

func checkOptions(options []sentOption) string {
	seen := make(map[string]bool)
	for _, o := range options {
		if o.Label == "" || o.Value == "" || seen[o.Value] || units(o.Label) > 100 || units(o.Value) > 100 || units(o.Description) > 100 {
			return "option " + o.Value
		}
		seen[o.Value] = true
	}
	return ""
}

func (f *Discord) createMessage(r *http.Request) (any, *refusal) {
	c, no := f.channel(r)
	if no != nil {
		return nil, no
	}
	m, files, no := f.read(r, "")
	if no != nil {
		return nil, no
	}
	if len(files) > 0 && f.filesBarred() {
		return nil, &refusal{403, 50013, "Missing Permissions"}
	}
	f.Mu.Lock()
	if id, again := f.nonces[m.Nonce]; again && m.Nonce != "" && m.Enforce {
		f.Mu.Unlock()
		old, _ := f.Said.Message(c.ID, id)
		return f.shown(old), nil
	}
	f.wake(c)
	f.Mu.Unlock()
	nonce := m.Nonce
	m.Nonce, m.Enforce = "", false // it does not stay with the message
	x := fakechat.Message{Channel: c.ID, ID: f.NewID(), Author: BotID, Only: c.To, Payload: encode(m)}
	f.Said.Put(x)
	f.Mu.Lock()
	f.nonces[nonce] = x.ID
	for name, data := range files {
		f.Sent[x.ID+"/"+name] = data
	}
	f.Mu.Unlock()
	f.Hear(x.ID, c.ID, BotID, m.Content, nil) // it hears itself, too
	return f.shown(x), nil
}

// ForgetNonces does what some minutes do.
func (f *Discord) ForgetNonces() {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	clear(f.nonces)
}

// shown is a message as Discord tells it.
func (f *Discord) shown(x fakechat.Message) map[string]any {
	m := make(map[string]any)
	if err := json.Unmarshal(x.Payload, &m); err != nil {
		panic(err)
	}
	delete(m, "allowed_mentions")
	m["id"], m["channel_id"] = x.ID, x.Channel
	f.Mu.Lock()
	defer f.Mu.Unlock()
	m["author"] = f.Users[x.Author]
	var emoji []map[string]any
	for _, e := range x.Emoji {
		emoji = append(emoji, map[string]any{"emoji": map[string]any{"id": nil, "name": e.Name}, "count": len(e.Users), "me": slices.Contains(e.Users, BotID)})
	}
	for key, users := range f.supers {
		if name, ok := strings.CutPrefix(key, x.ID); ok && len(users) > 0 && !slices.ContainsFunc(x.Emoji, func(e fakechat.Emoji) bool { return e.Name == name }) {
			emoji = append(emoji, map[string]any{"emoji": map[string]any{"id": nil, "name": name}, "count": len(users)})
		}
	}
	if emoji != nil {
		m["reactions"] = emoji
	}
	return m
}

func (f *Discord) message(r *http.Request) (any, *refusal) {
	if _, no := f.channel(r); no != nil {
		return nil, no
	}
	x, ok := f.Said.Message(r.PathValue("c"), r.PathValue("m"))
	if !ok {
		return nil, &refusal{404, 10008, "Unknown Message"}
	}
	return f.shown(x), nil
}

// listMessages answers with those after an ID, newest first, as Discord does.
func (f *Discord) listMessages(r *http.Request) (any, *refusal) {
	c, no := f.channel(r)
	if no != nil {
		return nil, no
	}
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	page := []map[string]any{}
	for _, x := range f.Said.Messages(c.ID) {
		if id, _ := strconv.ParseInt(x.ID, 10, 64); id > after && len(page) < limit {
			page = append(page, f.shown(x))
		}
	}
	slices.Reverse(page)
	return page, nil
}

func (f *Discord) editMessage(r *http.Request) (any, *refusal) {
	if _, no := f.message(r); no != nil {
		return nil, no
	}
	if _, no := f.channel(r); no != nil {
		return nil, no
	}
	m, files, no := f.read(r, "")
	if no == nil && len(files) > 0 && f.filesBarred() {
		no = &refusal{403, 50013, "Missing Permissions"}
	}
	if no != nil {
		return nil, no
	}
	if no := f.tooOld(r.PathValue("m")); no != nil {
		return nil, no
	}
	f.Said.Edit(r.PathValue("c"), r.PathValue("m"), encode(m))
	f.Mu.Lock()
	for name, data := range files {
		f.Sent[r.PathValue("m")+"/"+name] = data
	}
	f.Mu.Unlock()
	return f.message(r)
}

func (f *Discord) deleteMessage(r *http.Request) (any, *refusal) {
	if !f.Said.Delete(r.PathValue("c"), r.PathValue("m")) {
		return nil, &refusal{404, 10008, "Unknown Message"}
	}
	return nil, nil
}

func (f *Discord) putReaction(r *http.Request) (any, *refusal) {
	if _, no := f.channel(r); no != nil {
		return nil, no
	}
	if _, found := f.Said.React(r.PathValue("c"), r.PathValue("m"), BotID, r.PathValue("e"), true); !found {
		return nil, &refusal{404, 10008, "Unknown Message"}
	}
	f.DispatchReaction(r.PathValue("c"), r.PathValue("m"), BotID, r.PathValue("e"), true, false)
	return nil, nil
}

func (f *Discord) listReactors(r *http.Request) (any, *refusal) {
	if _, no := f.message(r); no != nil {
		return nil, no
	}
	q := r.URL.Query()
	limit, _ := strconv.Atoi(q.Get("limit"))
	var ids []string
	if q.Get("type") == "1" {
		f.Mu.Lock()
		ids = slices.Clone(f.supers[r.PathValue("m")+r.PathValue("e")])
		f.Mu.Unlock()
	} else {
		x, _ := f.Said.Message(r.PathValue("c"), r.PathValue("m"))
		for _, e := range x.Emoji {
			if e.Name == r.PathValue("e") {
				ids = e.Users
			}
		}
	}
	number := func(id string) int64 { n, _ := strconv.ParseInt(id, 10, 64); return n }
	slices.SortFunc(ids, func(a, b string) int { return int(number(a) - number(b)) })
	page := []Person{}
	f.Mu.Lock()
	defer f.Mu.Unlock()
	for _, id := range ids {
		if number(id) > number(q.Get("after")) && len(page) < min(limit, 100) {
			page = append(page, f.Users[id])
		}
	}
	return page, nil
}
