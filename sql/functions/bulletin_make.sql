-- What stands in a bulletin: made once from the facts of the indicators (report.sql), then kept as it is.
-- Internal but for bulletin_make, which the server calls when a period is over or somebody asked.

-- What a bulletin shows beside the indicators of report_figures(), in the order in which it is shown.
create or replace function bulletin_terms() returns table (place integer, key text, term text, definition text)
language sql immutable as $$
    values
    (1, 'offered', '呼入量', '本期进入热线的来电数'),
    (2, 'answered', '接通量', '本期进入且由坐席接听的来电数'),
    (3, 'connected', '接通率', '接通量 ÷ 呼入量'),
    (4, 'within15', '15 秒接通率', '振铃 15 秒内接听的来电 ÷ 呼入量'),
    (5, 'abandoned', '放弃量', '本期进入、未接听即挂断的来电数'),
    (6, 'prev', '环比', '与上一期（前一日、前一周、前一月）相比；上一期没有受理工单时不作比较'),
    (7, 'year', '同比', '与上年同期（同一日、同一 ISO 周、同一月）相比；上年同期没有受理工单时不作比较'),
    (8, 'matters', '热点事项', '本期受理的工单按事项计数，前十位；占比为该事项 ÷ 受理量'),
    (9, 'rising', '上升较快', '本期不少于 3 件、且不少于上一期 1.5 倍的事项，按增加件数取前五位'),
    (10, 'tier', '档次', '按三率综合分档：95 分以上为优，90 分以上为良，80 分以上为中，其余为差；三率有缺项的不分档'),
    (11, 'legs', '派出件数', '本期派到该单位的承办次数，一张工单两次派到同一单位计两次'),
    (12, 'overdue', '超期在办', '截至期末，仍在办且当前环节已过期限的工单，不论哪一期受理'),
    (13, 'days', '超期天数', '从当前环节期限到期末的自然日，不足一日按一日计'),
    (14, 'orders', '督办', '本期发出、本期回复的督办件；截至期末未销号、逾期未回复的督办件'),
    (15, 'alerts', '预警', '本期发出的预警；本期关闭的预警中判定属实、误报的条数'),
    (16, 'cases', '一件事', '本期申请、本期办结的办件；截至期末在办的办件'),
    (17, 'handoffs', '110 联动', '本期转出、转入的事项；本期转出中对方未按时应答的；本期退回的')
$$;

create or replace function bulletin_tier(score numeric) returns text language sql immutable as $$
    select case when score >= 95 then '优' when score >= 90 then '良' when score >= 80 then '中' when score is not null then '差' end
$$;

-- {"all": {"": cells}, "region": {key: cells}, …} of one period as report_get() counts it.
create or replace function bulletin_counts(from_ms bigint, to_ms bigint, now_ms bigint, scope text) returns jsonb
language sql stable as $$
    with facts as materialized (
        select f.figure, f.hit, t.region, coalesce(f.dept, 0)::text as dept, coalesce(t.matter, '0') as matter,
            t.kind::text as kind, t.channel::text as channel
        from report_facts(from_ms, to_ms, now_ms) f join ticket t using (ticket) where region_covers(scope, t.region)),
    counted as (
        select case when grouping(region) = 0 then 'region' when grouping(dept) = 0 then 'dept'
                when grouping(matter) = 0 then 'matter' when grouping(kind) = 0 then 'kind'
                when grouping(channel) = 0 then 'channel' else 'all' end as by_what,
            coalesce(region, dept, matter, kind, channel, '') as key, figure, count(*) as of, count(*) filter (where hit) as hit
        from facts group by grouping sets ((figure), (region, figure), (dept, figure), (matter, figure), (kind, figure), (channel, figure))),
    cells as (
        select by_what, key, report_cells(jsonb_object_agg(figure, jsonb_build_array(of, hit))) as cells
        from counted group by by_what, key)
    select coalesce(jsonb_object_agg(by_what, keys), '{}')
    from (select by_what, jsonb_object_agg(key, cells) as keys from cells group by by_what) x
