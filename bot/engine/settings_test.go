package engine_test

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
)

// worded is what people read of a sentence in a post.
func worded(p bot.Post, s bot.Sentence) string {
	return say.Words{Voice: p.(interface{ Spoken() bot.Voice }).Spoken()}.Text(s)
}

// An admin sets how a channel is spoken to; from then on posts and answers there, and
// in its threads, are in that language, and nowhere else. Everybody sees who changed
// what, and when.
func TestSettings(t *testing.T) {
	play(t, func(s *stage) {
		s.room.admins, s.room.names = []string{"boss"}, map[string]string{"boss": "Ada"}
	}, func(s *stage) {
		read := func(r bot.Reply) string { n := s.notice(r); return worded(n, n.Text) }
		if got := read(s.command("flo", "settings")); !strings.Contains(got, "Language: English, as configured\nTime zone: UTC, as configured\nWeekly summary: none, as configured\nPictures: yes, as configured\nHow people vote: with an emoji, as usual\nRounds: 10, as usual\n") || strings.Contains(got, "changed") {
			s.Errorf("where nothing is set it is:\n%s", got)
		}
		refused := s.notice(s.command(starter, "settings language=zh"))
		if !refused.Error || !strings.Contains(refused.Text.String(), "Only admins") || s.notice(s.command("flo", "settings")).Lang != "" {
			s.Errorf("who is no admin is answered %q in %q", refused.Text, refused.Lang)
		}
		if got := s.notice(s.command("boss", "settings language=zh time_zone=berlin ballot=private rounds=12")); got.Lang != bot.Zh || worded(got, got.Title) != "本频道的设置" {
			s.Errorf("the change is answered in %q: %s", got.Lang, worded(got, got.Title))
		}
		at := time.Now()
		s.sleep(10 * time.Minute)
		berlin, err := time.LoadLocation("Europe/Berlin")
		if err != nil {
			s.Fatal(err)
		}
		if got := read(s.command("flo", "设置")); got != "语言：中文\n时区：Europe/Berlin\n周报：不发（按配置）\n配图：有（按配置）\n投票方式：每人一个页面，不公开\n题数：12\n最近一次修改：Ada，"+at.In(berlin).Format("15:04")+
			"，language=zh time_zone=Europe/Berlin ballot=private rounds=12\n由管理员修改，例如：/tastetest 设置 language=en" {
			s.Errorf("everybody sees:\n%s", got)
		}

		id := s.start(`start kestrel nova pack=fruit until=17:00`)
		made := s.tasting(id)
		if made.Ballot != bot.Private || len(made.Rounds) != 12 || made.Closes.In(berlin).Format("15:04") != "17:00" {
			s.Errorf("it is %s, of %d rounds, and closes at %s; want what is set", made.Ballot, len(made.Rounds), made.Closes.In(berlin))
		}
		head := s.room.called(s.T, "1/head").now().(bot.Head)
		if got := worded(head, head.Intro); head.Lang != bot.Zh || head.Zone != "Europe/Berlin" || !strings.Contains(got, "题") {
			s.Errorf("the head says, in %v: %s", head.Voice, got)
		}
		if told := s.room.heard(); len(told) != 1 || !strings.Contains(told[0], "准备好") && !strings.Contains(told[0], "份") {
			s.Errorf("the starter is told %q; want it in Chinese", told)
		}
		thread, elsewhere := lounge, lounge
		thread.Channel, elsewhere.Channel = "lounge/1", "loungeroom"
		for at, want := range map[bot.Place]bot.Lang{thread: bot.Zh, elsewhere: ""} {
			if n := s.notice(s.bot.Command(s.Context(), bot.Command{At: at, User: "flo", Text: "models"})); n.Lang != want {
				s.Errorf("in %s it speaks %q; want %q", at.Channel, n.Lang, want)
			}
		}
		form := s.command(starter, "start").Form
		for _, f := range form.Fields {
			if f.Name == "ballot" && f.Value != "private" || f.Name == "rounds" && f.Value != "12" {
				s.Errorf("the form has %q for %s", f.Value, f.Name)
			}
		}

		if _, err := s.store.Forget(s.Context(), bot.Voter{Workspace: team, User: "boss"}); err != nil {
			s.Fatal(err)
		}
		if got := read(s.command("flo", "settings")); !strings.Contains(got, "某人") || strings.Contains(got, "Ada") {
			s.Errorf("once who changed it is forgotten:\n%s", got)
		}
		if got := read(s.command("boss", "settings language=default time_zone=default ballot=default rounds=default")); !strings.Contains(got, "Language: English, as configured\nTime zone: UTC, as configured\nWeekly summary: none, as configured\nPictures: yes, as configured\nHow people vote: with an emoji, as usual\nRounds: 10, as usual\n") {
			s.Errorf("put back, it is:\n%s", got)
		}
	})
}

