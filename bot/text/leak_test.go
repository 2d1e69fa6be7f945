package text

import (
	"fmt"
	"strings"
	"testing"
)

// configured are the names in most of the tests below.
var configured = []string{"anthropic/claude-3-7-sonnet-20250219", "kestrel", "kestrel-7b:free", "formal"}

func TestLeaks(t *testing.T) {
	for _, tt := range []struct {
		text string
		want LeakLevel // the worst; 0: none
	}{
		// It says who it is.
		{"I am ChatGPT, a large language model.", Self},
		{"I'm Claude, how can I help you today?", Self},
		{"I’m Claude.", Self},
		{"Hi! I'm **Claude**, an AI assistant.", Self},
		{"I am an AI assistant called Gemini and I cannot taste cake.", Self},
		{"My name is Grok and I am an AI.", Self},
		{"You can call me DeepSeek.", Self},
		{"This is ChatGPT speaking.", Self},
		{"As ChatGPT, I have no birthday.", Self},
		{"As an AI model called Claude, I have no birthday.", Self},
		{"I was made by Anthropic.", Self},
		{"I am a large language model, trained by Google.", Self},
		{"As an AI developed by OpenAI, I do not eat cake.", Self},
		{"I'm an assistant created by a team and trained by DeepSeek", Self},
		{"The cake was late.\n\n— Claude", Self},
		{"I am GPT\u20114.", Self},
		{"Ｉ ａｍ ＣｈａｔＧＰＴ.", Self},
		{"私はChatGPTです。", Strong},
		{"저는 ChatGPT입니다.", Strong},
		{"The cake was late.\n— ChatGPT", Self},
		{"I am Phi, developed by Microsoft.", Self},
		{"I am Bard, a large language model from Google AI.", Self},
		{"I'm Qwen, created by Alibaba Cloud.", Self},
		{"I'm OpenAI's ChatGPT.", Self},
		{"Hello! I am Claude-3.5, pleased to help.", Self},
		{"As a large language model trained by OpenAI, I do not bake.", Self},
		{"I'm Cl\u200bau\u2060de.", Self},
		{"\"I'm Claude, an AI by Anthropic.\"", Self}, // quoted as a whole
		{"I'm kestrel-7b.", Self},
		{"My name is kestrel.", Self},
		{"The cake was late.\n— kestrel", Self},
		{"I'm Kestrel, nice to meet you.", Self},
		{"I'm claude 3.7 sonnet", Self},
		{"我是通义千问，由阿里云开发。", Self},
		{"你好，我叫豆包。", Self},
		{"作为文心一言，我没有生日。", Self},
		{"我是由百度研发的人工智能助手文心一言", Self},
		{"我是一个由OpenAI训练的语言模型。", Self},
		{"作为一个由深度求索开发的AI，我不吃蛋糕。", Self},
		{"我是DeepSeek。", Self},
		{"我是 Kimi，由月之暗面科技有限公司（Moonshot AI）训练的大语言模型。", Self},
		{"我是Claude，由Anthropic创建。", Self},
		{"我是由深度求索（DeepSeek）公司开发的智能助手DeepSeek-V3。", Self},
		{"您好，我是谷歌开发的Gemini。", Self},
		{"我的名字是Kimi。", Self},

		// It has a name that means nothing else.
		{"Ask ChatGPT.", Strong},
		{"GPT-4o would say so.", Strong},
		{"as gpt 4.5 once said", Strong},
		{"OpenAI, that is who.", Strong},
		{"Brought to you by xAI.", Strong},
		{"Claude 3.7 Sonnet is a poem, too.", Strong},
		{"claude-3-7-sonnet", Strong},
		{"Gemini 2.0 Flash", Strong},
		{"grok-3", Strong},
		{"Llama 3 is no animal.", Strong},
		{"o3-mini", Strong},
		{"Qwen2.5", Strong},
		{"kestrel_7b", Strong},
		{"“I'm ChatGPT,” said the toaster.", Strong}, // in a story
		{"As ChatGPT would say: certainly.", Strong},
		{"问问通义千问吧。", Strong},
		{"文心一言说得好。", Strong},

		// A word that is also a name.
		{"I asked Claude about it.", Mention},
		{"Gemini rises in the east.", Mention},
		{"\"I'm Claude,\" said the old painter.", Mention}, // in a story
		{"A kestrel hung in the wind.", Mention},
		{"A formal letter.", Mention},
		{"— Formal as ever, he bowed.", Mention},
		{"I'm formal by nature.", Mention},
		{"As an AI, I don't have a birthday.", Mention},
		{"As an AI language model, I cannot taste.", Mention},
		{"作为一个AI，我没有生日。", Mention},
		{"作为人工智能语言模型，我不吃蛋糕。", Mention},
		{"早餐吃了两个豆包。", Mention},

		// Known to mean something else.
		{"Claude Monet painted it. So did Jean-Claude.", 0},
		{"As Claude Monet knew, light is everything.", 0},
		{"This is Sydney, Australia.", 0},
		{"To quote the Bard: to be.", 0},
		{"Mistral wind, and the mistral again.", 0},
		{"The palm of the hand. Palm of the hand. Palm trees.", 0},
		{"Bing Crosby sang.", 0},
		{"I grok it, said the llama to the copilot.", 0},
		{"A sonnet, a haiku, an opus, a nova; so meta. I google it.", 0},
		{"My phone was made by Google.", 0},
		{"I am a big fan of cake. I was built by hand.", 0},
		{"XAI means explainable AI.", 0},
		{"Open AI research and open AI models.", 0},
		{"The informality of it.", 0}, // "formal" is no word of its own here
		{"I'm OpenAI's biggest customer? No, I am Tom, a baker.", Strong},
		{"作为蛋糕师，我道歉。", 0},
		{"我是吃豆包长大的。", Mention},
		{"“我叫豆包，”她说。", Mention},
		{"", 0},
	} {
		leaks := Leaks(tt.text, "A birthday cake came a day late.", configured)
		var got LeakLevel
		if len(leaks) > 0 {
			got = leaks[0].Level
		}
		if got != tt.want {
			t.Errorf("%q: got %v, want level %d", tt.text, leaks, tt.want)
		}
		for i := 1; i < len(leaks); i++ {
			if leaks[i].Level > leaks[i-1].Level {
				t.Errorf("%q: not the worst first: %v", tt.text, leaks)
			}
		}
	}
}

