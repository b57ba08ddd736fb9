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
            from limit_change c join account a using (account) where c.key not in ('warning_word', 'season_plan', 'police_word')
            order by c.change desc limit 200) x))::text)
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
    if (old.key in ('urge_gap', 'fault_window', 'query_lock', 'alert_quiet', 'keyword_window', 'theme_window', 'season_lead',
            'police_ack', 'police_accept', 'police_return')
            or old.key ~ '^(incident|surge)_') and limit_kind(unit) = 'time' and unit not in ('min', 'h', 'nd') then
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

-- Office hours as people write them: "08:30-11:30 13:30-17:00".
create or replace function office_words() returns text language sql stable as $$
    select string_agg(to_char(make_interval(mins => from_minute), 'HH24:MI') || '-'
        || case to_minute when 1440 then '24:00' else to_char(make_interval(mins => to_minute), 'HH24:MI') end,
        ' ' order by from_minute) from office_hours
$$;

create or replace function calendar_list(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome(json_build_object('year', (p->>'year')::int, 'office', office_words(), 'days',
        (select coalesce(json_agg(json_build_object('day', day, 'kind', kind, 'name', name) order by day), '[]')
         from calendar_day where extract(year from day) = (p->>'year')::int))::text)
$$;

-- The years that occur in p.days get these days and no others. Writes: calendar_day, limit_change.
create or replace function calendar_days_set(actor integer, p jsonb) returns void language plpgsql as $$
declare
    years text := (select string_agg(distinct substr(d->>0, 1, 4), '、') from jsonb_array_elements(p->'days') d);
    n integer;
begin
    delete from calendar_day where extract(year from day) in
        (select distinct substr(d->>0, 1, 4)::int from jsonb_array_elements(p->'days') d);
    get diagnostics n = row_count;
    insert into calendar_day select (d->>0)::date, d->>1, d->>2 from jsonb_array_elements(p->'days') d;
    insert into limit_change (at, account, key, was, now, reason)
        values ((p->>'at')::bigint, actor, 'calendar', n || ' 天', jsonb_array_length(p->'days') || ' 天', years || ' 年日历');
end $$;

-- p: spans [[from, to], …] in minutes. Writes: office_hours, limit_change.
create or replace function office_set(actor integer, p jsonb) returns void language plpgsql as $$
declare was text := office_words();
begin
    delete from office_hours;
    insert into office_hours select (s->>0)::int, (s->>1)::int from jsonb_array_elements(p->'spans') s;
    insert into limit_change (at, account, key, was, now, reason)
        values ((p->>'at')::bigint, actor, 'calendar', was, office_words(), '办公时间');
end $$;

-- p: days, spans, at; one of the two may be left out. Writes: as the two above, outbox, answered.
create or replace function calendar_set(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    if p ? 'days' then perform calendar_days_set(actor, p); end if;
    if p ? 'spans' then perform office_set(actor, p); end if;
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

-- Whether a calendar reckons this limit.
create or replace function rule_is_reckoned(rule text) returns boolean language sql immutable as $$
    select rule ~ '[0-9](wd|wh|wms|nd)'
$$;

-- Every open deadline that a calendar may change: of tickets, of 承办单 below them, which never have more time than
-- the unit that answers (cap_*), of 督办 not yet replied to, of “一件事” cases and their tasks.
create or replace function clock_open(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome(json_build_object('rows', coalesce((select json_agg(x.row) from (
        select json_build_object('what', 'ticket', 'id', ticket, 'number', number, 'dept', dept, 'rule', rule,
            'since', since, 'due', due, 'ver', ver, 'state', state, 'kind', kind, 'urgency', urgency, 'matter', matter,
            'alarms', alarm_at is not null or alarm > 0) as row
        from ticket where state < 80 and rule_is_reckoned(rule)
        union all
        select json_build_object('what', 'part', 'part', x.part, 'id', t.ticket, 'number', t.number,
            'rule', x.rule, 'since', x.since, 'due', x.due, 'cap_rule', t.rule, 'cap_since', t.since, 'cap_due', t.due,
            'capped', x.state = 20)
        from part x join ticket t using (ticket) where x.state < 40 and rule_is_reckoned(x.rule)
        union all
        select json_build_object('what', 'order', 'order', id, 'id', ticket, 'number', number, 'rule', rule, 'since', at, 'due', due)
        from supervision where closed is null and replied is null and rule_is_reckoned(rule)
        union all
        select json_build_object('what', 'case', 'level', 'case', 'id', id, 'number', number, 'rule', rule, 'since', since, 'due', due)
        from case_file where state < 80 and rule_is_reckoned(rule)
        union all
        select json_build_object('what', 'task', 'level', 'task', 'id', id, 'number', c.number, 'no', k.no, 'dept', k.dept,
            'rule', k.rule, 'since', k.since, 'due', k.due)
        from case_task k join case_file c using (id) where k.state between 30 and 50 and c.state = 40 and rule_is_reckoned(k.rule)) x),
        '[]'))::text)
$$;

-- 承办单 and 督办 under a changed calendar. p: parts, orders [{id, due, warn, was}]; what has moved meanwhile keeps what
-- it has. Reply: {"parts", "orders": those changed}. Writes: part, supervision, outbox.
create or replace function beside_reckon(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    x part;
    o supervision;
    parts bigint[] := '{}';
    orders bigint[] := '{}';
    sent outcome[] := '{}';
begin
    for x in update part set due = r.due, warn = r.warn
            from jsonb_to_recordset(p->'parts') as r(id bigint, due bigint, warn bigint, was bigint)
            where part.part = r.id and part.due = r.was and part.state < 40 returning part.* loop
        parts := parts || x.part;
        sent := sent || part_outcome(x);
    end loop;
    for o in update supervision s set due = r.due, warn = r.warn
            from jsonb_to_recordset(p->'orders') as r(id bigint, due bigint, warn bigint, was bigint)
            where s.id = r.id and s.due = r.was and s.closed is null and s.replied is null returning s.* loop
        orders := orders || o.id;
        sent := sent || order_outcome(o);
    end loop;
    return next reply_outcome(jsonb_build_object('parts', to_jsonb(parts), 'orders', to_jsonb(orders))::text);
    return query select * from unnest(sent);
end $$;
drop function if exists part_reckon(integer, uuid, jsonb);
