-- 当日看板: the day in figures. Open tickets are few however long the history is; all else is of today.

-- plpgsql: it plans for the day that is asked for, an SQL function for any day, and so for all of history.
-- dispatch: over the newest thousand of the day. review: what waits for the hotline's decision; red: at the
-- deadline and beyond.
create or replace function board_of(scope text, now_ms bigint) returns json language plpgsql stable as $$
#variable_conflict use_column
declare
    began bigint := day_start(now_ms);
begin return (
    with open as materialized (
        select region, dept, state, count(*) as n, count(*) filter (where due < now_ms) as overdue,
               count(*) filter (where warn <= now_ms and due >= now_ms) as soon,
               min(coalesce(since, dispatched, changed)) filter (where state = 35) as oldest,
               count(*) filter (where state in (38, 50) or asked is not null) as review,
               count(*) filter (where alarm >= 2) as red, count(*) filter (where alarm = 1) as yellow
        from ticket where state < 80 and region_covers(scope, region) group by region, dept, state),
    accepted as (
        select region, count(*) as n from ticket
        where accepted >= began and region_covers(scope, region) group by region),
    waits as (
        select dispatched - accepted as ms from ticket
        where accepted >= began and dispatched is not null and region_covers(scope, region)
        order by ticket desc limit 1000),
    rated as (
        select grade, count(*) as n from evaluation
        where at >= began and region_covers(scope, region) group by grade),
    calls as (select * from call where rang >= began)
    select json_build_object('at', now_ms, 'region', scope,
        'states', (select json_agg(json_build_object('state', s.state, 'count',
                coalesce((select sum(n) from open o where o.state = s.state), 0)) order by s.state)
            from flow_state s where s.open),
        'open', (select coalesce(sum(n), 0) from open),
        'overdue', (select coalesce(sum(overdue), 0) from open),
        'soon', (select coalesce(sum(soon), 0) from open),
        'review', (select coalesce(sum(review), 0) from open),
        'dispute', (select coalesce(sum(n), 0) from open where state = 39),
        'verify', (select coalesce(sum(n), 0) from open where state = 65),
        'red', (select coalesce(sum(red), 0) from open),
        'yellow', (select coalesce(sum(yellow), 0) from open),
        'orders', (select json_build_object('open', count(*), 'late', count(*) filter (where late))
            from supervision where closed is null and region_covers(scope, region)),
        'alerts', (select count(*) from alert where closed is null and region_covers(scope, region)),
        'accepted_today', (select coalesce(sum(n), 0) from accepted),
        'closed_today', (select count(*) from ticket where closed >= began and region_covers(scope, region)),
        'departments', (select coalesce(json_agg(x order by x.overdue desc, x.open desc), '[]') from (
            select o.dept, d.name, sum(n) as open, coalesce(sum(n) filter (where state = 35), 0) as sign,
                   coalesce(sum(n) filter (where state = 40), 0) as handling, sum(overdue) as overdue,
                   sum(soon) as soon, coalesce(sum(n) filter (where state = 35), 0) as queue, min(oldest) as oldest
            from open o join department d using (dept) group by o.dept, d.name) x),
        'regions', (select json_agg(x order by x.region) from (
            select r.region, r.name, coalesce(sum(o.n), 0) as open, coalesce(sum(o.overdue), 0) as overdue,
                   coalesce(sum(o.soon), 0) as soon,
                   coalesce((select a.n from accepted a where a.region = r.region), 0) as today
            from region r left join open o using (region)
            where r.kind not in ('镇', '乡', '街道') and region_covers(scope, r.region) group by r.region, r.name) x),
        'dispatch', (select json_build_object('count', count(*),
            'p50', percentile_disc(0.5) within group (order by ms),
            'p99', percentile_disc(0.99) within group (order by ms), 'max', max(ms)) from waits),
        'ratings', json_build_object(
            'grades', (select json_agg(coalesce(n, 0) order by g) from generate_series(1, 5) g left join rated on grade = g),
            'rate', (select sum(n) filter (where grade >= 3) / nullif(sum(n), 0) from rated)),
        'calls', (select json_build_object('today', count(*), 'answered', count(answered),
            'waiting', (select count(*) from call where state = 'waiting'),
            'longest', (select now_ms - min(rang) from call where state = 'waiting'),
            'within15', count(*) filter (where answered - rang <= 15000)) from calls),
        'agents', (select json_object_agg(name, n) from (values (0, 'offline'), (1, 'busy'), (2, 'ready'),
            (3, 'ringing'), (4, 'talking'), (5, 'wrapup')) as names(state, name),
            lateral (select count(*) as n from agent_seat s where s.state = names.state) c)));
end $$;

create or replace function board_get(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome((select board_of(region, (p->>'at')::bigint) from account where account = actor)::text)
$$;

-- One board for each region that has a supervisor. p: at.
create or replace function board_figures(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome((select json_build_object('boards', coalesce(json_agg(board_of(region, (p->>'at')::bigint)), '[]'))
        from (select distinct region from account where role = 4 and active) r)::text)
$$;
