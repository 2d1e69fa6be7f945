package postgres

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/store/record"
)

// reading returns the statement that reads the records of a kind: workspace,
// tasting, round, name and value, and for votes their four marks in place of
// the value. Each is in a fixed order.
func reading(kind record.Kind) string {
	of := func(columns, table string) string {
		return "SELECT t.workspace, t.n, " + columns + " FROM " + table + " x JOIN tastings t ON t.id = x.tasting ORDER BY 1, 2, 3, 4"
	}
	switch kind {
	case record.Secrets:
		return `SELECT NULL::bytea, 0, 0, name, secret FROM secrets ORDER BY name`
	case record.Workspaces:
		return `SELECT NULL::bytea, 0, 0, key, int8send(last) FROM workspaces ORDER BY key`
	case record.Tastings:
		return `SELECT workspace, n, 0, NULL::bytea, convert_to(record::text, 'UTF8') FROM tastings ORDER BY workspace, n`
	case record.Texts:
		return of(`x.round, NULL::bytea, convert_to(x.record::text, 'UTF8')`, "texts")
	case record.Votes:
		return of(`x.round, x.voter, x.first, x.second, x.tie, x.bad`, "votes")
	case record.Seats:
		return of(`0, x.voter, int4send(x.seat)`, "seats")
	case record.Cells:
		return of(`x.round, NULL::bytea, x.cells`, "cells")
	case record.Judgments:
		return of(`x.round, x.judge, convert_to(x.record::text, 'UTF8')`, "judgments")
	case record.Forgottens:
		return of(`0, x.hash, ''::bytea`, "forgotten")
	case record.Jobs:
		return `SELECT workspace, 0, 0, name, convert_to(record::text, 'UTF8'), kind FROM jobs ORDER BY workspace, kind, name`
	case record.Intents:
		return `SELECT NULL::bytea, 0, 0, NULL::bytea, convert_to(record::text, 'UTF8') FROM intents ORDER BY number`
	case record.Settings:
		return `SELECT workspace, 0, 0, channel, convert_to(record::text, 'UTF8') FROM settings ORDER BY workspace, channel`
	case record.People:
		return `SELECT workspace, 0, 0, voter, convert_to(record::text, 'UTF8') FROM people ORDER BY workspace, voter`
	case record.Refs:
		return of(`x.round, x.key, ''::bytea`, "refs")
	}
	return `SELECT NULL::bytea, 0, 0, key, int8send(sum) FROM reserved ORDER BY key`
}

// records calls f on the records of a kind, but for the first so many.
func records(ctx context.Context, q querier, kind record.Kind, skip int, f func(record.Record) error) error {
	rows, err := q.Query(ctx, reading(kind)+" OFFSET $1", int64(skip))
	if err != nil {
		return err
	}
	var r record.Record
	var n int64
	var marks [4]*int64
	var jobKind []byte
	into := []any{&r.Workspace, &n, &r.Round, &r.Name, &r.Value}
	switch kind {
	case record.Votes:
		into = append(into[:4], &marks[0], &marks[1], &marks[2], &marks[3])
	case record.Jobs:
		into = append(into, &jobKind)
	}
	_, err = pgx.ForEachRow(rows, into, func() (err error) {
		r.Tasting = uint64(n)
		one := r
		switch kind {
		case record.Votes:
			one.Value, err = record.EncodeMarks(decodeMarks(marks))
		case record.Jobs:
			one.Name = record.AppendString(record.AppendString(nil, string(jobKind)), string(r.Name))
		case record.Intents:
			one, err = intentRecord(r.Value)
		}
		if err != nil {
			return err
		}
		return f(one)
	})
	if err != nil {
		return fmt.Errorf("read %s: %w", kind, err)
	}
	return nil
}

// intentRecord makes a record of an intent, whose key stands in its value.
func intentRecord(value []byte) (record.Record, error) {
	it, err := decode[intent](value)
	if err != nil {
		return record.Record{}, err
	}
	name := append(record.AppendString(nil, it.Key.What), record.WorkspaceKey(it.At.Workspace)...)
	return record.Record{
		Workspace: record.WorkspaceKey(it.Key.Tasting.Workspace), Tasting: it.Key.Tasting.N, Round: it.Key.Round,
		Name: record.AppendString(name, it.At.Channel), Value: value,
	}, nil
}

// count returns how many records of a kind there are.
func count(ctx context.Context, q interface {
	QueryRow(context.Context, string, ...any) pgx.Row
}, kind record.Kind) (n int, err error) {
	err = q.QueryRow(ctx, "SELECT count(*) FROM "+pgx.Identifier{string(kind)}.Sanitize()).Scan(&n)
	return n, err
}

// number reads 8 or 4 bytes.
func number(value []byte) (int64, error) {
	switch len(value) {
	case 8:
		return int64(binary.BigEndian.Uint64(value)), nil
	case 4:
		return int64(binary.BigEndian.Uint32(value)), nil
	}
	return 0, fmt.Errorf("a number of %d bytes", len(value))
}
