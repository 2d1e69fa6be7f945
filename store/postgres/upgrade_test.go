//go:build unix

package postgres

import (
	"context"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"time"
)

// While replicas are replaced one by one the version before works on the tables of
// the next: a migration only adds tables, indexes, functions, and columns that have a value
// when nobody gives one. One that does more raises format.oldest, and is a case of its own.
func TestMigrationsOnlyAdd(t *testing.T) {
	adds := regexp.MustCompile(`(?s)^(CREATE TABLE \w+ \(.*\)|CREATE FUNCTION \w+\([^;]*\)\s+LANGUAGE plpgsql AS BODY|CREATE INDEX ON .*|INSERT INTO format .*|(ALTER TABLE \w+ )?ADD COLUMN \w+ \w+( NOT NULL DEFAULT .*)?)$`)
	check := func(sql string) (faults []string) {
		for line := range strings.Lines(sql) {
			if strings.HasPrefix(line, "--") {
				sql = strings.Replace(sql, line, "", 1)
			}
		}
		sql = regexp.MustCompile(`--[^\n]*`).ReplaceAllString(sql, "")
		sql = regexp.MustCompile(`(?s)\$\$.*?\$\$`).ReplaceAllString(sql, "BODY") // runs when it is called
		sql = strings.ReplaceAll(sql, ", ADD COLUMN", "; ADD COLUMN")
		for _, statement := range strings.Split(sql, ";") {
			if statement = strings.TrimSpace(statement); statement != "" && !adds.MatchString(statement) {
				faults = append(faults, statement)
			}
		}
		return faults
	}
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil || len(files) < 5 {
		t.Fatalf("migrations: %v, %v", files, err)
	}
	for _, name := range files {
		text, err := migrations.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range check(string(text)) {
			t.Errorf("%s does more than add, and the version before may miss it:\n%s", name, fault)
		}
	}
	for _, sql := range []string{
		"DROP TABLE votes;", "ALTER TABLE votes DROP COLUMN tie;", "ALTER TABLE votes RENAME tie TO equal;", "ALTER TABLE votes ALTER tie TYPE text;",
		"ALTER TABLE votes ADD COLUMN way bigint NOT NULL;", "ALTER TABLE votes ADD COLUMN way bigint, DROP COLUMN tie;", "DELETE FROM votes;", "CREATE UNIQUE INDEX ON votes (voter);",
		"DROP FUNCTION hear;", "CREATE OR REPLACE FUNCTION hear(n bigint) LANGUAGE plpgsql AS $$ BEGIN END; $$;", "CREATE FUNCTION a(n bigint) LANGUAGE plpgsql AS $$ BEGIN END; $$ ; DROP TABLE votes;",
	} {
		if len(check(sql)) == 0 {
			t.Errorf("this would pass: %s", sql)
		}
	}
}

// A replica of the version before takes over from one that has said where it is
// reached, and says nothing of that: nobody is sent to the one of before.
func TestLeaderOfTheVersionBefore(t *testing.T) {
	first, second := opened(t), opened(t)
	if _, err := first.Lead(t.Context(), "http://10.0.0.7:8080", func(Leader) {}); err != nil {
		t.Fatal(err)
	}
	if l, err := second.leader(t.Context()); err != nil || l != (Leader{first.replica, "http://10.0.0.7:8080"}) {
		t.Errorf("who leads is told as %v, %v", l, err)
	}
	// As that version wrote it.
	_, err := first.pool.Exec(context.Background(), `UPDATE leader SET until = clock_timestamp() - '1 s'::interval`)
	if err == nil {
		_, err = first.pool.Exec(context.Background(), `INSERT INTO leader AS l (replica, until) VALUES ($1, clock_timestamp() + $2::interval)
ON CONFLICT (one) DO UPDATE SET replica = excluded.replica, until = clock_timestamp() + $2::interval
WHERE l.replica = excluded.replica OR l.until < clock_timestamp()`, int64(4), time.Minute)
	}
	if err != nil {
		t.Fatal(err)
	}
	if l, err := second.leader(t.Context()); err != nil || l != (Leader{Replica: 4}) {
		t.Errorf("after a replica of the version before took over who leads is told as %v, %v; want 4, reached nowhere", l, err)
	}
}
