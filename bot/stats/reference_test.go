package stats

import (
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

const shared = "../../../shared"

// fromShared returns where a file or folder stands beside the checkout. Without
// it the test is skipped; with TASTETEST_SHARED=required it fails.
func fromShared(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(shared, name)
	_, err := os.Stat(path)
	switch {
	case err == nil:
	case errors.Is(err, fs.ErrNotExist) && os.Getenv("TASTETEST_SHARED") != "required":
		t.Skipf("needs ../shared/%s beside the checkout", name)
	default:
		t.Fatal(err)
	}
	return path
}

// reference reads a file of numbers computed by scipy and statsmodels.
func reference(t testing.TB, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(fromShared(t, filepath.Join("reference", name)))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
}

// near reports whether got is want, to a relative error of eps or, for
// numbers under 1, an absolute one.
func near(got, want, eps float64) bool {
	return math.Abs(got-want) <= eps*max(1, math.Abs(want))
}

// tail is for small probabilities: relative error, as far as floats go.
func tail(got, want, eps float64) bool {
	return math.Abs(got-want) <= eps*math.Abs(want)+1e-300
}

// withinNoise reports whether shares of n and of m simulated runs differ by no
// more than chance allows.
func withinNoise(got, want float64, n, m int) bool {
	p := (float64(n)*got + float64(m)*want) / float64(n+m)
	return math.Abs(got-want) <= 3.5*math.Sqrt(p*(1-p)*(1/float64(n)+1/float64(m)))+1/float64(n)
}

func finite(x ...float64) bool {
	for _, x := range x {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}

func seeded(n uint64) *rand.Rand { return rand.New(rand.NewPCG(n, n)) }
