package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// write puts text into a new tastetest.yaml and makes its folder the current
// one, so that errors name the file alone.
func write(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.WriteFile(filepath.Join(dir, "tastetest.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return "tastetest.yaml"
}

func TestExampleIsFineAsItStands(t *testing.T) {
	s, err := readSettings(write(t, example))
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"openai.com", "anthropic.com", "deepseek.com", "x.ai", "googleapis.com", "openrouter.ai", "aliyuncs.com", "127.0.0.1:11434"} {
		found := false
		for _, m := range s.Models {
			found = found || strings.Contains(m.BaseURL, host)
		}
		if !found {
			t.Errorf("the example has no model at %s", host)
		}
	}
}

// What is commented out in the example must work when somebody takes it in.
func TestExampleWithItsCommentsTakenIn(t *testing.T) {
	var b strings.Builder
	other := []string{"starters", "store", "store_password_env"} // instead of what stands there
	for line := range strings.Lines(example) {
		for m := commented.FindStringSubmatch(line); m != nil && !slices.Contains(other, m[3]); m = commented.FindStringSubmatch(line) {
			line = m[1] + m[2] + "\n"
		}
		b.WriteString(line)
	}
	s, err := readSettings(write(t, b.String()))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Models[len(s.Models)-1].Name; got != "warm" {
		t.Errorf("the last model is %s, want warm", got)
	}
	if !s.Web.secret().configured() || s.Packs == "" {
		t.Error("web.secret_env and packs were not taken in: this test is broken")
	}
}

func TestWrongSettings(t *testing.T) {
	const key = "sk-S3CR3T"
	for _, tt := range []struct{ name, file, want string }{
		{"a typo", "store: x.db\nweb:\n  lisen: 127.0.0.1:80\n", `
tastetest.yaml:3:3: unknown key lisen; did you mean listen?
  3 |   lisen: •••
    |   ^`},
		{"a typo at the top", "timezone: UTC\n", `
tastetest.yaml:1:1: unknown key timezone; did you mean time_zone?
  1 | timezone: •••
    | ^`},
		{"a store of another kind", "store: mysql://u:" + key + "@db/x\n", `
tastetest.yaml:1:8: There is no store for "mysql:": write the path of a file, such as tastetest.db or bolt:tastetest.db, or a database as postgres://USER@HOST/NAME.
  1 | store: •••
    |        ^`},
		{"a proxy by its name", "web:\n  trusted_proxies: [10.0.0.1, nginx]\n", `
tastetest.yaml:2:31: write the proxy's address, as 127.0.0.1, or its network, as 10.0.0.0/8
  2 |   trusted_proxies: [ •••, ••• ]
    |                           ^`},
		{"a Slack token in the file", "slack:\n  workspaces:\n    - name: acme\n      bot_token_env: xoxb-1\n      app_token_env: SLACK_APP_TOKEN\n", `
tastetest.yaml:4:22: write the name of an environment variable here (capital letters, digits and _), not the secret itself
  4 |       bot_token_env: •••
    |                      ^`},
		{"a Slack workspace without a way in", "slack:\n  workspaces:\n    - name: acme\n      bot_token_env: SLACK_BOT_TOKEN\n", `
tastetest.yaml:3:13: write app_token_env for Socket Mode, or signing_secret_env for events over HTTP: one of the two
  3 |     - name: •••
    |             ^`},
		{"a typo in a model", "models:\n  - name: kestrel\n    base-url: https://x\n", `
tastetest.yaml:3:5: this key is unknown; did you mean base_url?
  3 |     •••: •••
    |     ^`},
		{"a typo in a price", "models:\n  - name: kestrel\n    price: {input: 1, ouput: 2}\n", `
tastetest.yaml:3:23: unknown key ouput; did you mean output?
  3 |     price: { input: •••, ouput: ••• }
    |                          ^`},
		{"nothing near", "web:\n  frobnicate: yes\n", `
tastetest.yaml:2:3: unknown key frobnicate; here stand listen, url, reach, title, channel, voters, secret_env, secret_file, admin_key_env, admin_key_file, trusted_proxies
  2 |   frobnicate: •••
    |   ^`},
		{"a key in the file", "models:\n  - name: kestrel\n    api_key: " + key + "\n", `
tastetest.yaml:3:5: a secret does not belong in this file; write api_key_env: NAME_OF_A_VARIABLE or api_key_file: PATH
  3 |     api_key: •••
    |     ^`},
		{"a secret in the file", "web: {secret: " + key + "}\n", `
tastetest.yaml:1:7: a secret does not belong in this file; write secret_env: NAME_OF_A_VARIABLE or secret_file: PATH
  1 | web: { secret: ••• }
    |        ^`},
		{"a key as a variable's name", "models:\n  - name: kestrel\n    base_url: https://x/v1\n    model: m\n    api_key_env: " + key + "\n", `
tastetest.yaml:5:18: write the name of an environment variable here (capital letters, digits and _), not the secret itself
  5 |     api_key_env: •••
    |                  ^`},
		{"a key as a key", "models:\n  - " + key + ": x\n", `
tastetest.yaml:2:5: this key is unknown; here stand name, aliases, base_url, model, max_tokens_field, max_tokens, temperature, reasoning_effort, system, system_text, stream, extra_body, headers, timeout, price, api_key_env, api_key_file, headers_env, file
  2 |   - •••: •••
    |     ^`},
		{"a key in a header", "models:\n  - name: kestrel\n    base_url: https://x/v1\n    model: m\n    headers: {api-key: " + key + "}\n", `
tastetest.yaml:5:15: a secret does not belong in this file; move the header to headers_env and give the name of a variable as its value
  5 |     headers: { •••: ••• }
    |                ^`},
		{"a key in an address", "models:\n  - name: kestrel\n    model: m\n    base_url: https://u:" + key + "@x/v1\n", `
tastetest.yaml:4:15: model kestrel has a base_url with more than an address: keys belong in api_key_env, and nothing follows the path
  4 |     base_url: •••
    |               ^`},
		{"text for a number", "models:\n  - name: kestrel\n    max_tokens: " + key + "\n", `
tastetest.yaml:3:17: expected a number here
  3 |     max_tokens: •••
    |                 ^`},
		{"a list for text", "store: [" + key + "]\n", `
tastetest.yaml:1:8: expected text here; put it in quotes
  1 | store: [ ••• ]
    |        ^`},
		{"a key twice", "store: a\nstore: " + key + "\n", `
tastetest.yaml:2:1: this key stands here twice
  2 | store: •••
    | ^`},
		{"broken YAML", "web:\n  title: \"" + key + "\n  listen: x\n", `
tastetest.yaml:2:10: could not find end character of double-quoted text
  2 |   title: •••
    |          ^`},
		{"an amount", "limits:\n  usd_per_day: ten\n", `
tastetest.yaml:2:16: write an amount in USD, as 2.50, or none
  2 |   usd_per_day: •••
    |                ^`},
		{"a time", "models:\n  - name: kestrel\n    timeout: soon\n", `
tastetest.yaml:3:14: write a time as 90s or 5m
  3 |     timeout: •••
    |              ^`},
		{"a temperature", "models:\n  - {name: kestrel, base_url: https://x/v1, model: m, temperature: 3}\n", `
tastetest.yaml:2:68: model kestrel has a wrong temperature; it can be 0 to 2, and most reasoning models take none
  2 |   - { name: •••, base_url: •••, model: •••, temperature: ••• }
    |                                                          ^`},
		{"a text for the mode", "models:\n  - {name: kestrel, base_url: https://x/v1, model: m, system: " + key + "}\n", `
tastetest.yaml:2:63: model kestrel has a wrong system; it can be system, developer, merge or none (its text goes into system_text)
  2 |   - { name: •••, base_url: •••, model: •••, system: ••• }
    |                                                     ^`},
		{"a price", "models:\n  - {name: kestrel, base_url: https://x/v1, model: m, price: {input: " + key + "}}\n", `
tastetest.yaml:2:70: write USD per million tokens, like 2.50
  2 |   - { name: •••, base_url: •••, model: •••, price: { input: ••• } }
    |                                                             ^`},
		{"starters", "starters: all\n", `
tastetest.yaml:1:11: write admins, everyone, or a list of users
  1 | starters: •••
    |           ^`},
		{"a starter", "starters: [web:ann, bob]\n", `
tastetest.yaml:1:21: write users as platform:id, for example slack:U024BE7LH or web:ann
  1 | starters: [ •••, ••• ]
    |                  ^`},
		{"two models of one name", "models:\n  - {name: a, file: x}\n  - {name: A, file: y}\n", `
tastetest.yaml:3:12: two models have this name; give each one of its own
  3 |   - { name: •••, file: ••• }
    |             ^`},
		{"a model that is nowhere", "models:\n  - name: kestrel\n", `
tastetest.yaml:2:5: say where this model is: base_url for an API, or file for answers that you have already
  2 |   - name: •••
    |     ^`},
		{"a judge that is nowhere", "judges:\n  - name: owl\n", `
tastetest.yaml:2:5: say where this model is: base_url for an API, or file for answers that you have already
  2 |   - name: •••
    |     ^`},
		{"two judges of one name", "judges:\n  - {name: owl, base_url: https://x/v1, model: m}\n  - {name: OWL, base_url: https://x/v1, model: n}\n", `
tastetest.yaml:3:12: two judges have this name; give each one of its own
  3 |   - { name: •••, base_url: •••, model: ••• }
    |             ^`},
		{"a judge's answers", "judges:\n  - {name: owl, file: x}\n", `
tastetest.yaml:2:17: unknown key file; did you mean api_key_file?
  2 |   - { name: •••, file: ••• }
    |                  ^`},
		{"a gate without a key", "gates:\n  - {name: ci, user: web:ann, place: web/local/room}\n", `
tastetest.yaml:2:6: name the variable that holds the key: key_env: TASTETEST_GATE_KEY
  2 |   - { name: •••, user: •••, place: ••• }
    |       ^`},
		{"a gate's place", "gates:\n  - {name: ci, key_env: KEY, user: web:ann, place: room}\n", `
tastetest.yaml:2:52: write the place as platform/workspace/channel, for example slack/T024BE7LH/C0123456 or web/local/tasting-room
  2 |   - { name: •••, key_env: •••, user: •••, place: ••• }
    |                                                  ^`},
		{"a gate's user of another platform", "gates:\n  - {name: ci, key_env: KEY, user: slack:U1, place: web/local/room}\n", `
tastetest.yaml:2:36: the user and the place are of different platforms
  2 |   - { name: •••, key_env: •••, user: •••, place: ••• }
    |                                      ^`},
		{"everything, by no judge", "judge_all: true\n", `
tastetest.yaml:1:12: there is no judge that could read everything; name one under judges
  1 | judge_all: •••
    |            ^`},
		{"a time zone", "time_zone: Berlin\n", `
tastetest.yaml:1:12: there is no such time zone; write one as Europe/Berlin or Asia/Shanghai
  1 | time_zone: •••
    |            ^`},
		{"a weekly summary", "digest: Funday 9:00\n", `
tastetest.yaml:1:9: digest is "Funday 9:00", which is no one time of the week; write a day and an hour, as digest: Mon 9:00, or digest: off
  1 | digest: •••
    |         ^`},
		{"a weekly summary at no hour", "digest: Mon 25:00\n", `
tastetest.yaml:1:9: digest is "Mon 25:00", which is no one time of the week; write a day and an hour, as digest: Mon 9:00, or digest: off
  1 | digest: •••
    |         ^`},
		{"a weekly summary in fields of cron that never come", "digest: 0 0 30 2 *\n", `
tastetest.yaml:1:9: digest is "0 0 30 2 *", which is no one time of the week; write a day and an hour, as digest: Mon 9:00, or digest: off
  1 | digest: •••
    |         ^`},
		{"a retention", "retention: half a year\n", `
tastetest.yaml:1:12: write how long tastings are kept once they are over as 180d or 36h, or forever
  1 | retention: •••
    |            ^`},
		{"a retention in minutes", "retention: 6m\n", `
tastetest.yaml:1:12: tastings are kept for a day (1d) at least; write months as days, 180d, for m is minutes
  1 | retention: •••
    |            ^`},
		{"a retention that is long", "retention: 99999999999d\n", `
tastetest.yaml:1:12: that is more than a hundred years; write forever
  1 | retention: •••
    |            ^`},
		{"a tab", "web:\n\tlisten: 127.0.0.1:8080\n", `
tastetest.yaml:2:1: there is a tab in the indentation; indent with spaces
  2 | ••• listen: •••
    | ^`},
		{"a tab among spaces", "models:\n  - name: kestrel\n  \tfile: x\n", `
tastetest.yaml:3:3: there is a tab in the indentation; indent with spaces
  3 |   ••• file: •••
    |   ^`},
		{"a port alone", "web:\n  listen: 99999\n", `
tastetest.yaml:2:11: this is not an address; write one with a port, as 127.0.0.1:8080
  2 |   listen: •••
    |           ^`},
		{"voters that are none", "web:\n  voters: friends\n", `
tastetest.yaml:2:11: write everyone, or links: only those vote who came by a link of /tastetest invite-links
  2 |   voters: •••
    |           ^`},
		{"a port that is none", "web:\n  listen: 127.0.0.1:99999\n", `
tastetest.yaml:2:11: this is not an address; write one with a port, as 127.0.0.1:8080
  2 |   listen: •••
    |           ^`},
		{"an address of Slack’s", "slack:\n  listen: 127.0.0.1\n", `
tastetest.yaml:2:11: this is not an address; write one with a port, as 127.0.0.1:3000
  2 |   listen: •••
    |           ^`},
		{"open to the world", "web: {listen: 0.0.0.0:8080}\n", `
tastetest.yaml:1:15: a page that others can reach needs a secret; write secret_env: NAME_OF_A_VARIABLE beside it, or listen on 127.0.0.1
  1 | web: { listen: ••• }
    |                ^`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := readSettings(write(t, tt.file))
			if err == nil {
				t.Fatal("accepted")
			}
			if d := cmp.Diff(strings.TrimPrefix(tt.want, "\n"), err.Error()); d != "" {
				t.Errorf("the error reads differently (-want +got):\n%s", d)
			}
			if strings.Contains(err.Error(), "S3CR3T") {
				t.Errorf("the error shows the key: %v", err)
			}
		})
	}
}

