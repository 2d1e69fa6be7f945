package main

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
)

const deployed = "../../.deploy"

// tool returns a program that reads one of the files as it will be read; the test is
// skipped where it is not installed, and fails with TASTETEST_DEPLOY=required.
func tool(t *testing.T, name, from string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
		return path
	case os.Getenv("TASTETEST_DEPLOY") == "required":
		t.Fatal(err)
	}
	t.Skipf("needs %s, from the Debian package %s", name, from)
	return ""
}

func deployFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(deployed, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// unit reads a unit's settings; one that stands there twice has both values.
func unit(t *testing.T, text string) map[string][]string {
	all := make(map[string][]string)
	for s := bufio.NewScanner(strings.NewReader(text)); s.Scan(); {
		line := strings.TrimSpace(s.Text())
		if line == "" || line[0] == '#' || line[0] == '[' {
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok {
			t.Errorf("this is no setting: %s", line)
		}
		all[key] = append(all[key], value)
	}
	return all
}

// The service starts the bot with what it reads from its environment, and gives it
// the time that it takes to stop.
func TestServiceFitsTheProgram(t *testing.T) {
	u := unit(t, deployFile(t, "tastetest.service"))
	if got := u["ExecStart"]; !slices.Equal(got, []string{"/usr/local/bin/tastetest run"}) {
		t.Errorf("it starts %q", got)
	}
	for _, name := range []string{"TASTETEST_CONFIG=/etc/tastetest/tastetest.yaml", "TASTETEST_DATA=/var/lib/" + u["StateDirectory"][0]} {
		if !slices.Contains(u["Environment"], name) {
			t.Errorf("its environment %q is without %s", u["Environment"], name)
		}
	}
	wait, err := time.ParseDuration(u["TimeoutStopSec"][0] + "s")
	if err != nil || wait <= graceTime {
		t.Errorf("it is killed after %v; the bot may take %v to stop", wait, graceTime)
	}
}

// systemd understands every line, and finds little that the service could do to the
// machine.
func TestSystemdReadsTheService(t *testing.T) {
	t.Parallel()
	analyze := tool(t, "systemd-analyze", "systemd")
	me, err := os.Executable() // systemd looks whether what it shall start is there
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "tastetest.service")
	text := strings.ReplaceAll(deployFile(t, "tastetest.service"), "/usr/local/bin/tastetest", me)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command(analyze, "verify", file).CombinedOutput(); err != nil || len(said) > 0 {
		t.Errorf("systemd-analyze verify: %v\n%s", err, said)
	}
	if said, err := exec.Command(analyze, "security", "--offline=true", "--threshold=20", file).CombinedOutput(); err != nil {
		t.Errorf("its exposure is over 2.0 of 10: %v\n%s", err, said[max(0, len(said)-300):])
	}
}

type composeFile struct {
	Services map[string]struct {
		Image       string
		Build       any
		Command     []string
		Environment map[string]string
		Volumes     []string
		Grace       string `yaml:"stop_grace_period"`
	}
}

// The containers run what was released: nothing is built. The bot finds its
// configuration and its data where they are mounted, and Caddy finds the bot.
func TestComposeFitsTheProgram(t *testing.T) {
	var c composeFile
	if err := yaml.Unmarshal([]byte(deployFile(t, "compose.yaml")), &c); err != nil {
		t.Fatal(err)
	}
	for name, s := range c.Services {
		if s.Build != nil || s.Image == "" {
			t.Errorf("the service %s is built; it has to be an image", name)
		}
	}
	bot := c.Services["tastetest"]
	if !slices.Equal(bot.Command, []string{"run"}) {
		t.Errorf("it is told %q", bot.Command)
	}
	for variable, folder := range map[string]string{"TASTETEST_CONFIG": "./config:%:ro", "TASTETEST_DATA": "data:%"} {
		at := bot.Environment[variable]
		if variable == "TASTETEST_CONFIG" {
			at = filepath.Dir(at)
		}
		if mount := strings.Replace(folder, "%", at, 1); !slices.Contains(bot.Volumes, mount) {
			t.Errorf("%s is %s, and nothing is mounted there: %q", variable, at, bot.Volumes)
		}
	}
	if wait, err := time.ParseDuration(bot.Grace); err != nil || wait <= graceTime {
		t.Errorf("it is killed after %v; the bot may take %v to stop", wait, graceTime)
	}
	if got := c.Services["caddy"].Environment["TASTETEST_PAGE"]; got != "tastetest:8080" {
		t.Errorf("Caddy looks for the page at %s", got)
	}
	readme := deployFile(t, "README.md")
	_, config, _ := strings.Cut(readme, "```yaml\n")
	config, _, _ = strings.Cut(config, "```")
	s, err := readSettings(write(t, config))
	if err != nil || s.Web.Listen != "0.0.0.0:8080" {
		t.Errorf("with the configuration of README.md the page listens on %q (%v); Caddy looks for it at tastetest:8080", s.Web.Listen, err)
	}
}

func TestComposeReadsItsFile(t *testing.T) {
	if testing.Short() {
		t.Skip("docker-compose takes a second: TestReplicasInContainers has it read a file")
	}
	t.Parallel()
	compose := tool(t, "docker-compose", "docker-compose")
	dir := t.TempDir()
	for name, text := range map[string]string{"compose.yaml": deployFile(t, "compose.yaml"), "keys.env": "SLACK_BOT_TOKEN=xoxb-1\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config := func(env ...string) (string, error) {
		cmd := exec.Command(compose, "--file", "compose.yaml", "config")
		cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
		said, err := cmd.CombinedOutput()
		return string(said), err
	}
	if said, err := config("TASTETEST_HOST=tastetest.example.com"); err != nil || !strings.Contains(said, "SLACK_BOT_TOKEN: xoxb-1") {
		t.Errorf("docker-compose config: %v\n%s", err, said)
	}
	if said, err := config("TASTETEST_HOST="); err == nil || !strings.Contains(said, "write the name that people open") {
		t.Errorf("without a name for Caddy it says (%v):\n%s", err, said)
	}
}

// Caddy sends what it is asked for to where the page listens unless told otherwise,
// and passes events on at once.
func TestCaddyReadsItsFile(t *testing.T) {
	caddy := tool(t, "caddy", "caddy")
	cmd := exec.Command(caddy, "adapt", "--config", filepath.Join(deployed, "Caddyfile"), "--adapter", "caddyfile")
	cmd.Env = append(os.Environ(), "TASTETEST_HOST=tasting.example.org", "HOME="+t.TempDir())
	said, err := cmd.Output()
	if err != nil || !json.Valid(said) {
		t.Fatalf("caddy adapt: %v\n%s", err, said)
	}
	for _, want := range []string{`"host":["tasting.example.org"]`, `"flush_interval":-1`, `"handler":"reverse_proxy"`, `"dial":"` + defaults().Web.Listen + `"`} {
		if !strings.Contains(string(said), want) {
			t.Errorf("without %s:\n%s", want, said)
		}
	}
}
