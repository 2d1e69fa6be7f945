package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/tastetest/tastetest/bot/text"
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
		data, err := os.ReadFile(s.file)
		if err != nil {
			return "", fmt.Errorf("read %s_file: %w", s.key, err)
		}
		said, err := text.Plain(data) // a byte order mark would be part of the secret
		if err != nil {
			return "", fmt.Errorf("%s_file: %s: %w", s.key, s.file, err)
		}
		if v := strings.TrimSpace(said); v != "" {
			return v, nil
		}
		return "", fmt.Errorf("%s_file: %s is empty", s.key, s.file)
	}
	return "", nil
}

// leastKey is how long a key must be, in characters, where others can try to guess it.
const leastKey = 16

// keys returns what lets people in and what makes an admin of them, for a page
// that listens there. It refuses keys that are one and the same, and short ones
// where others can reach the page.
func (w webSettings) keys(listen string) (secret, admin string, err error) {
	if secret, err = w.secret().read(); err != nil {
		return "", "", err
	}
	if admin, err = w.adminKey().read(); err != nil {
		return "", "", err
	}
	const howto = "make one with: openssl rand -base64 24"
	if admin != "" && admin == secret {
		return "", "", errors.New("web.admin_key is the same as web.secret, so everybody with the link would be an admin; give it one of its own, " + howto)
	}
	if loopback(listen) {
		return secret, admin, nil
	}
	for _, k := range []struct{ key, value string }{{"web.secret", secret}, {"web.admin_key", admin}} {
		if n := utf8.RuneCountInString(k.value); n > 0 && n < leastKey {
			return "", "", fmt.Errorf("%s has fewer than %d characters, and others can reach the page at %s and guess; %s", k.key, leastKey, listen, howto)
		}
	}
	return secret, admin, nil
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
