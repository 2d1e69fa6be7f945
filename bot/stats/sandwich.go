package stats

import (
	"gonum.org/v1/gonum/blas"
	blasgonum "gonum.org/v1/gonum/blas/gonum"
)

// An outer adds up g gᵀ over the gradients g of clusters.
type outer struct {
	n       int
	sum     []float64 // n × n, of which the upper half counts
	grad    []float64 // of the cluster at hand
	seen    []bool
	touched []int // what the cluster at hand speaks of
}

func newOuter(n int) *outer {
	return &outer{n: n, sum: make([]float64, n*n), grad: make([]float64, n), seen: make([]bool, n)}
}

// add adds to the gradient of the cluster at hand.
func (o *outer) add(i int, r float64) {
	if !o.seen[i] {
		o.seen[i] = true
		o.touched = append(o.touched, i)
	}
	o.grad[i] += r
}

// pair is a cluster of its own, which has r at i and −r at j.
func (o *outer) pair(i, j int, r float64) {
	o.sum[i*o.n+i] += r * r
	o.sum[j*o.n+j] += r * r
	o.sum[min(i, j)*o.n+max(i, j)] -= r * r
}

// end ends the cluster at hand.
func (o *outer) end() {
	for _, i := range o.touched {
		row, r := o.sum[i*o.n:][:o.n], o.grad[i]
		if 3*len(o.touched) > o.n { // of most: one after the other is faster than by name
			blasgonum.Implementation{}.Daxpy(o.n-i, r, o.grad[i:], 1, row[i:], 1)
			continue
		}
		for _, j := range o.touched {
			if j >= i {
				row[j] += r * o.grad[j]
			}
		}
	}
	for _, i := range o.touched {
		o.grad[i], o.seen[i] = 0, false
	}
	o.touched = o.touched[:0]
}

// sandwich returns H⁻¹ · meat · H⁻¹.
func sandwich(inverse, meat symmetric) symmetric {
	n := meat.n
	half, full := make([]float64, n*n), make([]float64, n*n)
	m := meat.full()
	for i := range n {
		row := half[i*n:][:n]
		for k := range n {
			x := inverse.at(i, k)
			for j, y := range m[k*n:][:n] {
				row[j] += x * y
			}
		}
	}
	blasgonum.Implementation{}.Dsymm(blas.Right, blas.Upper, n, n, 1, inverse.data, n, half, n, 0, full, n)
	return symmetric{n, full}
}

// centred is a covariance of scores from the mean of their group: nothing but
// the penalty says where groups lie.
func centred(cov symmetric, groups []int) symmetric {
	n, full := cov.n, cov.full()
	for i := range n {
		centre(full[i*n:], 1, groups)
	}
	for j := range n {
		centre(full[j:], n, groups)
	}
	return symmetric{n, full}
}

// centre takes from each model's value, which stand so many places apart, the
// mean of its group.
func centre(v []float64, apart int, groups []int) {
	sum, size := make([]float64, len(groups)), make([]float64, len(groups))
	for i, g := range groups {
		sum[g] += v[i*apart]
		size[g]++
	}
	for i, g := range groups {
		v[i*apart] -= sum[g] / size[g]
	}
}
