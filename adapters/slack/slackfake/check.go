package slackfake

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// A Surface is where blocks stand.
type Surface string

const (
	OnMessage Surface = "message"
	OnModal   Surface = "modal"
)

// Limits of Slack's.
const (
	mostBlocks     = 50
	mostViewBlocks = 100
	mostText       = 13_200 // characters of all blocks of a message, as people have measured it
	mostJSON       = 24_000 // characters of them in JSON
	mostUpdated    = 4_000  // bytes of the text of an edit
	mostPosted     = 40_000 // characters of the text of a message
	mostView       = 250_000
)

// Check returns what Slack would answer to blocks that it does not take, with
// the reason after a colon; "" if it takes them.
func Check(blocks []any, where Surface) string { return check(blocks, where, mostText) }

// check takes blocks of so many characters at most.
func check(blocks []any, where Surface, chars int) string {
	c := &checker{where: where}
	most := mostBlocks
	if where == OnModal {
		most = mostViewBlocks
	}
	if len(blocks) == 0 || len(blocks) > most {
		return fmt.Sprintf("invalid_blocks: %d blocks", len(blocks))
	}
	for i, b := range blocks {
		o, ok := b.(object)
		if !ok {
			return "invalid_blocks: a block is no object"
		}
		c.at = fmt.Sprintf("block %d", i)
		c.block(o)
	}
	js, _ := json.Marshal(blocks)
	n := length(strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(js)))
	if where == OnMessage && (c.chars > chars || n > mostJSON) {
		return fmt.Sprintf("msg_blocks_too_long: %d characters, %d in JSON", c.chars, n)
	}
	if len(c.problems) > 0 {
		return "invalid_blocks: " + strings.Join(c.problems, "; ")
	}
	return ""
}

type checker struct {
	where    Surface
	at       string
	chars    int
	tables   int
	ids      []string
	problems []string
}

func (c *checker) fail(format string, args ...any) {
	c.problems = append(c.problems, c.at+": "+fmt.Sprintf(format, args...))
}

func length(s string) int { return len(utf16.Encode([]rune(s))) }

var fileID = regexp.MustCompile(`^F[A-Z0-9]{8,}$`)

// block is the table of block types with Slack's limits for each.
func (c *checker) block(b object) {
	switch kind, _ := b["type"].(string); kind {
	case "header":
		c.text(b["text"], 150, "plain_text")
		c.chars += 100
	case "divider":
		c.chars += 125
	case "section":
		c.text(b["text"], 3000, "plain_text", "mrkdwn")
		if a, ok := b["accessory"].(object); ok {
			c.element(a)
		}
	case "context":
		es, _ := b["elements"].([]any)
		if len(es) == 0 || len(es) > 10 {
			c.fail("%d context elements", len(es))
		}
		for _, e := range es {
			c.text(e, 2000, "plain_text", "mrkdwn")
		}
	case "actions":
		es, _ := b["elements"].([]any)
		if len(es) == 0 || len(es) > 25 {
			c.fail("%d actions", len(es))
		}
		c.ids = nil
		for _, e := range es {
			c.element(e.(object))
		}
	case "input":
		if c.where != OnModal {
			c.fail("an input outside a modal")
		}
		c.text(b["label"], 2000, "plain_text")
		if b["hint"] != nil {
			c.text(b["hint"], 2000, "plain_text")
		}
		c.ids = nil
		c.element(b["element"].(object))
	case "image":
		alt, _ := b["alt_text"].(string)
		if alt == "" || length(alt) > 2000 {
			c.fail("an alt_text of %d characters", length(alt))
		}
		file, _ := b["slack_file"].(object)
		if id, _ := file["id"].(string); b["image_url"] != nil || !fileID.MatchString(id) {
			c.fail("a picture that is no file of Slack's: %v", b)
		}
		c.chars += length(entities.Replace(alt))
	case "rich_text":
		es, _ := b["elements"].([]any)
		if len(es) == 0 {
			c.fail("empty rich text")
		}
		for _, e := range es {
			c.rich(e.(object))
		}
	case "data_table":
		c.table(b)
	default:
		c.fail("unknown block %q", kind)
	}
}

// table is what Slack asks of a data_table: one of a message, with a caption, heads that
// are text, rows of one width, and text in every cell.
func (c *checker) table(b object) {
	rows, _ := b["rows"].([]any)
	caption, _ := b["caption"].(string)
	page, paged := b["page_size"].(float64)
	c.tables++
	switch {
	case c.where != OnMessage:
		c.fail("a data_table outside a message")
	case c.tables > 1:
		c.fail("%d data_tables", c.tables)
	case caption == "":
		c.fail("a data_table without a caption")
	case len(rows) < 2 || len(rows) > 101:
		c.fail("%d rows", len(rows))
	case paged && (page < 1 || page > 100):
		c.fail("page_size %v", page)
	}
	c.chars += length(caption)
	wide := 0
	for i, r := range rows {
		cells, _ := r.([]any)
		if i == 0 {
			wide = len(cells)
		}
		if len(cells) != wide || wide == 0 || wide > 20 {
			c.fail("row %d has %d cells, the first %d", i, len(cells), wide)
		}
		for _, x := range cells {
			cell, _ := x.(object)
			s, _ := cell["text"].(string)
			if kind, _ := cell["type"].(string); kind != "raw_text" && (i == 0 || kind != "raw_number") {
				c.fail("a cell of type %q in row %d", kind, i)
			}
			if s == "" {
				c.fail("an empty cell in row %d", i)
			}
			c.chars += length(entities.Replace(s))
		}
	}
}

