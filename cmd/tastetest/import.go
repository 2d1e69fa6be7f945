package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/tastetest/tastetest/adapters/votefile"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store"
)

type importCommand struct {
	storeFlags
	File       string `arg:"" help:"A JSONL export with texts; - for standard input."`
	IgnoreCase bool   `help:"Take voters whose names differ only in case for one: Ann and ann."`
	Workspace  string `placeholder:"PLATFORM/ID" help:"Add everything to this workspace; left out: where the file says it was tasted."`
}

func (importCommand) Help() string {
	return `Adds revealed taste tests, so that results and standings have them. Importing a file twice adds nothing twice. A judge has one vote a round: of several rows the last counts. It works while the bot runs, too.

An import does not bring back how often people changed their minds, nor in which order and on which sides each of them saw the answers of a private ballot; what they chose it does. Taste tests get the next free numbers, which may be others than they had. For an exact copy: tastetest backup and restore.

    tastetest export --format jsonl --texts --out votes.jsonl
    tastetest import votes.jsonl`
}

// Run imports into the store, by way of the bot that holds it if one does.
func (c importCommand) Run(ctx context.Context, std streams) (err error) {
	into, err := parseWorkspace(c.Workspace)
	if err != nil {
		return err
	}
	in := std.in
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return fmt.Errorf("read the import: %w", err)
		}
		defer f.Close()
		in = f
	}
	path, err := c.path()
	if err != nil {
		return err
	}
	var done votefile.Imported
	if running(path) {
		done, err = c.ask(ctx, path, in)
	} else {
		done, err = c.direct(ctx, std, path, in, into)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(std.out, done)
	return err
}

func (c importCommand) direct(ctx context.Context, std streams, path string, in io.Reader, into *bot.Workspace) (done votefile.Imported, err error) {
	s, err := store.Open(ctx, logger(std.err), path)
	if err != nil {
		return votefile.Imported{}, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return votefile.Import(ctx, s, in, into, c.IgnoreCase)
}

func (c importCommand) ask(ctx context.Context, path string, in io.Reader) (done votefile.Imported, err error) {
	resp, err := ask(ctx, path, http.MethodPost, "/import?"+url.Values{"workspace": {c.Workspace}, "ignore-case": {strconv.FormatBool(c.IgnoreCase)}}.Encode(), in)
	if err != nil {
		return votefile.Imported{}, err
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&done); err != nil {
		return votefile.Imported{}, fmt.Errorf("read the running bot's answer: %w", err)
	}
	return done, nil
}

// parseWorkspace reads "platform/id"; nil for "".
func parseWorkspace(text string) (*bot.Workspace, error) {
	if text == "" {
		return nil, nil
	}
	platform, id, ok := strings.Cut(text, "/")
	if !ok || platform == "" || id == "" {
		return nil, usageError("write the workspace as platform/id, for example slack/T024BE7LH")
	}
	return &bot.Workspace{Platform: platform, ID: id}, nil
}
