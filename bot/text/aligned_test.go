package text

import "testing"

func TestAligned(t *testing.T) {
	got := Aligned([][]string{{"评委", "一致", "κ"}, {"owl", "8%", "0.61"}, {"kestrel", "100%", "–"}})
	want := "评委     一致     κ\nowl        8%  0.61\nkestrel  100%     –"
	if got != want {
		t.Errorf("in columns it is\n%s\nwant\n%s", got, want)
	}
}
