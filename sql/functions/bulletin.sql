-- Bulletins (日报, 周报, 月报): which there are, who asked for one, and reading them. What stands in one is made by
-- bulletin_make.sql from the same facts as the indicators. docs/BULLETIN.md.

-- First and last day of the period that a day is in.
create or replace function bulletin_first(kind text, day date) returns date language sql immutable as $$
    select case kind when 'week' then date_trunc('week', day)::date when 'month' then date_trunc('month', day)::date
        else day end
$$;

create or replace function bulletin_last(kind text, begun date) returns date language sql immutable as $$
    select case kind when 'week' then begun + 6 when 'month' then (begun + interval '1 month')::date - 1 else begun end
$$;

create or replace function bulletin_before(kind text, begun date) returns date language sql immutable as $$
    select case kind when 'week' then begun - 7 when 'month' then (begun - interval '1 month')::date else begun - 1 end
$$;

-- The same period of the year before: the date, the ISO week of the same number (null: that year has no week 53), the month.
create or replace function bulletin_year_ago(kind text, begun date) returns date language plpgsql immutable as $$
declare week date;
begin
    if kind <> 'week' then return (begun - interval '1 year')::date; end if;
    week := to_date((extract(isoyear from begun) - 1)::text || to_char(begun, 'IW'), 'IYYYIW');
    return case when to_char(week, 'IW') = to_char(begun, 'IW') then week end;
end $$;

-- "2026年第48周（11月23日—11月29日）"
create or replace function bulletin_label(kind text, begun date) returns text language sql immutable as $$
    select case kind
        when 'day' then to_char(begun, 'FMYYYY"年"FMMM"月"FMDD"日"')
        when 'month' then to_char(begun, 'FMYYYY"年"FMMM"月"')
        else to_char(begun, 'IYYY"年第"FMIW"周"') || '（' || to_char(begun, 'FMMM"月"FMDD"日"') || '—'
            || to_char(begun + 6, 'FMMM"月"FMDD"日"') || '）' end
$$;

create or replace function bulletin_kind_term(kind text) returns text language sql immutable as $$
    select case kind when 'day' then '日报' when 'week' then '周报' else '月报' end
$$;

-- Places that have bulletins: the prefecture and what stands directly below it.
create or replace function bulletin_place(wanted text) returns boolean language plpgsql stable as $$
begin
    perform from region where region = wanted and (parent is null or parent = '232700');
    return found;
end $$;

create or replace function bulletin_row(b bulletin) returns json language plpgsql stable as $$
begin
    return json_build_object('bulletin', b.bulletin, 'kind', b.kind, 'begun', b.begun, 'label', bulletin_label(b.kind, b.begun),
        'region', b.region, 'version', b.version, 'made', b.made, 'who', (select name from account where account = b.account),
        'reason', b.reason, 'whole', b.whole);
end $$;

