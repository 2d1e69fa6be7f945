// Tastetest runs blind taste tests of LLM answers in a team's chat.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // images without a system have no time zones

	"github.com/tastetest/tastetest/cmd/tastetest/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // from here on a second signal ends the process at once
	os.Exit(run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

// streams are where a command reads and writes. Logs and errors go to err.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// logger logs to w, for people and for grep.
func logger(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

// logger logs to w as the configuration says.
func (s settings) logger(w io.Writer) *slog.Logger {
	opt := &slog.HandlerOptions{Level: slog.Level(s.LogLevel)}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, opt))
	}
	return slog.New(slog.NewTextHandler(w, opt))
}

type commands struct {
	Demo        demoCommand        `cmd:"" help:"Try it: a page with two taste tests under way. Needs nothing."`
	Run         runCommand         `cmd:"" help:"Run the bot with your models."`
	Doctor      doctorCommand      `cmd:"" help:"Look at everything that must be right, ask each model one small question, and say what to click."`
	Slack       slackCommand       `cmd:"" help:"Set up the Slack app."`
	Discord     discordCommand     `cmd:"" help:"Set up the Discord bot."`
	Config      configCommand      `cmd:"" help:"Check a configuration file and print it, secrets hidden."`
	Packs       packsCommand       `cmd:"" help:"List, explain and check packs of prompts."`
	Prompts     promptsCommand     `cmd:"" help:"Make a pack from what people asked, masked, to look through."`
	Verify      verifyCommand      `cmd:"" help:"Check that the sides of a taste test were fixed beforehand."`
	Analyse     analyseCommand     `cmd:"" help:"Say what votes from any poll show: CSV in the arena columns."`
	Export      exportCommand      `cmd:"" help:"Write the votes of revealed taste tests as CSV or JSONL."`
	Report      reportCommand      `cmd:"" help:"Write what has been revealed as one page that needs no server."`
	Gate        gateCommand        `cmd:"" help:"Ask the team, from a pipeline, whether a new version may take the place of the old one."`
	MCP         mcpCommand         `cmd:"" name:"mcp" help:"Serve tools for assistants (Model Context Protocol) on standard input and output."`
	Route       routeCommand       `cmd:"" help:"Say which is the cheapest model that is not worse, for each category of prompts."`
	Import      importCommand      `cmd:"" help:"Add revealed taste tests from a JSONL export."`
	Backup      backupCommand      `cmd:"" help:"Copy everything the bot keeps into a file."`
	Restore     restoreCommand     `cmd:"" help:"Bring a backup back."`
	Move        moveCommand        `cmd:"" help:"Move everything from a file into a database, or back."`
	Healthcheck healthcheckCommand `cmd:"" help:"Ask whether a running bot is well; for containers."`
	Version     versionCommand     `cmd:"" help:"Print the version."`
}

// A runner is what each command is, once it is typed.
type runner interface {
	Run(ctx context.Context, std streams) error
}

const description = `Blind taste tests of LLM answers in a team's chat.

Two answers are posted without names, people vote, and when the time is up the bot says which was which, and what the votes do and do not show.

Try it:     tastetest demo

Your own:   tastetest config --example > tastetest.yaml, fill it in, then tastetest run`

// run is main without the globals. It returns the exit code: 0, 1 for what
// went wrong, 2 for what was typed wrong; what a gate says has codes of its own.
func run(ctx context.Context, args []string, std streams) int {
	if len(args) == 0 {
		args = []string{"--help"}
	}
	std.out, std.err = shown{std.out}, shown{std.err}
	var c commands
	typed, help, err := cli.Parse[runner]("tastetest", description, &c, args)
	if err != nil {
		fmt.Fprintln(std.err, "tastetest:", err)
		return 2
	}
	if help != "" {
		_, err = io.WriteString(std.out, help)
	} else {
		err = typed.Run(ctx, std)
	}
	err = advised(err)
	var usage usageError
	var code exitCode
	switch {
	case errors.As(err, &code):
		return int(code)
	case err == nil:
		return 0
	case errors.As(err, &usage):
		fmt.Fprintln(std.err, "tastetest:", err)
		return 2
	default:
		fmt.Fprintln(std.err, "tastetest:", err)
		return 1
	}
}

// An exitCode is an end that has been told of already.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// A usageError says in one sentence what to type instead.
type usageError string

func (e usageError) Error() string { return string(e) }
