package text

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"unicode/utf8"
)

// A NotPlain says why what came in is not text that can be read, and what to
// send instead: "line 3 is not UTF-8 text; save it as …".
type NotPlain struct {
	Is   Kind
	Line int // of a Garbled or Binary one
}

// A Kind is what a file is that is no text.
type Kind uint8

const (
	Garbled Kind = iota // not UTF-8
	Binary              // a byte that no text has
	Archive             // a workbook, among others
	Compressed
	Wide // UTF-16
	RichText
	PDF
	WebPage
	XML
)

func (e NotPlain) Error() string {
	switch e.Is {
	case Garbled:
		return fmt.Sprintf("line %d is not UTF-8 text; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)", e.Line)
	case Binary:
		return fmt.Sprintf("this is not a text file: line %d has a byte in it that no text has; save it as CSV, JSONL, YAML or plain text", e.Line)
	case Archive:
		return "this is a workbook or an archive, not text; save the sheet as “CSV UTF-8”"
	case Compressed:
		return "this is a compressed file; unpack it first"
	case Wide:
		return "this is UTF-16; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)"
	case RichText:
		return "this is rich text (RTF); save it as plain text"
	case PDF:
		return "this is a PDF; save its text as plain text or as CSV"
	case WebPage:
		return "this is a web page (HTML); save the table in it as CSV, or, from promptfoo, send what this writes: promptfoo eval --output results.json"
	}
	return "this is XML; save the table in it as CSV"
}

// Plain returns data as text: UTF-8 without a byte order mark, with \n for line
// ends, those of old Macs too. Everything that people bring is read by it or by
// [NewReader], so that nothing garbled is shown or counted. Errors are [NotPlain].
func Plain(data []byte) (string, error) {
	said, err := io.ReadAll(NewReader(bytes.NewReader(data)))
	return string(said), err
}

// NewReader is Plain for what is too long to be held whole. The reader's errors
// are those of in, and [NotPlain].
func NewReader(in io.Reader) io.Reader { return &plainReader{in: in, line: 1} }

// A plainReader reads blocks, makes them plain and hands them on. What a block
// ends with may belong to the next: part of a character, or the first half of \r\n.
type plainReader struct {
	in    io.Reader
	begun bool
	line  int    // of the first byte in rest
	block []byte // rest and ready stand in it
	rest  []byte
	ready []byte
	err   error // once ready has been handed on
}

const (
	plainBlock = 1 << 16
	plainBegin = 1000 // so much tells one kind of file from another
)

func (r *plainReader) Read(p []byte) (int, error) {
	for len(r.ready) == 0 && r.err == nil {
		r.fill()
	}
	n := copy(p, r.ready)
	r.ready = r.ready[n:]
	if n == 0 && len(p) > 0 {
		return 0, r.err
	}
	return n, nil
}

// fill makes the next block ready.
func (r *plainReader) fill() {
	least := 1
	if r.block == nil {
		r.block, least = make([]byte, plainBlock), plainBegin
	}
	kept := copy(r.block, r.rest)
	n, err := io.ReadAtLeast(r.in, r.block[kept:], least)
	block := r.block[:kept+n]
	over := err == io.EOF || err == io.ErrUnexpectedEOF
	if err != nil && !over {
		r.err = err
		return
	}
	if !r.begun {
		r.begun = true
		if is, foreign := foreign(block); foreign {
			r.err = NotPlain{Is: is}
			return
		}
		block = bytes.TrimPrefix(block, []byte("\ufeff"))
	}
	if over {
		r.rest, r.err = nil, io.EOF
	} else {
		whole := wholePart(block)
		r.rest, block = block[whole:], block[:whole]
	}
	if bytes.Contains(block, []byte("\r\n")) {
		block = bytes.ReplaceAll(block, []byte("\r\n"), []byte("\n"))
	}
	for i := bytes.IndexByte(block, '\r'); i >= 0; i = bytes.IndexByte(block, '\r') {
		block[i] = '\n'
	}
	if err := r.check(block); err != nil {
		r.err, block = err, nil
	}
	r.line += bytes.Count(block, []byte("\n"))
	r.ready = block
}

// wholePart is how much of block certainly ends no character and no \r\n in the middle.
func wholePart(block []byte) int {
	end := len(block)
	if end > 0 && block[end-1] == '\r' {
		return end - 1
	}
	for back := 1; back < utf8.UTFMax && back <= end; back++ {
		if utf8.RuneStart(block[end-back]) {
			if !utf8.FullRune(block[end-back:]) {
				return end - back
			}
			break
		}
	}
	return end
}

// check returns what in block is no text, with its line.
func (r *plainReader) check(block []byte) error {
	if utf8.Valid(block) && bytes.IndexByte(block, 0) < 0 {
		return nil
	}
	n := r.line
	for line := range bytes.Lines(block) {
		switch {
		case !utf8.Valid(line):
			return NotPlain{Garbled, n}
		case bytes.IndexByte(line, 0) >= 0:
			return NotPlain{Binary, n}
		}
		n++
	}
	return nil
}

// A web page begins so, and so does XML; a prompt about them seldom does.
var webPage = regexp.MustCompile(`(?i)^\s*(?:<!--[^>]*-->\s*)*<(?:!doctype html|html|head|body|table|meta)\b`)

// foreign is what data is if it is another kind of file than text; false if it is
// none of them.
func foreign(data []byte) (Kind, bool) {
	has := func(prefixes ...string) bool {
		for _, p := range prefixes {
			if bytes.HasPrefix(data, []byte(p)) {
				return true
			}
		}
		return false
	}
	switch {
	case has("PK\x03\x04", "PK\x05\x06", "\xd0\xcf\x11\xe0"):
		return Archive, true
	case has("\x1f\x8b", "BZh", "\x28\xb5\x2f\xfd", "\xfd7zXZ", "7z\xbc\xaf"):
		return Compressed, true
	case has("\xff\xfe", "\xfe\xff") || isWide(data):
		return Wide, true
	case has(`{\rtf`):
		return RichText, true
	case has("%PDF-"):
		return PDF, true
	}
	begin := bytes.TrimPrefix(data, []byte("\ufeff"))
	switch begin = begin[:min(len(begin), plainBegin)]; {
	case webPage.Match(begin):
		return WebPage, true
	case bytes.HasPrefix(begin, []byte("<?xml")):
		return XML, true
	}
	return 0, false
}

// isWide reports whether data looks like UTF-16 without a byte order mark:
// nearly every other byte of its beginning is 0.
func isWide(data []byte) bool {
	data = data[:min(len(data), 64)]
	zeros := [2]int{}
	for i, b := range data {
		if b == 0 {
			zeros[i%2]++
		}
	}
	return len(data) >= 8 && max(zeros[0], zeros[1]) > len(data)/3 && min(zeros[0], zeros[1]) == 0
}
