package text

import (
	"strings"
	"testing"
)

// Tokens that a model's server should have taken out, and thinking wherever it
// stands, are no part of an answer. Those that an answer speaks of are.
func TestCleanTurns(t *testing.T) {
	for _, tt := range []struct{ name, raw, want string }{
		// As they came (see ../shared/cases: model-harmony, model-stop-token, model-eos, upload-stop-token).
		{"Harmony", "<|channel|>analysis<|message|>The user wants rain.<|end|><|start|>assistant<|channel|>final<|message|>The rain came late.", "The rain came late."},
		{"ChatML", "The rain came late.<|im_end|>", "The rain came late."},
		{"Llama 2", "The rain came late.</s>", "The rain came late."},
		{"Llama 3", "Rain<|eot_id|>", "Rain"},

		{"Gemma", "The rain came late.<end_of_turn>\n<eos>", "The rain came late."},
		{"DeepSeek", "The rain came late.<｜end▁of▁sentence｜>", "The rain came late."},
		{"several", "The rain came late. <|im_end|>\n<|endoftext|></s>", "The rain came late."},
		{"wrapped", "<s> The rain came late.</s>", "The rain came late."},
		{"the head of a turn", "<|im_start|>assistant\nThe rain came late.<|im_end|>", "The rain came late."},
		{"the head of a turn of Llama 3", "<|begin_of_text|><|start_header_id|>assistant<|end_header_id|>\n\nRain.", "Rain."},
		{"the head of a turn of Gemma", "<start_of_turn>model\nRain.<end_of_turn>", "Rain."},
		{"the end of an instruction", "[/INST] Rain.</s>", "Rain."},
		{"a turn that is not the model's", "Rain.<|im_end|>\n<|im_start|>user\nThanks!<|im_end|>", "Rain."},
		{"a turn that is not the model's, glued", "Rain.<|eot_id|>user: Thanks!", "Rain."},
		{"a turn that is not the model's, of Mistral", "Rain.</s><s>[INST] More! [/INST] Hail.", "Rain."},
		{"an end with a line to itself", "Rain.\n<|im_end|>\nHuman: thanks", "Rain."},
		{"nothing but an end", "<|im_end|>", ""},
		{"an end before the text", "<|im_end|>Rain.", "Rain."},
		{"an end behind bold", "**Rain.**<|im_end|>", "**Rain.**"},
		{"an end behind a quotation", "“Rain.”<|im_end|> user", "“Rain.”"},
		{"an end behind code", "```\nrain()\n```<|im_end|>", "```\nrain()\n```"},
		{"an end in code that was cut off", "```\nrain()<|im_end|>", "```\nrain()"},
		{"an end with something invisible in it", "Rain.<|im\u200b_end|>", "Rain."},
		{"a token in a token", "Rain.<|im_<|im_end|>end|>", "Rain.<|im_"},

		{"Harmony, to its end", "<|start|>assistant<|channel|>final<|message|>Rain.<|return|>", "Rain."},
		{"Harmony without the final channel", "<|channel|>analysis<|message|>The user wants rain and", ""},
		{"Harmony whose analysis ended", "<|channel|>analysis<|message|>Rain?<|end|>", ""},
		{"Harmony that the template began", "The user wants rain.<|end|><|start|>assistant<|channel|>final<|message|>Rain.", "Rain."},
		{"Harmony with a preamble", "<|channel|>commentary<|message|>Let me see.<|end|><|start|>assistant<|channel|>final <|constrain|>json<|message|>{}<|return|>", "{}"},
		{"Harmony without its tokens", "analysisThe user wants rain.assistantfinalThe rain came late.", "The rain came late."},

		{"a thought", "<thought>\nThey want rain.\n</thought>\nRain.", "Rain."},
		{"a thought that never ends", "<thought>They want rain.", ""},
		{"reasoning", "<reasoning>They want rain.</reasoning>Rain.", "Rain."},
		{"thinking behind the head of a turn", "<|im_start|>assistant\n<think>They want rain.</think>Rain.<|im_end|>", "Rain."},
		{"thinking in between", "Rain.\n<think>Was that all?</think>\nAnd hail.", "Rain.\n\nAnd hail."},
		{"thinking in between that never ends", "Rain.\n<think>Was that all?", "Rain."},
		{"thinking within a line", "Rain <think>or hail?</think>falls.", "Rain falls."},
		{"thinking with code in it", "<think>`x` or\n```\n</think>\nRain.", "Rain."},
		{"layers", "<thi<thought>a</thought>nk>b</think>Rain.", "Rain."},

		// What is spoken of stays.
		{"a token in code", "A turn ends with `<|im_end|>`, text with `</s>`.", "A turn ends with `<|im_end|>`, text with `</s>`."},
		{"a token in a block of code", "ChatML:\n```\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n```\nThat is all.", "ChatML:\n```\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n```\nThat is all."},
		{"a token in prose", "A turn begins with <|im_start|> and ends with <|im_end|> in ChatML.", "A turn begins with <|im_start|> and ends with <|im_end|> in ChatML."},
		{"a token in quotation marks", "The token “<|eot_id|>” and (</s>) end a text.", "The token “<|eot_id|>” and (</s>) end a text."},
		{"a token that begins a line", "Tokens:\n<|im_end|> ends a turn.", "Tokens:\n<|im_end|> ends a turn."},
		{"a list of tokens", "- <|im_end|>: ends a turn\n- </s>: ends a text", "- <|im_end|>: ends a turn\n- </s>: ends a text"},
		{"what is struck out", "It costs <s>$20</s> $15.", "It costs <s>$20</s> $15."},
		{"what is struck out first", "<s>Old</s> New", "<s>Old</s> New"},
		{"what is struck out, and an end", "It costs <s>$20</s> $15.</s>", "It costs <s>$20</s> $15."},
		{"HTML", "<b>Rain</b> <small>or hail</small>", "<b>Rain</b> <small>or hail</small>"},
		{"a closing tag alone in code", "Close it with `</think>` at the end.", "Close it with `</think>` at the end."},
		{"tags in prose", "Models write <think> before and </think> after.", "Models write <think> before and </think> after."},
		{"the end of a template", "Rust has |x| and <|> is no token.", "Rust has |x| and <|> is no token."},
		{"analysis", "analysis is hard, and the assistant finally slept.", "analysis is hard, and the assistant finally slept."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Clean(tt.raw)
			if got != tt.want {
				t.Errorf("Clean(%q)\n got %q\nwant %q", tt.raw, got, tt.want)
			}
			if again := Clean(got); again != got {
				t.Errorf("cleaned again: %q", again)
			}
		})
	}
}

// What people type is theirs: a prompt may ask about tags and tokens.
func TestCleanTypedKeepsTagsAndTokens(t *testing.T) {
	const typed = "What does <|im_end|> do?\n<think> and </think>"
	if got := CleanTyped(" " + typed + "\u200b"); got != typed {
		t.Errorf("%q became %q", typed, got)
	}
}

// hostileSize is how many bytes a text has that was made to be slow.
var hostileSize = 256 << 10

// A text that was made to be slow is cleaned as fast as any: each step reads it
// a fixed number of times. (A test that takes minutes has failed.)
func TestCleanHostileTexts(t *testing.T) {
	size := hostileSize
	if testing.Short() {
		size = min(size, 32<<10)
	}
	for _, piece := range []string{"<s>", "</s>", " <s> x", " <|im_end|> x", "<|channel|>a<|message|>", "x <think> ", "</think>", "`a`<|im_end|>", "<s>a</s>", "\n<|im_end|> a", "<thi", "```\n"} {
		raw := strings.Repeat(piece, size/len(piece))
		if got := Clean(raw); len(got) > len(raw) || Clean(got) != got {
			t.Errorf("%d KB of %q: cleaned again it is another text", size>>10, piece)
		}
	}
}
