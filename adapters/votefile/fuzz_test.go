package votefile

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// Tables of other polls are read or refused with a sentence, whatever stands in them.
func FuzzRows(f *testing.F) {
	for _, s := range []string{
		"question_id,model_a,model_b,winner,judge\nq1,kestrel,nova,model_a,ann\nq1,kestrel,nova,tie (bothbad),bo\n",
		`{"question_id":"q1","model_a":"a","model_b":"b","winner":"tie","judge":"j","turn":1,"tstamp":1.5}`,
		"id,model_a,model_b,winner_model_a,winner_model_b,winner_tie\n1,a,b,1,0,0\n",
		`[{"data":{"rating":1,"model_id":"a","sibling_model_ids":["b"]},"user_id":"u","meta":{"message_id":"m"}}]`,
		"\xef\xbb\xbfwinner;model_a;model_b\n", "sep=;\nmodel_a;model_b;winner;judge\na;b;model_b;x", "model_a,model_b,winner,judge\n\"a", "", "[", "{}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, said string) {
		for row, err := range Rows(strings.NewReader(said)) {
			if err != nil {
				if err.Error() == "" {
					t.Fatalf("%q is refused without a word", said)
				}
				return
			}
			if row.Models[0] == "" || row.Models[1] == "" {
				t.Fatalf("%q has a vote between %q", said, row.Models)
			}
		}
	})
}

// No export that was tampered with makes an import fall over.
func FuzzImport(f *testing.F) {
	f.Add([]byte(`{"tasting":1,"round":1,"rounds":1,"workspace":"slack/T1","channel":"C1","ballot":"reaction","model_a":"a","model_b":"b","winner":"model_a","judge":"j","opened":"2026-01-01T00:00:00Z","closed":"2026-01-02T00:00:00Z","revealed":"2026-01-02T00:00:01Z"}` + "\n"))
	f.Add([]byte(`{"tasting":18446744073709551615,"round":-1,"rounds":1000000000,"winner":"tie"}`))
	f.Add([]byte("{}\n{}"))
	f.Add([]byte("\x1f\x8b"))
	f.Fuzz(func(t *testing.T, data []byte) {
		groups, _, err := readImport(bytes.NewReader(data), &bot.Workspace{Platform: "slack", ID: "T1"}, true)
		if err != nil {
			if err.Error() == "" || errors.Is(err, bot.ErrNotFound) {
				t.Fatalf("%q is refused with %v", data, err)
			}
			return
		}
		for _, g := range groups {
			r, texts := g.tasting()
			if len(r.Rounds) != len(texts) {
				t.Fatalf("%q is a tasting of %d rounds with %d texts", data, len(r.Rounds), len(texts))
			}
			for _, v := range g.votes(r.ID) {
				if n := v.Round.Round; n < 1 || n > len(r.Rounds) || v.Pick() == bot.None {
					t.Fatalf("%q has a vote %+v", data, v)
				}
			}
		}
	})
}
