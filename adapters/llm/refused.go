package llm

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// What public texts say of a status. They are about the configuration or the
// provider's state, never about the answer.
var statusWords = map[int]bot.Sentence{
	400: bot.Say("it did not accept the request"),
	401: bot.Say("its key was not accepted"),
	402: bot.Say("its account has no credit"),
	403: bot.Say("its key may not use this model"),
	404: bot.Say("there is no such model or address"),
	405: bot.Say("there is no such model or address"),
	408: bot.Say("its provider gave up waiting"),
	410: bot.Say("it is no longer served"),
	413: bot.Say("the prompt is too long for it"),
	422: bot.Say("it did not accept the request"),
	429: bot.Say("too many requests"),
	498: bot.Say("it is overloaded"),
	502: bot.Say("its provider could not reach it"),
	503: bot.Say("it is not available now"),
	504: bot.Say("its provider gave up waiting"),
	529: bot.Say("it is overloaded"),
}

// Providers say most things with a 400, and only in words.
var (
	passingWords = regexp.MustCompile(`(?i)overload|rate.?limit|too many requests|capacity|temporar|unavailable|try again|timed? ?out|server_error|internal error|loading`)
	spentWords   = regexp.MustCompile(`(?i)insufficient_quota|insufficient.balance|insufficient.credit|credit balance|out of credits|billing_not_active|arrearage`)
	filterWords  = regexp.MustCompile(`(?i)content_filter|content.management.policy|ResponsibleAIPolicyViolation|data_inspection_failed|moderation`)
	keyWords     = regexp.MustCompile(`(?i)api.?key.{0,40}(not valid|invalid|expired|incorrect|leaked|missing|required)|(invalid|incorrect|expired|missing|no).{0,20}(api.?key|bearer|authorization)|authentication_error`)
	capWords     = regexp.MustCompile(`(?i)could not finish the message`) // OpenAI's, instead of an empty answer
	streamWords  = regexp.MustCompile(`(?i)only supports? stream|stream.{0,30}(must|required|only)|non-stream`)
	longWords    = regexp.MustCompile(`(?i)context.?(length|window|size)|(prompt|input) is too long|too many (input |prompt )?tokens|reduce the length|maximum (context|prompt|input)`)
	largeWords   = regexp.MustCompile(`(?i)too (large|big|high)|at most|maximum|valid range|less than|greater than|exceed`)
	tokensWords  = regexp.MustCompile(`(?i)max_(completion_|output_|new_)?tokens|in the completion`)
	effortWords  = regexp.MustCompile(`(?i)reasoning[_. ]?effort|not support thinking`)
	systemWords  = regexp.MustCompile(`(?i)\brole\b|roles must|(system|developer) (message|prompt|instruction)`)
	goneWords    = regexp.MustCompile(`(?i)decommissioned|no longer (available|supported|served|accessible)|model.{0,80}(deprecated|retired|discontinued|shut ?down|sunset)`)
	noModelWords = regexp.MustCompile(`(?i)model.{0,80}(not exist|not found|not a valid model)|(invalid|unknown|no such).{0,3}model|model_not_found|not a valid model`)
)

func (e providerError) spent() bool    { return spentWords.MatchString(e.words) }
func (e providerError) filtered() bool { return filterWords.MatchString(e.words) }