func TestRetention(t *testing.T) {
	for _, tt := range []struct {
		text    string
		want    time.Duration // -1: refused
		printed string
	}{
		{"forever", 0, "forever"},
		{"", 0, "forever"}, // as if the line were not there
		{"180d", 180 * 24 * time.Hour, "180d"},
		{`"1d"`, 24 * time.Hour, "1d"},
		{"36h", 36 * time.Hour, "36h0m0s"},
		{"720h", 720 * time.Hour, "30d"},
		{"36500d", 36500 * 24 * time.Hour, "36500d"},
		{"36501d", -1, ""}, {"18446744073709551616d", -1, ""}, {"1000000h", -1, ""},
		{"0", -1, ""}, {"0d", -1, ""}, {"180", -1, ""}, {"23h59m", -1, ""}, {"30m", -1, ""},
		{"-180d", -1, ""}, {"+180d", -1, ""}, {"1.5d", -1, ""}, {"1d12h", -1, ""}, {"180 days", -1, ""}, {"6 months", -1, ""},
		{"Forever", -1, ""}, {"never", -1, ""}, {"none", -1, ""}, {`""`, -1, ""}, {"[180d]", -1, ""}, {"{days: 180}", -1, ""}, {"true", -1, ""},
	} {
		s, err := readSettings(write(t, "retention: "+tt.text+"\n"))
		if tt.want < 0 {
			if err == nil {
				t.Errorf("retention: %s is read as %v; want it refused", tt.text, s.Retention)
			}
			continue
		}
		if err != nil || time.Duration(s.Retention) != tt.want || s.Retention.String() != tt.printed {
			t.Errorf("retention: %s is read as %v, %v; want %v, printed as %s", tt.text, s.Retention, err, tt.want, tt.printed)
		}
	}
	if s, err := readSettings(write(t, "store: x.db\n")); err != nil || s.Retention != 0 {
		t.Errorf("nothing said of it is read as %v, %v; want forever", s.Retention, err)
	}
}