-- The newest version of each period, newest period first. p: kind, region, before, limit. Reply: {"rows", "waiting", "next"}.
create or replace function bulletin_list(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    a account;
    place text;
    page integer := coalesce((p->>'limit')::int, 60);
begin
    select * into a from account where account = actor;
    place := coalesce(p->>'region', a.region);
    if not bulletin_place(place) then return next field_refusal('region', '没有这个县市区的简报'); return; end if;
    if not region_covers(a.region, place) then return next refusal_outcome('not_yours'); return; end if;
    return next reply_outcome((with periods as (
            select distinct on (begun) b, (b.document->'volume'->'accepted'->>'now')::int as accepted
            from bulletin b where kind = p->>'kind' and region = place
                and (not p ? 'before' or begun < (p->>'before')::date)
            order by begun desc, version desc limit page + 1),
        numbered as (select *, row_number() over (order by (b).begun desc) as n from periods)
        select json_build_object(
            'rows', coalesce((select json_agg(bulletin_row(b)::jsonb || jsonb_build_object('accepted', accepted) order by n)
                from numbered where n <= page), '[]'),
            'next', (select (b).begun from numbered where n = page and exists (select from numbered where n > page)),
            'waiting', coalesce((select json_agg(json_build_object('begun', begun, 'label', bulletin_label(kind, begun)) order by begun desc)
                from bulletin_wish where kind = p->>'kind' and region = place), '[]')))::text);
end $$;

create or replace function bulletin_seen(a account, wanted bigint) returns bulletin language plpgsql stable as $$
declare b bulletin;
begin
    select * into b from bulletin where bulletin = wanted;
    if b.bulletin is null or not region_covers(a.region, b.region) then return null; end if;
    return b;
end $$;

-- p: id. Reply: the document, its version and the other versions of the period.
create or replace function bulletin_get(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    a account;
    b bulletin;
begin
    select * into a from account where account = actor;
    b := bulletin_seen(a, (p->>'id')::bigint);
    if b.bulletin is null then return next refusal_outcome('not_found'); return; end if;
    return next reply_outcome(json_build_object('bulletin', bulletin_row(b), 'document', b.document,
        'versions', (select json_agg(bulletin_row(v) order by v.version desc) from bulletin v
            where v.kind = b.kind and v.begun = b.begun and v.region = b.region))::text);
end $$;

-- The overdue list of a bulletin. p: id, after, limit. Reply: {"rows", "next"}.
create or replace function bulletin_overdue_list(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    a account;
    b bulletin;
    page integer := coalesce((p->>'limit')::int, 500);
begin
    select * into a from account where account = actor;
    b := bulletin_seen(a, (p->>'id')::bigint);
    if b.bulletin is null then return next refusal_outcome('not_found'); return; end if;
    return next reply_outcome((select json_build_object('rows', coalesce(json_agg(line order by place), '[]'),
            'next', case when max(place) < (select max(place) from bulletin_overdue where bulletin = b.bulletin) then max(place) end)
        from (select place, line from bulletin_overdue
            where bulletin = b.bulletin and place > coalesce((p->>'after')::int, 0) order by place limit page) x)::text);
end $$;

-- Asks for one; a process with the role timers makes it. p: kind, day, region, reason, at. Writes: bulletin_wish, answered.
create or replace function bulletin_ask(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    a account;
    first date := bulletin_first(p->>'kind', (p->>'day')::date);
    place text;
    reply text;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    select * into a from account where account = actor;
    place := coalesce(p->>'region', a.region);
    if not bulletin_place(place) then return next field_refusal('region', '没有这个县市区的简报'); return; end if;
    if not region_covers(a.region, place) then return next refusal_outcome('not_yours'); return; end if;
    if date_ms(first::text) > (p->>'at')::bigint then
        return next field_refusal('day', '这一期还没有开始');
        return;
    end if;
    perform from bulletin where kind = p->>'kind' and begun = first and region = place and whole;
    if found and not p ? 'reason' then
        return next field_refusal('reason', '这一期已有定稿，重新生成须写明原因；原来的版本保留');
        return;
    end if;
    insert into bulletin_wish (kind, begun, region, account, reason, asked)
        values (p->>'kind', first, place, actor, p->>'reason', (p->>'at')::bigint) on conflict do nothing;
    reply := json_build_object('kind', p->>'kind', 'begun', first, 'region', place, 'label', bulletin_label(p->>'kind', first))::text;
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', reply);
    return next reply_outcome(reply);
end $$;

-- Periods that ended and have no final bulletin, of the places somebody supervises: the last seven days, four weeks
-- and three months. Ten minutes after midnight, when what belongs to the day has been written. Writes: bulletin_wish.
create or replace function bulletin_due(now_ms bigint) returns void language plpgsql as $$
declare
    today date := to_timestamp((now_ms - 600000) / 1000.0) at time zone 'Asia/Shanghai';
    began bigint := (select accepted from ticket order by ticket limit 1);
begin
    insert into bulletin_wish (kind, begun, region, account, asked)
        select k.kind, d.first, s.region, 0, now_ms
        from (values ('day', 7), ('week', 4), ('month', 3)) k (kind, back),
            lateral generate_series(1, k.back) n,
            lateral (select case k.kind when 'day' then today - n when 'week' then bulletin_first('week', today) - 7 * n
                else (bulletin_first('month', today) - make_interval(months => n))::date end as first) d,
            (select distinct region from account where role = 4 and active) s
        where began < date_ms((bulletin_last(k.kind, d.first) + 1)::text) and bulletin_place(s.region)
            and not exists (select from bulletin b where b.kind = k.kind and b.begun = d.first and b.region = s.region and b.whole)
        on conflict do nothing;
end $$;

-- What to make next, leased for ten minutes; {} when nothing waits. p: at, due (look for periods that ended). Writes: bulletin_wish.
create or replace function bulletin_next(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    now_ms bigint := (p->>'at')::bigint;
    w bulletin_wish;
begin
    if coalesce((p->>'due')::boolean, false) then perform bulletin_due(now_ms); end if;
    -- What somebody waits for goes before what the clock wants.
    select * into w from bulletin_wish where lease < now_ms
        order by account = 0, asked, begun, region limit 1 for update skip locked;
    if w.kind is null then return next reply_outcome('{}'); return; end if;
    update bulletin_wish set lease = now_ms + 600000 where (kind, begun, region) = (w.kind, w.begun, w.region);
    return next reply_outcome(json_build_object('kind', w.kind, 'begun', w.begun, 'region', w.region)::text);
end $$;

-- The bulletin for whoever is logged in, as pages of a spreadsheet. p: digest, id, at. Reply: {"name", "pages"}.
create or replace function bulletin_sheets(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    a account := session_account(p->>'digest', (p->>'at')::bigint);
    b bulletin;
begin
    if a.account is null then return next refusal_outcome('not_logged_in'); return; end if;
    if a.role <> 4 then return next refusal_outcome('not_allowed'); return; end if;
    b := bulletin_seen(a, (p->>'id')::bigint);
    if b.bulletin is null then return next refusal_outcome('not_found'); return; end if;
    return next reply_outcome(json_build_object('name', (b.document->>'title') || '_' || (b.document->>'label')
            || case when b.version > 1 then '_第' || b.version || '版' else '' end || '.xlsx',
        'pages', bulletin_pages(b))::text);
end $$;
