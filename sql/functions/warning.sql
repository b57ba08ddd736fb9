-- Early warning: which process judges, what it must judge, and the alerts that come of it. The judging itself
-- is routing/cluster.c and routing/surge.c, asked by server/warning.c.

-- Where a ticket stands for counting: 1 Monday 0:00 is hour 0 of the week; a holiday counts as a Sunday and a
-- 调休 working day as a Monday.
create or replace function week_hour(at bigint) returns smallint language plpgsql stable as $$
declare
    here timestamp := to_timestamp(at / 1000) at time zone 'Asia/Shanghai';
    day integer := extract(isodow from here)::int - 1;
    kind text;
begin
    select c.kind into kind from calendar_day c where c.day = here::date;
    if kind = 'holiday' and day < 5 then day := 6; elsif kind = 'workday' and day >= 5 then day := 0; end if;
    return day * 24 + extract(hour from here)::int;
end $$;

-- Takes or keeps the lease and hands out what has not been judged. p: holder, limit, at.
-- Reply: held; epoch; rows: id, title, body, at, caller, matter, region, town; profile when it is newer than p.made.
-- Not by the last number seen: a ticket with a smaller one may be committed later. Writes: warning_lease.
create or replace function warning_next(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    l warning_lease;
    now_ms bigint := (extract(epoch from clock_timestamp()) * 1000)::bigint;
    done bigint;
    rows json;
begin
    select * into l from warning_lease for update;
    if l.holder <> p->>'holder' and l.until > now_ms then
        return next reply_outcome('{"held": false}');
        return;
    end if;
    if l.holder <> p->>'holder' then l.epoch := l.epoch + 1; end if;
    -- Kept back: what is recent, because others of its time may not be committed yet, and what is not judged.
    done := greatest(l.below, least((select max(ticket) - 1000 from ticket), (select min(t.ticket) from ticket t
        where t.ticket >= l.below and t.channel <> 7
            and (t.accepted > now_ms - 30000 or not exists (select from warning_ticket w where w.ticket = t.ticket)))));
    update warning_lease set holder = p->>'holder', epoch = l.epoch, until = now_ms + 5000, below = done;
    select json_agg(row_to_json(x)) into rows from (
        select t.ticket as id, t.title || ' ' || t.place as title, t.body, t.accepted as at, coalesce(hashtextextended(c.phone_index, 0), 0)::text as caller,
            t.matter, t.region, t.town
        from ticket t left join contact c on c.ticket = t.ticket
        where t.ticket >= l.below and t.channel <> 7
            and (t.state <> 20 or t.changed < (p->>'at')::bigint - 3000)
            and not exists (select from warning_ticket w where w.ticket = t.ticket)
        order by t.ticket limit (p->>'limit')::int) x;
    return next reply_outcome(json_build_object('held', true, 'epoch', l.epoch, 'rows', coalesce(rows, '[]'),
        'cells', (select coalesce(json_agg(json_build_object('matter', matter, 'place', place, 'hours', hours)), '[]') from (
            select b.matter, b.place, json_agg(json_build_array(b.hour, b.count)) as hours from warning_baseline b
            where (b.matter, b.place) in (select x->>'matter', y from json_array_elements(rows) x,
                unnest(array[x->>'region', x->>'town']) y)
            group by b.matter, b.place) z),
        'profile', (select row_to_json(w) from warning_profile w where made > coalesce((p->>'made')::bigint, -1)))::text);
end $$;

-- What was judged before, for a process that begins: p: after (seq), most (how far back), limit.
create or replace function warning_past(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return next reply_outcome((select json_build_object('rows', coalesce(json_agg(row_to_json(x) order by x.seq), '[]'),
        'incident', (select coalesce(max(incident), 0) from warning_ticket)) from (
        select w.seq, w.incident, t.ticket as id, t.title || ' ' || t.place as title, t.body, t.accepted as at,
            coalesce(hashtextextended(c.phone_index, 0), 0)::text as caller, t.matter, t.region, t.town
        from warning_ticket w join ticket t using (ticket) left join contact c on c.ticket = t.ticket
        where w.seq > greatest((p->>'after')::bigint, (select max(seq) from warning_ticket) - (p->>'most')::bigint)
        order by w.seq limit (p->>'limit')::int) x)::text);
end $$;

-- Whether a closed alert of this key still keeps the next one quiet: nothing has come in a new measure.
create or replace function alert_is_quiet(wanted text, grown integer, now_ms bigint) returns boolean language plpgsql stable as $$
declare x alert;
begin
    select * into x from alert where key = wanted order by alert desc limit 1;
    if not found or x.closed is null then return false; end if;
    if grown >= x.size * limit_amount('alert_growth') then return false; end if;
    return x.real is false or x.closed > now_ms - limit_ms('alert_quiet');
end $$;

-- The alert of a key: joined while one is open, raised anew when p.alarms and nothing keeps it quiet.
-- p: kind, key, alarms, severity, size, text, dept, evidence, tickets. Writes: alert. Returns it, null: nothing is new.
create or replace function alert_fold(t ticket, p jsonb, now_ms bigint) returns bigint language plpgsql as $$
declare x alert;
begin
    select * into x from alert where key = p->>'key' and closed is null for update;
    if found then
        if t.ticket = any(x.tickets) then return null; end if;
        -- A surge is over when a day has passed without any; then what comes is no part of it.
        if x.kind in ('surge', 'keyword') and not (p->>'alarms')::boolean and x.last < now_ms - 86400000 then return null; end if;
        update alert set tickets = case when cardinality(tickets) < 200 then tickets || t.ticket else tickets end,
            size = x.size + 1, folded = x.folded + 1, last = now_ms,
            evidence = coalesce(evidence, '{}') || coalesce(p->'evidence', '{}'),
            severity = greatest(severity, (p->>'severity')::smallint),
            raised = case when x.size + 1 >= x.raise_size * limit_amount('alert_growth') then now_ms else x.raised end,
            raise_size = case when x.size + 1 >= x.raise_size * limit_amount('alert_growth') then x.size + 1 else x.raise_size end
            where alert = x.alert;
        return x.alert;
    end if;
    if not (p->>'alarms')::boolean or alert_is_quiet(p->>'key', (p->>'size')::int, now_ms) then return null; end if;
    insert into alert (kind, key, dept, region, town, matter, tickets, text, at, severity, size, raised, raise_size, last, evidence)
        values (p->>'kind', p->>'key', (p->>'dept')::int, t.region, case when p->>'kind' in ('incident', 'keyword') or p->>'key' like '%:' || t.town
                then t.town end, t.matter,
            array(select ticket from ticket where ticket in (select jsonb_array_elements_text(p->'tickets')::bigint) order by ticket),
            case when p->>'kind' = 'surge' then (select name from region where region = split_part(p->>'key', ':', 3)) || ' '
                || (select name from matter where matter = t.matter) || '：' else '' end || (p->>'text'), now_ms, (p->>'severity')::smallint, (p->>'size')::int, now_ms, (p->>'size')::int, now_ms, p->'evidence')
        returning * into x;
    return x.alert;
end $$;

-- 敏感词 in title or body: one open alert for each word and county within its window. Writes: as alert_fold.
create or replace function keyword_alerts(t ticket, now_ms bigint) returns setof bigint language plpgsql as $$
declare w record;
begin
    for w in select word, severity from warning_word where active and position(word in t.title || ' ' || t.body) > 0 loop
        return next alert_fold(t, jsonb_build_object('kind', 'keyword', 'alarms', true,
            'key', 'k:' || w.word || ':' || t.region || ':' || day_start(now_ms) / limit_ms('keyword_window'),
            'severity', w.severity, 'size', 1, 'text', '诉求中出现“' || w.word || '”',
            'dept', t.dept, 'tickets', jsonb_build_array(t.ticket), 'evidence', jsonb_build_object('words', w.word)), now_ms);
    end loop;
end $$;

-- Several complaints about one matter of a 一件事: for its lead. Writes: as alert_fold.
create or replace function theme_alerts(t ticket, now_ms bigint) returns setof bigint language plpgsql as $$
declare
    found_tickets bigint[];
    people integer;
    name text;
    unit integer;
begin
    if t.theme is null or t.kind not in (2, 3, 4) then return; end if;
    select array_agg(x.ticket order by x.ticket), count(distinct coalesce(c.phone_index, x.ticket::text))
        into found_tickets, people
        from ticket x left join contact c on c.ticket = x.ticket
        where x.theme = t.theme and x.theme_no is not distinct from t.theme_no and x.kind in (2, 3, 4)
            and x.accepted > now_ms - limit_ms('theme_window');
    select h.name || coalesce('：' || m.name, '') into name from event_theme h
        left join event_matter m on m.theme = h.theme and m.no = t.theme_no where h.theme = t.theme;
    select u.dept into unit from event_matter_unit u where u.theme = t.theme and u.lead and u.dept is not null
        and (t.theme_no is null or u.no = t.theme_no) order by u.no limit 1;
    return next alert_fold(t, jsonb_build_object('kind', 'theme', 'alarms', people >= limit_amount('theme_times'),
        'key', 't:' || t.theme || ':' || coalesce(t.theme_no, 0), 'severity', 2, 'size', cardinality(found_tickets),
        'text', '一件事“' || name || '”近期多位诉求人反映', 'dept', unit, 'tickets', to_jsonb(found_tickets),
        'evidence', jsonb_build_object('callers', people)), now_ms);
end $$;

-- What the judging process found. Holds only while it has the lease; what is known already is passed over, so
-- that it may be sent twice. p: holder, epoch, at, rows: ticket, incident, alerts (as alert_fold takes them).
-- Writes: warning_ticket, alert, outbox.
create or replace function warning_take(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    t ticket;
    r jsonb;
    now_ms bigint := (p->>'at')::bigint;
    touched bigint[] := '{}';
begin
    perform from warning_lease where holder = p->>'holder' and epoch = (p->>'epoch')::bigint for update;
    if not found then
        return next refusal_outcome('stale');
        return;
    end if;
    return next reply_outcome('{}');
    for r in select jsonb_array_elements(p->'rows') loop
        insert into warning_ticket (ticket, incident, at) values ((r->>'ticket')::bigint, (r->>'incident')::bigint, now_ms)
            on conflict do nothing;
        if not found then continue; end if;
        select * into t from ticket where ticket = (r->>'ticket')::bigint;
        -- What was imported tells what is usual; it calls nobody.
        if t.channel = 6 then continue; end if;
        touched := touched || array(select alert_fold(t, y, now_ms) from jsonb_array_elements(r->'alerts') y)
            || array(select * from keyword_alerts(t, now_ms)) || array(select * from theme_alerts(t, now_ms));
    end loop;
    -- Told once, however many of these tickets joined it.
    return query select o.* from alert x, alert_outcome(x) o where x.alert = any(touched) order by x.alert;
end $$;

-- When a plan that begins on this day of each year ("10-01") begins between the two days; they may lie in two years.
create or replace function season_days(from_md text, first date, last date) returns setof date language sql immutable as $$
    select day from (select to_date(year || '-' || from_md, 'YYYY-MM-DD') as day
        from generate_series(extract(year from first)::int, extract(year from last)::int) year) y
    where day between first and last
$$;

-- The seasons that begin within the lead: plans of every year, and matters × counties that came so often in the
-- same two weeks of the year before. Writes: alert, outbox.
create or replace function season_alerts(now_ms bigint) returns setof outcome language plpgsql as $$
declare
    s record;
    x alert;
    ahead timestamp := to_timestamp((now_ms + limit_ms('season_lead')) / 1000) at time zone 'Asia/Shanghai';
    today timestamp := to_timestamp(now_ms / 1000) at time zone 'Asia/Shanghai';
begin
    for s in
        select 'p:' || q.plan || ':' || to_char(b.day, 'YYYY') as key, '232700' as region, q.matter, '未诉先办计划：' || q.name || '。' || q.advice as text,
            '{}'::bigint[] as tickets, 0 as size, jsonb_build_object('from', q.from_md, 'to', q.to_md) as evidence
        from season_plan q, lateral season_days(q.from_md, today::date, ahead::date) b(day)
        where q.active
        union all
        select 'y:' || t.matter || ':' || t.region || ':' || to_char(ahead, 'IYYY-IW'), t.region, t.matter,
            '往年同期多发：' || m.name || '，去年这两周 ' || count(*) || ' 件', (array_agg(t.ticket order by t.ticket))[1:20],
            count(*)::int, jsonb_build_object('last_year', count(*))
        from ticket t join matter m on m.matter = t.matter
        where t.accepted between (extract(epoch from ahead - interval '1 year' - interval '8 hours') * 1000)::bigint
                and (extract(epoch from ahead - interval '1 year' + interval '14 days' - interval '8 hours') * 1000)::bigint
            and t.channel <> 7
        group by t.matter, t.region, m.name having count(*) >= limit_amount('season_times')
    loop
        perform from alert where key = s.key;
        if found then continue; end if;
        insert into alert (kind, key, region, matter, tickets, text, at, severity, size, raised, raise_size, last, evidence)
            values ('season', s.key, s.region, s.matter, s.tickets, s.text, now_ms, 1, s.size, now_ms, s.size, now_ms, s.evidence)
            returning * into x;
        return next alert_outcome(x);
    end loop;
end $$;

-- Once a night: what is usual is counted anew, and the seasons ahead are looked for. p: at. Does nothing when it
-- was done within the last 20 hours. Writes: warning_baseline, warning_profile, alert, outbox.
create or replace function warning_night(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    now_ms bigint := (p->>'at')::bigint;
    span integer := limit_amount('baseline_weeks');
    begun bigint := now_ms - span::bigint * 604800000;
    oldest bigint;
    total numeric;
begin
    return next reply_outcome('{}');
    perform from warning_profile where made <= now_ms - 72000000 for update;
    if not found then return; end if;
    select min(accepted) into oldest from ticket where accepted >= begun;
    span := greatest(1, least(span, ceil((now_ms - coalesce(oldest, now_ms)) / 604800000.0)::int));
    delete from warning_baseline;
    insert into warning_baseline
        select matter, place, hour, count(*) from (
            select t.matter, y.place, week_hour(t.accepted) as hour from ticket t, unnest(array[t.region, t.town]) y(place)
            where t.accepted between begun and day_start(now_ms) and t.channel <> 7 and t.matter is not null and y.place is not null) x
        group by matter, place, hour;
    select sum(count) into total from warning_baseline;
    update warning_profile set made = now_ms, weeks = span,
        cells_mean = coalesce((select avg(n) from (select sum(count)::real / span as n from warning_baseline
            group by matter, place) c), 0),
        -- One call is added to each hour: none is impossible.
        share = array(select ((coalesce(sum(b.count), 0) + 1) / (coalesce(total, 0) + 168))::real from generate_series(0, 167) h
            left join warning_baseline b on b.hour = h group by h order by h);
    return query select * from season_alerts(now_ms);
end $$;

-- 认领: whoever is first; the other is told who was. p: alert, at. Writes: alert, answered. Reply: the alert.
create or replace function alert_claim(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    x alert;
    fault outcome;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    select * into x from alert where alert = (p->>'alert')::bigint for update;
    fault := alert_fault(x, actor);
    if fault.kind is not null then return next fault; return; end if;
    if x.claimer is not null then
        return next rule_refusal('这条预警已由' || (select name from account where account = x.claimer) || '认领');
        return;
    end if;
    update alert set claimer = actor, claimed = (p->>'at')::bigint where alert = x.alert returning * into x;
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', alert_card(x)::text);
    return next reply_outcome(alert_card(x)::text);
    return next alert_outcome(x);
end $$;

-- Why the account may not work on this alert, kind null when it may.
create or replace function alert_fault(x alert, actor integer) returns outcome language plpgsql stable as $$
declare a account;
begin
    select * into a from account where account = actor;
    if x.alert is null or not region_covers(a.region, x.region) then return refusal_outcome('not_found'); end if;
    if x.closed is not null then return rule_refusal('这条预警已经处理'); end if;
    return null;
end $$;

-- 预警单: the alert becomes a ticket of its own for the unit, before more people call. Nobody called for it: it has
-- no contact, and ends by 预警办结. p: alert, dept, title, text, and the move as ticket_begin takes it.
-- Writes: ticket, ticket_event, ticket_link, alert, outbox, answered. Reply: the alert.
create or replace function alert_task(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    x alert;
    t ticket;
    fault outcome;
    answer outcome := given_outcome(req, actor);
    now_ms bigint := (p->>'at')::bigint;
begin
    if answer.kind is not null then return next answer; return; end if;
    select * into x from alert where alert = (p->>'alert')::bigint for update;
    fault := alert_fault(x, actor);
    if fault.kind is not null then return next fault; return; end if;
    if x.task is not null then
        return next rule_refusal('这条预警已转为预警单 ' || (select number from ticket where ticket = x.task));
        return;
    end if;
    perform from department where dept = (p->>'dept')::int and active;
    if not found then return next field_refusal('dept', '没有这个承办单位或已停用，请重新选择'); return; end if;
    t := ticket_begin(actor, p || jsonb_build_object('region', x.region, 'body', p->>'text', 'kind', 2, 'channel', 7,
        'place', coalesce((select place from ticket where ticket = any(x.tickets) and place <> '' order by ticket limit 1), ''),
        'detail', jsonb_build_object('alert', x.alert))
        || case when x.town is null then '{}' else jsonb_build_object('town', x.town) end
        || case when x.matter is null then '{}' else jsonb_build_object('matter', x.matter) end);
    insert into ticket_link select t.ticket, y, 'related', actor, now_ms from unnest(x.tickets) y on conflict do nothing;
    update alert set task = t.ticket, claimer = coalesce(claimer, actor), claimed = coalesce(claimed, now_ms)
        where alert = x.alert returning * into x;
    insert into answered values (req, actor, now_ms, 'reply', alert_card(x)::text);
    return next reply_outcome(alert_card(x)::text);
    return next alert_outcome(x);
    return next ticket_outcome(t, 0::smallint, null);
end $$;

-- The alert behind a 预警单, with what has joined it since, as its unit may see it: titles of what is not secret.
create or replace function task_evidence(t ticket) returns jsonb language plpgsql stable as $$
declare x alert;
begin
    if t.channel <> 7 then return null; end if;
    select * into x from alert where task = t.ticket;
    if not found then return null; end if;
    return jsonb_build_object('alert', x.alert, 'kind', x.kind, 'text', x.text, 'at', x.at, 'size', x.size, 'folded', x.folded,
        'evidence', x.evidence, 'tickets', (select coalesce(jsonb_agg(jsonb_build_object('id', ticket, 'number', number,
            'title', case when secrecy = 0 then title else '（保密）' end, 'at', accepted) order by ticket), '[]')
            from ticket where ticket = any(x.tickets)));
end $$;
