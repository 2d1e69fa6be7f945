package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/tastetest/tastetest/adapters/monitor"
	"github.com/tastetest/tastetest/adapters/slack"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/text"
	"github.com/tastetest/tastetest/prompts"
	"github.com/tastetest/tastetest/store/postgres"
)

type doctorCommand struct {
	fileFlags
	NoModels bool `help:"Ask no model, so that it costs nothing."`
	Online   bool `help:"Ask the bot that runs how it is: its store, its chats, what is late. Nothing else is looked at."`
}

// A diagnosis is one thing that was looked at.
type diagnosis struct {
	what string
	ok   bool
	say  string // what was found, or what to do
}

// doctorsTime is for everything but the models, which have times of their own.
const doctorsTime = time.Minute

// Run looks at everything that must be right before the bot can run, and says
// of each what is fine or what to click. Every model is asked one small question,
// as nothing else tells whether it answers.
func (c doctorCommand) Run(ctx context.Context, std streams) error {
	s, err := c.read()
	if err != nil {
		return err
	}
	bad := 0
	show := func(all []diagnosis) (err error) {
		for _, d := range all {
			mark := "ok  "
			if !d.ok {
				mark = "FIX "
				bad++
			}
			if _, err = fmt.Fprintf(std.out, "%s %s: %s\n", mark, d.what, d.say); err != nil {
				return err
			}
		}
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, doctorsTime)
	defer cancel()
	if c.Online {
		if err := show(lookAtRunning(limited, s)); err != nil {
			return err
		}
		switch bad {
		case 0:
			_, err = fmt.Fprintln(std.out, "\nThe bot is well.")
			return err
		case 1:
			return errors.New("one part of the bot is not well; it is marked FIX above")
		}
		return fmt.Errorf("%d parts of the bot are not well; they are marked FIX above", bad)
	}
	for _, look := range []func(context.Context, settings) []diagnosis{lookAtFile, lookAtStore, lookAtSlack, lookAtDiscord, lookAtRobots, lookAtModels} {
		if err := show(look(limited, s)); err != nil {
			return err
		}
	}
	if !c.NoModels {
		if err := show(askModels(ctx, std.out, s)); err != nil {
			return err
		}
	}
	if old := s.oldPrices(time.Now()); len(old) > 0 {
		fmt.Fprintf(std.out, "\n"+lookUpPrices+"\n", strings.Join(old, ", "))
	}
	switch {
	case bad == 1:
		return fmt.Errorf("one thing needs a hand; it is marked FIX above")
	case bad > 1:
		return fmt.Errorf("%d things need a hand; they are marked FIX above", bad)
	case c.NoModels && len(s.Models) > 0:
		fmt.Fprintln(std.out, "\nAll that was looked at is well; no model was asked. Start it: tastetest run")
	default:
		fmt.Fprintln(std.out, "\nAll is well. Start it: tastetest run")
	}
	return nil
}

// lookAtRunning asks the bot that runs: by its socket, or by its page where a database
// is the store.
func lookAtRunning(ctx context.Context, s settings) []diagnosis {
	var all []monitor.State
	var err error
	switch {
	case postgres.Named(s.Store):
		all, err = statesOnPage(ctx, localURL(s.Web.Listen))
	case !running(s.Store):
		return []diagnosis{{"the bot", false, "none runs on " + s.Store + "; start it: tastetest run"}}
	default:
		all, err = states(ctx, s.Store)
	}
	if err != nil {
		return []diagnosis{{"the bot", false, err.Error()}}
	}
	found := []diagnosis{{"the bot", true, "runs and answers"}}
	for _, x := range all {
		say := "well"
		if !x.OK {
			say = cmp.Or(x.Why, "not well; the log says why")
		}
		found = append(found, diagnosis{x.Part, x.OK, say})
	}
	return found
}

