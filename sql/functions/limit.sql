-- Limits and the calendar: read, changed with a reason, and the clocks that hang on them.

-- Beijing midnight of a date.
create or replace function date_ms(day text) returns bigint language sql stable as $$
    select (extract(epoch from day::date) * 1000)::bigint - 28800000
$$;

create or replace function limit_list(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome(json_build_object(
        'limits', (select json_agg(json_build_object('key', key, 'amount', amount, 'unit', unit, 'note', note) order by key)
            from time_limit),
        'matters', (select coalesce(json_agg(json_build_object('matter', o.matter, 'name', m.name, 'key', o.key,
            'amount', o.amount, 'unit', o.unit) order by o.key, o.matter), '[]')
            from time_limit_matter o join matter m using (matter)),
        'changes', (select coalesce(json_agg(x.row order by x.change desc), '[]') from (
            select c.change, json_build_object('at', c.at, 'who', a.name, 'key', c.key, 'matter', c.matter,
                'was', c.was, 'now', c.now, 'reason', c.reason) as row
            from limit_change c join account a using (account) order by c.change desc limit 200) x))::text)
$$;

create or replace function limit_kind(unit text) returns text language sql immutable as $$
    select case when unit in ('times', 'percent') then unit else 'time' end
$$;

-- Why a limit may not be so, kind null when it may. Some are reckoned here and not by routing/due.h, and so
-- know their own units only: in another one limit_ms() would be null and the rule behind it would be off.
create or replace function limit_fault(old time_limit, p jsonb) returns outcome language plpgsql immutable as $$
declare
    unit text := p->>'unit';
    amount integer := (p->>'amount')::int;
begin
    if limit_kind(old.unit) <> limit_kind(unit) then
        return field_refusal('unit', case limit_kind(old.unit) when 'times' then '这一项是次数，单位不能改'
            when 'percent' then '这一项是百分比，单位不能改' else '这一项是时间，请选择时间单位' end);
    end if;
    if old.key in ('urge_gap', 'fault_window', 'query_lock', 'police_ack', 'police_accept', 'police_return') and unit not in ('min', 'h', 'nd') then
        return field_refusal('unit', '这一项昼夜连续计算，请选择分钟、小时或自然日');
    end if;
    if old.key = 'reopen_window' and unit <> 'nd' then
        return field_refusal('unit', '这一项按自然日计算，单位不能改');
    end if;
    if old.key in ('extension_cap', 'extension_lead') and unit <> 'wd' then
        return field_refusal('unit', '这一项按工作日计算，单位不能改');
    end if;
    if amount < 1 and old.key not in ('return_max', 'extension_max', 'extension_cap', 'rework_max', 'urge_gap') then
        return field_refusal('amount', '这一项至少为 1');
    end if;
    if amount > 100 and (unit = 'percent' or old.key = 'quality_pass') then
        return field_refusal('amount', '这一项最多为 100');
    end if;
    return null;
end $$;

-- p: key, amount, unit, matter, reason, at. What runs already keeps its deadline.
-- Writes: time_limit or time_limit_matter, limit_change, outbox, answered.
create or replace function limit_set(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    old time_limit;
    was text;
    fault outcome;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    select * into old from time_limit where key = p->>'key' for update;
    if not found then
        return next field_refusal('key', '没有这个时限');
        return;
    end if;
    fault := limit_fault(old, p);
    if fault.kind is not null then return next fault; return; end if;
    if p ? 'matter' then
        if p->>'key' !~ '^(handle|sign)_' then
            return next field_refusal('key', '只有签收和办理时限可以按事项特别规定');
            return;
        end if;
        perform from matter where matter = p->>'matter';
        if not found then return next field_refusal('matter', '目录中没有这个事项，请重新选择'); return; end if;
        select amount || unit into was from time_limit_matter where matter = p->>'matter' and key = p->>'key';
        insert into time_limit_matter values (p->>'matter', p->>'key', (p->>'amount')::int, p->>'unit')
            on conflict (matter, key) do update set amount = excluded.amount, unit = excluded.unit;
    else
        was := old.amount || old.unit;
        update time_limit set amount = (p->>'amount')::int, unit = p->>'unit' where key = p->>'key';
    end if;
    insert into limit_change (at, account, key, matter, was, now, reason)
        values ((p->>'at')::bigint, actor, p->>'key', p->>'matter', was, (p->>'amount') || (p->>'unit'), p->>'reason');
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', '{}');
    return next reply_outcome('{}');
    return next rules_outcome((p->>'at')::bigint);
end $$;

-- p: key, matter, reason, at. Writes: time_limit_matter, limit_change, outbox, answered.
create or replace function limit_clear(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    was text;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    delete from time_limit_matter where matter = p->>'matter' and key = p->>'key' returning amount || unit into was;
    if not found then return next refusal_outcome('not_found'); return; end if;
    insert into limit_change (at, account, key, matter, was, now, reason)
        values ((p->>'at')::bigint, actor, p->>'key', p->>'matter', was, null, p->>'reason');
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', '{}');
    return next reply_outcome('{}');
    return next rules_outcome((p->>'at')::bigint);
end $$;

create or replace function calendar_list(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome(json_build_object('year', (p->>'year')::int, 'days',
        (select coalesce(json_agg(json_build_object('day', day, 'kind', kind, 'name', name) order by day), '[]')
         from calendar_day where extract(year from day) = (p->>'year')::int))::text)
$$;

-- The years that occur in p.days get these days and no others. Writes: calendar_day, limit_change, outbox, answered.
create or replace function calendar_set(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    years text;
    n integer;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    years := (select string_agg(distinct substr(d->>0, 1, 4), '、') from jsonb_array_elements(p->'days') d);
    delete from calendar_day where extract(year from day) in
        (select distinct substr(d->>0, 1, 4)::int from jsonb_array_elements(p->'days') d);
    get diagnostics n = row_count;
    insert into calendar_day select (d->>0)::date, d->>1, d->>2 from jsonb_array_elements(p->'days') d;
    insert into limit_change (at, account, key, was, now, reason)
        values ((p->>'at')::bigint, actor, 'calendar', n || ' 天', jsonb_array_length(p->'days') || ' 天', years || ' 年日历');
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', '{}');
    return next reply_outcome('{}');
    return next rules_outcome((p->>'at')::bigint);
end $$;

-- The clock of one ticket, for moves that reckon from it. p: id.
create or replace function ticket_clock(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare t ticket;
begin
    select * into t from ticket where ticket = (p->>'id')::bigint;
    if not found then return next refusal_outcome('not_found'); return; end if;
    return next reply_outcome(json_build_object('ver', t.ver, 'state', t.state, 'rule', t.rule, 'since', t.since,
        'due', t.due, 'held_rule', t.held_rule, 'held_due', t.held_due, 'held_at', t.held_at, 'asked', t.asked,
        'asked_detail', t.asked_detail, 'extended', t.extended)::text);
end $$;

-- Every open deadline that a calendar may change.
create or replace function clock_open(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome((select json_build_object('rows', coalesce(json_agg(json_build_object(
        'id', ticket, 'number', number, 'dept', dept, 'rule', rule, 'since', since, 'due', due, 'ver', ver,
        'state', state, 'kind', kind, 'urgency', urgency, 'matter', matter,
        'alarms', alarm_at is not null or alarm > 0) order by ticket), '[]'))
        from ticket where state < 80 and rule ~ '[0-9](wd|wh|wms|nd)')::text)
$$;
