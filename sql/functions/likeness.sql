-- 重复诉求: the keys of requests are kept behind the commit, candidates are found by them, and C says how alike
-- they are (server/similar.c). Texts are cut to what C looks at.

create or replace function likeness_text(body text) returns text language sql immutable as $$
    select left(body, 1000)
$$;

-- Since when a closed ticket may still be taken up again: before that it is history.
create or replace function likeness_since(now_ms bigint) returns bigint language plpgsql stable as $$
begin
    return now_ms - limit_ms('reopen_window');
end $$;

-- Tickets not yet read, oldest first. p: limit. Reply: {"rows": [{id, region, place, title, body}]}.
create or replace function likeness_waiting(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return next reply_outcome((select json_build_object('rows', coalesce(json_agg(json_build_object('id', t.ticket,
            'region', t.region, 'place', t.place, 'title', t.title, 'body', likeness_text(t.body))), '[]'))
        from (select ticket from likeness_due order by ticket limit (p->>'limit')::int) d join ticket t using (ticket))::text);
end $$;

-- Read: two processes may bring the same; the search reads them next (search_fill). p: rows [{id, keys}].
-- Writes: likeness, likeness_key, likeness_due, search_due.
create or replace function likeness_fill(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    with brought as (
        select (r->>'id')::bigint as ticket, array(select jsonb_array_elements_text(r->'keys')::bigint) as keys
        from jsonb_array_elements(p->'rows') r order by 1
    ), kept as (
        insert into likeness select ticket, keys from brought on conflict do nothing returning ticket, keys
    )
    insert into likeness_key select key, ticket from kept, unnest(keys) key order by 1, 2 on conflict do nothing;
    with gone as (
        delete from likeness_due where ticket = any (array(select (r->>'id')::bigint from jsonb_array_elements(p->'rows') r))
        returning ticket
    )
    insert into search_due select ticket from gone on conflict (ticket) do update set ticket = excluded.ticket;
    return next reply_outcome('{}');
end $$;

-- What is closed too long ago leaves, a stretch of tickets at a time. p: after, limit, at. Writes: likeness,
-- likeness_key. Reply: {"after": where to go on, 0 = from the beginning}.
create or replace function likeness_sweep(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    last bigint;
    count integer;
    oldest bigint := likeness_since((p->>'at')::bigint);
begin
    select max(ticket), count(*) into last, count from (select ticket from likeness
        where ticket > (p->>'after')::bigint order by ticket limit (p->>'limit')::int) x;
    with gone as (
        delete from likeness l using ticket t
        where l.ticket > (p->>'after')::bigint and l.ticket <= last and t.ticket = l.ticket
            and t.state >= 80 and t.closed < oldest
        returning l.ticket, l.keys
    )
    delete from likeness_key k using gone g, unnest(g.keys) old (key) where k.key = old.key and k.ticket = g.ticket;
    return next reply_outcome(json_build_object('after',
        case when count < (p->>'limit')::int then 0 else last end)::text);
end $$;

-- Who may look alike: newest fifty of each key, a key that few have counting more; and the caller's own. An address
-- (an odd key, routing/duplicate.h) counts ten times: among a million a house of some twenty tickets would else be
-- outvoted by those that share commonplaces with the request and merely stand first in many keys.
create or replace function similar_found(wanted bigint[], index text)
returns table (ticket bigint, called boolean, hint double precision) language plpgsql stable as $$
begin
    return query
        select x.ticket, bool_or(x.called), sum(x.hint) from (
            select k.ticket, false as called, case when w.key & 1 = 1 then 10.0 else 1.0 end::double precision
                    / count(*) over (partition by w.key) as hint
            from unnest(wanted) w (key)
            cross join lateral (select l.ticket from likeness_key l where l.key = w.key order by l.ticket desc limit 50) k
            union all
            select c.ticket, true, 0 from (select o.ticket from contact o where o.phone_index = index
                                           order by o.ticket desc limit 30) c) x
        group by x.ticket order by 2 desc, 3 desc limit 100;
end $$;

-- Candidates for one request, for C to judge. p: keys, phone_index or call (an intake), or id (a ticket that is
-- there already). Of whom nothing is told: a sealed report (举报人保密) is a candidate for its own caller at the
-- desk, and for supervisors by what it says; that two tickets have one caller is not told where one is sealed.
-- into: the open ticket that it may be merged into, itself or its own master.
-- Reply: {"self": text of the ticket or null, "rows": [{…, text, called, into}]}.
create or replace function similar_find(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    a account;
    me ticket;
    wanted bigint[];
    index text;
    own boolean;          -- an agent with the caller on the line, who may hear what the caller has reported
    oldest bigint := likeness_since((p->>'at')::bigint);
begin
    select * into a from account where account = actor;
    own := a.role = 1 and not p ? 'id';
    if p ? 'id' then
        select * into me from ticket where ticket = (p->>'id')::bigint;
        if not found then return next refusal_outcome('not_found'); return; end if;
        if scope_refusal(a, me) is not null then return next refusal_outcome(scope_refusal(a, me)); return; end if;
        wanted := (select keys from likeness where ticket = me.ticket);
        if me.secrecy < 2 then index := (select phone_index from contact where ticket = me.ticket); end if;
    else
        wanted := array(select jsonb_array_elements_text(p->'keys')::bigint);
        index := coalesce(p->>'phone_index', (select c.caller_index from call c
            join agent_seat s on s.call = c.call and s.account = actor where c.call = p->>'call'));
    end if;
    return next reply_outcome((select json_build_object(
        'self', case when p ? 'id' then json_build_object('place', me.place, 'title', me.title,
            'body', likeness_text(me.body), 'matter', me.matter) end,
        'rows', coalesce(json_agg(json_build_object('id', x.ticket, 'number', x.number, 'place', x.place,
            'title', x.title, 'body', likeness_text(x.body), 'matter', x.matter, 'state', x.state, 'dept', x.dept,
            'accepted', x.accepted, 'called', x.called, 'into', m.ticket, 'into_number', m.number)), '[]'))
        from (select t.*, f.called and (t.secrecy < 2 or own) as called
              from similar_found(wanted, index) f join ticket t using (ticket)
              where t.ticket is distinct from me.ticket and (t.state < 80 or t.closed >= oldest)
                and t.ticket is distinct from me.master and (t.master = me.ticket) is not true
                and (t.secrecy < 2 or f.called and own or f.hint > 0 and a.role = 4)
                and (a.role = 1 or scope_refusal(a, t) is null)   -- agents see all: one call less for each
              order by f.called desc, f.hint desc, t.ticket desc limit 40) x
        left join ticket m on m.ticket = case x.state when 29 then x.master else x.ticket end
            and may_be_master(m.state))::text);
end $$;