// meaning says in public words what e is about: the key, the model, a length or
// one of the settings that were sent, and what to write instead; nothing if
// it is about none of them. most is the cap that was sent.
func (e providerError) meaning(s Settings, most int) bot.Sentence {
	names := func(field string) bool {
		return regexp.MustCompile(`\b` + regexp.QuoteMeta(field) + `\b`).MatchString(e.words)
	}
	field := string(s.MaxTokensField)
	switch {
	case keyWords.MatchString(e.words):
		return statusWords[401]
	case capWords.MatchString(e.words):
		return thoughtOut(most)
	case streamWords.MatchString(e.words) && !s.Stream:
		return bot.Say("it answers only as a stream; write stream: true")
	case longWords.MatchString(e.words) && most > 0 && tokensWords.MatchString(e.words):
		return bot.Say("the prompt and max_tokens together are too long for it; lower max_tokens")
	case longWords.MatchString(e.words):
		return statusWords[413]
	case most > 0 && tokensWords.MatchString(e.words) && largeWords.MatchString(e.words):
		return bot.Say("max_tokens of {n} is too large for it; lower max_tokens", bot.Verbatim(strconv.Itoa(most)))
	case most > 0 && names(field):
		other := map[TokensField]TokensField{MaxTokens: MaxCompletionTokens, MaxCompletionTokens: MaxTokens}[s.MaxTokensField]
		return bot.Say("it does not take {field}; write max_tokens_field: {other}", bot.Verbatim(field), bot.Verbatim(other))
	case s.Temperature != nil && names("temperature"):
		return bot.Say("it does not take temperature {value}; take out temperature", bot.Verbatim(fmt.Sprint(*s.Temperature)))
	case s.ReasoningEffort != "" && effortWords.MatchString(e.words):
		return bot.Say("it does not take reasoning_effort {value}; take out reasoning_effort", bot.Verbatim(s.ReasoningEffort))
	}
	for _, extra := range slices.Sorted(maps.Keys(s.ExtraBody)) {
		if names(extra) {
			return bot.Say("it does not take {field}; take {field} out of extra_body", bot.Verbatim(extra))
		}
	}
	switch {
	case (s.System == System || s.System == Developer) && systemWords.MatchString(e.words):
		other := map[SystemMode]SystemMode{System: Developer, Developer: System}[s.System]
		return bot.Say("it takes no message of role {role}; write system: {other} or system: merge", bot.Verbatim(s.System), bot.Verbatim(other))
	case goneWords.MatchString(e.words):
		return statusWords[410]
	case noModelWords.MatchString(e.words):
		return statusWords[404]
	}
	return bot.Sentence{}
}

// status returns the fault of an HTTP status; nobody bills for those.
func status(code int, e providerError, s Settings, most int) *fault {
	f := &fault{}
	f.cost.Known = true
	why := statusWords[code]
	switch {
	case code >= 300 && code < 400:
		why = bot.Say("its address has moved")
	case e.spent():
		why = statusWords[402]
	case code < 500 && e.filtered():
		why = bot.Say("a filter stopped the prompt")
	case code == 400, code == 422:
		if said := e.meaning(s, most); !said.IsZero() {
			why = said
		}
	case code == 403 && keyWords.MatchString(e.words):
		why = statusWords[401]
	case code == 404 && goneWords.MatchString(e.words):
		why = statusWords[410]
	case code == 408, code == 425, code == 429, code == 498:
		f.passing = true
	case code >= 500 && code != 501 && code != 505:
		f.passing = true
		if why.IsZero() {
			why = bot.Say("a fault of its server")
		}
	}
	f.public = because(bot.Say("answered {code}", bot.Verbatim(strconv.Itoa(code))), why)
	f.err = fmt.Errorf("status %d: %s", code, e.text)
	return f
}

// within returns the fault of an error within a 200. What it cost is unknown.
func (e providerError) within(s Settings, most int) *fault {
	if e.code != 0 {
		f := status(e.code, e, s, most)
		f.cost.Known = false
		return f
	}
	f := &fault{public: bot.Say("answered with an error"), err: fmt.Errorf("an error within a 200: %s", e.text)}
	var why bot.Sentence
	switch {
	case e.spent():
		why = statusWords[402]
	case e.filtered():
		why = bot.Say("a filter stopped the prompt")
	case passingWords.MatchString(e.words):
		why, f.passing = statusWords[529], true
	default:
		why = e.meaning(s, most)
	}
	f.public = because(f.public, why)
	return f
}

// because is what happened, and why if that is known.
func because(what, why bot.Sentence) bot.Sentence {
	if why.IsZero() {
		return what
	}
	return bot.Say("{what} ({why})", what, why)
}

// thoughtOut says that thinking used up the cap; most is 0 if none was sent.
func thoughtOut(most int) bot.Sentence {
	if most == 0 {
		return bot.Say("thinking used up the cap of its server; write max_tokens_field and max_tokens in its entry")
	}
	return bot.Say("thinking used up the cap of {n} tokens; raise max_tokens in its entry", bot.Verbatim(strconv.Itoa(most)))
}

// empty returns the fault of an answer that has nothing to show, and nil if it
// was stopped by a filter or is as its model wanted it: the core says that.
func empty(c choice, u usage, shown string, most int) *fault {
	f := &fault{passing: true, wrote: true}
	switch finish := c.finish(); {
	case shown != "" || finish == "content_filter" || finish == "refusal" || finish == "error":
		return nil
	case finish == "length", most > 0 && u.reported() && int(u.output()) >= most:
		f.public = bot.Say("answered nothing: {why}", thoughtOut(most))
	case c.thought():
		f.public = bot.Say("answered nothing but its thinking")
	default:
		return nil
	}
	f.err = fmt.Errorf("the answer is empty, finish %q, %d tokens of output", strings.TrimSpace(string(c.Finish)), u.output())
	return f
}
