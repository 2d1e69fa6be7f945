package stats

import "testing"

// A plan of decks finds what is there as the simulated tastings of TestWaves do,
// and takes fewer votes the clearer it is.
func TestDealtPlan(t *testing.T) {
	plan := func(share float64, looks int) DealtPlan {
		return DealtPlan{Plan: PlanFor(20, 50, share), Each: 16, Controls: 10, Looks: looks}
	}
	for _, tt := range []struct {
		name                     string
		plan                     DealtPlan
		least, most, fewer, more float64
	}{
		{"clear", plan(0.8, Looks), 0.99, 1, 130, 260},
		{"70/30", plan(0.7, Looks), 0.95, 1, 160, 360},
		{"a little", plan(0.58, Looks), 0.15, 0.7, 360, 519},
		{"none", plan(0.5, Looks), 0, 0.05, 480, 520},
		{"none, looked at once", plan(0.5, 1), 0, 0.05, 520, 520},
		{"70/30, looked at once", plan(0.7, 1), 0.95, 1, 520, 520},
		{"four voters", DealtPlan{Plan: PlanFor(4, 30, 0.9), Each: 13, Controls: 5, Looks: 1}, 0, 0, 72, 72},
		{"a pool smaller than a deck", DealtPlan{Plan: PlanFor(20, 12, 0.7), Each: 16, Controls: 5, Looks: 1}, 0.9, 1, 340, 340},
		{"the same, looked at early", DealtPlan{Plan: PlanFor(20, 12, 0.7), Each: 16, Controls: 5, Looks: Looks}, 0.9, 1, 80, 260},
	} {
		found, votes := tt.plan.Simulate(400, seeded(1))
		if found < tt.least || found > tt.most || votes < tt.fewer-1e-6 || votes > tt.more+1e-6 {
			t.Errorf("%s: found in %.2f after %.0f of %d votes, want %.2f to %.2f after %.0f to %.0f", tt.name, found, votes, tt.plan.Most(), tt.least, tt.most, tt.fewer, tt.more)
		}
	}
}

func BenchmarkDealtPlan(b *testing.B) {
	for b.Loop() {
		DealtPlan{Plan: PlanFor(30, 60, 0.6), Each: 20, Controls: 12, Looks: Looks}.Simulate(400, seeded(1))
	}
}
