package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Kind is whose robot it is.
type Kind string

const (
	Feishu   Kind = "feishu"
	DingTalk Kind = "dingtalk"
	WeCom    Kind = "wecom"
)

// Kinds are all of them.
func Kinds() []Kind { return []Kind{Feishu, DingTalk, WeCom} }

// Options are one robot's: whose, and its two secrets.
type Options struct {
	Kind   Kind
	URL    string // the webhook, with its key
	Secret string // of signing; "" if the robot asks for none. WeCom has none.
}

// check says what is wrong with o, without its secrets.
func (o Options) check() error {
	u, err := url.Parse(o.URL)
	switch {
	case !slices.Contains(Kinds(), o.Kind):
		return fmt.Errorf("a robot is feishu, dingtalk or wecom")
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Hostname() != "127.0.0.1":
		return fmt.Errorf("the webhook of the %s robot is no https address; copy it whole from the robot's page", o.Kind)
	case o.Kind == WeCom && o.Secret != "":
		return fmt.Errorf("WeCom's robots sign nothing; leave the secret out")
	}
	return nil
}

// request is what is sent to the robot: the address and the body's value.
func (o Options) request(m message, now time.Time) (address string, body map[string]any) {
	switch o.Kind {
	case Feishu:
		return o.URL, o.feishu(m, now)
	case DingTalk:
		return o.dingtalk(now), map[string]any{
			"msgtype": "link",
			"link":    map[string]string{"title": cut(m.title, 200), "text": cut(m.text, 1500), "messageUrl": m.link},
		}
	default:
		return o.URL, map[string]any{
			"msgtype": "news",
			"news":    map[string]any{"articles": []map[string]string{{"title": cut(m.title, 128), "description": cut(m.text, 512), "url": m.link}}},
		}
	}
}

// feishu is a rich text: in it only what is called "at" is a mention. Its signature
// is odd: the key is what others sign, and nothing is signed.
func (o Options) feishu(m message, now time.Time) map[string]any {
	body := map[string]any{
		"msg_type": "post",
		"content": map[string]any{"post": map[string]any{"zh_cn": map[string]any{
			"title": cut(m.title, 500),
			"content": [][]map[string]string{
				{{"tag": "text", "text": cut(m.text, 4000)}},
				{{"tag": "a", "text": m.link, "href": m.link}},
			},
		}}},
	}
	if o.Secret != "" {
		seconds := strconv.FormatInt(now.Unix(), 10)
		body["timestamp"], body["sign"] = seconds, signature(seconds+"\n"+o.Secret, "")
	}
	return body
}

// dingtalk is the address with a signature in it, if there is one.
func (o Options) dingtalk(now time.Time) string {
	if o.Secret == "" {
		return o.URL
	}
	millis := strconv.FormatInt(now.UnixMilli(), 10)
	sign := url.Values{"timestamp": {millis}, "sign": {signature(o.Secret, millis+"\n"+o.Secret)}}
	return o.URL + map[bool]string{true: "&", false: "?"}[strings.Contains(o.URL, "?")] + sign.Encode()
}

func signature(key, signed string) string {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(signed))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// An answer is a robot's: Feishu's has a code, the others' an errcode. All come
// with status 200.
type answer struct {
	Code    int    `json:"code"`
	Msg     string `json:"msg"`
	ErrCode int    `json:"errcode"`
	ErrMsg  string `json:"errmsg"`
}

// refusal is what the robot's platform had against the message, nil if nothing.
func (a answer) refusal() error {
	switch {
	case a.Code != 0:
		return fmt.Errorf("it answered %d: %s", a.Code, a.Msg)
	case a.ErrCode != 0:
		return fmt.Errorf("it answered %d: %s", a.ErrCode, a.ErrMsg)
	}
	return nil
}

// redact takes the robot's secrets out of a text: its key is a part of its address.
func (o Options) redact(s string) string {
	secrets := []string{o.URL, o.Secret}
	if u, err := url.Parse(o.URL); err == nil {
		secrets = append(secrets, u.Path[strings.LastIndex(u.Path, "/")+1:], u.RawQuery)
		for _, values := range u.Query() {
			secrets = append(secrets, values...)
		}
	}
	for _, secret := range secrets {
		if len(secret) >= 8 {
			s = strings.ReplaceAll(s, secret, "•••")
		}
	}
	return s
}
