package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/tastetest/tastetest/prompts"
)

// The two models, and the word by which people can tell what each wrote. What they
// write stands in a file: answers of models that are asked are held for a minute.
// The others are asked.
const (
	firstName, secondName   = "kestrel", "nova"
	askedFirst, askedSecond = "heron", "swift"
	firstWord, secondWord   = "Cherry", "Walnut"
	pack                    = "humour"
)

// held is for how long answers of models that are asked are held, whatever came when.
const held = time.Minute

func writes(word string) string { return word + " pie, and a good day to you." }

// answers is a file with what both models write to each prompt of the pack.
func answers() ([]byte, error) {
	library, err := prompts.Open("")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	lines := json.NewEncoder(&b)
	for _, p := range library.Packs() {
		for _, prompt := range p.Prompts {
			if p.Name != pack {
				continue
			}
			for name, word := range map[string]string{firstName: firstWord, secondName: secondWord} {
				if err := lines.Encode(map[string]string{"prompt": prompt.Text, "model": name, "answer": writes(word)}); err != nil {
					return nil, fmt.Errorf("write down answers: %w", err)
				}
			}
		}
	}
	return b.Bytes(), nil
}

// serveModels answers as the two models that are asked would, after a moment.
func serveModels() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct{ Model string }
		json.NewDecoder(r.Body).Decode(&asked)
		word := firstWord
		if asked.Model == askedSecond {
			word = secondWord
			time.Sleep(200 * time.Millisecond)
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"choices":[{"message":{"content":%q},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":8}}`, writes(word))
	}))
}
