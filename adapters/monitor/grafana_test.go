package monitor_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/monitor"
	"github.com/tastetest/tastetest/bot"
)

var (
	metric   = regexp.MustCompile(`\b(?:tastetest|process)_[a-z_]+\b`)
	grouping = regexp.MustCompile(`by \(([a-z, ]+)\)|\{\{([a-z]+)\}\}`)
	labelled = regexp.MustCompile(`[{,]([a-z]+)=`)
)

// The dashboard asks for metrics that there are, by labels that they have, and shows
// each of them.
func TestGrafana(t *testing.T) {
	file, err := os.ReadFile("../../.deploy/grafana.json")
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Panels []struct {
			Title   string
			GridPos struct{ X, Y, W, H int }
			Targets []struct{ Expr, LegendFormat string }
		}
	}
	if err := json.Unmarshal(file, &board); err != nil {
		t.Fatalf("grafana.json cannot be read: %v", err)
	}
	m := monitor.New()
	h := m.Hears("slack", nobody{})
	h.React(t.Context(), bot.Tap{At: time.Now()})
	h.Press(t.Context(), bot.Press{})
	m.Step("posted 7/head")
	text := string(m.Text(t.Context(), sources(t, map[string]monitor.Model{"nova": {Rounds: 1}}, nil)))
	has := map[string][]string{}
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			name := metric.FindString(line)
			for _, l := range labelled.FindAllStringSubmatch(line, -1) {
				has[name] = append(has[name], l[1])
			}
			has[name] = append(has[name], "job") // Prometheus adds it
		}
	}
	shown := map[string]bool{}
	for i, p := range board.Panels {
		for _, q := range p.Targets {
			names := metric.FindAllString(q.Expr, -1)
			if len(names) == 0 {
				t.Errorf("%q asks for nothing of ours: %s", p.Title, q.Expr)
			}
			for _, name := range names {
				shown[name] = true
				if has[name] == nil {
					t.Errorf("%q asks for %s, which is not told", p.Title, name)
				}
				for _, g := range grouping.FindAllStringSubmatch(q.Expr+q.LegendFormat, -1) {
					for by := range strings.SplitSeq(g[1]+g[2], ", ") {
						if !slices.Contains(has[name], by) {
							t.Errorf("%q looks for the label %s of %s, which has %v", p.Title, by, name, has[name])
						}
					}
				}
			}
		}
		for _, o := range board.Panels[:i] {
			a, b := p.GridPos, o.GridPos
			if a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H {
				t.Errorf("%q lies on %q", p.Title, o.Title)
			}
		}
	}
	for name := range has {
		if of := strings.TrimSuffix(strings.TrimSuffix(name, "_sum"), "_count"); !shown[name] && !shown[of+"_bucket"] {
			t.Errorf("nothing on the dashboard shows %s", name)
		}
	}
}
