package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/verdict"
)

type gateCommand struct {
	Open   gateOpenCommand   `cmd:"" help:"Open a gate, or find the one that is open: prints a ticket."`
	Status gateStatusCommand `cmd:"" help:"Say how a gate stands: exit code 0 passed, 10 failed, 11 undecided, 12 pending, 1 a fault."`
}

func (gateCommand) Help() string {
	return `A pipeline asks the team, through a running bot, whether a new version may take the place of the old one. People take hours, so one job opens the gate and another, later, looks at it.

    tastetest gate open pr-17 --old main.jsonl --new branch.jsonl
    tastetest gate open pr-17 --old-prompt main.txt --new-prompt branch.txt --model kestrel --inputs letters.txt --max-cost 0.50
    tastetest gate status slack/T024BE7LH/7

The second has the running bot ask one of its own models, under its own limits. A version of a prompt is a system prompt; one in which {{input}} stands is sent with each input in that place. The same name with the same content gives the same ticket, and nothing is asked twice. Gates of a workspace are opened one after the other: one that comes at the same time waits.

The key stands in the environment (TASTETEST_GATE_KEY) and under “gates” in the bot's configuration, which says as whom it asks, and where. Nothing can be started with it that this person could not start there by hand.`
}

// keyFlags say how the running bot is reached, and with which key.
type keyFlags struct {
	storeFlags
	URL    string `placeholder:"URL" env:"TASTETEST_GATE_URL" help:"Where the bot's page is; left out: the bot on this machine, by its socket."`
	KeyEnv string `default:"TASTETEST_GATE_KEY" help:"The variable that holds the key (${default})."`
}

// gateFlags also say what is written besides.
type gateFlags struct {
	keyFlags
	JSON     bool   `help:"Print everything as JSON."`
	JUnit    string `name:"junit" placeholder:"FILE" help:"Write JUnit XML, too."`
	Markdown string `placeholder:"FILE" help:"Add a summary in Markdown to this file, as $GITHUB_STEP_SUMMARY."`
}

type gateOpenCommand struct {
	gateFlags
	Name      string `arg:"" help:"The gate's name, the same for the same change: pr-17."`
	Old       string `placeholder:"FILE" help:"The old version's answers: CSV or JSONL with prompt and answer."`
	New       string `placeholder:"FILE" help:"The new version's answers to the same prompts."`
	Promptfoo string `placeholder:"FILE" help:"Both, in promptfoo's JSON output of two prompts or providers, the old one first."`
	OldPrompt string `placeholder:"FILE" help:"Or the old version of a prompt, which the bot has --model answer: a system prompt, or a text with {{input}} in it."`
	NewPrompt string `placeholder:"FILE" help:"The new version of it."`
	Model     string `placeholder:"NAME" help:"The bot's model that answers both versions."`
	Inputs    string `placeholder:"FILE" help:"What it is asked with each: a line an input, or JSONL, CSV or a pack with prompts."`
	Pack      string `placeholder:"NAME" help:"Or one of the bot's packs."`
	Rounds    int    `placeholder:"N" help:"How many prompts of the pack."`
	MaxCost   string `placeholder:"USD" help:"What asking may cost at most, as 0.50; it is refused if it could cost more."`
	Ask       string `enum:"not-worse,preferred" default:"not-worse" help:"not-worse: by more than ten points (${default}); or preferred."`
	Place     string `placeholder:"PLACE" help:"Refuse if the key is for another place than platform/workspace/channel."`
	Question  string `help:"What people are asked."`
	Until     string `placeholder:"WHEN" help:"When voting ends: 1d, Thu 17:00."`
	Ballot    string `enum:"reaction,private," default:"private" help:"private (${default}) or reaction."`
	Invite    string `placeholder:"PEOPLE" help:"Who should taste: @ana,@li."`
	Voters    int    `default:"8" help:"How many are expected, for the power (${default})."`
}

type gateStatusCommand struct {
	gateFlags
	Ticket    string        `arg:"" help:"What gate open printed."`
	Wait      time.Duration `placeholder:"4h" help:"Wait so long for the reveal."`
	Undecided string        `enum:"pass,fail," default:"" placeholder:"pass|fail" help:"Take undecided for passed or failed."`
}

// Exit codes of what a gate says. 1 and 2 are for faults and for what was typed
// wrong, so that a lost network is never “failed”.
const (
	gateFault     exitCode = 1
	gateFailed    exitCode = 10
	gateUndecided exitCode = 11
	gatePending   exitCode = 12
)

