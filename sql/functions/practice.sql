-- 本地惯例: who really handles a matter in a county, and how much each unit has on its desk.

-- Counts anew from the tickets that ended within a year; a ticket that followed its master counts there only.
-- Once after two o'clock of each Beijing night, unless p.force. p: at, force. Writes: practice, unit_usual,
-- practice_count, outbox. Reply: {"rows": n}, null when it was not yet time.
create or replace function practice_refresh(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    now_ms bigint := (p->>'at')::bigint;
    night bigint := day_start((p->>'at')::bigint - 7200000) + 7200000;
    month bigint := (p->>'at')::bigint - 2592000000;
    n integer;
begin
    insert into practice_count values (true, 0) on conflict do nothing;
    -- Whoever comes second waits here and finds it done.
    perform from practice_count where at < night or coalesce((p->>'force')::boolean, false) for update;
    if not found then return next reply_outcome('{"rows": null}'); return; end if;
    update practice_count set at = now_ms;
    delete from practice;
    insert into practice (matter, region, dept, handled)
        select matter, region, dept, count(*) from ticket
        where closed > now_ms - 31536000000 and state in (80, 90) and ended not in ('withdraw', 'expire', 'refuse', 'rule_out')
            and matter is not null and dept is not null and master is null
        group by matter, region, dept;
    get diagnostics n = row_count;
    -- Little's law: time that tickets were with the unit in the month, over the month.
    delete from unit_usual;
    insert into unit_usual (dept, usual)
        select dept, round(sum(least(coalesce(closed, now_ms), now_ms) - greatest(dispatched, month)) / 2592000000.0)
        from ticket where dept is not null and dispatched is not null and coalesce(closed, now_ms) > month
            and dispatched < now_ms and (closed > month or state < 80)
        group by dept;
    return next reply_outcome(json_build_object('rows', n)::text);
    return next rules_outcome(now_ms);
end $$;

-- [[dept, open, usual, staffed], …] of every active unit.
create or replace function unit_loads_of() returns json language sql stable as $$
    select coalesce(json_agg(json_build_array(d.dept, coalesce(o.n, 0), coalesce(u.usual, 0), coalesce(a.n, 0) > 0)
        order by d.dept), '[]')
    from department d
    left join (select dept, count(*) n from ticket where state < 80 and dept is not null group by dept) o using (dept)
    left join unit_usual u using (dept)
    left join (select dept, count(*) n from account where active and role = 2 group by dept) a using (dept)
    where d.active
$$;

create or replace function unit_loads(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome(json_build_object('loads', unit_loads_of(),
        'version', (select max(version) from dispatch_version))::text)
$$;

-- The most frequent unit of each matter and county: [[matter, region, dept, count, of all], …].
create or replace function practice_rows() returns json language sql stable as $$
    select coalesce(json_agg(json_build_array(matter, region, dept, handled, total)), '[]') from (
        select distinct on (matter, region) matter, region, dept, handled,
            sum(handled) over (partition by matter, region) as total
        from practice order by matter, region, handled desc, dept) x
$$;

-- For `hotlined train`, as the database's owner: counted anew with what is learned. Writes: as practice_refresh.
create or replace function operator_practice() returns void language plpgsql set search_path = public, pg_temp as $$
begin
    perform from practice_refresh(0, null, jsonb_build_object('at', (extract(epoch from now()) * 1000)::bigint, 'force', true));
end $$;
