// Package votefile reads and writes votes as files: the arena convention's
// columns, which FastChat, arena-rank and evalica read, and JSON lines, from
// which a tasting can be brought back. It is apart from the command line so
// that a running bot imports and exports in the same way as one that is
// stopped. Only revealed tastings are ever written.
package votefile
