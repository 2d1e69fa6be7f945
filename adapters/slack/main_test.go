package slack_test

import (
	"flag"
	"os"
	"testing"
)

// Tests here wait for their fake more than they work, so more of them run at
// once than there are processors. -parallel says otherwise.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
