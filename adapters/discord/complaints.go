package discord

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

const (
	mostComplaints = 8
	mostComplaint  = 200 // characters of each
)

// complaints are what Discord finds wrong with a body that it refuses (50035),
// with where: "data.components.4.component.options.0.label: Must be 100 or
// fewer in length. (BASE_TYPE_MAX_LENGTH)"; some of them, shortened. Which
// embed it is about is left out: that would tell A's answer from B's.
// https://docs.discord.com/developers/reference#error-messages
func complaints(body []byte) string {
	var said struct {
		Errors json.RawMessage `json:"errors"`
	}
	if json.Unmarshal(body, &said) != nil {
		return ""
	}
	all := slices.Compact(gripes(nil, said.Errors))
	return strings.Join(all[:min(len(all), mostComplaints)], "; ")
}

// gripes are those at a place of the tree and below.
func gripes(path []string, raw json.RawMessage) (all []string) {
	var here struct {
		Errors []struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"_errors"`
	}
	_ = json.Unmarshal(raw, &here)
	for _, e := range here.Errors {
		line := e.Message + " (" + e.Code + ")"
		if len(path) > 0 {
			line = strings.Join(path, ".") + ": " + line
		}
		all = append(all, shorten(line, mostComplaint))
	}
	var below map[string]json.RawMessage
	_ = json.Unmarshal(raw, &below)
	delete(below, "_errors")
	for _, key := range slices.Sorted(maps.Keys(below)) {
		next := append(slices.Clone(path), key)
		if _, err := strconv.Atoi(key); err == nil && len(path) > 0 && path[len(path)-1] == "embeds" {
			next = path
		}
		all = append(all, gripes(next, below[key])...)
	}
	return all
}
