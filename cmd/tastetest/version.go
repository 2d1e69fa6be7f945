package main

import (
	"context"
	"fmt"
	"runtime/debug"
)

type versionCommand struct{}

// Run prints what the Go toolchain stamped into the program.
func (versionCommand) Run(_ context.Context, std streams) error {
	_, err := fmt.Fprintln(std.out, "tastetest", version())
	return err
}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	v, revision, modified := info.Main.Version, "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = " " + s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = " (modified)"
		}
	}
	return v + revision + modified + " " + info.GoVersion
}