// What is not there is answered with what is, and the nearest; nothing is changed.
func TestSettingsRefused(t *testing.T) {
	play(t, func(s *stage) { s.room.admins = []string{"boss"} }, func(s *stage) {
		for typed, want := range map[string]string{
			"language=german":                  "It can be: en, zh, default.",
			"language=englsh":                  "Did you mean language=en?",
			"time_zone=Europe/Berln":           "There is no time zone “Europe/Berln”. Did you mean time_zone=Europe/Berlin?",
			"time_zone=shangai":                "Did you mean time_zone=Asia/Shanghai?",
			"time_zone=moon":                   "of all countries, by continent and city, and UTC: time_zone=Europe/Berlin",
			"time_zone=../etc":                 "There is no time zone",
			"time_zone=Local":                  "There is no time zone",
			"timezone=UTC":                     "Did you mean “time_zone”?",
			"rounds=21":                        "it is 1 to 20, or default",
			"rounds=some":                      "it is 1 to 20, or default",
			"ballot=hidden":                    "It can be: reaction, private, default.",
			"language=zh time_zone=nowhere-at": "There is no time zone",
			"loud":                             "I do not understand “loud”",
		} {
			n := s.notice(s.command("boss", "settings "+typed))
			if !n.Error || !strings.Contains(n.Text.String(), want) {
				s.Errorf("%s is answered %q; want %q", typed, n.Text, want)
			}
		}
		if got, err := s.store.Settings(s.Context(), lounge); err != nil || !got.Last.At.IsZero() || got.Lang != "" {
			s.Errorf("after refusals %+v is set, %v", got, err)
		}
		for typed, want := range map[string]string{"北京": "Asia/Shanghai", `"new york"`: "America/New_York", "utc": "UTC", "US/Eastern": "US/Eastern", "asia/kolkata": "Asia/Kolkata"} {
			s.command("boss", "settings time_zone="+typed)
			if got, err := s.store.Settings(s.Context(), lounge); err != nil || got.Zone != want {
				s.Errorf("%s is understood as %q, %v; want %s", typed, got.Zone, err, want)
			}
		}
	})
}

// Unless one is set, a channel's time zone is that of whoever starts there first; who
// describes a tasting is told it, and who drops it has settled nothing.
func TestFirstStartersZone(t *testing.T) {
	play(t, func(s *stage) {
		s.room.admins = []string{"ann", "kim", "unlucky"}
		s.room.zones = map[string]string{"ann": "Europe/Berlin", "kim": "America/New_York", "odd": "Middle/Earth"}
		s.opt.Policy.Everyone = true
	}, func(s *stage) {
		propose := func(user, want string) bot.Notice {
			s.Helper()
			n := s.notice(s.command(user, `start kestrel nova pack=fruit rounds=1 until="tomorrow 17:00"`))
			if !strings.Contains(n.Text.String(), "17:00. Times typed here are "+want+" time.") {
				s.Errorf("%s is told %s; want a time in %s", user, n.Text, want)
			}
			return n
		}
		propose("unlucky", "UTC") // Slack does not answer
		propose("odd", "UTC")
		s.press("kim", propose("kim", "America/New_York").Buttons[1].ID) // not now
		s.press("ann", propose("ann", "Europe/Berlin").Buttons[0].ID)
		propose("kim", "Europe/Berlin")
		if got, err := s.store.Settings(s.Context(), lounge); err != nil || got.Zone != "Europe/Berlin" || !got.Last.At.IsZero() {
			s.Errorf("kept is %+v, %v", got, err)
		}
		s.command("kim", "settings time_zone=Tokyo")
		propose("ann", "Asia/Tokyo")
	})
}