// Run opens the gate and prints its ticket.
func (c gateOpenCommand) Run(ctx context.Context, std streams) error {
	req, notes, err := c.request()
	if err != nil {
		return err
	}
	body, err := json.Marshal(req)
	if err != nil {
		return fmt.Errorf("open a gate: %w", err)
	}
	a, err := askBot[gateAnswer](ctx, c.keyFlags, http.MethodPost, "/gate", body)
	if err != nil {
		return err
	}
	a.Notes = append(notes, a.Notes...)
	return c.print(std, a, c.opened(a))
}

func (c gateOpenCommand) opened(a gateAnswer) string {
	s := fmt.Sprintf("%s\n%s", a.Ticket, a.Sentence)
	if a.Power != nil {
		s += fmt.Sprintf("\nIf the two are equal and %d people vote, this passes %s.", a.Voters, verdict.InHundred(*a.Power))
	}
	return strings.Join(append([]string{s}, a.Notes...), "\n")
}

// waitEvery is how long a waiting status pauses between two looks.
const waitEvery = 15 * time.Second

// Run says how the gate stands, perhaps once it is decided.
func (c gateStatusCommand) Run(ctx context.Context, std streams) error {
	if _, err := parseTicket(c.Ticket); err != nil {
		return err
	}
	last := time.Now().Add(c.Wait)
	var a gateAnswer
	for {
		var err error
		if a, err = askBot[gateAnswer](ctx, c.keyFlags, http.MethodGet, "/gate?"+url.Values{"ticket": {c.Ticket}}.Encode(), nil); err != nil {
			return err
		}
		left := time.Until(last)
		if a.State != verdict.Pending || left <= 0 {
			break
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("stopped waiting for %s: %w", c.Ticket, ctx.Err())
		case <-time.After(min(waitEvery, left)):
		}
	}
	if a.State == verdict.Undecided && c.Undecided != "" {
		a.State = map[string]verdict.Passage{"pass": verdict.Passed, "fail": verdict.Failed}[c.Undecided]
		a.Sentence += fmt.Sprintf(" Taken for %s, as --undecided %s says.", a.State, c.Undecided)
	}
	if err := c.print(std, a, a.Sentence); err != nil {
		return err
	}
	switch a.State {
	case verdict.Fault:
		return gateFault
	case verdict.Failed:
		return gateFailed
	case verdict.Undecided:
		return gateUndecided
	case verdict.Pending:
		return gatePending
	}
	return nil
}