func TestWaitForVotes(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"":                           6 * time.Hour,
		"wait_for_votes: 90m\n":      90 * time.Minute,
		"wait_for_votes: 168h\n":     7 * 24 * time.Hour,
		"wait_for_votes: 10s\n":      -1,
		"wait_for_votes: 0\n":        -1,
		"wait_for_votes: -6h\n":      -1,
		"wait_for_votes: 200h\n":     -1,
		"wait_for_votes: a while\n":  -1,
		"wait_for_votes: [6h, 7h]\n": -1,
	} {
		s, err := readSettings(write(t, "store: x.db\n"+text))
		switch {
		case want < 0 && err == nil:
			t.Errorf("%q is read as %v; want it refused", text, s.Wait)
		case want > 0 && (err != nil || s.Wait != want):
			t.Errorf("%q is read as %v, %v; want %v", text, s.Wait, err, want)
		}
	}
}

func TestCharts(t *testing.T) {
	for text, want := range map[string]string{
		"": "on", "charts: on\n": "on", "charts: off\n": "off", "charts: false\n": "off", "charts: \"no\"\n": "off", "charts: sometimes\n": "refused", "charts: [on]\n": "refused",
	} {
		s, err := readSettings(write(t, "store: x.db\n"+text))
		if got := s.Charts.String(); err == nil && got != want || err != nil && want != "refused" {
			t.Errorf("%q is read as %s, %v; want %s", text, got, err, want)
		}
	}
}