// statesOnPage asks a bot at the page's address how it is.
func statesOnPage(ctx context.Context, page string) (all []monitor.State, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, page+"/readyz", nil)
	if err != nil {
		return nil, fmt.Errorf("ask the bot: %w", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("no answer from the bot: %w", err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&all); err != nil {
		return nil, fmt.Errorf("%s is no replica at work; it answered %s", page, resp.Status)
	}
	return all, nil
}

func lookAtFile(_ context.Context, s settings) []diagnosis {
	all := []diagnosis{{s.file, true, "well written"}}
	if _, err := prompts.Open(s.Packs); err != nil {
		all = append(all, diagnosis{"packs", false, err.Error()})
	}
	return all
}

func lookAtStore(ctx context.Context, s settings) []diagnosis {
	if !postgres.Named(s.Store) {
		return nil
	}
	address, err := s.storeURL()
	if err == nil {
		err = postgres.Reach(ctx, address)
	}
	if err != nil {
		return []diagnosis{{"store", false, err.Error()}}
	}
	return []diagnosis{{"store", true, "the database answers"}}
}

func lookAtSlack(ctx context.Context, s settings) []diagnosis {
	if !s.Slack.configured() {
		return []diagnosis{{"Slack", true, "not configured; adapters/slack/README.md says how"}}
	}
	s.Slack.Listen = "" // the bot may be listening there already
	var all []diagnosis
	busy := running(s.Store)
	chat, err := s.Slack.findings(ctx, !busy && !postgres.Named(s.Store)) // on a database a replica may run anywhere
	if err != nil {
		for problem := range strings.SplitSeq(err.Error(), "\n") { // one a secret that is missing
			all = append(all, diagnosis{"Slack", false, problem + " (adapters/slack/README.md says where to find it)"})
		}
		return all
	}
	if busy {
		seen, err := noticed(ctx, s.Store)
		if err != nil {
			all = append(all, diagnosis{"Slack", false, err.Error()})
		}
		chat = append(chat, seen...)
	}
	for _, f := range chat {
		all = append(all, diagnosis{"Slack, " + f.What, f.OK, f.Say})
	}
	return all
}

// findings asks Slack about every workspace.
func (s slackSettings) findings(ctx context.Context, idle bool) ([]slack.Checked, error) {
	chat, err := s.chat(slog.New(slog.NewTextHandler(io.Discard, nil)), nil, false)
	if err != nil {
		return nil, err
	}
	return chat.Check(ctx, idle), nil
}

// doctorsQuestion is small, and has an answer that shows a model's tone.
var doctorsQuestion = bot.Prompt{Text: "A parcel came a day late. Apologise to the customer in one sentence of at most 25 words."}

// A patient is a model that is asked, and what came of it.
type patient struct {
	name   string
	model  bot.Model
	answer bot.Answer
	err    error
}

// lookAtModels says which models are ready to be asked, and what is wrong with the
// others. Answers that stand in a file are looked at, and cost nothing.
func lookAtModels(_ context.Context, s settings) []diagnosis {
	if len(s.Models) < 2 {
		return []diagnosis{{"models", true, "fewer than two; finished answers can be pasted and uploaded"}}
	}
	all := []diagnosis{{"models", true, fmt.Sprintf("%d are configured", len(s.Models))}}
	for _, m := range s.Models {
		if m.File != "" {
			answers, err := m.answers()
			if err != nil {
				all = append(all, diagnosis{"model " + m.Name, false, err.Error()})
				continue
			}
			all = append(all, diagnosis{"model " + m.Name, true, say.Counted(len(answers), "answer") + " in " + m.File})
			continue
		}
		if _, err := m.open(); err != nil {
			all = append(all, diagnosis{"model " + m.Name, false, err.Error()})
		}
	}
	return all
}

// askModels says what it may cost, asks every model that can be asked one
// question, all at once, and returns what each is like.
func askModels(ctx context.Context, out io.Writer, s settings) []diagnosis {
	var patients []*patient
	for _, m := range s.Models {
		if m.File != "" {
			continue
		}
		if model, err := m.open(); err == nil { // else lookAtModels has said why not
			patients = append(patients, &patient{name: m.Name, model: model})
		}
	}
	if len(patients) == 0 {
		return nil
	}
	fmt.Fprintf(out, "\nAsking %s one small question each, which costs %s. Left out with --no-models.\n\n", say.Counted(len(patients), "model"), mostCost(patients))
	var work sync.WaitGroup
	for _, p := range patients {
		work.Go(func() { p.answer, p.err = p.model.Write(ctx, doctorsQuestion) })
	}
	work.Wait()
	if err := keepTried(s.triedFile(), patients); err != nil {
		fmt.Fprintf(out, "What the models told is not kept for /tastetest models: %v\n", err)
	}
	var all []diagnosis
	spent := bot.Cost{Known: true}
	for _, p := range patients {
		all = append(all, p.diagnosis())
		spent = spent.Add(p.cost())
	}
	paid := spent.String()
	if spent == (bot.Cost{Known: true}) {
		paid = "nothing"
	}
	return append(all, diagnosis{"what asking cost", true, paid})
}

// triedFile is where what models told the doctor is kept for the bot, which may be
// running and have its store for itself: beside it. "" where the store is a database.
func (s settings) triedFile() string {
	if postgres.Named(s.Store) {
		return ""
	}
	return s.Store + ".doctor"
}

// keepTried keeps what those who answered told, and nothing of what they said.
func keepTried(path string, patients []*patient) error {
	if path == "" {
		return nil
	}
	var all []engine.Tried
	for _, p := range patients {
		if a := p.answer; p.err == nil {
			all = append(all, engine.Tried{On: time.Now(), Card: p.model.Card(), Took: a.Latency, Input: a.Input, Output: a.Output, Cost: a.Cost, Calls: a.Model})
		}
	}
	data, err := json.Marshal(all)
	if err != nil {
		return err
	}
	made := path + ".new"
	return errors.Join(os.WriteFile(made, data, 0o600), os.Rename(made, path))
}

// tried reads what was kept. Without it, or if it cannot be read, nothing is told.
func (s settings) tried() (all []engine.Tried) {
	data, err := os.ReadFile(s.triedFile())
	if err != nil || json.Unmarshal(data, &all) != nil {
		return nil
	}
	return all
}

// mostCost is what asking may cost at most, in words. A broken attempt may have
// been billed, and is made once more; a token is a byte or more.
func mostCost(patients []*patient) string {
	var most int64
	var unknown int
	for _, p := range patients {
		card := p.model.Card()
		if card.Price == nil || card.MaxTokens == 0 && card.Price.Output > 0 {
			unknown++
			continue
		}
		input := len(doctorsQuestion.Text) + len(card.System) + 600
		most += 2 * (card.Price.Input*int64(input) + card.Price.Output*int64(card.MaxTokens))
	}
	known := "nothing"
	if most > 0 {
		known = "at most " + bot.Money(most).String()
	}
	switch {
	case unknown == 0:
		return known
	case unknown == len(patients):
		return "what their providers charge; no prices are configured"
	}
	return fmt.Sprintf("%s, and what is charged for %d without a price or a cap", known, unknown)
}

func (p *patient) cost() bot.Cost {
	if refusal, ok := errors.AsType[*bot.Refusal](p.err); ok {
		return refusal.Cost
	}
	return p.answer.Cost
}

// diagnosis says how the model answered, and what people would see of it.
func (p *patient) diagnosis() diagnosis {
	what := "model " + p.name
	if refusal, ok := errors.AsType[*bot.Refusal](p.err); ok {
		return diagnosis{what, false, refusal.Public.String()}
	}
	if p.err != nil {
		return diagnosis{what, false, "was not waited for any longer"} // the whole look was cut short
	}
	a := p.answer
	facts := []string{bot.Pace(a.Latency).String()}
	if a.Input+a.Output > 0 {
		facts = append(facts, fmt.Sprintf("%s tokens in, %s out", say.Thousands(a.Input), say.Thousands(a.Output)))
	}
	facts = append(facts, a.Cost.String())
	if a.Model != "" {
		facts = append(facts, "calls itself "+a.Model)
	}
	d := diagnosis{what, true, strings.Join(facts, " · ")}
	shown := text.Clean(a.Raw)
	leaks := text.Leaks(shown, doctorsQuestion.Text, p.model.Card().Names)
	switch {
	case a.Finish == "content_filter", a.Finish == "refusal":
		d.ok, d.say = false, "was stopped by its provider's filter, on a harmless question · "+d.say
		return d
	case shown == "":
		d.ok, d.say = false, "answered nothing · "+d.say
		return d
	case text.Worst(leaks) == text.Self:
		d.ok, d.say = false, "named itself in its answer, for which a round is void; write a system_text that forbids it · "+d.say
	case text.Worst(leaks) == text.Strong:
		d.ok, d.say = false, "its answer has a name that gives it away; such rounds stay out of standings · "+d.say
	case a.Finish == "length":
		d.ok, d.say = false, "was cut off by max_tokens; raise it · "+d.say
	}
	d.say += "\n       in a ballot: " + strings.ReplaceAll(shown, "\n", "\n       ")
	return d
}
