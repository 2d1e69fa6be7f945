package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

// A secret says where a key is: in an environment variable or in a file,
// never in the configuration itself.
type secret struct{ key, env, file string } // key: as the file calls it, "web.secret"

// configured reports whether the file names a place for the secret at all.
func (s secret) configured() bool { return s.env != "" || s.file != "" }

// read returns the secret; "" if none is configured.
func (s secret) read() (string, error) {
	switch {
	case s.env != "":
		if v := strings.TrimSpace(os.Getenv(s.env)); v != "" {
			return v, nil
		}
		return "", fmt.Errorf("%s_env: the environment variable %s is not set", s.key, s.env)
	case s.file != "":
		text, err := os.ReadFile(s.file)
		if err != nil {
			return "", fmt.Errorf("read %s_file: %w", s.key, err)
		}
		if v := strings.TrimSpace(string(text)); v != "" {
			return v, nil
		}
		return "", fmt.Errorf("%s_file: %s is empty", s.key, s.file)
	}
	return "", nil
}

// state says whether the secret can be read, and from where.
func (s secret) state() string {
	place := s.file
	if s.env != "" {
		place = "$" + s.env
	}
	if !s.configured() {
		return "not configured"
	}
	if _, err := s.read(); err != nil {
		return "missing (" + place + ")"
	}
	return "set (" + place + ")"
}

var variable = regexp.MustCompile(`^[A-Z_][A-Z0-9_]*$`)

// checkSecret returns what is wrong with a pair of …_env and …_file.
// Lower-case names are refused because a key pasted by mistake looks like one,
// and would then be printed as a name.
func checkSecret(env, file string) string {
	switch {
	case env != "" && file != "":
		return "name a variable or a file, not both"
	case env != "" && !variable.MatchString(env):
		return "write the name of an environment variable here (capital letters, digits and _), not the secret itself"
	}
	return ""
}
