-- Reading “一件事” cases: one with its chain, lists, a unit's tasks, complaints linked and suggested.

-- One case in full. p: id. Reply: the card and step, contact masks, matters with tasks and promises, complaints,
-- events, and `parts`: what the account is to it.
create or replace function case_get(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    c case_file;
    a account;
    parts integer;
begin
    select * into c from case_file where id = (p->>'id')::bigint;
    if not found then return next refusal_outcome('not_found'); return; end if;
    select * into a from account where account = actor;
    parts := case_parts(a, c);
    if parts = 0 then return next refusal_outcome('not_yours'); return; end if;
    return next reply_outcome((select (case_card(c)::jsonb || jsonb_build_object('parts', parts,
        'phone_mask', x.phone_mask, 'id_mask', x.id_mask, 'remark', c.remark, 'helper_name', c.helper_name,
        'helper_unit', c.helper_unit, 'helper_right', c.helper_right, 'papers', c.papers, 'missing', c.missing,
        'asked', c.asked, 'result', c.result, 'grade_no', c.grade_no, 'grade_reason', c.grade_reason,
        'receiver', (select name from account where account = c.account),
        'chain', (select jsonb_agg(jsonb_build_object('no', m.no, 'name', m.name, 'state', m.state, 'deps', m.deps,
            'join', m.join_rule, 'gathers', m.gathers,
            'papers', (select papers from list_matter l where l.version = c.version and l.theme = c.theme and l.no = m.no),
            'tasks', (select coalesce(jsonb_agg(task_card(t)::jsonb - 'name' - 'matter' - 'number' || jsonb_build_object('result', t.result)
                order by t.place, t.dept), '[]') from case_task t where t.id = m.id and t.no = m.no),
            'promises', (select coalesce(jsonb_agg(jsonb_build_object('promise', promise, 'text', text, 'dept', dept,
                'at', at, 'due', due, 'warn', warn, 'state', state, 'late', late, 'note', note,
                'who', (select name from account w where w.account = y.account)) order by promise), '[]')
                from case_promise y where y.id = m.id and y.no = m.no)) order by m.no)
            from case_matter m where m.id = c.id),
        'complaints', (select coalesce(jsonb_agg(jsonb_build_object('id', t.ticket, 'number', t.number,
            'title', case when scope_refusal(a, t) is null then t.title else '' end, 'state', t.state, 'no', l.no,
            'way', l.way) order by t.ticket), '[]') from case_link l join ticket t using (ticket) where l.id = c.id),
        'events', (select jsonb_agg(jsonb_build_object('seq', e.seq, 'level', e.level, 'action', e.action,
            'from', e.from_state, 'to', e.to_state, 'no', e.no, 'dept', e.dept, 'at', e.at, 'who', w.name, 'due', e.due,
            'note', e.note, 'detail', e.detail) order by e.seq)
            from case_event e join account w using (account) where e.id = c.id)))::text
        from case_contact x where x.id = c.id));
end $$;

-- p: number, whole or its last six digits for today's. Reply: the card.
create or replace function case_find(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    c case_file;
    a account;
    wanted text := upper(p->>'number');
begin
    if length(wanted) = 6 then
        wanted := 'YJS2327' || to_char(to_timestamp((p->>'at')::bigint / 1000) at time zone 'Asia/Shanghai', 'YYYYMMDD') || wanted;
    end if;
    select * into c from case_file where number = wanted;
    if not found then return next refusal_outcome('not_found'); return; end if;
    select * into a from account where account = actor;
    return next case when case_parts(a, c) > 0 then reply_outcome(case_card(c)::text) else refusal_outcome('not_yours') end;
end $$;

-- Cases that the account may see, newest first, a hundred at a time. p: view, theme, before. Reply: {"rows", "next"}.
create or replace function case_list(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare a account;
begin
    select * into a from account where account = actor;
    return next reply_outcome((select json_build_object('rows', coalesce(json_agg(case_card(y.c) order by (y.c).id desc), '[]'),
            'next', case when count(*) = 100 then min((y.c).id) end)
        from (select c from case_file c
            where case p->>'view' when 'done' then state >= 80 when 'lead' then state < 80 and lead = a.dept
                when 'late' then state < 80 and (late or exists (select from case_task t where t.id = c.id and t.late and t.state between 30 and 50)
                    or exists (select from case_promise x where x.id = c.id and x.late and x.state = 'open'))
                else state < 80 end
                and (not p ? 'theme' or theme = (p->>'theme')::int)
                and (not p ? 'before' or id < (p->>'before')::bigint)
                and case_parts(a, c) > 0
            order by id desc limit 100) y)::text);
end $$;

-- p: view. Reply: {"rows": task cards}: open ones by what is due first, done ones newest first.
create or replace function task_list(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare own integer := (select dept from account where account = actor);
begin
    return next reply_outcome(json_build_object('rows', case p->>'view'
        when 'open' then (select coalesce(json_agg(task_card(t) order by t.due nulls last, t.id), '[]') from case_task t
            where dept = own and state between 30 and 50)
        else (select coalesce(json_agg(task_card(y.t) order by (y.t).changed desc), '[]') from
            (select t from case_task t where dept = own and state >= 80 order by changed desc limit 200) y) end)::text);
end $$;

-- ---- complaints ------------------------------------------------------------------------------------

-- What a ticket may be about. p: ticket. Reply: its words, the applicant's own cases (by the blind index of the
-- number) and the list in force; finish_suggest() chooses. linked: what it is linked to already.
create or replace function case_suggest(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    t ticket;
    a account;
begin
    select * into t from ticket where ticket = (p->>'ticket')::bigint;
    if not found then return next refusal_outcome('not_found'); return; end if;
    select * into a from account where account = actor;
    if scope_refusal(a, t) is not null then return next refusal_outcome(scope_refusal(a, t)); return; end if;
    return next reply_outcome(json_build_object('text', t.title || ' ' || t.body, 'theme', t.theme, 'no', t.theme_no,
        'linked', (select json_build_object('case', l.id, 'number', c.number, 'theme', l.theme, 'no', l.no, 'way', l.way)
            from case_link l left join case_file c using (id) where l.ticket = t.ticket),
        'cases', (select coalesce(json_agg(json_build_object('id', c.id, 'number', c.number, 'theme', c.theme, 'state', c.state)
            order by c.id desc), '[]')
            from contact k join case_contact x on x.phone_index = k.phone_index join case_file c on c.id = x.id
            where k.ticket = t.ticket and k.phone_index is not null and c.state <> 90),
        'themes', (select json_agg(json_build_object('theme', l.theme, 'name', l.name,
            'matters', (select json_agg(json_build_object('no', m.no, 'name', m.name) order by m.no) from list_matter m
                where m.version = l.version and m.theme = l.theme)) order by l.theme)
            from list_theme l join list_version v using (version) where v.state = 'in_force'))::text);
end $$;

-- Link a ticket to a case, a matter of it, or a case type. p: ticket, and case or theme, no, way. The last link
-- counts. Writes: case_link, answered. Reply: the link.
create or replace function case_link_set(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    t ticket;
    c case_file;
    a account;
    l case_link;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    select * into t from ticket where ticket = (p->>'ticket')::bigint;
    if not found then return next refusal_outcome('not_found'); return; end if;
    select * into a from account where account = actor;
    if scope_refusal(a, t) is not null then return next refusal_outcome(scope_refusal(a, t)); return; end if;
    if p ? 'case' then
        select * into c from case_file where id = (p->>'case')::bigint;
        if not found then return next field_refusal('case', '没有这个办件，请核对编号'); return; end if;
        perform from case_matter where id = c.id and no = (p->>'no')::int;
    else
        if not p ? 'theme' then return next field_refusal('theme', '请选择办件或一件事'); return; end if;
        c.theme := (p->>'theme')::smallint;
        perform from event_theme where theme = c.theme;
        if not found then return next field_refusal('theme', '没有这个一件事，请重新选择'); return; end if;
        perform from event_matter where theme = c.theme and no = (p->>'no')::int;
    end if;
    if p ? 'no' and not found then return next field_refusal('no', '其中没有这个事项，请重新选择'); return; end if;
    insert into case_link values (t.ticket, c.id, c.theme, (p->>'no')::smallint, coalesce(p->>'way', 'hand'), actor, (p->>'at')::bigint)
        on conflict (ticket) do update set id = excluded.id, theme = excluded.theme, no = excluded.no, way = excluded.way,
            account = excluded.account, at = excluded.at
        returning * into l;
    insert into answered values (req, actor, l.at, 'reply', json_build_object('ticket', l.ticket, 'case', l.id,
        'theme', l.theme, 'no', l.no, 'way', l.way)::text) returning body into answer.body;
    return next reply_outcome(answer.body);
    if c.id is not null then return next case_outcome(c); end if;
end $$;

-- ---- where people get stuck ------------------------------------------------------------------------

-- p: from, to (days, Beijing). Reply: for each case type of the list in force its cases and, by matter (0: the case
-- as a whole), complaints, returns, overtime, corrections, refusals, bad ratings; and the pairs of units between
-- which cases and complaints went back and forth, most often first.
create or replace function stuck_get(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    with bounds as (
        select (extract(epoch from ((p->>'from')::date::timestamp at time zone 'Asia/Shanghai')) * 1000)::bigint as low,
            (extract(epoch from (((p->>'to')::date + 1)::timestamp at time zone 'Asia/Shanghai')) * 1000)::bigint as high),
    complaint as (
        select l.theme, l.no, l.ticket from case_link l join ticket t using (ticket), bounds where t.accepted >= low and t.accepted < high
        union
        select theme, theme_no, ticket from ticket, bounds where theme is not null and accepted >= low and accepted < high
            and not exists (select from case_link l where l.ticket = ticket.ticket)),
    happened as (
        select c.theme, e.no, e.action, e.level, e.detail, e.dept, c.lead from case_event e join case_file c using (id), bounds
        where e.at >= low and e.at < high),
    figure as (
        select theme, coalesce(no, 0) as no, 'complaints' as what, count(*) as n from complaint group by 1, 2
        union all
        select theme, coalesce(no, 0), case action when 'send_back' then 'returns' when 'late' then 'late' when 'overdue' then 'late'
            when 'ask' then 'corrections' when 'fail' then 'refused' when 'refuse' then 'refused' end, count(*) from happened
        where action in ('send_back', 'late', 'overdue', 'ask', 'fail', 'refuse') group by 1, 2, 3
        union all
        select theme, coalesce((detail->>'on')::int, 0), 'bad', count(*) from happened
        where action = 'rate' and (detail->>'grade')::int < 3 group by 1, 2),
    pair as (
        select dept as a, coalesce((detail->>'should')::int, lead) as b from happened where action = 'send_back'
        union all
        select e.dept, n.dept from complaint k join ticket_history e using (ticket)
        join lateral (select dept from ticket_history x where x.ticket = e.ticket and x.seq > e.seq and x.to_state = 35
            and x.from_state <> 38 order by x.seq limit 1) n on true
        where e.action = 'send_back' and n.dept <> e.dept)
    select * from reply_outcome(json_build_object(
        'themes', (select json_agg(json_build_object('theme', l.theme, 'name', l.name,
            'cases', (select count(*) from case_file c, bounds where c.theme = l.theme and applied >= low and applied < high),
            'open', (select count(*) from case_file c where c.theme = l.theme and state < 80),
            'total', (select coalesce(json_object_agg(what, n), '{}') from (select what, sum(n) as n from figure f where f.theme = l.theme group by what) s),
            'matters', (select json_agg(json_build_object('no', m.no, 'name', m.name,
                'figures', (select coalesce(json_object_agg(what, n), '{}') from (select what, sum(n) as n from figure f
                    where f.theme = l.theme and f.no = m.no group by what) s)) order by m.no)
                from (select 0 as no, '办件整体' as name union all select no, name from list_matter x
                    where x.version = l.version and x.theme = l.theme) m)) order by l.theme)
            from list_theme l join list_version v using (version) where v.state = 'in_force'),
        'pairs', (select coalesce(json_agg(json_build_object('a', a, 'b', b, 'times', times) order by times desc, a, b), '[]') from (
            select least(a, b) as a, greatest(a, b) as b, count(*) as times from pair where a <> b
            group by 1, 2 order by 3 desc limit 50) y))::text)
$$;
