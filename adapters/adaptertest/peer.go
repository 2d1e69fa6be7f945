package adaptertest

import (
	"os"
	"testing"
)

// Peer returns what the environment variable env says about a peer: a program
// that is not this project's, to test against. Without it the test is skipped
// with howto, which says what to install and set; with TASTETEST_PEERS=required
// it fails instead.
func Peer(t *testing.T, env, howto string) string {
	t.Helper()
	peer := os.Getenv(env)
	switch {
	case peer != "":
	case os.Getenv("TASTETEST_PEERS") == "required":
		t.Fatalf("%s is not set, and TASTETEST_PEERS=required. %s", env, howto)
	default:
		t.Skipf("%s is not set. %s", env, howto)
	}
	return peer
}