func TestLeaksThePromptAskedFor(t *testing.T) {
	for _, tt := range []struct {
		prompt, text string
		want         LeakLevel
	}{
		{"Compare ChatGPT with a parrot.", "ChatGPT talks more.", 0},
		{"Compare ChatGPT with a parrot.", "OpenAI keeps no parrots.", Strong},
		{"Compare ChatGPT with a parrot.", "I'm ChatGPT, no parrot.", Self},
		{"A toast by Claude, the baker.", "I'm Claude, and I bake.", 0},
		{"A toast by Claude, the baker.", "I was made by Anthropic.", Self},
		{"A letter for a kestrel.", "Dear kestrel", 0},
	} {
		leaks := Leaks(tt.text, tt.prompt, configured)
		if len(leaks) == 0 && tt.want != 0 || len(leaks) > 0 && leaks[0].Level != tt.want {
			t.Errorf("%q for %q: got %v, want level %d", tt.text, tt.prompt, leaks, tt.want)
		}
	}
}

// Without a Gemma in the configuration a character may be called so, as long
// as nothing in the text speaks of AI. Nobody else is called as models are.
func TestLeaksOfACharacter(t *testing.T) {
	text := "I'm Gemma. I have baked in Lyon for thirty years."
	if got := Leaks(text, "", []string{"gpt-4o"}); len(got) != 1 || got[0].Level != Mention {
		t.Errorf("got %v, want a mention", got)
	}
	if got := Leaks("I'm Claude. I have baked in Lyon for thirty years.", "", []string{"gpt-4o"}); len(got) != 1 || got[0].Level != Self {
		t.Errorf("got %v, want that it names itself", got)
	}
	if got := Leaks(text+" I am an AI.", "", []string{"gpt-4o"}); len(got) == 0 || got[0].Level != Self {
		t.Errorf("got %v, want that it names itself", got)
	}
}

// Names as people and providers make them never break the patterns, and
// single letters match nothing.
func TestLeaksOddNames(t *testing.T) {
	names := []string{"", " ", "A", "B", "v2", "3.7", "(?i)", "a+b", `\`, "[x", "小", "小助手", "old prompt", "::", "/"}
	text := `A or B? v2 is 37. I am a, I am b. (?i) a+b \ [x : /`
	if got := Leaks(text, "", names); len(got) > 0 {
		t.Errorf("got %v, want none", got)
	}
	if got := Leaks("我叫小助手。", "", names); len(got) == 0 || got[0].Level != Self {
		t.Errorf("got %v, want that it names itself", got)
	}
	if got := Leaks("The old-prompt way", "", names); len(got) == 0 || got[0].Level != Strong {
		t.Errorf("got %v, want a strong one", got)
	}
}

func TestLeaksSaysEachOnce(t *testing.T) {
	got := Leaks(strings.Repeat("OpenAI and Claude, openai and claude. ", 50), "", nil)
	if len(got) != 2 || got[0] != (Leak{Strong, "OpenAI"}) || got[1] != (Leak{Mention, "Claude"}) {
		t.Errorf("got %v", got)
	}
}

// A hostile text must not keep the bot busy: the test would run for minutes.
func TestLeaksOfNothingButNames(t *testing.T) {
	for _, s := range []string{"I'm Claude ", "the Bard ", "\"I'm ChatGPT ", "\"I'm Claude\" ", "Palm ", "我是豆包"} {
		Leaks(strings.Repeat(s, 30_000/len(s)), "", configured)
	}
	var versions strings.Builder
	for i := range 5_000 {
		fmt.Fprintf(&versions, "GPT-%d ", i)
	}
	if got := Leaks(versions.String(), "", nil); len(got) != maxLeaks {
		t.Errorf("got %d leaks", len(got))
	}
}

func BenchmarkLeaks(b *testing.B) {
	text := strings.Repeat("I am sure that the cake was late, as I said. ", 180) // 8,000 characters
	for b.Loop() {
		Leaks(text, "A birthday cake came a day late.", configured)
	}
}
