package main

import (
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/tastetest/tastetest/bot/verdict"
)

// junit writes a gate as one test. Undecided and pending are tests that were skipped.
func junit(a gateAnswer) []byte {
	type message struct {
		Message string `xml:"message,attr"`
	}
	type testCase struct {
		Class   string   `xml:"classname,attr"`
		Name    string   `xml:"name,attr"`
		Failure *message `xml:"failure,omitempty"`
		Skipped *message `xml:"skipped,omitempty"`
		Out     string   `xml:"system-out"`
	}
	type suite struct {
		XMLName  xml.Name `xml:"testsuite"`
		Name     string   `xml:"name,attr"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Skipped  int      `xml:"skipped,attr"`
		Case     testCase `xml:"testcase"`
	}
	s := suite{Name: "tastetest gate", Tests: 1, Case: testCase{Class: "tastetest.gate", Name: a.Name + ": " + asked(a), Out: a.Ticket + "\n" + a.Sentence}}
	switch a.State {
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
	plain := strings.NewReplacer("|", "\\|", "\n", " ", "<", "&lt;", "`", "'", "[", "\\[", "@", "@\u200b", "*", "\\*", "_", "\\_")
	s := fmt.Sprintf("### Taste test %s: %s\n\n%s %s\n", plain.Replace(a.Name), a.State, plain.Replace(asked(a)), plain.Replace(a.Sentence))
	if v := a.Votes; v != nil {
		s += fmt.Sprintf("\n| %s | %s | equal | both bad |\n|---|---|---|---|\n| %d | %d | %d | %d |\n", plain.Replace(a.Models[0]), plain.Replace(a.Models[1]), v.Old, v.New, v.Tie, v.Both)
	}
	if a.Power != nil {
		s += fmt.Sprintf("\nIf the two are equal and %d people vote, this passes %d times in 100.\n", a.Voters, *a.Power)
	}
	return s + fmt.Sprintf("\nTicket: `%s`\n", strings.ReplaceAll(a.Ticket, "`", "'"))
}
