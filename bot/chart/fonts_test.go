package chart_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/chart"
)

// gb2312 is every character of the standard's rows that has one there.
func gb2312() string {
	var all strings.Builder
	for row := byte(0xa1); row < 0xff; row++ {
		for cell := byte(0xa1); cell < 0xff; cell++ {
			standard := row <= 0xa9 || row >= 0xb0 && row <= 0xf7 // the rest is of later standards
			s, err := simplifiedchinese.GBK.NewDecoder().Bytes([]byte{row, cell})
			if r := []rune(string(s)); standard && row >= 0xb0 && err == nil && len(r) == 1 && r[0] >= 0x4e00 && r[0] <= 0x9fff {
				all.WriteRune(r[0])
			}
		}
	}
	return all.String()
}

func TestAllOfGB2312CanBeDrawn(t *testing.T) {
	all := []rune(gb2312())
	if len(all) != 6763 {
		t.Fatalf("GB 2312 has 6,763 characters, and the test knows %d", len(all))
	}
	for i := 0; i < len(all); i += 50 {
		name := string(all[i:min(i+50, len(all))])
		if p, _ := chart.Votes(announcement(name, "nova", 1), bot.Sentence.String); p.Numbered {
			t.Errorf("some of %s cannot be drawn", name)
		}
	}
}

func TestFontsAreSmallAndHaveTheirLicence(t *testing.T) {
	files, err := filepath.Glob("fonts/*.otf.gz")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fonts: %v", err)
	}
	licence, err := os.ReadFile("fonts/OFL.txt")
	if err != nil {
		t.Fatal(err)
	}
	var sum int64
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		sum += info.Size()
		if !strings.Contains(string(licence), strings.TrimSuffix(filepath.Base(f), ".gz")) {
			t.Errorf("fonts/OFL.txt does not name %s", f)
		}
	}
	if sum > 4<<20 {
		t.Errorf("the fonts are %d bytes, more than 4 MB", sum)
	}
	if !strings.Contains(string(licence), "SIL OPEN FONT LICENSE Version 1.1") {
		t.Error("fonts/OFL.txt is not the licence")
	}
}