// askBot sends a request to the bot with a key. An error is a fault, or what was typed
// wrong.
func askBot[T any](ctx context.Context, f keyFlags, method, target string, body []byte) (a T, err error) {
	key := strings.TrimSpace(os.Getenv(f.KeyEnv))
	if key == "" {
		return a, usageError("a gate needs a key: put it into the variable " + f.KeyEnv + ", or name another with --key-env")
	}
	base, c := strings.TrimRight(f.URL, "/"), &http.Client{}
	if base == "" {
		path, err := f.path()
		if err != nil {
			return a, err
		}
		if !running(path) {
			return a, fmt.Errorf("no bot is running on %s; a gate needs one, here or at --url", path)
		}
		base, c = "http://bot", client(path)
	}
	c.Timeout = time.Minute
	req, err := http.NewRequestWithContext(ctx, method, base+target, bytes.NewReader(body))
	if err != nil {
		return a, usageError("write the address as https://tastetest.example.com")
	}
	req.Header.Set("Authorization", "Bearer "+key)
	resp, err := c.Do(req)
	var failed *url.Error
	if errors.As(err, &failed) {
		err = failed.Err // without the address, which may hold a secret
	}
	if err != nil {
		return a, fmt.Errorf("no answer from the bot: %w", err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return a, fmt.Errorf("read the bot's answer: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		var said struct{ Error string }
		if json.Unmarshal(data, &said) != nil || said.Error == "" {
			return a, fmt.Errorf("the bot answered %s; are there “gates” in its configuration?", resp.Status)
		}
		if resp.StatusCode >= 500 {
			return a, errors.New(said.Error)
		}
		return a, usageError(said.Error)
	}
	if err := json.Unmarshal(data, &a); err != nil {
		return a, fmt.Errorf("read the bot's answer: %w", err)
	}
	return a, nil
}

// print says how a gate stands, for people or for programs, and writes the files
// that were asked for.
func (f gateFlags) print(std streams, a gateAnswer, said string) error {
	if f.JUnit != "" {
		if err := os.WriteFile(f.JUnit, junit(a), 0o644); err != nil {
			return fmt.Errorf("write JUnit XML: %w", err)
		}
	}
	if f.Markdown != "" {
		file, err := os.OpenFile(f.Markdown, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
		if err == nil {
			_, err = io.WriteString(file, gateMarkdown(a))
			err = errors.Join(err, file.Close())
		}
		if err != nil {
			return fmt.Errorf("write the summary: %w", err)
		}
	}
	if !f.JSON {
		_, err := fmt.Fprintln(std.out, said)
		return err
	}
	w := json.NewEncoder(std.out)
	w.SetEscapeHTML(false)
	w.SetIndent("", "  ")
	if err := w.Encode(a); err != nil {
		return fmt.Errorf("write how the gate stands: %w", err)
	}
	return nil
}

// asked is the question of a gate, for people.
func asked(a gateAnswer) string {
	if a.Ask == bot.Preferred {
		return fmt.Sprintf("Is %s preferred to %s?", a.Models[1], a.Models[0])
	}
	return fmt.Sprintf("Is %s not worse than %s by more than ten points?", a.Models[1], a.Models[0])
}

// junit writes a gate as one test. Undecided and pending are tests that were skipped.
func junit(a gateAnswer) []byte {
	type message struct {
		Message string `xml:"message,attr"`
	}
	type testCase struct {
		Class   string   `xml:"classname,attr"`
		Name    string   `xml:"name,attr"`
		Error   *message `xml:"error,omitempty"`
		Failure *message `xml:"failure,omitempty"`
		Skipped *message `xml:"skipped,omitempty"`
		Out     string   `xml:"system-out"`
	}
	type suite struct {
		XMLName  xml.Name `xml:"testsuite"`
		Name     string   `xml:"name,attr"`
		Tests    int      `xml:"tests,attr"`
		Errors   int      `xml:"errors,attr"`
		Failures int      `xml:"failures,attr"`
		Skipped  int      `xml:"skipped,attr"`
		Case     testCase `xml:"testcase"`
	}
	s := suite{Name: "tastetest gate", Tests: 1, Case: testCase{Class: "tastetest.gate", Name: a.Name + ": " + asked(a), Out: a.Ticket + "\n" + a.Sentence}}
	switch a.State {
	case verdict.Fault:
		s.Errors, s.Case.Error = 1, &message{a.Sentence}
	case verdict.Failed:
		s.Failures, s.Case.Failure = 1, &message{a.Sentence}
	case verdict.Undecided, verdict.Pending:
		s.Skipped, s.Case.Skipped = 1, &message{a.Sentence}
	}
	b, err := xml.MarshalIndent(s, "", "  ")
	if err != nil {
		panic(err) // strings and numbers only
	}
	return append([]byte(xml.Header), append(b, '\n')...)
}

// gateMarkdown writes a gate as a pull request can show it.
func gateMarkdown(a gateAnswer) string {
	plain := strings.NewReplacer("\\", "\\\\", "~", "\\~", "#", "\\#", "://", "&#58;//", "www.", "www\u200b.", "|", "\\|", "\n", " ", "<", "&lt;", "`", "'", "[", "\\[", "@", "@\u200b", "*", "\\*", "_", "\\_")
	s := fmt.Sprintf("### Taste test %s: %s\n\n%s %s\n", plain.Replace(a.Name), a.State, plain.Replace(asked(a)), plain.Replace(a.Sentence))
	if v := a.Votes; v != nil {
		s += fmt.Sprintf("\n| %s | %s | equal | both bad |\n|---|---|---|---|\n| %d | %d | %d | %d |\n", plain.Replace(a.Models[0]), plain.Replace(a.Models[1]), v.Old, v.New, v.Tie, v.Both)
	}
	if a.Power != nil {
		s += fmt.Sprintf("\nIf the two are equal and %d people vote, this passes %s.\n", a.Voters, verdict.InHundred(*a.Power))
	}
	for _, note := range a.Notes {
		s += "\n" + plain.Replace(note) + "\n"
	}
	return s + fmt.Sprintf("\nTicket: `%s`\n", strings.ReplaceAll(a.Ticket, "`", "'"))
}