// Where nobody can tell in which zone times are meant, whoever starts is asked; what
// they say moves the closing time to what the clock there shows, and is the channel's
// once the tasting is started.
func TestTheZoneIsAskedFor(t *testing.T) {
	play(t, func(s *stage) {
		s.opt.Policy.Everyone = true
		s.room.zones = map[string]string{"ann": "Europe/Berlin"}
	}, func(s *stage) {
		if n := s.notice(s.command("ann", `start kestrel nova pack=fruit rounds=1`)); strings.Contains(n.Buttons[len(n.Buttons)-1].ID, "/zone") {
			s.Errorf("somebody whose zone is known is asked: %+v", n.Buttons)
		}
		asks := func(typed string) bot.Button {
			s.Helper()
			n := s.notice(s.command(starter, typed))
			if zone := n.Buttons[len(n.Buttons)-1]; !strings.Contains(zone.ID, "/zone") || !strings.Contains(n.Text.String(), "Times typed here are UTC time.") {
				s.Fatalf("it is proposed as %s with %+v", n.Text, n.Buttons)
			}
			return n.Buttons[len(n.Buttons)-1]
		}
		say := func(b bot.Button, user, zone string) bot.Notice {
			s.Helper()
			form := s.press(user, b.ID).Form
			if form == nil {
				s.Fatalf("%s opens no form", b.ID)
			}
			return s.notice(s.bot.Submit(s.Context(), bot.Submission{At: lounge, User: user, Form: form.ID, Values: map[string]string{"zone": zone}}))
		}
		b := asks(`start kestrel nova pack=fruit rounds=1 until="tomorrow 17:00"`)
		if n := say(b, starter, "Shangai"); !n.Error || n.Field != "zone" || !strings.Contains(n.Text.String(), "Did you mean time_zone=Asia/Shanghai?") {
			s.Errorf("a slip is answered %q at %q", n.Text, n.Field)
		}
		if n := say(b, "flo", "Berlin"); !n.Error || !strings.HasPrefix(n.Text.String(), "Only whoever described this tasting can change it") {
			s.Errorf("somebody else who says it is answered %q", n.Text)
		}
		n := say(b, starter, "上海")
		if n.Error || !strings.Contains(n.Text.String(), "17:00. Times typed here are Asia/Shanghai time.") {
			s.Fatalf("it is answered %q", n.Text)
		}
		if got, _ := s.store.Settings(s.Context(), lounge); got.Zone != "" {
			s.Errorf("before it is started %s is kept for the channel", got.Zone)
		}
		s.press(starter, n.Buttons[0].ID)
		if got, _ := s.store.Settings(s.Context(), lounge); got.Zone != "Asia/Shanghai" {
			s.Errorf("once it is started %q is kept for the channel", got.Zone)
		}
		if made := s.tasting(bot.TastingID{Workspace: team, N: 1}); made.Closes.UTC().Format("15:04") != "09:00" {
			s.Errorf("it closes at %s; want 17:00 in Shanghai", made.Closes.UTC())
		}
	})
	play(t, func(s *stage) { s.opt.Policy.Everyone = true }, func(s *stage) {
		now := time.Now()
		zone := func(typed string) bot.Button {
			all := s.notice(s.command(starter, typed)).Buttons
			return all[len(all)-1]
		}
		b := zone(`start kestrel nova pack=fruit rounds=1 until=2h`)
		tokyo := func(b bot.Button) bot.Notice {
			return s.notice(s.bot.Submit(s.Context(), bot.Submission{At: lounge, User: starter, Form: s.press(starter, b.ID).Form.ID, Values: map[string]string{"zone": "Tokyo"}}))
		}
		tokyo(b)
		if made := s.tasting(team.Draft(1)); !made.Closes.Equal(now.Add(2 * time.Hour)) {
			s.Errorf("two hours end at %s; it is %s now", made.Closes, now)
		}
		b = zone(`start kestrel nova pack=fruit rounds=1 until="today 5:00"`)
		if n := tokyo(b); !n.Error || !strings.Contains(n.Text.String(), "There it is later than that already") {
			s.Errorf("a time that is over there is answered %q", n.Text)
		}
	})
}