$$;

create or replace function bulletin_accepted(counts jsonb, by_what text, key text) returns integer language sql immutable as $$
    select coalesce((counts->by_what->key->'accepted'->>0)::int, 0)
$$;

-- {"now", "prev", "year"}: null where there is nothing to compare with.
create or replace function bulletin_three(now_counts jsonb, prev_counts jsonb, year_counts jsonb, by_what text, key text) returns jsonb
language sql immutable as $$
    select jsonb_build_object('now', bulletin_accepted(now_counts, by_what, key),
        'prev', case when prev_counts is not null then bulletin_accepted(prev_counts, by_what, key) end,
        'year', case when year_counts is not null then bulletin_accepted(year_counts, by_what, key) end)
$$;

-- Volume by channel or kind, most first. terms: {number: term}.
create or replace function bulletin_parts(now_counts jsonb, prev_counts jsonb, year_counts jsonb, by_what text, terms jsonb) returns jsonb
language sql stable as $$
    select coalesce(jsonb_agg(jsonb_build_object('key', key, 'name', coalesce(terms->>key, key))
        || bulletin_three(now_counts, prev_counts, year_counts, by_what, key)
        order by bulletin_accepted(now_counts, by_what, key) desc, lpad(key, 4, '0')), '[]')
    from (select key from jsonb_object_keys(coalesce(now_counts->by_what, '{}')) key
        union select key from jsonb_object_keys(coalesce(prev_counts->by_what, '{}')) key) k
    where bulletin_accepted(now_counts, by_what, key) + bulletin_accepted(prev_counts, by_what, key) > 0
$$;

create or replace function bulletin_matters(now_counts jsonb, prev_counts jsonb, year_counts jsonb) returns jsonb language sql stable as $$
    select coalesce(jsonb_agg(row order by n), '[]') from (
        select row_number() over (order by bulletin_accepted(now_counts, 'matter', key) desc, key) as n,
            jsonb_build_object('key', key, 'name', coalesce((select name from matter where matter = key), '未定事项'),
                'share', round(100.0 * bulletin_accepted(now_counts, 'matter', key) / bulletin_accepted(now_counts, 'all', ''), 2))
            || bulletin_three(now_counts, prev_counts, year_counts, 'matter', key) as row
        from jsonb_object_keys(coalesce(now_counts->'matter', '{}')) key
        where bulletin_accepted(now_counts, 'matter', key) > 0) x
    where n <= 10
$$;

create or replace function bulletin_rising(now_counts jsonb, prev_counts jsonb) returns jsonb language sql stable as $$
    select coalesce(jsonb_agg(jsonb_build_object('key', key, 'name', name, 'now', now, 'prev', prev) order by now - prev desc, key), '[]')
    from (select key, (select name from matter where matter = key) as name, bulletin_accepted(now_counts, 'matter', key) as now,
            bulletin_accepted(prev_counts, 'matter', key) as prev
        from jsonb_object_keys(coalesce(now_counts->'matter', '{}')) key
        where key <> '0' and prev_counts is not null
            and bulletin_accepted(now_counts, 'matter', key) >= 3
            and 2 * bulletin_accepted(now_counts, 'matter', key) >= 3 * bulletin_accepted(prev_counts, 'matter', key)
        order by bulletin_accepted(now_counts, 'matter', key) - bulletin_accepted(prev_counts, 'matter', key) desc, key limit 5) x
$$;

-- Tickets open and past their deadline at an instant, as their events tell it: what the row says today may be later.
create or replace function bulletin_overdue_at(until_ms bigint, scope text)
returns table (ticket bigint, state smallint, dept integer, due bigint) language sql stable as $$
    select t.ticket, e.to_state, e.dept, e.due
    from ticket t, lateral (select * from ticket_history x where x.ticket = t.ticket and x.at < until_ms order by x.seq desc limit 1) e
    where (t.state < 80 or t.closed >= until_ms) and t.accepted < until_ms and region_covers(scope, t.region)
        and e.to_state < 80 and e.due < until_ms
