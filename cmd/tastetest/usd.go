package main

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

const picoPerUSD = 1_000_000_000_000

// A usd is a sum in pico-USD; -1: no limit. In the file it is a decimal in
// USD, or "none".
type usd int64

// UnmarshalYAML reads a decimal without rounding it.
func (u *usd) UnmarshalYAML(n ast.Node) error {
	if n.GetToken().Value == "none" {
		*u = -1
		return nil
	}
	v, err := decimal(n.GetToken().Value, picoPerUSD)
	if err != nil {
		return &yaml.SyntaxError{Message: "write an amount in USD, as 2.50, or none", Token: n.GetToken()}
	}
	*u = usd(v)
	return nil
}

func (u usd) String() string {
	if u < 0 {
		return "none"
	}
	s := fmt.Sprintf("%d.%012d", int64(u)/picoPerUSD, int64(u)%picoPerUSD)
	whole, part, _ := strings.Cut(s, ".")
	part = strings.TrimRight(part, "0")
	for len(part) < 2 {
		part += "0"
	}
	return "$" + whole + "." + part
}

// decimal returns text times unit, which must come out whole and not negative.
func decimal(text string, unit int64) (int64, error) {
	if len(text) > 30 || strings.ContainsAny(text, "eEpP/xXoO_") {
		return 0, fmt.Errorf("read %q as a plain decimal", text)
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return 0, fmt.Errorf("read %q as a decimal", text)
	}
	r.Mul(r, new(big.Rat).SetInt64(unit))
	if !r.IsInt() || r.Sign() < 0 || !r.Num().IsInt64() {
		return 0, fmt.Errorf("%q is out of range", text)
	}
	return r.Num().Int64(), nil
}
