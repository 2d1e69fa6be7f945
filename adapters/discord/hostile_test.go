package discord_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
)

// hostile are texts that would do something on Discord.
var hostile = []string{
	"@everyone and @here", "<@1> <@!1> <@&1> <#1>", "[click](https://evil.example)", "[click](<https://evil.example>)",
	"https://evil.example/x?a=b_c", "HTTP://EVIL.EXAMPLE", "see <https://evil.example>", "discord.gg/abc https://discord.gg/abc",
	"# heading", "## heading\n### more", "-# small", "||spoiler||", "> quote", ">>> all of it\nis quoted", "```\nunclosed", "```js\ncode\n```",
	"`code` and ``more`` and `", "<:smile:123456789012345678> <a:x:123456789012345678>", "<t:1618953630:R>", "</start:123456789012345678>", "<id:customize>",
	"**bold** __under__ ~~gone~~ *it* _it_ ***both***", "- one\n- two\n1. three\n2) four\n+ five", `\`, `\\`, `\*not\*`, `¯\_(ツ)_/¯`,
	"a_b_c snake_case_name __init__", "||a||b||", "[a]: https://evil.example\n[a]", "![x](https://evil.example/p.png)", "<b>bold</b> &lt;", "a\u200bb\u200dc\ufeff",
	"\u202eevil\u202c שלום עולם", "mailto:a@b.example <a@b.example>", "ends with \\", "line one\n\n\nline two", ":smile: :)", "*", "`", "|", "~~~\nx\n~~~",
	"| a | b |\n|---|---|\n| @everyone | [x](https://evil.example) |", "* [x](https://evil.example)\n  * `@everyone`\n\n> **@here**", "<https://evil.example|text>",
	"https:/\u200b/evil.example", "**[bold](https://evil.example)**", "`` ` `` https://evil.example", "text\n```\n``` https://evil.example\n",
}

// live are the kinds of nodes that do something, or pretend to be the bot's.
var live = []string{"url", "autolink", "link", "user", "channel", "role", "emoji", "everyone", "here", "timestamp", "slashCommand", "guildNavigation", "heading"}

// What is sent is read by somebody else's reader of Discord's markdown: nothing
// in it is live, and what is not a model's markdown is shown as it was typed.
func TestHostileTextsAsOthersReadThem(t *testing.T) {
	dir := adaptertest.Peer(t, "TASTETEST_DISCORD", peerHowto)
	texts := slices.Clone(hostile)
	for _, x := range adaptertest.Hostile {
		texts = append(texts, x.Text)
	}
	random := rand.New(rand.NewPCG(1, 2))
	bits := []string{"*", "_", "~", "`", "```", "|", "||", "<", ">", "[", "]", "(", ")", "#", "@everyone", "@here", "https://e.x", ":", "/", "\\", "-", "- ", "1.", "\n", " ", "a", "b c", "<@1>", "](https://e.x)", "é", "好", "🅰️", "+", "!", "."}
	for range 1500 {
		var b strings.Builder
		for range 1 + random.IntN(14) {
			b.WriteString(bits[random.IntN(len(bits))])
		}
		texts = append(texts, b.String())
	}
	f := newFake(t, logger(t))
	c := f.chat(t)
	var titles, plain, models []string
	for i, text := range texts {
		b := samples.Ballot
		b.Title, b.Prompt, b.Left, b.Right = bot.Literal("T "+text), bot.Verbatim(text), bot.Verbatim(text), "Just words."
		ref, err := c.Post(t.Context(), taste, bot.PostKey{Tasting: tasting(uint64(i)), Round: 1, What: "nudge"}, time.Time{}, b)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		m, _ := f.Said.Message(tasteID, ref.Message)
		var said discordfake.Sent
		if err := json.Unmarshal(m.Payload, &said); err != nil {
			t.Fatal(err)
		}
		titles = append(titles, said.Embeds[0].Title)
		plain = append(plain, unquote(said.Embeds[0].Description))
		models = append(models, said.Embeds[1].Description)
	}
	for kind, sent := range map[string][]string{"title": titles, "prompt": plain, "answer": models} {
		for i, r := range readAsDiscord(t, dir, sent) {
			for _, k := range r.Kinds {
				if slices.Contains(live, k) || kind != "answer" && k != "text" && k != "br" && k != "newline" && k != "twemoji" && k != "emoticon" {
					t.Errorf("%s %q is sent as %q, in which others see a %s", kind, texts[i], sent[i], k)
				}
			}
			if want := typedText(texts[i]); kind == "prompt" && typedText(r.Shown) != want {
				t.Errorf("%s %q is sent as %q and shown as %q", kind, texts[i], sent[i], r.Shown)
			}
		}
	}
}