$$;

-- The lines of the list, longest overdue first within a unit. Titles of confidential requests are left out: it is printed.
create or replace function bulletin_lines(until_ms bigint, scope text) returns table (place bigint, ticket bigint, dept integer, region text, line jsonb)
language sql stable as $$
    select row_number() over (order by coalesce(o.dept, 0), o.due, t.ticket), t.ticket, coalesce(o.dept, 0), t.region, jsonb_build_object(
        'id', t.ticket, 'number', t.number, 'title', case when t.secrecy = 0 then t.title else '（保密件）' end,
        'kind', t.kind, 'matter', coalesce((select name from matter where matter = t.matter), '未定事项'),
        'region', (select name from region where region = t.region),
        'dept', coalesce(o.dept, 0), 'unit', coalesce((select name from department where dept = o.dept), '热线（未派单位）'),
        'state', s.term, 'accepted', t.accepted, 'due', o.due, 'days', ceil((until_ms - o.due) / 86400000.0)::int)
    from bulletin_overdue_at(until_ms, scope) o join ticket t using (ticket) join flow_state s on s.state = o.state
$$;

-- How many of the lines each region or unit has: {key: count}.
create or replace function bulletin_late(lines jsonb, by_what text) returns jsonb language sql immutable as $$
    select coalesce(jsonb_object_agg(key, n), '{}') from (select l->>by_what as key, count(*) as n from jsonb_array_elements(lines) l group by 1) x
$$;

-- 县市区: every place of the scope. Tiers, not places in a race; the order is by 三率综合, equal ones by code.
create or replace function bulletin_regions(counts jsonb, overdue jsonb, scope text) returns jsonb language sql stable as $$
    select coalesce(jsonb_agg(jsonb_build_object('key', region, 'name', name, 'cells', cells, 'tier', bulletin_tier(score),
        'overdue', coalesce((overdue->>region)::int, 0)) order by score desc nulls last, region), '[]')
    from (select r.region, r.name, coalesce(counts->'region'->r.region, '{}') as cells,
            (counts->'region'->r.region->'three'->>1)::numeric as score
        from region r where region_covers(scope, r.region)
            and (r.parent = '232700' or counts->'region' ? r.region or overdue ? r.region)) x
$$;

create or replace function bulletin_units(counts jsonb, overdue jsonb) returns jsonb language sql stable as $$
    select coalesce(jsonb_agg(jsonb_build_object('key', key, 'name', name, 'cells', cells, 'tier', bulletin_tier((cells->'three'->>1)::numeric),
        'overdue', coalesce((overdue->>key)::int, 0)) order by key = '0', coalesce((cells->'sent_back'->>0)::int, 0) desc, key::int), '[]')
    from (select key, coalesce((select name from department where dept = key::int), '热线（未派单位）') as name,
            coalesce(counts->'dept'->key, '{}') as cells
        from (select jsonb_object_keys(coalesce(counts->'dept', '{}')) as key union select jsonb_object_keys(overdue)) k) x
$$;

