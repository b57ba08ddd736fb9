-- hotlined import: rows of a file become tickets, each once, however often the file is read.
-- Rows come in the file's order down one connection, so one number says how far a file has come.

-- p: source (SHA-256 of the file), at. Writes: import_progress. Reply: {"rows": n}, rows already done.
create or replace function import_seen(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into import_progress (source, rows, at) values (p->>'source', 0, (p->>'at')::bigint)
        on conflict do nothing;
    return next reply_outcome((select json_build_object('rows', rows)::text
        from import_progress where source = p->>'source'));
end $$;

-- p: as ticket_submit, and source, row (its number in the file), after (the row sent before it, 0 = none:
-- refused as stale while that one is not in, so that no row is passed over).
-- Writes: import_progress, and what ticket_submit writes. Reply: the card, or {"already": true}.
create or replace function import_submit(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare done bigint;
begin
    select rows into done from import_progress where source = p->>'source' for update;
    if done >= (p->>'row')::bigint then
        return next reply_outcome('{"already": true}');
        return;
    end if;
    if done < (p->>'after')::bigint then
        return next refusal_outcome('stale');
        return;
    end if;
    update import_progress set rows = (p->>'row')::bigint, at = (p->>'at')::bigint
        where source = p->>'source';
    return query select * from ticket_submit(actor, req, p - array['source', 'row', 'after']);
end $$;
