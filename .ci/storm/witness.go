package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// A witness is in the database itself, as triggers: who leads since when, what was
// written by a replica that did not lead, and which leases were taken while somebody
// had them. What is rolled back it does not see.
type witness struct {
	url string
}

const testimony = `
CREATE TABLE storm_leads (id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(), replica bigint, name text, early interval);
CREATE TABLE storm_stale (at timestamptz NOT NULL DEFAULT clock_timestamp(), name text, leads text, what text);
CREATE TABLE storm_double (at timestamptz NOT NULL DEFAULT clock_timestamp(), name text, what text, early interval);

CREATE FUNCTION storm_lead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'INSERT' THEN
		INSERT INTO storm_leads (replica, name) VALUES (NEW.replica, current_setting('application_name'));
	ELSIF NEW.replica <> OLD.replica THEN
		INSERT INTO storm_leads (replica, name, early) VALUES (NEW.replica, current_setting('application_name'), OLD.until - clock_timestamp());
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER storm AFTER INSERT OR UPDATE ON leader FOR EACH ROW EXECUTE FUNCTION storm_lead();

CREATE FUNCTION storm_write() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE leads text;
BEGIN
	SELECT name INTO leads FROM storm_leads ORDER BY id DESC LIMIT 1;
	IF current_setting('application_name') LIKE 'replica%' AND leads IS DISTINCT FROM current_setting('application_name') THEN
		INSERT INTO storm_stale (name, leads, what) VALUES (current_setting('application_name'), leads, TG_OP || ' ' || TG_TABLE_NAME);
	END IF;
	RETURN NULL;
END $$;

CREATE FUNCTION storm_job() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	leads text;
	early interval := ((OLD.until - extract(epoch FROM clock_timestamp()) * 1000000000) / 1000000000.0) * interval '1 second';
BEGIN
	IF NEW.term = 0 THEN -- given back, or nobody's
		RETURN NULL;
	END IF;
	SELECT name INTO leads FROM storm_leads ORDER BY id DESC LIMIT 1;
	IF leads IS DISTINCT FROM current_setting('application_name') THEN
		INSERT INTO storm_stale (name, leads, what) VALUES (current_setting('application_name'), leads, 'UPDATE jobs');
	END IF;
	IF OLD.term <> 0 AND NEW.term <> OLD.term AND early > interval '1.1 seconds' THEN -- clocks are taken for the same up to a second
		INSERT INTO storm_double (name, what, early) VALUES (current_setting('application_name'), encode(OLD.kind, 'escape') || ' ' || encode(OLD.name, 'escape'), early);
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER storm AFTER UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION storm_job();

CREATE TABLE storm_holds (name bytea, part integer, holder text, PRIMARY KEY (name, part));
CREATE FUNCTION storm_share() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE holder text;
BEGIN
	IF TG_OP = 'INSERT' THEN
		INSERT INTO storm_holds VALUES (NEW.name, NEW.part, current_setting('application_name'))
		ON CONFLICT (name, part) DO UPDATE SET holder = excluded.holder;
		RETURN NULL;
	END IF;
	SELECT h.holder INTO holder FROM storm_holds h WHERE h.name = OLD.name AND h.part = OLD.part;
	IF holder IS DISTINCT FROM current_setting('application_name') AND OLD.until > clock_timestamp() THEN
		INSERT INTO storm_double (name, what, early) VALUES (current_setting('application_name'), 'part ' || OLD.part || ' of ' || encode(OLD.name, 'escape'), OLD.until - clock_timestamp());
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER storm AFTER INSERT OR DELETE ON shares FOR EACH ROW EXECUTE FUNCTION storm_share();
`

// swear sets the witness up, in a database that has its tables.
func (w witness) swear(ctx context.Context) error {
	return w.ask(ctx, func(c *pgx.Conn) error {
		statements := testimony
		for _, table := range []string{"tastings", "texts", "votes", "seats", "cells", "intents", "refs", "settings", "sessions", "people", "judgments", "forgotten"} {
			statements += "CREATE TRIGGER storm AFTER INSERT OR UPDATE ON " + table + " FOR EACH ROW EXECUTE FUNCTION storm_write();\n"
		}
		_, err := c.Exec(ctx, statements)
		return err
	})
}

// ask does something with a session of the witness's own.
func (w witness) ask(ctx context.Context, do func(*pgx.Conn) error) error {
	c, err := pgx.Connect(ctx, w.url)
	if err != nil {
		return fmt.Errorf("ask the database: %w", err)
	}
	defer c.Close(context.WithoutCancel(ctx))
	return do(c)
}

// leader is the name of the replica that leads just now; "" if none does.
func (w witness) leader(ctx context.Context) (name string) {
	err := w.ask(ctx, func(c *pgx.Conn) error {
		return c.QueryRow(ctx, `SELECT s.name FROM leader l JOIN storm_leads s USING (replica) WHERE l.until > clock_timestamp() ORDER BY s.id DESC LIMIT 1`).Scan(&name)
	})
	if err != nil {
		return ""
	}
	return name
}

// A reign is since when a replica leads.
type reign struct {
	Name string
	At   time.Time
}

// testify returns who led, one after the other, and adds what was wrong to found.
func (w witness) testify(ctx context.Context, found *findings) (all []reign, err error) {
	err = w.ask(ctx, func(c *pgx.Conn) error {
		rows, err := c.Query(ctx, `SELECT name, at FROM storm_leads ORDER BY id`)
		if err != nil {
			return err
		}
		if all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[reign]); err != nil {
			return err
		}
		for _, ask := range []string{
			`SELECT name || ' led ' || early || ' before the lease of the one before was over' FROM storm_leads WHERE early > interval '0' ORDER BY id`,
			`SELECT what || ' by ' || name || ' at ' || at || ', when ' || leads || ' led' FROM storm_stale ORDER BY at`,
			`SELECT 'the lease of ' || what || ' was taken by ' || name || ' at ' || at || ', ' || early || ' before it was over' FROM storm_double ORDER BY at`,
		} {
			rows, err := c.Query(ctx, ask)
			if err != nil {
				return err
			}
			said, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if err != nil {
				return err
			}
			for _, s := range said {
				found.add(useless, theBot, "%s", s)
			}
		}
		return nil
	})
	return all, err
}
