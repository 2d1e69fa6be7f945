package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// A paper is what a command wrote so far; it may be read while the command runs.
type paper struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (p *paper) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(b)
}

func (p *paper) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// The doctor asks each model once, says before what it may cost, and says after
// how it answered and what people would see.
func TestDoctorAsksModels(t *testing.T) {
	var out paper
	var mu sync.Mutex
	asked := make(map[string]int)
	forewarned := true
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Header.Get("Authorization") != "Bearer sk-doctor-S3CR3T" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		forewarned = forewarned && strings.Contains(out.String(), "costs at most $0.")
		says, finish := "", "stop"
		switch {
		case bytes.Contains(body, []byte(`"kestrel-1"`)):
			asked["kestrel"]++
			says = `<think>They want an apology.</think>Sorry, your parcel is late;\nwe are on it.`
		case bytes.Contains(body, []byte(`"nova-1"`)):
			asked["nova"]++
			says = "I am Claude, and I am sorry."
		case bytes.Contains(body, []byte(`"wren-1"`)):
			asked["wren"]++
			says, finish = "Dear customer, we", "length"
		}
		fmt.Fprintf(w, `{"model": "as-of-june", "choices": [{"message": {"content": "%s"}, "finish_reason": "%s"}], "usage": {"prompt_tokens": 40, "completion_tokens": 20, "total_tokens": 60}}`, says, finish)
	}))
	defer provider.Close()
	gone := httptest.NewServer(nil)
	gone.Close()
	t.Setenv("DOCTOR_KEY", "sk-doctor-S3CR3T")
	t.Setenv("WRONG_KEY", "sk-doctor-0TH3R")
	model := func(name, url, rest string) string {
		return fmt.Sprintf("  - {name: %s, base_url: %q, model: %s-1, %s}\n", name, url, name, rest)
	}
	key := "api_key_env: DOCTOR_KEY, max_tokens: 500, price: {input: 1, output: 2}"
	for _, tt := range []struct {
		name, models string
		args         []string
		want, not    []string
		code         int
	}{
		{"an answer", model("kestrel", provider.URL, key) + model("finch", provider.URL, key), nil, []string{
			"ok   model kestrel: ", " · 40 tokens in, 20 out · $0.000080 · calls itself as-of-june\n       in a ballot: Sorry, your parcel is late;\n       we are on it.\n",
		}, []string{"They want an apology"}, 1}, // finch answers nothing
		{"nobody there", model("kestrel", provider.URL, key) + model("heron", gone.URL, "timeout: 1s"), nil,
			[]string{"ok   model kestrel: ", "FIX  model heron: ", "one thing needs a hand"}, []string{"All is well"}, 1},
		{"a wrong key", model("kestrel", provider.URL, "api_key_env: WRONG_KEY, max_tokens: 5, price: {input: 1, output: 2}") + model("nova", provider.URL, key), nil,
			[]string{"FIX  model kestrel: answered 401 (its key was not accepted)", "FIX  model nova: named itself in its answer", "in a ballot: I am Claude"}, nil, 1},
		{"cut off", model("kestrel", provider.URL, key) + model("wren", provider.URL, key), nil,
			[]string{"FIX  model wren: was cut off by max_tokens", "ok   what asking cost: $0.00016\n"}, nil, 1},
		{"not asked", model("kestrel", provider.URL, key) + model("heron", gone.URL, key), []string{"--no-models"},
			[]string{"no model was asked"}, []string{"Asking", "FIX"}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := write(t, "models:\n"+tt.models)
			mu.Lock()
			out.text.Reset()
			clear(asked)
			mu.Unlock()
			var errs bytes.Buffer
			code := run(context.Background(), append([]string{"doctor", "-c", file}, tt.args...), streams{strings.NewReader(""), &out, &errs})
			said := out.String() + errs.String()
			if code != tt.code {
				t.Errorf("exit code %d, not %d\n%s", code, tt.code, said)
			}
			for _, want := range tt.want {
				if !strings.Contains(said, want) {
					t.Errorf("without %q:\n%s", want, said)
				}
			}
			for _, not := range append(tt.not, "S3CR3T", "0TH3R") {
				if strings.Contains(said, not) {
					t.Errorf("with %q:\n%s", not, said)
				}
			}
			kept, err := os.ReadFile(filepath.Join(filepath.Dir(file), "tastetest.db.doctor"))
			if tells := strings.Contains(string(kept), "as-of-june"); tells == (tt.args != nil) || strings.Contains(string(kept), "Sorry") || strings.Contains(string(kept), "S3CR3T") {
				t.Errorf("for /tastetest models it keeps (%v): %s", err, kept)
			}
			mu.Lock()
			defer mu.Unlock()
			if tt.args != nil && len(asked) > 0 {
				t.Errorf("told to ask no model it asked %v", asked)
			}
			for name, n := range asked {
				if n != 1 {
					t.Errorf("%s was asked %d times", name, n)
				}
			}
			if !forewarned {
				t.Error("a model was asked before it was said what that may cost")
			}
		})
	}
}