// Texts too long for one message are cut, and nothing comes alive at a cut: not
// in the parts of a ballot, nor in the beginnings that a seat shows.
func TestHostileTextsThatAreCut(t *testing.T) {
	dir := adaptertest.Peer(t, "TASTETEST_DISCORD", peerHowto)
	random := rand.New(rand.NewPCG(3, 4))
	bad := []string{"[click](https://evil.example)", "@everyone", "<@1>", "https://evil.example/x", "# heading", "||spoiler||", "<t:1618953630:R>", "word", "好", "\\", "*b*"}
	words := func(n int) string {
		var b strings.Builder
		for range 1 + random.IntN(n) {
			b.WriteString(bad[random.IntN(len(bad))] + " ")
		}
		return b.String()
	}
	indent := func(with, s string) string {
		return with + strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n"+with) + "\n"
	}
	code := func() string {
		var b strings.Builder
		b.WriteString("```go\n")
		for range 1 + random.IntN(40) {
			b.WriteString(words(9) + "\n")
		}
		b.WriteString("```\n")
		return b.String()
	}
	blocks := []func() string{
		func() string { return words(40) },
		func() string { return "`" + words(60) + "` " + words(4) },
		func() string { return strings.ReplaceAll("x`"+words(60)+"`", " ", "") },
		code,
		func() string { return indent("> ", code()) },
		func() string { return "- item\n" + indent("  ", code()) },
		func() string { return "- item\n  - deeper\n" + indent("    ", code()) + indent("  > ", code()) },
	}
	f := newFake(t, logger(t))
	c := f.chat(t)
	h := &recorder{}
	adaptertest.Start(t, c, h)
	ann := f.Join("Ann")
	var sent []string
	for i := range 25 {
		var b strings.Builder
		for b.Len() < 6500 {
			b.WriteString(blocks[random.IntN(len(blocks))]() + "\n\n")
		}
		long := samples.Ballot
		long.Left, long.Right = bot.Verbatim(b.String()), bot.Verbatim(b.String())
		ref, err := c.Post(t.Context(), taste, bot.PostKey{Tasting: tasting(uint64(i + 1)), Round: 1, What: "ballot"}, time.Time{}, long)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range f.Said.Messages(ref.Message) {
			sent = append(sent, descriptions(t, m.Payload)...)
		}
		mine := samples.Seat
		mine.Left, mine.Right = long.Left, long.Right
		h.read(func() { h.reply = bot.Reply{Post: mine} })
		shown := descriptions(t, f.Slash(t, tasteID, ann, "status").Data)
		if b := strings.Replace(shown[2], "B.txt", "A.txt", 1); shown[1] != b {
			t.Errorf("one text as both answers is cut as %.300q\nand as %.300q", shown[1], b)
		}
		sent = append(sent, shown...)
	}
	for i, r := range readAsDiscord(t, dir, sent) {
		for _, k := range r.Kinds {
			if slices.Contains(live, k) || k == "spoiler" {
				t.Errorf("others see a %s in %.900q", k, sent[i])
			}
		}
	}
}

func descriptions(t *testing.T, raw json.RawMessage) []string {
	t.Helper()
	var m discordfake.Sent
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range m.Embeds {
		all = append(all, e.Description)
	}
	return all
}

// unquote takes off the quotation that a prompt stands in.
func unquote(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(strings.TrimPrefix(l, ">"), " ")
	}
	return strings.Join(lines, "\n")
}

// typedText is a text without what cannot be seen.
func typedText(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r == '\u202e' || r == '\u202c' {
			return -1
		}
		return r
	}, s)), " ")
}

type readText struct {
	Kinds []string
	Shown string
}

func readAsDiscord(t *testing.T, dir string, texts []string) []readText {
	t.Helper()
	script, err := os.ReadFile(filepath.Join("testdata", "read.mjs"))
	if err != nil {
		t.Fatal(err)
	}
	in, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	node := exec.Command("node", "--input-type=module", "--eval", string(script))
	node.Dir, node.Stdin, node.Stderr = dir, bytes.NewReader(in), t.Output()
	out, err := node.Output()
	if err != nil {
		t.Fatalf("read with discord-markdown-parser: %v", err)
	}
	var read []readText
	if err := json.Unmarshal(out, &read); err != nil || len(read) != len(texts) {
		t.Fatalf("read with discord-markdown-parser: %v, %d of %d", err, len(read), len(texts))
	}
	return read
}
