package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// given are the records of a statement below, as rows.
const given = `WITH m AS (SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::integer[], $4::bytea[], $5::bytea[], $6::bigint[], $7::bytea[])
    AS m (workspace, n, round, name, value, number, hash))
`

// adding returns the statement that stores records of a kind; votes are copied.
func adding(kind record.Kind) string {
	const in = " FROM m JOIN tastings t ON t.workspace = m.workspace AND t.n = m.n"
	const doc = "convert_from(m.value, 'UTF8')::json"
	switch kind {
	case record.Secrets:
		return `INSERT INTO secrets (name, secret) SELECT name, value FROM m`
	case record.Workspaces:
		return `INSERT INTO workspaces (key, last) SELECT name, number FROM m`
	case record.Tastings:
		return `INSERT INTO tastings (workspace, n, channel, state, rounds, record) SELECT workspace, n, name, number, round, ` + doc + ` FROM m`
	case record.Texts:
		return `INSERT INTO texts (tasting, round, record) SELECT t.id, m.round, ` + doc + in
	case record.Votes:
		return `INSERT INTO votes (tasting, round, voter, first, second, tie, bad)
SELECT t.id, m.round, m.name, k.first, k.second, k.tie, k.bad` + in + `
JOIN unnest($6::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[]) AS k (number, first, second, tie, bad) ON k.number = m.number`
	case record.Seats:
		return `INSERT INTO seats (tasting, voter, seat) SELECT t.id, m.name, m.number` + in
	case record.Cells:
		return `INSERT INTO cells (tasting, round, cells) SELECT t.id, m.round, m.value` + in
	case record.Judgments:
		return `INSERT INTO judgments (tasting, round, judge, record) SELECT t.id, m.round, m.name, ` + doc + in
	case record.Forgottens:
		return `INSERT INTO forgotten (tasting, hash) SELECT t.id, m.name` + in
	case record.Jobs:
		return `INSERT INTO jobs (workspace, kind, name, due, record) SELECT workspace, hash, name, number, ` + doc + ` FROM m`
	case record.Intents:
		return `INSERT INTO intents (hash, workspace, tasting, number, record)
SELECT m.hash, m.workspace, t.id, m.number, ` + doc + ` FROM m LEFT JOIN tastings t ON t.workspace = m.workspace AND t.n = m.n`
	case record.Settings:
		return `INSERT INTO settings (workspace, channel, record) SELECT workspace, name, ` + doc + ` FROM m`
	case record.People:
		return `INSERT INTO people (workspace, voter, record) SELECT workspace, name, ` + doc + ` FROM m`
	case record.Refs:
		return `INSERT INTO refs (hash, key, tasting, round) SELECT m.hash, m.name, t.id, m.round` + in
	}
	return `INSERT INTO reserved (key, sum) SELECT name, number FROM m`
}

// add stores records of a kind.
func add(ctx context.Context, tx pgx.Tx, kind record.Kind, rs []record.Record) error {
	if len(rs) == 0 {
		return nil
	}
	var workspaces, names, values, hashes [][]byte
	var tastings, numbers []int64
	var rounds []int32
	var marks [4][]*int64
	for i, r := range rs {
		n, h, ns, err := inColumns(kind, &r)
		if err != nil {
			return fmt.Errorf("a record of %s: %w", kind, err)
		}
		if kind == record.Votes {
			n = int64(i)
			for i := range marks {
				marks[i] = append(marks[i], ns[i])
			}
		}
		workspaces, tastings, rounds = append(workspaces, r.Workspace), append(tastings, int64(r.Tasting)), append(rounds, int32(r.Round))
		names, values, numbers, hashes = append(names, r.Name), append(values, r.Value), append(numbers, n), append(hashes, h)
	}
	args := []any{workspaces, tastings, rounds, names, values, numbers, hashes}
	if kind == record.Votes {
		args = append(args, marks[0], marks[1], marks[2], marks[3])
	}
	tag, err := tx.Exec(ctx, given+adding(kind), args...)
	if err == nil && tag.RowsAffected() != int64(len(rs)) {
		err = fmt.Errorf("of %d records %d have a tasting", len(rs), tag.RowsAffected())
	}
	if err != nil {
		return fmt.Errorf("add %s: %w", kind, err)
	}
	return nil
}

// inColumns works out what a kind has in columns of its own: a number, a hash
// or a job's kind, a vote's marks. It changes the round and name of records that
// keep something else there.
func inColumns(kind record.Kind, r *record.Record) (n int64, h []byte, marks [4]*int64, err error) {
	switch kind {
	case record.Workspaces, record.Seats, record.Reserved:
		n, err = number(r.Value)
	case record.Tastings:
		var t bot.Tasting
		t, err = decode[bot.Tasting](r.Value)
		n, r.Round, r.Name = int64(t.State), len(t.Rounds), []byte(t.Place.Channel)
	case record.Votes:
		ms, ok := record.DecodeMarks(r.Value)
		if !ok {
			return 0, nil, marks, fmt.Errorf("marks of %d bytes", len(r.Value))
		}
		r.Value = nil
		marks, err = encodeMarks(ms)
	case record.Jobs:
		kind, rest, ok := record.CutString(r.Name)
		name, _, ok2 := record.CutString(rest)
		if !ok || !ok2 {
			return 0, nil, marks, fmt.Errorf("a job %.80q", r.Name)
		}
		var row jobRow
		row, err = decode[jobRow](r.Value)
		n, h, r.Name = nanos(row.Due), []byte(kind), []byte(name)
	case record.Intents:
		var it intent
		it, err = decode[intent](r.Value)
		n, h = int64(it.Order), intentHash(it.At, it.Key)
	case record.Refs:
		h = hash(r.Name)
	}
	return n, h, marks, err
}
