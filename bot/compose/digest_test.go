package compose

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
)

// held is a revealed tasting: votes[n] are those on its round n+1, as letters: 1 and
// 2 for the models, = for equal, x for both bad, . for none.
func held(n uint64, pack, prompt string, votes ...string) Outcome {
	t := bot.Tasting{
		ID: bot.TastingID{N: n}, Ballot: bot.Reaction, State: bot.Revealed, Pack: pack, Nonce: []byte("0123456789abcdef"), TimeZone: "Europe/Berlin",
		Models: [2]bot.Card{{Name: "kestrel", Source: "api"}, {Name: "nova", Source: "api"}},
	}
	var texts []bot.Texts
	rows := make(map[int][]bot.Vote)
	for i, vs := range votes {
		asked := prompt
		if i > 0 {
			asked = fmt.Sprintf("Prompt %d of test %d", i+1, n)
		}
		t.Rounds = append(t.Rounds, bot.Round{Kind: bot.Plain, Ready: true, Pack: pack, Flip: i%2 == 1})
		texts = append(texts, bot.Texts{Prompt: bot.Prompt{Text: asked}, Answers: [2]bot.Answer{
			{Text: "Dear motorist, thou hast stood where roses could have grown.", Cost: bot.Cost{Pico: 9e10, Known: true}},
			{Text: "You stood where roses could have stood, and roses do not pay either.", Cost: bot.Cost{Pico: 2e9, Known: true}},
		}})
		for v, c := range vs {
			p := map[rune]bot.Pick{'1': bot.First, '2': bot.Second, '=': bot.Tie, 'x': bot.Bad}[c]
			if p == bot.None {
				continue
			}
			row := bot.Vote{Round: t.ID.Round(i + 1), Voter: bot.Voter{User: fmt.Sprint("user", v)}}
			row.Choose(p, time.Unix(1, 0))
			rows[i+1] = append(rows[i+1], row)
		}
	}
	var all []bot.Vote
	for _, vs := range rows {
		all = append(all, vs...)
	}
	t.Count(slices.Values(all))
	var ballots Ballots
	for _, v := range all {
		ballots.Add(v)
	}
	return NewOutcome(t, texts, &ballots)
}

func berlin(t testing.TB, day string) time.Time {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", day, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// invented is the week of the examples on how a digest reads.
func invented(t testing.TB) Week {
	w := Week{From: berlin(t, "2026-11-23 09:00"), To: berlin(t, "2026-11-30 09:00"), Again: func(bot.Tasting) bool { return true }}
	w.Revealed = []Outcome{
		held(12, "emotional", "A birthday cake came a day late. Apologise in 60 words. No discount.", "11112222=", "1111=2...", "1x111122.", "111211122", "1121=x222"),
		held(13, "humour", "A parking ticket, by a poet.", "2222222222=", "22222122222", "22221222222", "2222212=222", "222212x2222", "22222222212", "21222122=22", "22222222122", "2222=222122", "22222212122"),
	}
	closes := berlin(t, "2026-12-01 17:00")
	w.Open = []Progressing{{bot.Tasting{ID: bot.TastingID{N: 14}, State: bot.Open, Ballot: bot.Private, Closes: closes, TimeZone: "Europe/Berlin"}, Turnout{All: 6}}}
	return w
}

// written is a digest with what stands behind it, as text.
func written(d bot.Digest, behind bot.Week) string {
	w := say.Words{Voice: d.Voice}
	lines := w.Texts(d.Lines())
	if d.Taste != nil {
		lines = append(lines, "["+w.Text(d.Taste.Label)+"] "+d.Taste.ID)
	}
	if d.Again != nil {
		lines = append(lines, "["+w.Text(d.Again.Label)+"] "+d.Again.ID)
	}
	lines = append(lines, "", w.Text(behind.Title))
	for _, t := range behind.Tests {
		lines = append(lines, "", w.Text(t.Title), w.Text(t.Base))
		lines = append(lines, w.Texts(t.Says)...)
		lines = append(lines, w.Text(t.Clearest))
		for _, s := range t.Sides {
			lines = append(lines, fmt.Sprintf("%s: %s", s.Model, s.Text))
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// at runs a test at a time, on which it depends how times are written.
func at(t *testing.T, when string, test func(t *testing.T)) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(berlin(t, when)))
		test(t)
	})
}

func TestDigest(t *testing.T) {
	at(t, "2026-11-30 09:00", func(t *testing.T) {
		for lang, file := range map[bot.Lang]string{bot.En: "digest.golden.txt", bot.Zh: "digest.zh.golden.txt"} {
			w := invented(t)
			d := w.Digest(bot.Voice{Lang: lang, Zone: "Europe/Berlin"})
			adaptertest.Golden(t, file, written(d, w.Behind(bot.Standings{}, nil)))
		}
	})
}

