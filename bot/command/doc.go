// Package command understands what people type after /tastetest. One table
// ([Table]) serves Slack and the page, which parse text by it, Discord, which
// registers typed subcommands from it, the help and the README; so no platform
// knows a command that another does not. It reads no store and knows no models:
// what is typed is taken apart here, and whether it can be done is for the
// engine to say.
package command
