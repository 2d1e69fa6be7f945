package stats

import "gonum.org/v1/gonum/mat"

// An outer adds up g gᵀ over the gradients g of clusters.
type outer struct {
	n       int
	sum     []float64 // n × n
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
	o.sum[i*o.n+j] -= r * r
	o.sum[j*o.n+i] -= r * r
	o.sum[j*o.n+j] += r * r
}

// end ends the cluster at hand.
func (o *outer) end() {
	for _, i := range o.touched {
		row, r := o.sum[i*o.n:][:o.n], o.grad[i]
		for _, j := range o.touched {
			row[j] += r * o.grad[j]
		}
	}
	for _, i := range o.touched {
		o.grad[i], o.seen[i] = 0, false
	}
	o.touched = o.touched[:0]
}

// inverted returns the inverse of a Hessian.
func inverted(hess *mat.SymDense) (*mat.SymDense, bool) {
	var chol mat.Cholesky
	var inverse mat.SymDense
	ok := chol.Factorize(hess) && chol.InverseTo(&inverse) == nil
	return &inverse, ok
}

// sandwich returns H⁻¹ · meat · H⁻¹.
func sandwich(inverse, meat *mat.SymDense) *mat.SymDense {
	var half, full mat.Dense
	half.Mul(inverse, meat)
	full.Mul(&half, inverse)
	return upper(&full)
}

// centred is a covariance of scores from the mean of their group: nothing but
// the penalty says where groups lie.
func centred(cov *mat.SymDense, groups []int) *mat.SymDense {
	n := cov.SymmetricDim()
	m := mat.DenseCopyOf(cov)
	for i := range n {
		centre(m.RowView(i).(*mat.VecDense), groups)
	}
	for j := range n {
		centre(m.ColView(j).(*mat.VecDense), groups)
	}
	return upper(m)
}

// centre takes from each model's value the mean of its group.
func centre(v *mat.VecDense, groups []int) {
	sum, size := make([]float64, len(groups)), make([]float64, len(groups))
	for i, g := range groups {
		sum[g] += v.AtVec(i)
		size[g]++
	}
	for i, g := range groups {
		v.SetVec(i, v.AtVec(i)-sum[g]/size[g])
	}
}

// upper is the symmetric matrix of the upper half of m.
func upper(m *mat.Dense) *mat.SymDense {
	n, _ := m.Dims()
	sym := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			sym.SetSym(i, j, m.At(i, j))
		}
	}
	return sym
}
