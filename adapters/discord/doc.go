// Package discord is a chat on Discord servers. A server is a workspace; a
// thread is a place of its own, written "CHANNEL/THREAD".
//
// The Gateway tells what people do: gateway.go connects again and again, at the
// pace of starts.go, connection.go speaks the protocol, events.go and interact.go
// take what is said. There are as many connections as Discord asks for, each for a
// shard of the servers (shards.go); whoever takes one over goes on with its session
// (session.go). If there are several they are shared out among replicas (shares.go): one
// that stands by (standby.go) brings what it is told (courier.go) to the one that leads
// (handed.go), which alone acts. The REST API says and reads (rest.go, post.go,
// reactions.go), and keeps threads awake (sleep.go). What a post looks like is
// made in render.go, as values of wire.go. Nothing is kept but how many sessions
// were begun in an hour: after a restart everything is found again on Discord.
package discord
