package stats

import (
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/lapack"
	"gonum.org/v1/gonum/lapack/gonum"
)

// A symmetric is a symmetric matrix of n rows, one after the other. What stands
// below the diagonal does not count.
//
// It calls what it needs of LAPACK by name: gonum's mat would bring all of it into
// the program, a megabyte, and multiplies two such matrices element by element.
type symmetric struct {
	n    int
	data []float64
}

func newSymmetric(n int) symmetric { return symmetric{n, make([]float64, n*n)} }

func (m symmetric) at(i, j int) float64 { return m.data[min(i, j)*m.n+max(i, j)] }

// full is m with both halves.
func (m symmetric) full() []float64 {
	full := slices.Clone(m.data)
	for i := range m.n {
		for j := range i {
			full[i*m.n+j] = full[j*m.n+i]
		}
	}
	return full
}

// add adds o to m.
func (m symmetric) add(o symmetric) {
	for i, x := range o.data {
		m.data[i] += x
	}
}

// singular is the condition number from which on digits mean nothing.
const singular = 1e16

// cholesky returns U of m = UᵀU. It is not ok unless m is positive definite, and
// clearly so.
func (m symmetric) cholesky() (u symmetric, ok bool) {
	u = symmetric{m.n, slices.Clone(m.data)}
	work := make([]float64, 3*m.n)
	var l gonum.Implementation
	norm := l.Dlansy(lapack.MaxRowSum, blas.Upper, u.n, u.data, u.n, work)
	if !l.Dpotrf(blas.Upper, u.n, u.data, u.n) {
		return u, false
	}
	return u, 1/l.Dpocon(blas.Upper, u.n, u.data, u.n, norm, work, make([]int, m.n)) <= singular
}

// inverse is m⁻¹, if m has a Cholesky factor.
func (m symmetric) inverse() (inverse symmetric, ok bool) {
	u, ok := m.cholesky()
	return u, ok && gonum.Implementation{}.Dpotri(blas.Upper, u.n, u.data, u.n)
}

// solveInto solves m·dst = b, if m has a Cholesky factor.
func (m symmetric) solveInto(dst, b []float64) bool {
	u, ok := m.cholesky()
	if ok {
		copy(dst, b)
		gonum.Implementation{}.Dpotrs(blas.Upper, u.n, 1, u.data, u.n, dst, 1)
	}
	return ok
}
