-- +goose Up
-- Many votes as one statement, whose plan a session keeps even behind a pooler: to plan
-- it anew took longer than to run it. The tastings come in workspaces and numbers, and
-- takes are the states in which they take votes. A vote names its tasting by the place
-- there; votes come each row once, in an order that is everybody's.
--
-- The first statement keeps the tastings as they are until the transaction ends, so
-- that none is sealed meanwhile. The second sees what was committed while the first
-- waited for that: whom somebody forgot just then is not heard, and nobody is who comes
-- to a replica that slept on its way here, and has led and does so no more. The third
-- says so: whoever still leads after the second did during it.
-- +goose StatementBegin
CREATE FUNCTION hear(workspaces bytea[], numbers bigint[], takes smallint[], places integer[], nth integer[], voters bytea[], hashes bytea[],
    firsts bigint[], seconds bigint[], ties bigint[], bads bigint[], writer bigint, OUT states smallint[], OUT counts integer[], OUT leads boolean)
LANGUAGE plpgsql AS $$
DECLARE
    x record;
    keys bigint[] := array_fill(NULL::bigint, ARRAY[cardinality(numbers)]); -- of those that take votes
BEGIN
    states := array_fill(NULL::smallint, ARRAY[cardinality(numbers)]);
    counts := array_fill(NULL::integer, ARRAY[cardinality(numbers)]);
    FOR x IN
        SELECT m.place, t.id, t.state, t.rounds
        FROM unnest(workspaces, numbers) WITH ORDINALITY AS m (workspace, n, place)
        JOIN tastings t ON t.workspace = m.workspace AND t.n = m.n
        ORDER BY t.id FOR SHARE OF t
    LOOP
        states[x.place] := x.state;
        counts[x.place] := x.rounds;
        IF x.state = ANY (takes) THEN
            keys[x.place] := x.id;
        END IF;
    END LOOP;

    INSERT INTO votes AS v (tasting, round, voter, first, second, tie, bad)
    SELECT keys[m.place], m.round, m.voter, m.first, m.second, m.tie, m.bad
    FROM unnest(places, nth, voters, hashes, firsts, seconds, ties, bads)
        WITH ORDINALITY AS m (place, round, voter, hash, first, second, tie, bad, turn)
    WHERE keys[m.place] IS NOT NULL AND m.round BETWEEN 1 AND counts[m.place]
      AND NOT EXISTS (SELECT FROM forgotten f WHERE f.tasting = keys[m.place] AND f.hash = m.hash)
      AND (writer IS NULL OR EXISTS (SELECT FROM leader WHERE replica = writer))
    ORDER BY m.turn
    ON CONFLICT (tasting, round, voter) DO UPDATE
    SET first = greatest(v.first, excluded.first), second = greatest(v.second, excluded.second),
        tie = greatest(v.tie, excluded.tie), bad = greatest(v.bad, excluded.bad)
    WHERE (greatest(v.first, excluded.first), greatest(v.second, excluded.second), greatest(v.tie, excluded.tie), greatest(v.bad, excluded.bad))
          IS DISTINCT FROM (v.first, v.second, v.tie, v.bad);

    leads := writer IS NULL OR EXISTS (SELECT FROM leader WHERE replica = writer);
END $$;
-- +goose StatementEnd
