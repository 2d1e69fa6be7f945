package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// gateSettings are one entry under gates: a key with which a pipeline may ask a team,
// as somebody and at one place, what that person could ask there by hand.
type gateSettings struct {
	Name    string `yaml:"name"`
	KeyEnv  string `yaml:"key_env"`
	KeyFile string `yaml:"key_file"`
	User    string `yaml:"user"`  // platform:id
	Place   string `yaml:"place"` // platform/workspace/channel
}

func (g gateSettings) key() secret { return secret{"gates." + g.Name + ".key", g.KeyEnv, g.KeyFile} }

// checkGates returns what is wrong with the gates' keys, and where.
func (s settings) checkGates() (path, problem string) {
	for i, g := range s.Gates {
		at := fmt.Sprintf("$.gates[%d]", i)
		if g.Name == "" {
			return at, "give this key a name, as ci"
		}
		if p := checkSecret(g.KeyEnv, g.KeyFile); p != "" {
			return at + ".key_env", p
		}
		if !g.key().configured() {
			return at, "name the variable that holds the key: key_env: TASTETEST_GATE_KEY"
		}
		if badUser([]string{g.User}) >= 0 {
			return at + ".user", userForm
		}
		place, err := parsePlace(g.Place)
		if err != nil {
			return at + ".place", "write the place as platform/workspace/channel, for example slack/T024BE7LH/C0123456 or web/local/tasting-room"
		}
		if platform, _, _ := strings.Cut(g.User, ":"); platform != place.Platform {
			return at + ".user", "the user and the place are of different platforms"
		}
	}
	return "", ""
}

// parsePlace reads platform/workspace/channel.
func parsePlace(s string) (bot.Place, error) {
	platform, rest, _ := strings.Cut(s, "/")
	workspace, channel, ok := strings.Cut(rest, "/")
	if !ok || platform == "" || workspace == "" || channel == "" {
		return bot.Place{}, usageError("write the place as platform/workspace/channel, for example slack/T024BE7LH/C0123456")
	}
	return bot.Place{Workspace: bot.Workspace{Platform: platform, ID: workspace}, Channel: channel}, nil
}

// A gateKey is a key that was read: what it is for is decided here and nowhere else.
type gateKey struct {
	sum  [sha256.Size]byte
	at   bot.Place
	user string
}

// gateKeys reads the keys of all gates. One that is short is refused.
func (s settings) gateKeys() ([]gateKey, error) {
	var keys []gateKey
	for _, g := range s.Gates {
		key, err := g.key().read()
		if err != nil {
			return nil, err
		}
		if len([]rune(key)) < leastKey {
			return nil, fmt.Errorf("gates.%s.key has under %d characters; make one with: openssl rand -base64 24", g.Name, leastKey)
		}
		at, err := parsePlace(g.Place)
		if err != nil {
			return nil, err
		}
		_, user, _ := strings.Cut(g.User, ":")
		keys = append(keys, gateKey{sha256.Sum256([]byte(key)), at, user})
	}
	return keys, nil
}

// of returns what a key is for; false if it is none of them.
func keyed(keys []gateKey, key string) (gateKey, bool) {
	sum := sha256.Sum256([]byte(key))
	for _, k := range keys {
		if subtle.ConstantTimeCompare(k.sum[:], sum[:]) == 1 {
			return k, true
		}
	}
	return gateKey{}, false
}
