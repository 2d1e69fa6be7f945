package text

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestPlain(t *testing.T) {
	for from, want := range map[string]string{
		"":                                "",
		"\ufeffstore: t.db\n":             "store: t.db\n",
		"a\r\nb\rc\n\r\r\nd":              "a\nb\nc\n\n\nd",
		"写一首诗。":                           "写一首诗。",
		"Explain <!doctype html> to me.":  "Explain <!doctype html> to me.",
		"a <table> of oak":                "a <table> of oak",
		"<tablespoon> of what?":           "<tablespoon> of what?",
		strings.Repeat("好\r\n", 1<<16):    strings.Repeat("好\n", 1<<16), // over several blocks
		"x" + strings.Repeat("好", 1<<16):  "x" + strings.Repeat("好", 1<<16),
		"xy" + strings.Repeat("🎂", 1<<16): "xy" + strings.Repeat("🎂", 1<<16),
	} {
		got, err := Plain([]byte(from))
		if err != nil || got != want {
			t.Errorf("%.40q is read as %.40q (%d bytes, want %d), %v", from, got, len(got), len(want), err)
		}
		bytewise, err := io.ReadAll(NewReader(iotest.OneByteReader(strings.NewReader(from))))
		if err != nil || string(bytewise) != want {
			t.Errorf("%.40q, read by single bytes, is %.40q, %v", from, bytewise, err)
		}
	}
}

func TestPlainRefuses(t *testing.T) {
	for what, test := range map[string]struct{ data, want string }{
		"GBK":                     {"prompt\n\xd0\xb4\xd2\xbb\xca\xd7\n", "line 2 is not UTF-8 text; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)"},
		"latin-1, lines of a Mac": {"a\rb\rMod\xe8le\r", "line 3 is not UTF-8 text"},
		"latin-1, far down":       {strings.Repeat("question\n", 20_000) + "\xe9\n", "line 20001 is not UTF-8 text"},
		"half a character":        {"a\n写"[:4], "line 2 is not UTF-8 text"},
		"UTF-16":                  {"\xff\xfep\x00r\x00", "this is UTF-16; save it as UTF-8"},
		"UTF-16, the other way":   {"\xfe\xff\x00p\x00r", "this is UTF-16; save it as UTF-8"},
		"UTF-16 without a mark":   {"p\x00r\x00o\x00m\x00p\x00t\x00", "this is UTF-16; save it as UTF-8"},
		"a workbook":              {"PK\x03\x04\x14", "this is a workbook or an archive, not text; save the sheet as “CSV UTF-8”"},
		"an old workbook":         {"\xd0\xcf\x11\xe0\xa1\xb1", "this is a workbook or an archive"},
		"gzip":                    {"\x1f\x8b\x08", "this is a compressed file; unpack it first"},
		"a web page":              {" <!DOCTYPE html>\n<html>", "this is a web page (HTML); save the table in it as CSV"},
		"a table of a page":       {"\ufeff<!-- made by hand -->\n<table border=1>", "this is a web page (HTML)"},
		"XML":                     {"<?xml version=\"1.0\"?><Workbook>", "this is XML; save the table in it as CSV"},
		"RTF":                     {`{\rtf1\ansi Write a haiku.}`, "this is rich text (RTF); save it as plain text"},
		"PDF":                     {"%PDF-1.7\n", "this is a PDF"},
		"a picture":               {"\x00\x01", "this is not a text file: line 1 has a byte in it that no text has; save it as CSV, JSONL, YAML or plain text"},
	} {
		got, err := Plain([]byte(test.data))
		if _, ok := errors.AsType[NotPlain](err); !ok || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s is read as %.40q, %v; want: %s", what, got, err, test.want)
		}
	}
}

func TestPlainPassesTheReadersErrors(t *testing.T) {
	broken := errors.New("the disk is gone")
	if _, err := io.ReadAll(NewReader(iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
