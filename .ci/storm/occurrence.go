package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tastetest/tastetest/adapters/slack/slackfake"
	"github.com/tastetest/tastetest/bot"
)

// accepts is the button that says yes to a schedule.
var accepts = regexp.MustCompile(`\bschedule/\d+/go\b`)

// schedule has as many tests start by themselves as a channel may have, one in each of
// the next minutes: the same one comes once an hour at most.
func (c *crowded) schedule(ctx context.Context) error {
	var s *slackRoom
	for _, r := range c.rooms {
		if x, ok := r.(*slackRoom); ok {
			s = x
		}
	}
	// Somebody of their own, who is shown nothing else meanwhile.
	admin := s.fake.AddUser(slackfake.User{ID: "UPLANS", Name: "plans", Team: slackTeam, Admin: true})
	first := time.Now().UTC().Add(70 * time.Second).Truncate(time.Minute) // time to set them up
	shown := ""
	for end := time.Now().Add(time.Minute); ; wait(ctx, time.Second) {
		set, err := c.schedules(ctx)
		if err != nil {
			return err
		}
		if len(set) == bot.MostSchedules {
			return nil
		}
		if time.Now().After(end) || ctx.Err() != nil {
			return fmt.Errorf("no schedule can be set up; Slack shows: %s", shown)
		}
		for n := len(set); n < bot.MostSchedules; n++ {
			at := first.Add(time.Duration(n) * time.Minute)
			shown = s.fake.Command(admin, slackChannel, fmt.Sprintf(`schedule %s %s pack=%s rounds=2 when="%d * * * *"`, firstName, secondName, pack, at.Minute()))
			yes := accepts.FindString(shown)
			if yes == "" {
				break
			}
			s.fake.Press(admin, slackChannel, "", yes)
		}
	}
}

// schedules are those that are active.
func (c *crowded) schedules(ctx context.Context) (all []bot.Schedule, err error) {
	err = c.between(ctx, func(s bot.Store) error {
		set, err := s.Settings(ctx, bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: slackTeam}, Channel: slackChannel})
		for _, x := range set.Schedules {
			if x.State == bot.ScheduleActive {
				all = append(all, x)
			}
		}
		return err
	})
	return all, err
}

// occurrences looks whether each that was due started one test.
func (c *crowded) occurrences(ctx context.Context, s bot.Store, f *figuresOfChaos) error {
	// It takes some seconds, and a replica whose clock is behind comes to it later.
	late := 10 * time.Second
	for _, r := range c.replicas {
		late = max(late, 10*time.Second-r.clock)
	}
	now := time.Now().UTC()
	tastings, err := s.Tastings(ctx, bot.Workspace{Platform: "slack", ID: slackTeam}, bot.Query{})
	if err != nil {
		return fmt.Errorf("look for what schedules have started: %w", err)
	}
	all, err := c.schedules(ctx)
	if err != nil {
		return err
	}
	for _, x := range all {
		field, _, _ := strings.Cut(x.Plan, " ")
		minute, err := strconv.Atoi(field)
		if err != nil {
			return fmt.Errorf("read the plan of schedule %d: %w", x.N, err)
		}
		due := x.Since.UTC().Truncate(time.Hour).Add(time.Duration(minute) * time.Minute)
		if due.Before(x.Since) {
			due = due.Add(time.Hour)
		}
		for ; due.Before(now.Add(-late)); due = due.Add(time.Hour) {
			name := due.Format("2006-01-02 15:04")
			n := 0
			for _, t := range tastings {
				if t.State != bot.Draft && t.Run != nil && t.Run.Schedule == x.N && slices.Contains(t.Run.Opened, name) {
					n++
				}
			}
			f.due++
			f.came += min(n, 1)
			switch {
			case n == 0:
				c.found.add(missing, "Slack", "%s of schedule %d did not come: %+v", name, x.N, x)
			case n > 1:
				c.found.add(doubled, "Slack", "%s of schedule %d came %d times", name, x.N, n)
			}
		}
	}
	return nil
}
