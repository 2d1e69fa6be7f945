// Package notifyfake is the group robots of Feishu, DingTalk and WeCom on this
// machine: it refuses what they refuse, in their words and with status 200, and
// remembers what stands in the group.
package notifyfake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
)

// A Message stands in a group.
type Message struct {
	Robot             string // feishu, dingtalk, wecom
	Title, Text, Link string
}

// Robots are one robot of each kind, with a server that they listen on.
type Robots struct {
	Signing string // Feishu's and DingTalk's; "" if they ask for none
	Keyword string // of DingTalk: messages without it are refused; "" none

	// Before, if set, is called with each request; what it answers is all if it
	// returns true.
	Before func(w http.ResponseWriter, r *http.Request) (answered bool)

	server *httptest.Server
	mu     sync.Mutex
	said   []Message
	posts  int
}

// Keys are in the addresses of the robots.
const (
	FeishuKey   = "5f2c9a10-S3CR3T-feishu"
	DingTalkKey = "e9a8118c8a3d-S3CR3T-dingtalk"
	WeComKey    = "693a91f6-S3CR3T-wecom"
)

// New starts them.
func New(t *testing.T) *Robots {
	r := unserved()
	r.server.Start()
	t.Cleanup(r.server.Close)
	return r
}

// NewPiped starts them within a bubble of synctest, on a network on which alone they
// are reached.
func NewPiped(t *testing.T) (*Robots, *fakechat.Pipes) {
	r, net := unserved(), fakechat.NewPipes()
	r.server.Listener.Close()
	r.server.Listener = net
	r.server.Start()
	t.Cleanup(r.server.Close)
	return r, net
}

// unserved are robots that nobody can reach yet.
func unserved() *Robots {
	r := &Robots{}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /open-apis/bot/v2/hook/{key}", r.feishu)
	mux.HandleFunc("POST /robot/send", r.dingtalk)
	mux.HandleFunc("POST /cgi-bin/webhook/send", r.wecom)
	r.server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.mu.Lock()
		r.posts++
		r.mu.Unlock()
		if r.Before != nil && r.Before(w, req) {
			return
		}
		mux.ServeHTTP(w, req)
	}))
	return r
}

// URL is a robot's webhook.
func (r *Robots) URL(kind string) string {
	switch kind {
	case "feishu":
		return r.server.URL + "/open-apis/bot/v2/hook/" + FeishuKey
	case "dingtalk":
		return r.server.URL + "/robot/send?access_token=" + DingTalkKey
	}
	return r.server.URL + "/cgi-bin/webhook/send?key=" + WeComKey
}

// Said is what stands in the groups, in order.
func (r *Robots) Said() []Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Message(nil), r.said...)
}

// Posts is how many requests came, of whatever kind.
func (r *Robots) Posts() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.posts
}

func (r *Robots) keep(m Message) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said = append(r.said, m)
}

const mostBytes = 20_000 // of a body, on all three

// read reads a body as its robot does; ok is false if it is none.
func read(req *http.Request, into any) (ok bool) {
	body, err := io.ReadAll(io.LimitReader(req.Body, mostBytes+1))
	return err == nil && len(body) <= mostBytes && strings.HasPrefix(req.Header.Get("Content-Type"), "application/json") && json.Unmarshal(body, into) == nil
}

// sound reports whether a stamp is of the last hour and signed as it should be.
func (r *Robots) sound(stamp time.Time, sign, key, signed string) bool {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(signed))
	return time.Since(stamp).Abs() < time.Hour && sign == base64.StdEncoding.EncodeToString(h.Sum(nil))
}

func (r *Robots) feishu(w http.ResponseWriter, req *http.Request) {
	var b struct {
		Type      string `json:"msg_type"`
		Timestamp string
		Sign      string
		Content   struct {
			Post map[string]struct {
				Title   string
				Content [][]struct{ Tag, Text, Href string }
			}
		}
	}
	say := func(code int, msg string) { fmt.Fprintf(w, `{"code":%d,"data":{},"msg":%q}`, code, msg) }
	if !read(req, &b) || b.Type != "post" || len(b.Content.Post["zh_cn"].Content) == 0 {
		say(9499, "Bad Request")
		return
	}
	seconds, _ := strconv.ParseInt(b.Timestamp, 10, 64)
	switch {
	case req.PathValue("key") != FeishuKey:
		say(19001, "param invalid: incoming webhook access token invalid")
		return
	case r.Signing != "" && !r.sound(time.Unix(seconds, 0), b.Sign, b.Timestamp+"\n"+r.Signing, ""):
		say(19021, "sign match fail or timestamp is not within one hour from current time")
		return
	}
	m := Message{Robot: "feishu", Title: b.Content.Post["zh_cn"].Title}
	for _, line := range b.Content.Post["zh_cn"].Content {
		for _, part := range line {
			switch part.Tag {
			case "text":
				m.Text += part.Text
			case "a":
				m.Link = part.Href
			default:
				say(9499, "Bad Request: tag "+part.Tag)
				return
			}
		}
	}
	r.keep(m)
	say(0, "success")
}

func (r *Robots) dingtalk(w http.ResponseWriter, req *http.Request) {
	var b struct {
		Type string `json:"msgtype"`
		Link struct {
			Title, Text string
			URL         string `json:"messageUrl"`
		}
	}
	say := func(code int, msg string) { fmt.Fprintf(w, `{"errcode":%d,"errmsg":%q}`, code, msg) }
	q := req.URL.Query()
	millis, _ := strconv.ParseInt(q.Get("timestamp"), 10, 64)
	switch {
	case !read(req, &b) || b.Type != "link" || b.Link.Title == "" || b.Link.Text == "" || b.Link.URL == "":
		say(40035, "missing parameter")
	case q.Get("access_token") != DingTalkKey:
		say(300001, "token is not exist: "+q.Get("access_token"))
	case r.Signing != "" && !r.sound(time.UnixMilli(millis), q.Get("sign"), r.Signing, q.Get("timestamp")+"\n"+r.Signing):
		say(310000, "sign not match")
	case !strings.Contains(b.Link.Title+b.Link.Text, r.Keyword):
		say(310000, "keywords not in content")
	default:
		r.keep(Message{"dingtalk", b.Link.Title, b.Link.Text, b.Link.URL})
		say(0, "ok")
	}
}

func (r *Robots) wecom(w http.ResponseWriter, req *http.Request) {
	var b struct {
		Type string `json:"msgtype"`
		News struct {
			Articles []struct{ Title, Description, URL string }
		}
	}
	say := func(code int, msg string) { fmt.Fprintf(w, `{"errcode":%d,"errmsg":%q}`, code, msg) }
	switch ok := read(req, &b); {
	case req.URL.Query().Get("key") != WeComKey:
		say(93000, "invalid webhook url, hint: [1700000000_1_x]")
	case !ok || b.Type != "news" || len(b.News.Articles) != 1 || b.News.Articles[0].URL == "":
		say(40008, "invalid message type")
	case len(b.News.Articles[0].Title) > 128 || len(b.News.Articles[0].Description) > 512:
		say(40058, "invalid Request Parameter: it is too long") // the real one cuts it, in the middle of a character
	default:
		a := b.News.Articles[0]
		r.keep(Message{"wecom", a.Title, a.Description, a.URL})
		say(0, "ok")
	}
}
