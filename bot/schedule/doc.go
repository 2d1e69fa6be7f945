// Package schedule knows when something that comes again and again comes next.
//
// A [Plan] speaks of wall clocks: its times are worked out without a zone, by the cron
// library, and then looked up on the clock of a place. So what a change of clocks does
// is decided here and nowhere else: each wall-clock time comes once a day at most. One
// in the hour that is skipped comes as much later as the clock is put forward; one in
// the hour that comes twice comes the first time. (The libraries themselves skip the
// first, or do the second twice, and lose whole days where the clock is put forward
// by half an hour.) Its wall clock is an [Occurrence]'s name: whoever remembers the
// last one never does one twice, whatever the clock of the machine, the zone of the
// place or the plan is changed to.
//
// What a schedule's runs start, when that closes, and what may be done with a schedule
// stands here too, as functions on values; who does it is package engine.
package schedule