// However much happened, whatever things are called: eight lines, and no more words
// than somebody reads in twenty seconds.
func TestDigestIsShort(t *testing.T) {
	long := "Pangaea-Ultra-Instruct-2026-11-very-long-preview-of-the-second-edition"
	hans := "请用温暖而克制的语气给一位因为快递延误而错过母亲生日的老顾客写一封道歉信并说明补救办法"
	words := strings.Repeat("a bee or two ", 20)
	base := invented(t)
	for name, prompt := range map[string]string{"English": words, "Chinese": hans} {
		var all []Outcome
		for n := range 9 {
			o := base.Revealed[0]
			if n%3 == 2 {
				o = base.Revealed[1]
			}
			o.t.ID.N, o.t.Pack, o.t.Question = uint64(1000+n), []string{"humour", "my-team-of-writers", "zh-service", ""}[n%4], prompt
			o.t.Models[0].Name, o.t.Models[1].Name = long, words
			o.texts = slices.Clone(o.texts)
			for i := range o.texts {
				o.texts[i].Prompt.Text = prompt
			}
			all = append(all, o)
		}
		for _, tests := range []int{1, 2, 3, 4, 9} {
			for _, lang := range []bot.Lang{bot.En, bot.Zh} {
				w := base
				w.Revealed, w.Open = all[:tests], slices.Clone(base.Open)
				for n := range uint64(4) {
					open := w.Open[0]
					open.Tasting.ID.N = 2000 + n
					w.Open = append(w.Open, open)
				}
				d := w.Digest(bot.Voice{Lang: lang})
				text := strings.Join(say.Words{Voice: d.Voice}.Texts(d.Lines()), "\n")
				most := map[bot.Lang]int{bot.En: MostDigestWords, bot.Zh: MostDigestCharacters}[lang] - leadsOn
				if n := DigestWords(text); n > most || strings.Count(text, "\n") > 7 {
					t.Errorf("%d tests on %s prompts in %s: %d words, at most %d are read, or more than eight lines:\n%s", tests, name, lang, n, most, text)
				}
				if len(d.Found) == 0 || d.Counts.IsZero() || d.Next.IsZero() || d.Open.IsZero() {
					t.Errorf("%d tests on %s prompts in %s: something of what every digest has is missing:\n%s", tests, name, lang, text)
				}
				if tests > len(d.Found) && !strings.Contains(d.Counts.String(), fmt.Sprintf("And %d more", tests-len(d.Found))) {
					t.Errorf("%d tests, %d told of, and the rest not counted: %v", tests, len(d.Found), d.Counts)
				}
			}
		}
	}
}

// What was found stands first, what was not last; each finding has its words.
func TestDigestClearestFirst(t *testing.T) {
	w := invented(t)
	even := []string{"11112222=", "1111=2...", "1x111122.", "111211122", "1121=x222"}
	w.Revealed = []Outcome{
		held(1, "office", "P"),
		held(2, "style", "P", "12", "11"),
		held(3, "facts", "P", "111222112"),
		held(4, "creative", "P", even...),
		w.Revealed[1],
	}
	w.Open = nil
	var leads []string
	for _, o := range w.clearest() {
		leads = append(leads, o.inALine().Lead.String())
	}
	want := []string{"nova is preferred for humour", "No winner yet for small stories", "Too few prompts for a verdict for plain facts", "Too few voters for a verdict for voices", "Nobody voted for office texts"}
	if diff := cmp.Diff(want, leads); diff != "" {
		t.Errorf("what was found, clearest first (-want +got):\n%s", diff)
	}
	d := w.Digest(bot.Voice{})
	if len(d.Found) != 3 || !strings.Contains(d.Counts.String(), "And 2 more tests.") {
		t.Errorf("five tests are told of as %v, %v; want three and how many more", d.Found, d.Counts)
	}
	if d.Again == nil || d.Again.ID != "4/"+SetUpAgain {
		t.Errorf("the step that tells most is %v, with %v; want the test that is open once more", d.Next, d.Again)
	}
	w.Revealed = w.Revealed[4:]
	if d = w.Digest(bot.Voice{}); d.Again.ID != "13/"+SetUpElsewhere {
		t.Errorf("after a winner the step is %v, with %v; want other prompts", d.Next, d.Again)
	}
	w.Again = func(bot.Tasting) bool { return false }
	if d = w.Digest(bot.Voice{}); d.Again.ID != SetUpAny {
		t.Errorf("where the models are gone the step is %v, with %v; want the form as it is", d.Next, d.Again)
	}
}

// Whoever voted in several tests is one person, and what is under way costs nothing
// that is told.
// Whether the dearer one is worth its price is a question only where it may be preferred.
func TestWorthIsAskedOfTheDearerAlone(t *testing.T) {
	worth := func(o Outcome) bool {
		return strings.Contains(o.Announcement(bot.Ref{}, MostShown).Boss[3].String(), "is worth its price")
	}
	cheaper, dearer := "2222222", "1111111"
	for votes, want := range map[string]bool{cheaper: false, dearer: true, "1212121": true} {
		if got := worth(held(1, "humour", "A prompt.", votes, votes, votes, votes, votes, votes)); got != want {
			t.Errorf("of votes like %s it is said that worth was not tested: %v, want %v", votes, got, want)
		}
	}
}