func (c *checker) text(v any, most int, kinds ...string) {
	t, _ := v.(object)
	s, _ := t["text"].(string)
	kind, _ := t["type"].(string)
	switch {
	case !slices.Contains(kinds, kind):
		c.fail("text of type %q", kind)
	case s == "":
		c.fail("empty text")
	case length(s) > most:
		c.fail("a text of %d characters, over %d", length(s), most)
	}
	if verbatim, _ := t["verbatim"].(bool); kind == "mrkdwn" && !verbatim {
		c.fail("text that links come of")
	}
	for _, l := range live.FindAllString(s, -1) {
		if kind == "mrkdwn" && !isTime(l) {
			c.fail("%s comes to life: only times may", l)
		}
	}
	c.chars += length(entities.Replace(s))
}

// A time in text that takes formatting, and what a format is made of.
var (
	liveTime   = regexp.MustCompile(`^<!date\^\d{10}\^([^|^<>]+)\|[^|<>]+>$`)
	timeFormat = regexp.MustCompile(`^(\{(date_num|date_slash|date(_long|_short)?(_pretty)?|time(_secs)?|ago)\}|[^{}])+$`)
)

func isTime(l string) bool {
	m := liveTime.FindStringSubmatch(l)
	return m != nil && timeFormat.MatchString(m[1])
}

// date takes a time in rich text.
func (c *checker) date(x object) {
	at, _ := x["timestamp"].(float64)
	format, _ := x["format"].(string)
	otherwise, _ := x["fallback"].(string)
	if at < 1e9 || !timeFormat.MatchString(format) || otherwise == "" {
		c.fail("a time that is none: %v", x)
	}
	c.chars += length(format) + length(entities.Replace(otherwise))
}

// element is the table of element types with Slack's limits for each.
func (c *checker) element(e object) {
	id, _ := e["action_id"].(string)
	if id == "" || length(id) > 255 || slices.Contains(c.ids, id) {
		c.fail("action_id %q", id)
	}
	c.ids = append(c.ids, id)
	kind, _ := e["type"].(string)
	options, _ := e["options"].([]any)
	for _, o := range options {
		o := o.(object)
		c.text(o["text"], 75, "plain_text")
		if v, _ := o["value"].(string); v == "" || length(v) > 150 {
			c.fail("option value %q", v)
		}
	}
	switch kind {
	case "button":
		c.text(e["text"], 75, "plain_text")
		if v, _ := e["value"].(string); length(v) > 2000 {
			c.fail("a long value")
		}
		if f, ok := e["confirm"].(object); ok {
			c.text(f["title"], 100, "plain_text")
			c.text(f["text"], 300, "plain_text", "mrkdwn")
			c.text(f["confirm"], 30, "plain_text")
			c.text(f["deny"], 30, "plain_text")
		}
	case "overflow":
		if len(options) == 0 || len(options) > 5 {
			c.fail("%d options", len(options))
		}
	case "static_select":
		if len(options) == 0 || len(options) > 100 {
			c.fail("%d options", len(options))
		}
	case "external_select", "file_input", "multi_users_select":
	case "plain_text_input":
		v, _ := e["initial_value"].(string)
		most, _ := e["max_length"].(float64)
		if most < 1 || most > 3000 || length(v) > int(most) {
			c.fail("an input of %d characters at first and %v at most", length(v), most)
		}
	default:
		c.fail("unknown element %q", kind)
	}
}

func (c *checker) rich(e object) {
	kind, _ := e["type"].(string)
	inner, _ := e["elements"].([]any)
	if len(inner) == 0 {
		c.fail("empty %s", kind)
	}
	switch kind {
	case "rich_text_list":
		if n, _ := e["indent"].(float64); n > 8 {
			c.fail("indent %v", n)
		}
		for _, x := range inner {
			if x := x.(object); x["type"] != "rich_text_section" {
				c.fail("a %v in a list", x["type"])
			} else {
				c.rich(x)
			}
		}
	case "rich_text_section", "rich_text_quote", "rich_text_preformatted":
		for _, x := range inner {
			x := x.(object)
			if x["type"] == "date" && kind == "rich_text_section" {
				c.date(x)
				continue
			}
			s, _ := x["text"].(string)
			if x["type"] != "text" {
				c.fail("rich text of type %v: only text is not live", x["type"])
			}
			if s == "" {
				c.fail("empty run of text")
			}
			if strings.ContainsRune(s, 0) {
				c.fail("a zero byte")
			}
			c.chars += length(entities.Replace(s))
		}
	default:
		c.fail("unknown rich text %q", kind)
	}
}
