package main

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/store/postgres"
	"github.com/tastetest/tastetest/store/postgres/pgtest"
)

// The witness in the database says who led, and finds a replica that leads too early,
// one that writes when another leads, and a lease that is taken while somebody has it, of a job or of a part.
func TestWitness(t *testing.T) {
	server := pgtest.Start(t)
	url, _ := server.Database(t, "witness")
	s, err := postgres.Open(t.Context(), slog.New(slog.DiscardHandler), url)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	w := witness{url + "&application_name=witness"}
	if err := w.swear(t.Context()); err != nil {
		t.Fatal(err)
	}
	as := func(name, statement string) {
		t.Helper()
		if err := (witness{url + "&application_name=" + name}).ask(t.Context(), func(c *pgx.Conn) error {
			_, err := c.Exec(t.Context(), statement)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	heard := func() (reigns []reign, said string) {
		t.Helper()
		found := &findings{}
		reigns, err := w.testify(context.WithoutCancel(t.Context()), found)
		if err != nil {
			t.Fatal(err)
		}
		return reigns, strings.Join(found.list(), "\n")
	}
	settings := `INSERT INTO settings VALUES ('\x01', clock_timestamp()::text::bytea, '{}')`
	take := func(term string) string {
		return `UPDATE jobs SET term = ` + term + `, until = (extract(epoch FROM clock_timestamp()) + 60) * 1000000000`
	}
	as("replica1.1", `INSERT INTO leader (replica, until) VALUES (1, clock_timestamp() - interval '1 second')`)
	as("replica1.1", settings)
	as("replica1.1", `INSERT INTO jobs (workspace, kind, name, due, record) VALUES ('\x01', 'digest', 'x', 0, '{}')`)
	as("replica1.1", take("5"))
	as("replica1.1", `UPDATE jobs SET term = 0`)
	as("replica1.1", take("6"))
	share := func(replica, seconds string) string {
		return `INSERT INTO shares (name, part, replica, until) VALUES ('discord', 3, ` + replica + `, clock_timestamp() + ` + seconds + ` * interval '1 second')`
	}
	free := `DELETE FROM shares`
	as("replica1.1", share("1", "-1"))
	as("replica2.1", free)
	as("replica2.1", share("2", "60"))
	as("replica2.1", free)
	as("replica1.1", share("1", "60"))
	as("replica2.1", `UPDATE leader SET replica = 2, until = clock_timestamp() + interval '9 seconds'`)
	reigns, said := heard()
	if len(reigns) != 2 || reigns[1].Name != "replica2.1" || time.Since(reigns[1].At) > time.Minute || w.leader(t.Context()) != "replica2.1" || said != "" {
		t.Errorf("after two that led one after the other the witness says %v, %q", reigns, said)
	}
	as("replica1.1", settings)
	as("replica2.1", take("7"))
	as("replica2.1", free)
	as("replica3.1", `UPDATE leader SET replica = 3, until = clock_timestamp() + interval '9 seconds'`)
	_, said = heard()
	for _, want := range []string{"INSERT settings by replica1.1", "the lease of digest x was taken by replica2.1", "the lease of part 3 of discord was taken by replica2.1", "replica3.1 led 00:00:0"} {
		if !strings.Contains(said, want) {
			t.Errorf("the witness does not say %q:\n%s", want, said)
		}
	}
	if n := strings.Count(said, "\n") + 1; n != 4 {
		t.Errorf("it says %d things:\n%s", n, said)
	}
}