// In the demo nothing is spent, and its digest does not say that something was.
func TestInventedPricesAreSaidToBe(t *testing.T) {
	w := invented(t)
	if said := w.counts(0).String(); !strings.Contains(said, "cost $") {
		t.Fatalf("real ones: %q", said)
	}
	for i := range w.Revealed {
		for m := range w.Revealed[i].t.Models {
			w.Revealed[i].t.Models[m].Source = "demo"
		}
	}
	if said := w.counts(0).String(); strings.Contains(said, "$") || !strings.Contains(said, "Nothing was spent: the demo’s prices are invented.") {
		t.Errorf("the demo’s digest says %q", said)
	}
}

// Where there is no verdict, for want of people or of prompts, counts are all that
// is said: no percentage, no leader and no picture.
func TestCountsAloneWhereThereIsNoVerdict(t *testing.T) {
	for _, o := range []Outcome{
		held(1, "humour", "Few prompts.", "1111111", "1111122", "1112222", "1111111"),
		held(2, "humour", "Few people.", "1111", "1112", "1122", "1111", "1112"),
	} {
		a := o.Announcement(bot.Ref{}, MostShown)
		said := []bot.Sentence{a.Title, a.Finding, a.Summary, o.inALine().Lead, o.inALine().Rest, o.behind().Title}
		for _, r := range a.Rounds {
			said = append(said, r.Summary)
		}
		for _, s := range said {
			if strings.Contains(s.String(), "%") || strings.Contains(s.String(), "is ahead") || strings.Contains(s.String(), "preferred.") {
				t.Errorf("%v: %q", o.base(), s)
			}
		}
		for _, b := range append(slices.Clone(a.Bars), a.Rounds[0].Bars...) {
			if b.Percent != 0 {
				t.Errorf("%v: %q is drawn with %d%%", o.base(), b.Label, b.Percent)
			}
		}
		if !strings.Contains(a.Title.String(), "too few ") || !strings.HasPrefix(o.inALine().Lead.String(), "Too few ") {
			t.Errorf("%v: the headline is %q, and the digest says %q", o.base(), a.Title, o.inALine().Lead)
		}
	}
}

func TestDigestCounts(t *testing.T) {
	w := invented(t)
	w.Open = nil // there is room for three
	w.Revealed = append(w.Revealed, held(15, "office", "P", "1122", "2211"))
	w.Revealed[2].t.Models[0].Source, w.Revealed[2].t.Models[1].Source = bot.Pasted, bot.Pasted
	if got := w.Digest(bot.Voice{}).Counts.String(); got != "11 people voted. The 3 revealed tests cost $1.38." {
		t.Errorf("it counts %q", got)
	}
	w.Revealed[0].texts[0].Answers[1].Cost.Known = false
	if got := w.Digest(bot.Voice{}).Counts.String(); got != "11 people voted. What was revealed cost $1.38, as far as that is known." {
		t.Errorf("where a price is not known it counts %q", got)
	}
}

// The days in its title are those of which it tells: of a week that ends on Monday
// morning up to Sunday, but also Monday, where something was revealed before it came.
func TestDigestNamesTheDaysOfWhichItTells(t *testing.T) {
	for _, c := range []struct{ from, to, revealed, want string }{
		{"2026-11-23 09:00", "2026-11-30 09:00", "2026-11-23 09:00", "23–29 Nov"},
		{"2026-11-23 09:00", "2026-11-30 09:00", "2026-11-29 23:59", "23–29 Nov"},
		{"2026-11-23 09:00", "2026-11-30 09:00", "2026-11-30 08:00", "23–30 Nov"},
		{"2026-11-22 07:05", "2026-11-29 07:05", "2026-11-29 07:04", "22–29 Nov"},
		{"2026-11-20 17:00", "2026-11-27 17:00", "2026-11-21 10:00", "21–27 Nov"},
		{"2026-11-20 17:00", "2026-11-27 17:00", "2026-11-20 18:00", "20–27 Nov"},
		{"2026-11-23 09:00", "2026-12-01 09:00", "2026-12-01 08:00", "23 Nov – 1 Dec"},
	} {
		w := invented(t)
		w.From, w.To, w.Revealed[0].t.RevealedAt = berlin(t, c.from), berlin(t, c.to), berlin(t, c.revealed).UTC()
		if got := w.dates().String(); got != c.want {
			t.Errorf("a week from %s to %s in which something was revealed on %s is called %q; want %q", c.from, c.to, c.revealed, got, c.want)
		}
	}
	for to, want := range map[string]string{ // which somebody asks for before it is over
		"2026-11-29 11:08": "22–29 Nov, until 11:07", "2026-11-29 07:05": "22–29 Nov, until 07:04", "2026-12-01 00:00": "24–30 Nov, until 23:59",
	} {
		w := invented(t)
		w.To, w.Early = berlin(t, to), true
		w.From = w.To.AddDate(0, 0, -7)
		w.Revealed[0].t.RevealedAt, w.Revealed[1].t.RevealedAt = w.To.Add(-time.Hour), w.To.Add(-time.Hour)
		if got := w.dates().String(); got != want {
			t.Errorf("asked for at %s it is called %q; want %q", to, got, want)
		}
	}
}
