package slackfake

import (
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"
)

// Show is what a client makes of a message's or a view's JSON. Text that is
// taken as it is comes out with its signs escaped, as HTML would have them; so
// a "<" in it is something that Slack would have brought to life.
func Show(payload []byte) string {
	var v object
	if err := json.Unmarshal(payload, &v); err != nil {
		return "unreadable: " + err.Error()
	}
	var b strings.Builder
	if s, ok := v["text"].(string); ok {
		b.WriteString(mrkdwn(s) + "\n")
	}
	for _, k := range []string{"title", "blocks", "submit", "close", "errors"} {
		show(&b, v[k])
	}
	return b.String()
}

func show(b *strings.Builder, v any) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			show(b, x)
		}
	case object:
		s, _ := v["text"].(string)
		switch v["type"] {
		case "mrkdwn":
			b.WriteString(mrkdwn(s) + "\n")
			return
		case "plain_text":
			b.WriteString(html.EscapeString(s) + "\n")
			return
		case "text":
			b.WriteString(html.EscapeString(s))
			return
		case "date": // a client writes the time in its reader's zone
			otherwise, _ := v["fallback"].(string)
			b.WriteString(html.EscapeString(otherwise))
			return
		case "rich_text_section", "rich_text_quote", "rich_text_preformatted":
			show(b, v["elements"])
			b.WriteString("\n")
			return
		case "button":
			show(b, v["text"])
			fmt.Fprintf(b, "[%v]\n", v["value"])
			return
		case "link", "user", "broadcast", "usergroup", "channel":
			fmt.Fprintf(b, "<live %v>", v["type"])
			return
		}
		for _, k := range []string{"text", "label", "hint", "placeholder", "elements", "element", "accessory", "options", "initial_option", "description"} {
			show(b, v[k])
		}
		for _, k := range []string{"initial_value", "value"} {
			if s, ok := v[k].(string); ok {
				b.WriteString(html.EscapeString(s) + "\n")
			}
		}
	}
}

var live = regexp.MustCompile(`<[^>]*>`)

// mrkdwn is Slack's own markup: what stands in < > is live, and &lt; is text.
func mrkdwn(s string) string {
	var b strings.Builder
	for {
		at := live.FindStringIndex(s)
		if at == nil {
			break
		}
		b.WriteString(html.EscapeString(html.UnescapeString(s[:at[0]])))
		b.WriteString(s[at[0]:at[1]])
		s = s[at[1]:]
	}
	b.WriteString(html.EscapeString(html.UnescapeString(s)))
	return b.String()
}