-- 督办, 预警, 一件事, 110: one line each. [{key, term, text, parts: [[name, number], …]}]
create or replace function bulletin_notes(from_ms bigint, until_ms bigint, scope text) returns jsonb language sql stable as $$
    with notes (place, key, term, parts) as (
        select 1, 'orders', '督办', jsonb_build_array(
            jsonb_build_array('发出', count(*) filter (where at >= from_ms)),
            jsonb_build_array('回复', count(*) filter (where replied >= from_ms and replied < until_ms)),
            jsonb_build_array('期末未销号', count(*) filter (where closed is null or closed >= until_ms)),
            jsonb_build_array('其中逾期未回复', count(*) filter (where (closed is null or closed >= until_ms)
                and (replied is null or replied >= until_ms) and due < until_ms)))
        from supervision where at < until_ms and region_covers(scope, region)
        union all
        select 2, 'alerts', '预警', jsonb_build_array(
            jsonb_build_array('发出', count(*) filter (where at >= from_ms)),
            jsonb_build_array('属实', count(*) filter (where closed >= from_ms and closed < until_ms and real)),
            jsonb_build_array('误报', count(*) filter (where closed >= from_ms and closed < until_ms and not real)),
            jsonb_build_array('期末未关闭', count(*) filter (where closed is null or closed >= until_ms)))
        from alert where at < until_ms and region_covers(scope, region)
        union all
        select 3, 'cases', '一件事', jsonb_build_array(
            jsonb_build_array('申请', count(*) filter (where applied >= from_ms)),
            jsonb_build_array('办结', count(*) filter (where closed >= from_ms and closed < until_ms)),
            jsonb_build_array('期末在办', count(*) filter (where closed is null or closed >= until_ms)))
        from case_file where applied < until_ms and region_covers(scope, region)
        union all
        select 4, 'handoffs', '110 联动', jsonb_build_array(
            jsonb_build_array('转出', count(*) filter (where h.dir = 1)),
            jsonb_build_array('转入', count(*) filter (where h.dir = 2)),
            jsonb_build_array('对方未按时应答', count(*) filter (where h.dir = 1 and h.late)),
            jsonb_build_array('退回', count(*) filter (where h.returns > 0)))
        from handoff h join ticket t using (ticket) where h.at >= from_ms and h.at < until_ms and region_covers(scope, t.region))
    select jsonb_agg(jsonb_build_object('key', key, 'term', term, 'parts', parts,
        'text', term || '：' || (select string_agg((x->>0) || ' ' || (x->>1), '，' order by n)
            from jsonb_array_elements(parts) with ordinality y (x, n)) || '。') order by place)
    from notes
$$;

-- What the calls were; null for a county, whose calls nobody can tell apart.
create or replace function bulletin_calls(scope text, from_ms bigint, to_ms bigint) returns jsonb language sql stable as $$
    select case when scope = '232700' then report_calls(from_ms, to_ms) end
$$;

-- Everything but the summary. terms: {"kind": {number: term}, "channel": {…}}, from routing/terms.def; lines: of
-- bulletin_lines() at the end of the period.
create or replace function bulletin_document(kind text, begun date, scope text, now_ms bigint, terms jsonb, lines jsonb) returns jsonb
language plpgsql stable as $$
declare
    from_ms bigint := date_ms(begun::text);
    to_ms bigint := date_ms((bulletin_last(kind, begun) + 1)::text);
    until_ms bigint := least(to_ms, now_ms);
    prev_day date := bulletin_before(kind, begun);
    year_day date := bulletin_year_ago(kind, begun);
    prev_from bigint := date_ms(prev_day::text);
    year_from bigint := date_ms(year_day::text);
    year_to bigint := date_ms((bulletin_last(kind, year_day) + 1)::text);
    n jsonb := bulletin_counts(from_ms, to_ms, now_ms, scope);
    p jsonb := bulletin_counts(prev_from, from_ms, now_ms, scope);
    y jsonb := case when year_day is not null then bulletin_counts(year_from, year_to, now_ms, scope) end;
