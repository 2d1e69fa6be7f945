package votefile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/verdict"
)

func rowsOf(votes string) ([]verdict.VoteRow, error) {
	var rows []verdict.VoteRow
	for r, err := range Rows(strings.NewReader(votes)) {
		if err != nil {
			return rows, err
		}
		for _, s := range []*string{&r.Question, &r.Models[0], &r.Models[1], &r.Judge} {
			*s = strings.Clone(*s)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// Votes are read however a spreadsheet or another arena wrote them.
func TestRowsOfOthers(t *testing.T) {
	vote := func(question string, w bot.Choice, judge string) verdict.VoteRow {
		return verdict.VoteRow{Question: question, Models: [2]string{"kestrel", "nova"}, Winner: w, Judge: judge, Kind: bot.Plain}
	}
	want := []verdict.VoteRow{vote("1", bot.Left, "a"), vote("2", bot.Awful, "b")}
	table := "question_id,model_a,model_b,winner,judge\n1,kestrel,nova,model_a,a\n2,kestrel,nova,tie (bothbad),b\n"
	object := func(id, winner, judge string) string {
		return `{"question_id": ` + id + `, "model_a": "kestrel", "model_b": "nova", "winner": "` + winner + `", "judge": "` + judge + `", "turn": 1, "anony": true, "language": "English", "tstamp": 1700000000.0, "conversation_a": [{"role": "user", "content": "Hi"}], "excluded": []}`
	}
	for what, votes := range map[string]string{
		"CSV":                   table,
		"lines of old Macs":     strings.ReplaceAll(table, "\n", "\r"),
		"Windows":               "\ufeff" + strings.ReplaceAll(table, "\n", "\r\n"),
		"sep=;":                 "sep=;\n" + strings.ReplaceAll(table, ",", ";"),
		"tabs":                  strings.ReplaceAll(table, ",", "\t"),
		"full-width commas":     strings.ReplaceAll(table, ",", "，"),
		"a table that says id":  strings.Replace(table, "question_id", "id", 1),
		"JSON of an arena":      "[" + object(`"1"`, "model_a", "a") + ",\n" + object(`"2"`, "tie (bothbad)", "b") + "]",
		"JSONL of an arena":     object("1", "model_a", "a") + "\n\n" + object("2", "both_bad", "b") + "\n",
		"an arena that says id": strings.ReplaceAll(object(`"1"`, "model_a", "a")+object(`"2"`, "both_bad", "b"), "question_id", "id"),
	} {
		got, err := rowsOf(votes)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", what, err, diff)
		}
	}
}

// On Kaggle an arena's winner is in three columns.
func TestRowsOfKaggle(t *testing.T) {
	const header = "id,model_a,model_b,prompt,response_a,response_b,winner_model_a,winner_model_b,winner_tie\n"
	row := func(id, flags string) string {
		return id + `,kestrel,nova,"[""Is it moral to try to have a certain percentage of females on managerial positions?""]","[""It is, said\nsome""]","[null]",` + flags + "\n"
	}
	want := []bot.Choice{bot.Left, bot.Right, bot.Equal}
	object := func(id, a, b, tie string) string {
		return `{"id": ` + id + `, "model_a": "kestrel", "model_b": "nova", "prompt": "[\"Hi\"]", "winner_model_a": ` + a + `, "winner_model_b": ` + b + `, "winner_tie": ` + tie + `}`
	}
	for what, votes := range map[string]string{
		"a table": header + row("30192", "1,0,0") + row("53567", "0,1,0") + row("65089", "0,0,1"),
		"floats":  header + row("30192", "1.0,0.0,0.0") + row("53567", "0.0,1.0,0.0") + row("65089", "False,False,True"),
		"JSONL":   object("30192", "1", "0", "0") + "\n" + object("53567", "0", "1", "0") + "\n" + object("65089", "false", "false", "true"),
	} {
		got, err := rowsOf(votes)
		if err != nil || len(got) != 3 {
			t.Errorf("%s: %d rows, %v", what, len(got), err)
			continue
		}
		for i, r := range got {
			if r.Winner != want[i] || r.Models != [2]string{"kestrel", "nova"} || r.Question == "" {
				t.Errorf("%s: vote %d is %+v, want %v", what, i+1, r, want[i])
			}
		}
	}
	for flags, want := range map[string]string{
		"1,1,0": "line 2: 2 of winner_model_a", "0,0,0": "line 2: 0 of winner_model_a", "yes,0,0": `line 2: winner_model_a is "yes"; write 1 or 0`,
	} {
		if _, err := rowsOf(header + row("1", flags)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %q", flags, err, want)
		}
	}
	if _, err := rowsOf("id,model_a,model_b,winner_model_a,winner_tie\n1,kestrel,nova,1,0\n"); err == nil || !strings.Contains(err.Error(), "no column winner") {
		t.Errorf("without winner_model_b: %v", err)
	}
}

func TestRowsOfOpenWebUI(t *testing.T) {
	got, err := rowsOf(`[
		{"id": "f1", "user_id": "u1", "type": "rating", "data": {"rating": 1, "model_id": "kestrel", "sibling_model_ids": ["nova", "wren", "kestrel"]}, "meta": {"chat_id": "c1", "message_id": "m1"}, "snapshot": {"chat": {}}},
		{"id": "f2", "user_id": "u2", "data": {"rating": "-1", "model_id": "kestrel", "sibling_model_ids": ["nova"]}, "meta": {}},
		{"id": "f3", "user_id": "u2", "data": {"rating": 1, "model_id": "kestrel", "sibling_model_ids": null}},
		{"id": "f4", "user_id": "u2", "data": {"rating": null, "model_id": "kestrel", "sibling_model_ids": ["nova"]}}]`)
	want := []verdict.VoteRow{
		{Question: "c1/m1", Models: [2]string{"kestrel", "nova"}, Winner: bot.Left, Judge: "u1", Kind: bot.Plain},
		{Question: "c1/m1", Models: [2]string{"kestrel", "wren"}, Winner: bot.Left, Judge: "u1", Kind: bot.Plain},
		{Question: "f2", Models: [2]string{"kestrel", "nova"}, Winner: bot.Right, Judge: "u2", Kind: bot.Plain},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

func TestRowsRefused(t *testing.T) {
	const header = "question_id,model_a,model_b,winner,judge\n"
	for what, test := range map[string]struct{ votes, want string }{
		"latin-1":            {header + "1,kestrel,nova,tie,a\n2,Mod\xe8le \xe9,nova,tie,a\n", "line 3 is not UTF-8 text; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)"},
		"UTF-16":             {"\xff\xfeq\x00u\x00", "this is UTF-16; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)"},
		"a workbook":         {"PK\x03\x04\x14\x00", "this is a workbook or an archive, not text; save the sheet as “CSV UTF-8”"},
		"a web page":         {"<html><table>", "this is a web page (HTML)"},
		"another JSON":       {`{"prompt": "Hi", "answer": "Ho"}`, "vote 1: there is no field model_a; votes come in the columns question_id, model_a, model_b, winner"},
		"a winner":           {`[{"question_id": 1, "model_a": "k", "model_b": "n", "winner": "k"}]`, `vote 1: winner is "k"; write model_a, model_b, tie or tie (bothbad)`},
		"a list in a list":   {"[[1]]", "vote 1: this is not an object like"},
		"an open list":       {`[{"question_id": 1, "model_a": "k", "model_b": "n", "winner": "tie"}`, "vote 2: the JSON is broken here"},
		"a broken line":      {`{"question_id": 1, "model_a": "k", "model_b": "n", "winner": "tie"}` + "\n{\"x\n", "vote 2: the JSON is broken here"},
		"latin-1 in JSON":    {"[\n{\"model_a\": \"\xe8\"}]", "line 2 is not UTF-8 text"},
		"an empty list":      {"[]", "there are no votes in it; votes come in"},
		"thumbs on one side": {`[{"data": {"rating": 1, "model_id": "kestrel", "sibling_model_ids": []}}]`, "its feedback is on single answers"},
	} {
		if rows, err := rowsOf(test.votes); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s gives %v and %d rows, want: %s", what, err, len(rows), test.want)
		}
	}
}

func TestImportOfNoExport(t *testing.T) {
	for what, test := range map[string]struct{ data, want string }{
		"UTF-16":  {"\xff\xfe{\x00", "read the import: this is UTF-16; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)"},
		"latin-1": {"\n{\"judge\": \"\xe9\"}\n", "read the import: line 2 is not UTF-8 text"},
		"a table": {"question_id,model_a\n", "line 1 is not a row of a JSONL export; make one with: tastetest export --format jsonl --texts"},
	} {
		if _, _, err := readImport(strings.NewReader(test.data), nil, false); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s gives %v, want: %s", what, err, test.want)
		}
	}
}
