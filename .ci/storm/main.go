// Command storm has a real bot stand through faults while people vote, on servers that
// remember in place of Slack and Discord, and on the bot's own page.
//
//	go run ./.ci/storm kills                    a hundred kills -9, in about a minute
//	go run ./.ci/storm kills --kills 10000      ten thousand
//	go run ./.ci/storm chaos                    three replicas on a database, and all that can befall them
//	go run ./.ci/storm upgrade --from HEAD~20   three replicas of an older commit that become this one
//
// People vote by emoji and on private ballots, on answers of models that are asked and
// of such as stand in a file. A ledger keeps what was acknowledged to whom, and what stands in the chats. Then the
// file is opened and compared: no acknowledged vote may be lost, none count twice, no
// post stand twice or not at all, no reveal say something else than the votes. Whatever
// is found is printed, and it ends with 1.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "storm:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, args []string) error {
	for name, command := range map[string]func(context.Context, io.Writer, []string) error{"chaos": chaos, "upgrade": upgrade} {
		if len(args) > 0 && args[0] == name {
			return command(ctx, out, args[1:])
		}
	}
	if len(args) == 0 || args[0] != "kills" {
		return fmt.Errorf("say what shall happen: go run ./.ci/storm kills, chaos, or upgrade")
	}
	flags := flag.NewFlagSet("kills", flag.ContinueOnError)
	var k killing
	flags.IntVar(&k.kills, "kills", 100, "how often the bot is killed")
	flags.DurationVar(&k.limit, "for", 0, "kill no longer than this; 0: until all kills are done")
	flags.IntVar(&k.each, "each", 250, "kills after which everything is brought to its end, looked at, and begun anew")
	flags.DurationVar(&k.mean, "life", 300*time.Millisecond, "how long a bot lives, on average; that is drawn at random")
	flags.IntVar(&k.look, "look", 3, "kills after which the file is looked at")
	flags.IntVar(&k.voters, "voters", 8, "people in each room")
	flags.Uint64Var(&k.seed, "seed", rand.Uint64()>>16, "what is drawn at random follows from it; the moments of a machine do not")
	flags.StringVar(&k.binary, "binary", "", "the bot that is killed; empty: it is built")
	rooms := flags.String("rooms", "slack,discord,page", "where people vote")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	k.rooms = strings.Split(*rooms, ",")
	if k.binary == "" {
		dir, err := os.MkdirTemp("", "tastetest-binary-*")
		if err != nil {
			return fmt.Errorf("make a folder: %w", err)
		}
		defer os.RemoveAll(dir)
		if k.binary, err = build(ctx, dir); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "seed %d: %d kills, %s, %d voters each\n", k.seed, k.kills, *rooms, k.voters)
	found := findings{out: out}
	t, err := k.kill(ctx, out, &found)
	t.print(out, &found)
	if err != nil && ctx.Err() == nil {
		return err
	}
	if n := len(found.list()); n > 0 {
		return fmt.Errorf("%d findings", n)
	}
	return nil
}
