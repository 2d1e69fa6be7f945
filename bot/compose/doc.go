// Package compose makes what posts say, from values alone. It reads no store
// and asks no clock but for how a time is written: whatever a post says can be
// said again word for word, for an edit, after a crash, or on a page that is
// loaded anew. The engine reads, compose words, and a chat lays out.
package compose