begin
    if bulletin_accepted(p, 'all', '') = 0 then p := null; end if;
    if bulletin_accepted(y, 'all', '') = 0 then y := null; end if;
    return jsonb_build_object('format', 1, 'kind', kind, 'begun', begun, 'last', bulletin_last(kind, begun),
        'label', bulletin_label(kind, begun), 'region', scope, 'place', (select name from region where region = scope),
        'title', (select name from region where region = scope) || '12345政务服务便民热线运行' || bulletin_kind_term(kind),
        'made', now_ms, 'until', until_ms, 'whole', to_ms <= now_ms,
        'compare', jsonb_build_object(
            'prev', jsonb_build_object('begun', prev_day, 'label', bulletin_label(kind, prev_day), 'known', p is not null),
            'year', jsonb_build_object('begun', year_day, 'label', bulletin_label(kind, year_day), 'known', y is not null)),
        'figures', (select jsonb_agg(jsonb_build_object('figure', figure, 'term', term, 'unit', unit, 'definition', definition,
                'now', n->'all'->''->figure, 'prev', p->'all'->''->figure, 'year', y->'all'->''->figure) order by place)
            from report_figures()),
        'terms', (select jsonb_agg(jsonb_build_object('key', key, 'term', term, 'definition', definition) order by place)
            from bulletin_terms()),
        'weights', jsonb_build_array(limit_amount('weight_response'), limit_amount('weight_solved'), limit_amount('weight_satisfied')),
        'calls', jsonb_build_object('now', bulletin_calls(scope, from_ms, to_ms),
            'prev', case when p is not null then bulletin_calls(scope, prev_from, from_ms) end,
            'year', case when y is not null then bulletin_calls(scope, year_from, year_to) end),
        'volume', jsonb_build_object('accepted', bulletin_three(n, p, y, 'all', ''),
            'kind', bulletin_parts(n, p, y, 'kind', terms->'kind'), 'channel', bulletin_parts(n, p, y, 'channel', terms->'channel')),
        'matters', bulletin_matters(n, p, y), 'rising', bulletin_rising(n, p),
        'regions', bulletin_regions(n, bulletin_late(lines, 'region'), scope),
        'units', bulletin_units(n, bulletin_late(lines, 'dept')),
        'overdue', (select jsonb_build_object('count', count(*), 'units', count(distinct l->>'dept'), 'days', max((l#>>'{line,days}')::int))
            from jsonb_array_elements(lines) l),
        'notes', bulletin_notes(from_ms, until_ms, scope));
end $$;

-- Made or, when the period has its final bulletin and nobody asked again, left. p: kind, begun, region, terms, at.
-- Writes: bulletin, bulletin_overdue, bulletin_wish. Reply: {"bulletin": id or null}.
create or replace function bulletin_make(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    w bulletin_wish;
    b bulletin;
    d jsonb;
    lines jsonb;
    now_ms bigint := (p->>'at')::bigint;
begin
    -- Two makers: the second waits here, and finds that nobody wishes it any more.
    select * into w from bulletin_wish where kind = p->>'kind' and begun = (p->>'begun')::date and region = p->>'region' for update;
    if not found then return next reply_outcome('{"bulletin": null}'); return; end if;
    lines := (select coalesce(jsonb_agg(l), '[]') from bulletin_lines(least(now_ms, date_ms((bulletin_last(w.kind, w.begun) + 1)::text)), w.region) l);
    d := bulletin_document(w.kind, w.begun, w.region, now_ms, p->'terms', lines);
    d := d || jsonb_build_object('summary', bulletin_summary(d));
    insert into bulletin (kind, begun, region, version, made, account, reason, whole, document)
        values (w.kind, w.begun, w.region, 1 + coalesce((select max(version) from bulletin x
            where x.kind = w.kind and x.begun = w.begun and x.region = w.region), 0),
            now_ms, w.account, w.reason, (d->>'whole')::boolean, d) returning * into b;
    insert into bulletin_overdue (bulletin, place, ticket, line)
        select b.bulletin, place, ticket, line from jsonb_to_recordset(lines) l (place integer, ticket bigint, line jsonb);
    delete from bulletin_wish where kind = w.kind and begun = w.begun and region = w.region;
    return next reply_outcome(json_build_object('bulletin', b.bulletin, 'label', d->>'label', 'version', b.version)::text);
end $$;
