package text

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTable(t *testing.T) {
	want := [][]string{{"prompt", "kestrel", "nova"}, {"Hi, you", "a", "b"}, {"Bye", "c", "d"}}
	for what, test := range map[string]struct {
		table string
		line  int // of the last row
	}{
		"commas":               {"prompt,kestrel,nova\n\"Hi, you\",a,b\nBye,c,d\n", 3},
		"semicolons":           {"\n prompt ;kestrel;nova\nHi, you;a;b\nBye;c;d", 4},
		"tabs":                 {"prompt\tkestrel\tnova\nHi, you\ta\tb\nBye\tc\td\n", 3},
		"upright lines":        {"prompt|kestrel|nova\nHi, you|a|b\nBye|c|d\n", 3},
		"sep=;":                {"sep=;\nprompt;kestrel;nova\nHi, you;a;b\nBye;c;d\n", 4},
		"sep= and a tab":       {"sep=\t\nprompt\tkestrel\tnova\nHi, you\ta\tb\nBye\tc\td\n", 4},
		"SEP=,":                {"SEP=,\nprompt,kestrel,nova\n\"Hi, you\",a,b\nBye,c,d\n", 4},
		"a full-width header":  {"ｐｒｏｍｐｔ，kestrel，nova\n\"Hi, you\",a,b\nBye,c,d\n", 3},
		"full width all over":  {"prompt，kestrel，nova\nHi, you，a，b\nBye，c，d\n", 3},
		"full width in rows":   {"prompt,kestrel,nova\n\"Hi, you\"，a，b\nBye，c，d\n", 3},
		"typographic quotes":   {"“prompt”,kestrel,nova\n\"Hi, you\",a,b\nBye,c,d\n", 3},
		"an empty row between": {"prompt,kestrel,nova\n\"Hi, you\",a,b\n\nBye,c,d\n", 4},
	} {
		header, rows, err := Table(strings.NewReader(test.table))
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		got := [][]string{header}
		line := 0
		for cells, err := rows.Read(); err == nil; cells, err = rows.Read() {
			got = append(got, cells)
			line, _ = rows.FieldPos(0)
		}
		if diff := cmp.Diff(want, got); diff != "" || line != test.line {
			t.Errorf("%s: the last row is on line %d, want %d (-want +got)\n%s", what, line, test.line, diff)
		}
	}
}

func TestUnfilled(t *testing.T) {
	for prompt, want := range map[string]string{
		"Describe {{topic}} to a child":         "{{topic}}",
		"Praise {{ topic }} in two lines":       "{{ topic }}",
		"Rhyme on {{ word | upper }}":           "{{ word | upper }}",
		"写 {{主题}}":                              "{{主题}}",
		"{% if long %}Write much{% endif %}":    "{% if long %}",
		"Explain `{{ name }}` in templates":     "",
		"Mend this:\n```\n<p>{{name}}</p>\n```": "",
		"A set {{1, 2}, {3}} has how many?":     "",
		"Use {curly} brackets":                  "",
	} {
		if got := Unfilled(prompt); got != want {
			t.Errorf("Unfilled(%q) = %q, want %q", prompt, got, want)
		}
	}
}
