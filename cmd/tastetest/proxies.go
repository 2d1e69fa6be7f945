package main

import (
	"net/netip"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// proxies are addresses and networks of reverse proxies.
type proxies []netip.Prefix

// UnmarshalYAML reads a list, or one alone.
func (p *proxies) UnmarshalYAML(n ast.Node) error {
	each := []ast.Node{n}
	if list, ok := n.(*ast.SequenceNode); ok {
		each = list.Values
	}
	for _, n := range each {
		said := n.GetToken().Value
		network, err := netip.ParsePrefix(said)
		if ip, alone := netip.ParseAddr(said); err != nil && alone == nil {
			network, err = ip.Prefix(ip.BitLen())
		}
		if err != nil {
			return &yaml.SyntaxError{Message: "write the proxy's address, as 127.0.0.1, or its network, as 10.0.0.0/8", Token: n.GetToken()}
		}
		*p = append(*p, network)
	}
	return nil
}

func (p proxies) String() string {
	if len(p) == 0 {
		return "none"
	}
	var each []string
	for _, network := range p {
		if network.IsSingleIP() {
			each = append(each, network.Addr().String())
		} else {
			each = append(each, network.String())
		}
	}
	return strings.Join(each, ", ")
}