// Where a channel speaks Chinese so do the heads of its tables, the names that two
// pasted texts are given, and the whole of its help; and what it says can be typed.
func TestTablesNamesAndHelpInChinese(t *testing.T) {
	play(t, func(s *stage) {
		s.room.admins = []string{"boss"}
		judged(&owl{name: "owl", id: "owl-1", says: forAlpha})(s)
	}, func(s *stage) {
		s.command("boss", "settings language=zh time_zone=Asia/Shanghai")
		head := func(typed string) string {
			s.Helper()
			n := s.notice(s.command("boss", typed))
			first, _, _ := strings.Cut(worded(n, n.Code), "\n")
			return strings.Join(strings.Fields(first), " ")
		}
		id := s.start("start kestrel nova pack=fruit rounds=3 judges=on until=3h")
		s.everyoneForAlpha(id, 5)
		s.press(starter, id.String()+"/close")
		s.sleep(15 * time.Minute)
		heads := map[string]string{
			"计划 voters=5": "题数 5 10 15 20",
			"评委":          "评委 题数 一致 你们 κ（95%） 改口 偏左 偏长 每 1000 次",
		}
		if !testing.Short() { // it plays tastings
			heads["计划 voters=12"] = "人数 每人 60/40 票数 70/30 票数"
		}
		for typed, want := range heads {
			if got := head(typed); got != want {
				s.Errorf("the table of %s has the head %q, want %q", typed, got, want)
			}
		}

		for _, f := range s.command("boss", "比较").Form.Fields {
			if want := map[string]string{"first_name": "第一段", "second_name": "第二段"}[f.Name]; f.Value != want {
				s.Errorf("the form of two texts has %q for %s, want %q", f.Value, f.Name, want)
			}
		}

		n := s.notice(s.command("boss", "帮助"))
		help := worded(n, n.Code)
		for _, line := range strings.Split(strings.ReplaceAll(help, "AI ", ""), "\n") {
			if strings.ContainsFunc(line, func(r rune) bool { return r < 'z' && unicode.IsLetter(r) }) {
				s.Errorf("a line of the help is not Chinese: %s", line)
			}
		}
		for _, typed := range []string{"周报 现在", "周报 周一 9:00", "周报 关"} {
			if !strings.Contains(help, typed) {
				s.Errorf("%s does not stand in the help:\n%s", typed, help)
			}
			if n, ok := s.command("boss", typed).Post.(bot.Notice); ok && n.Error {
				s.Errorf("%s stands in the help and is answered: %s", typed, worded(n, n.Text))
			}
		}
		if d, ok := s.command("boss", "周报").Post.(bot.Digest); !ok || !strings.Contains(worded(d, d.Comes), "/tastetest 周报 周一 9:00") {
			s.Errorf("how the digest is turned on is said as %s", worded(d, d.Comes))
		}
		if n := s.notice(s.command("boss", "移除")); strings.Contains(worded(n, n.Text), "remove") {
			s.Errorf("移除 is answered: %s", worded(n, n.Text))
		}
	})
}
