package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/tastetest/tastetest/bot/proof"
	"github.com/tastetest/tastetest/bot/text"
)

type verifyCommand struct {
	File string `arg:"" optional:"" default:"-" help:"The proof, as it stands behind Details; - or nothing: standard input."`
}

func (verifyCommand) Help() string {
	return `Each ballot showed a commitment. The proof, published with the result, holds all that it was made from. If it fits, nobody exchanged the sides or the answers after the ballot was posted.

An answer is in the proof as the SHA-256 of its text. To check it:

    printf %s "TEXT" | sha256sum

` + answerText + `

    tastetest verify proof.txt`
}

const answerText = "It gives one of the two hashes behind “answers” in its round's line. TEXT is the answer that was shown, as it was before a long one was cut; tastetest export --texts has it."

const maxProof = 1 << 20

// Run checks every commitment in the text.
func (c verifyCommand) Run(_ context.Context, std streams) error {
	published, err := c.text(std.in)
	if err != nil {
		return err
	}
	said, err := proof.Verify(published)
	for _, line := range said {
		fmt.Fprintln(std.out, line)
	}
	if err == nil {
		_, err = fmt.Fprintf(std.out, "\nTo check an answer's text, too, type: printf %%s \"TEXT\" | sha256sum\n%s\n", answerText)
	}
	return err
}

func (c verifyCommand) text(in io.Reader) (string, error) {
	if c.File != "-" {
		f, err := os.Open(c.File)
		if errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("there is no file %s: write the proof that stands behind Details into one, and name that", c.File)
		}
		if err != nil {
			return "", fmt.Errorf("read the proof: %w", err)
		}
		defer f.Close()
		in = f
	}
	var b strings.Builder
	if _, err := io.Copy(&b, text.NewReader(io.LimitReader(in, maxProof))); err != nil {
		return "", fmt.Errorf("read the proof: %w", err)
	}
	return b.String(), nil
}
