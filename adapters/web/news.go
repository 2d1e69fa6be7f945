package web

import (
	"fmt"
	"hash/fnv"
	"strings"
)

// news is what has changed for a page. A channel is long and a vote changes
// one message in it.
type news struct {
	Frame    string            `json:"frame"`    // HTML, with an empty article for each message
	Messages map[string]string `json:"messages"` // by anchor, the HTML of those that the page has not
}

// newsFor compares f with what a page has: "ANCHOR:MARK,…". The page makes the
// marks itself, from the bytes it was sent. One that is sent along would be
// different on the two sides of a blind pair.
func newsFor(f frame, have string) news {
	marks := make(map[string]bool)
	for m := range strings.SplitSeq(have, ",") {
		marks[m] = true
	}
	n := news{Messages: make(map[string]string)}
	for _, list := range [][]item{f.Messages, f.Notices} {
		for i := range list {
			html := list[i].HTML()
			if anchor := list[i].Anchor; !marks[anchor+":"+markOf(string(html))] {
				n.Messages[anchor] = string(html)
			}
			list[i].Empty = true
		}
	}
	n.Frame = string(drawn(f.channel()))
	return n
}

// markOf is the length of some HTML in bytes and its 32-bit FNV-1a hash, as
// channel.js makes it.
func markOf(html string) string {
	h := fnv.New32a()
	h.Write([]byte(html))
	return fmt.Sprintf("%d.%d", len(html), h.Sum32())
}