// Whoever is named anywhere as somebody who may start must be shown how to.
func TestOnlyAdminsStart(t *testing.T) {
	for text, want := range map[string]bool{
		"":                               true,
		"starters: admins\n":             true,
		"starters: everyone\n":           false,
		"starters: [web:ann]\n":          true,
		"starters: [\"discord:@7\"]\n":   false,
		"admins: [discord:7, web:ann]\n": false,
		"admins: [slack:U7]\n":           true,
	} {
		s, err := readSettings(write(t, text))
		if err != nil {
			t.Fatal(err)
		}
		if got := s.adminsOnly("discord"); got != want {
			t.Errorf("%q: only Discord's own admins start: %v", text, got)
		}
	}
}

func TestDecimalsAreNotRounded(t *testing.T) {
	s, err := readSettings(write(t, "limits: {usd_per_day: 0.1, usd_per_person_day: none}\nmodels:\n  - {name: a, model: m, base_url: http://x, price: {input: 0.27, output: 1.1}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.limits(); got.Day != 100_000_000_000 || got.Person != -1 {
		t.Errorf("limits = %+v, want 0.1 USD and none", got)
	}
	if p := s.Models[0].Price; p.Input != 270_000 || p.Output != 1_100_000 {
		t.Errorf("price = %+v, want 270000 and 1100000 micro-USD", p)
	}
}

// Of a database's address the configuration is printed with what is harmless alone.
func TestAddressIsPrintedWithoutPassword(t *testing.T) {
	for address, want := range map[string]string{
		"postgres://ann@db/x?sslmode=require&sslpassword=hunter2": "postgres://ann@db/x?sslmode=require&…",
		"postgres://ann@db/x?sslmode=hunter2":                     "postgres://ann@db/x?…",
		"postgres://ann@db/x?password=hunter2":                    "There is a password in the store's address",
		"postgres://ann:hunter2@db/x":                             "There is a password in the store's address",
	} {
		conf := filepath.Join(t.TempDir(), "tastetest.yaml")
		place(t, conf, []byte("store: \""+address+"\"\n"))
		for _, command := range []string{"config", "doctor", "export"} {
			out, errs, _ := tastetest(t.Context(), command, "--config", conf)
			if strings.Contains(out+errs, "hunter2") || command == "config" && !strings.Contains(out+errs, want) {
				t.Errorf("with %s, %s says\n%s%s\nwant %q, and not the password", address, command, out, errs, want)
			}
		}
	}
}

// A file may stand in the configuration with its scheme: machine commands find it
// beside the configuration as the bot does. What is no store is told without its address.
func TestStoreWithItsScheme(t *testing.T) {
	dir := t.TempDir()
	conf := filepath.Join(dir, "tastetest.yaml")
	place(t, conf, []byte("store: bolt:x.db\n"))
	s, err := readSettings(conf)
	if want := filepath.Join(dir, "x.db"); err != nil || s.Store != want {
		t.Errorf("the store is %q, %v; want %q", s.Store, err, want)
	}
	kept := openStore(t, filepath.Join(dir, "x.db"))
	kept.Close()
	succeeds(t, "question_id", "export", "--config", conf)
	succeeds(t, "question_id", "export", "--store", "bolt:"+filepath.Join(dir, "x.db"))
	for _, args := range [][]string{
		{"export", "--store", "mysql://u:hunter2@db/x"},
		{"move", "--config", conf, "--from", filepath.Join(dir, "x.db"), "--to", "mysql://u:hunter2@db/x"},
		{"move", "--config", conf, "--from", "host=db password=hunter2", "--to", filepath.Join(dir, "y.db")},
	} {
		if out, errs, code := tastetest(t.Context(), args...); code == 0 || !strings.Contains(errs, "There is no store for") || strings.Contains(out+errs, "hunter2") {
			t.Errorf("%q says %q, %q, code %d; want that there is no such store, and not the password", args, out, errs, code)
		}
	}
}
