package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// clockEnv is by how many seconds the clock of a bot is off that was built with wrongClock.
const clockEnv = "STORM_CLOCK"

// wrongClock makes, in dir, what go build needs as its -overlay so that a binary's
// time.Now is off: nothing outside a process sets a clock for that process alone.
func wrongClock(dir string) (overlay string, err error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return "", fmt.Errorf("look for Go's sources: %w", err)
	}
	src := filepath.Join(strings.TrimSpace(string(root)), "src", "time")
	text, err := os.ReadFile(filepath.Join(src, "time.go"))
	if err != nil {
		return "", fmt.Errorf("look for Go's sources: %w", err)
	}
	now := []byte("func Now() Time {\n\tsec, nsec, mono := runtimeNow()\n")
	if !bytes.Contains(text, now) {
		return "", fmt.Errorf("%s has another time.Now than was expected; see wrongClock", src)
	}
	replace := make(map[string]string)
	for name, text := range map[string][]byte{
		"time.go": bytes.Replace(text, now, append(now, "\tsec += wrongBy\n"...), 1),
		"storm.go": []byte(`package time

import "syscall"

var wrongBy = func() int64 {
	s, _ := syscall.Getenv("` + clockEnv + `")
	n, _ := atoi(s)
	return int64(n)
}()
`),
	} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, text, 0o600); err != nil {
			return "", fmt.Errorf("write a clock: %w", err)
		}
		replace[filepath.Join(src, name)] = file
	}
	said, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", fmt.Errorf("write a clock: %w", err)
	}
	overlay = filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlay, said, 0o600); err != nil {
		return "", fmt.Errorf("write a clock: %w", err)
	}
	return overlay, nil
}
