package command

import "testing"

func TestCommandsInChinese(t *testing.T) {
	for typed, want := range map[string]string{
		"开始 kestrel nova":             "start",
		"开始　kestrel　对　nova　rounds＝１０": "start",
		"start kestrel vs nova":       "start",
		"start kestrel vs. nova":      "start",
		"start kestrel against nova":  "start",
		"结束 7":                        "close",
		"帮助":                          "help",
		"我":                           "me",
	} {
		p, err := Parse(typed, Examples{})
		if err != nil || p.Spec.Name != want {
			t.Errorf("%q is understood as %q, %v; want %s", typed, p.Spec.Name, err, want)
			continue
		}
		if want == "start" && (len(p.Args) != 2 || p.Args[0] != "kestrel" || p.Args[1] != "nova") {
			t.Errorf("%q names the models %q", typed, p.Args)
		}
	}
}
