package monitor

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// lateAfter is how long a job may wait before it is late: a bot that is well takes it
// within a second or two.
const lateAfter = 30 * time.Second

// Text is the numbers in Prometheus' text format 0.0.4.
// https://prometheus.io/docs/instrumenting/exposition_formats/
//
// Goroutines and the heap are left out: while models are asked they would tell when
// each has answered.
func (m *Monitor) Text(ctx context.Context, s Sources) []byte {
	var w exposition
	w.head("tastetest_up", "gauge", "Whether a part is well.")
	for _, p := range s.Parts {
		w.line("tastetest_up", label{"part", p.Name}, digit(p.Check(ctx) == nil))
	}
	w.head("tastetest_build_info", "gauge", "Which version runs.")
	w.line("tastetest_build_info", label{"version", s.Version}, 1)
	w.head("process_start_time_seconds", "gauge", "When the process began, in seconds since 1970.")
	w.line("process_start_time_seconds", label{}, float64(m.began.UnixMilli())/1000)
	w.head("tastetest_writes_waiting", "gauge", "Writes that wait for others.")
	w.line("tastetest_writes_waiting", label{}, float64(s.Waiting()))
	if jobs, longest, err := s.Late(ctx, time.Now().Add(-lateAfter)); err == nil {
		w.head("tastetest_jobs_late", "gauge", "Jobs that have been due for half a minute and that nobody does.")
		w.line("tastetest_jobs_late", label{}, float64(jobs))
		w.head("tastetest_jobs_late_seconds", "gauge", "For how long the one has waited that has waited longest.")
		w.line("tastetest_jobs_late_seconds", label{}, longest.Seconds())
	}
	if all, err := m.models(ctx, s); err == nil {
		w.models(all)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	w.counts("tastetest_emoji_total", "Emoji that were heard, put there or taken away, since the process began.", "platform", m.heard)
	w.counts("tastetest_requests_total", "Commands, buttons and forms since the process began; a tap on a private ballot is a button.", "platform", m.asked)
	w.counts("tastetest_posts_total", "Posts that are on record since the process began.", "what", m.posts)
	w.lags(m.lag)
	return w.Bytes()
}

type label struct{ name, value string }

// An exposition is what is being written.
type exposition struct{ bytes.Buffer }

func (w *exposition) head(name, kind, help string) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// escape is for a label's value.
var escape = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func (w *exposition) line(name string, l label, v float64) {
	if l.name != "" {
		name += fmt.Sprintf(`{%s="%s"}`, l.name, escape.Replace(strings.ToValidUTF8(l.value, "\ufffd")))
	}
	fmt.Fprintf(w, "%s %v\n", name, v)
}

func (w *exposition) counts(name, help, by string, of map[string]uint64) {
	w.head(name, "counter", help)
	for _, k := range slices.Sorted(maps.Keys(of)) {
		w.line(name, label{by, k}, float64(of[k]))
	}
}

// models are sums over tastings that were revealed. They are gauges: what is deleted
// is no longer in them.
func (w *exposition) models(all map[string]Model) {
	for _, x := range []struct {
		name, help string
		of         func(Model) float64
	}{
		{"tastetest_revealed_rounds", "Rounds for which a model was asked, of revealed tastings.", func(m Model) float64 { return float64(m.Rounds) }},
		{"tastetest_revealed_void_rounds", "Of these, rounds that are void because the model gave no answer.", func(m Model) float64 { return float64(m.Void) }},
		{"tastetest_revealed_cost_usd", "What its answers in them cost, as far as that is known.", func(m Model) float64 { return float64(m.Pico) / 1e12 }},
	} {
		w.head(x.name, "gauge", x.help)
		for _, name := range slices.Sorted(maps.Keys(all)) {
			w.line(x.name, label{"model", name}, x.of(all[name]))
		}
	}
}

func (w *exposition) lags(of map[string]*lags) {
	const name = "tastetest_event_lag_seconds"
	w.head(name, "histogram", "From when a platform says that somebody did something until the bot heard of it.")
	for _, platform := range slices.Sorted(maps.Keys(of)) {
		l, who := of[platform], escape.Replace(platform)
		for i, b := range bounds {
			fmt.Fprintf(w, "%s_bucket{platform=\"%s\",le=\"%v\"} %d\n", name, who, b.Seconds(), l.upTo[i])
		}
		fmt.Fprintf(w, "%s_bucket{platform=\"%s\",le=\"+Inf\"} %d\n", name, who, l.all)
		w.line(name+"_sum", label{"platform", platform}, l.total.Seconds())
		w.line(name+"_count", label{"platform", platform}, float64(l.all))
	}
}

func digit(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
