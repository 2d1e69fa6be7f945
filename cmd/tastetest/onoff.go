package main

import (
	"slices"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// An onOff is a switch: on or off in the file.
type onOff bool

// UnmarshalYAML takes what people and older YAML write for it too.
func (o *onOff) UnmarshalYAML(n ast.Node) error {
	switch text := n.GetToken().Value; {
	case slices.Contains([]string{"on", "true", "yes"}, text):
		*o = true
	case slices.Contains([]string{"off", "false", "no"}, text):
		*o = false
	default:
		return &yaml.SyntaxError{Message: "write on or off", Token: n.GetToken()}
	}
	return nil
}

func (o onOff) String() string {
	if o {
		return "on"
	}
	return "off"
}
