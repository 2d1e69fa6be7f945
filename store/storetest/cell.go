package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// sealed makes a tasting with these votes and seals it.
func sealed(t *testing.T, s bot.Store, at bot.Place, votes func(id bot.TastingID) []bot.Vote) bot.TastingID {
	t.Helper()
	id := createAt(t, s, at, bot.Closing).ID
	must(t, s.Seal(t.Context(), id, votes(id), func(*bot.Tasting, bot.Rows) error { return nil }))
	return id
}

// two has ann for the first model in both rounds, bob for the second, and cho
// for neither in the second round only.
func two(id bot.TastingID) []bot.Vote {
	by := func(n int, user string, p bot.Pick) bot.Vote { return row(id.Round(n), user, p, on(noon)) }
	return []bot.Vote{
		by(1, "ann", bot.First), by(1, "bob", bot.Second),
		by(2, "ann", bot.First), by(2, "bob", bot.Tie), by(2, "cho", bot.Bad), row(id.Round(2), "dot", bot.Tie, off(noon)),
	}
}

// leans returns which way each voter of a round went, by number.
func leans(cs []bot.Cell) map[uint64]int8 {
	m := make(map[uint64]int8)
	for _, c := range cs {
		m[c.Voter] = c.Lean
	}
	return m
}

// cellsOf returns a tasting's cells, and fails the test if voters' numbers are
// out of order, which could tell names.
func cellsOf(t *testing.T, s bot.Store, id bot.TastingID) [][]bot.Cell {
	t.Helper()
	all, err := s.Cells(t.Context(), id.Workspace)
	must(t, err)
	for n, cs := range all[id] {
		if !slices.IsSortedFunc(cs, func(a, b bot.Cell) int { return cmp.Compare(a.Voter, b.Voter) }) {
			t.Errorf("cells of round %v are not in the order of voters' numbers: %v", id.Round(n+1), cs)
		}
	}
	return all[id]
}

// Each vote of a sealed tasting is a cell, and one voter has one number in the
// whole workspace. It needs several tastings with the same people, and a look
// at all of their cells together.
func testCells(t *testing.T, h *harness) {
	s := h.store(t)
	a, b := sealed(t, s, place, two), sealed(t, s, place, two)
	elsewhere := sealed(t, s, bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: "T2"}, Channel: "C1"}, two)
	open := create(t, s, bot.Open).ID
	hear(t, s, open.Round(1), "ann", bot.First, on(noon))

	for range 2 {
		first := cellsOf(t, s, a)
		if len(first) != 2 || len(first[0]) != 2 || len(first[1]) != 3 {
			t.Fatalf("cells are %v; want 2 of round 1 and 3 of round 2", first)
		}
		var ann, bob uint64
		for voter, lean := range leans(first[0]) {
			if lean == 1 {
				ann = voter
			} else {
				bob = voter
			}
		}
		if got := leans(first[1]); got[ann] != 1 || got[bob] != 0 || len(got) != 3 {
			t.Errorf("in round 2 the cells are %v; want ann (%d) for the first model and bob (%d) for neither", first[1], ann, bob)
		}
		equal(t, "cells of a tasting with the same votes", cellsOf(t, s, b), first)
		for _, cs := range cellsOf(t, s, elsewhere) {
			if got := leans(cs); len(got) == 0 || got[ann] != 0 || got[bob] != 0 {
				t.Errorf("another workspace's cells are %v: numbers of this one's voters", cs)
			}
		}
		all, err := s.Cells(t.Context(), team)
		must(t, err)
		if len(all) != 2 || len(all[open]) > 0 || len(all[elsewhere]) > 0 {
			t.Errorf("cells of %d tastings; want those of the two that are sealed here: %v", len(all), all)
		}
		s = h.reopen(t, s)
	}

	must(t, s.Delete(t.Context(), a))
	if cs := cellsOf(t, s, a); len(cs) > 0 {
		t.Errorf("a deleted tasting has cells %v", cs)
	}
	copied := h.path + ".copy"
	must(t, s.Snapshot(t.Context(), copied))
	restored := h.open(t, copied)
	defer restored.Close()
	equal(t, "cells in a copy", cellsOf(t, restored, b), cellsOf(t, s, b))
	must(t, s.DeleteWorkspace(t.Context(), team))
	if all, err := s.Cells(t.Context(), team); err != nil || len(all) > 0 {
		t.Errorf("a deleted workspace has cells %v, %v", all, err)
	}
	if len(cellsOf(t, s, elsewhere)) != 2 {
		t.Error("another workspace's cells are gone")
	}
}

// Whoever is forgotten has a new number in each tasting, and counts stay.
func testCellsForgotten(t *testing.T, h *harness) {
	s := h.store(t)
	ids := []bot.TastingID{sealed(t, s, place, two), sealed(t, s, place, two), sealed(t, s, place, two)}
	before := cellsOf(t, s, ids[0])
	_, err := s.Forget(t.Context(), person("ann"))
	must(t, err)
	later := sealed(t, s, place, two) // ann tastes again

	seen := make(map[uint64]string)
	old := leans(before[0])
	for _, id := range ids {
		after := cellsOf(t, s, id)
		var fresh uint64
		for n, cs := range after {
			if got, want := fmt.Sprint(len(cs)), fmt.Sprint(len(before[n])); got != want {
				t.Errorf("round %v has %s cells; want still %s", id.Round(n+1), got, want)
			}
			for voter, lean := range leans(cs) {
				if _, known := old[voter]; lean != 1 {
					continue
				} else if known {
					t.Errorf("in round %v ann still has her number", id.Round(n+1))
				}
				if fresh != 0 && voter != fresh {
					t.Errorf("in tasting %v one person has two numbers", id)
				}
				fresh = voter
			}
		}
		if was := seen[fresh]; was != "" {
			t.Errorf("in tastings %s and %v ann has the same new number", was, id)
		}
		seen[fresh] = id.String()
	}
	for voter, lean := range leans(cellsOf(t, s, later)[0]) {
		if lean == 1 && seen[voter] != "" {
			t.Errorf("after she was forgotten ann has a number of before")
		}
	}
}
