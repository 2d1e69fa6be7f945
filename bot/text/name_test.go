package text

import "testing"

func TestNameKey(t *testing.T) {
	for _, same := range [][]string{
		{"Bo", "bo", "BO", " Bo ", "Ｂｏ", "ｂｏ", "Bo\u3000"},
		{"Ann Lee", "ann  lee", "ANN\u00a0LEE", "Ａｎｎ　Ｌｅｅ"},
		{"Strauß", "STRAUSS", "strauß"},
		{"Zoë", "Zoe\u0308", "ZOË"},
		{"小马", " 小马", "小马\u3000"},
	} {
		for _, n := range same[1:] {
			if NameKey(n) != NameKey(same[0]) {
				t.Errorf("%q and %q would be two people: %q, %q", same[0], n, NameKey(same[0]), NameKey(n))
			}
		}
	}
	for _, n := range []string{"Bob", "B o", "Bö", "小码"} {
		if NameKey(n) == NameKey("Bo") {
			t.Errorf("%q is taken for Bo", n)
		}
	}
}
