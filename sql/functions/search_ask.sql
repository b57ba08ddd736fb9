-- The commands of searching (docs/SEARCH.md), and what an export reads.

-- Some words of a body around the first search word, as it is written; null when the words stand elsewhere or apart.
create or replace function search_excerpt(body text, typed text) returns text language plpgsql immutable as $$
declare
    small text := lower(body);
    at integer;
    word text;
begin
    foreach word in array regexp_split_to_array(lower(typed), '[\s\u3000]+') loop
        continue when word = '';
        at := position(word in small);
        if at > 0 then
            return case when at > 13 then '…' else '' end
                || regexp_replace(substr(body, greatest(at - 12, 1), 72), '\s+', ' ', 'g')
                || case when length(body) > greatest(at - 12, 1) + 71 then '…' else '' end;
        end if;
    end loop;
    return null;
end $$;

-- One page of a search. p: filter (members in search.sql; {} = everything that the account may see), sort (newest,
-- oldest, due, changed, closed, grade; default newest), after (the `next` of the page before), limit (default 50), at.
-- Reply: {"rows": cards, "excerpts": {id: text}, "next": key or null, "until": when `next` goes on past a stretch
-- without enough matches, the instant of acceptance that the search has come to, else null; "unread": whether so
-- many tickets wait to be read that the newest may be missing}.
create or replace function ticket_search(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    a account;
    q search_asked;
    x record;
    page integer := coalesce((p->>'limit')::int, 50);
    typed text := p#>>'{filter,text}';
    body json;
begin
    select * into a from account where account = actor;
    q := search_read(a, coalesce(p->'filter', '{}'), (p->>'at')::bigint);
    if q.faults is not null then
        return next refusal_outcome('bad_params', jsonb_build_object('fields', q.faults));
        return;
    end if;
    x := search_found(q, coalesce(p->>'sort', 'newest'), p->>'after', page, 20);
    if x.ret_faults is not null then
        return next refusal_outcome('bad_params', jsonb_build_object('fields', x.ret_faults));
        return;
    end if;
    select json_build_object('rows', coalesce(json_agg(card_of(t) order by u.n), '[]'),
            'excerpts', coalesce(json_object_agg(t.ticket, search_excerpt(t.body, typed))
                filter (where typed is not null and search_excerpt(t.body, typed) is not null), '{}'),
            'next', x.ret_next,
            'until', case when x.ret_next is not null and cardinality(x.ret_tickets) < page
                then split_part(x.ret_next, '.', 1)::bigint end,
            'unread', search_behind())
        into body from unnest(x.ret_tickets) with ordinality u (ticket, n) join ticket t using (ticket);
    return next reply_outcome(body::text);
end $$;

-- How many fit, counted, never estimated: to ten thousand, and no longer than an answer may take. p: filter, at.
-- Reply: {"count", "exact": false when there are or may be more}.
create or replace function ticket_count(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return next count_outcome(actor, p, 10000, 35);
end $$;

-- The same to the end, for ten seconds at most.
create or replace function ticket_count_all(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return next count_outcome(actor, p, null, 10000);
end $$;

create or replace function count_outcome(actor integer, p jsonb, most integer, budget_ms integer) returns outcome
language plpgsql stable as $$
declare
    a account;
    q search_asked;
    x record;
begin
    select * into a from account where account = actor;
    q := search_read(a, p->'filter', (p->>'at')::bigint);
    if q.faults is not null then return refusal_outcome('bad_params', jsonb_build_object('fields', q.faults)); end if;
    x := search_count(q, most, budget_ms);
    return reply_outcome(json_build_object('count', x.ret_count, 'exact', x.ret_exact and not search_behind())::text);
end $$;

-- Rows of a month that fit, at most `most` and no longer than `until`: then ret_exact is false.
create or replace function search_month_count(q search_asked, m search_month, rest text, most bigint, until timestamptz,
    ret_count out bigint, ret_exact out boolean)
language plpgsql stable set enable_seqscan = off as $$
declare
    x record;
begin
    ret_count := 0;
    ret_exact := true;
    for x in execute 'select from ' || search_source(q, m.month, rest) using search_lexemes(q) loop
        if ret_count = most or ret_count % 128 = 127 and clock_timestamp() > until then ret_exact := false; return; end if;
        ret_count := ret_count + 1;
    end loop;
end $$;

-- most null: no bound. ret_exact: whether these are all.
create or replace function search_count(q search_asked, most integer, budget_ms integer, ret_count out bigint, ret_exact out boolean)
language plpgsql stable as $$
declare
    until timestamptz := clock_timestamp() + budget_ms * interval '1 millisecond';
    m search_month;
    x record;
    waits boolean;
begin
    ret_exact := true;
    ret_count := search_count_truth(q, most);
    if q.few is null and q.closes then
        perform from search_due limit 1;
        waits := found;
        for m in select * from search_month where to_ms > q.from_ms and from_ms < q.to_ms order by month desc loop
            if ret_count > most or clock_timestamp() > until then ret_exact := false; exit; end if;
            x := search_month_count(q, m, search_rest(q, waits, m), most - ret_count, until);
            ret_count := ret_count + x.ret_count;
            ret_exact := x.ret_exact;
            exit when not ret_exact;
        end loop;
    end if;
    if ret_count > most then ret_count := most;  ret_exact := false; end if;
end $$;

-- Of those that are looked up in truth. Open ones are counted where they stand; what waits to be read and what is
-- open may be the same ticket, so with a text or among closed ones the two are told apart.
create or replace function search_count_truth(q search_asked, most integer) returns bigint language plpgsql stable as $$
declare
    bound integer := coalesce(most + 1, 2000000000);
    number bigint := 0;
    unread bigint[] := '{}';
begin
    if q.few is not null then
        return (select cardinality(ret_tickets) from search_truth(q, 'open', 't.accepted', true, 9000000000000000, 0, bound));
    end if;
    if q.opens and q.words is null then
        execute format('select count(*) from (select from ticket t where t.state < 80 and %s limit %s) x', q.truth, bound) into number;
    elsif q.opens then
        number := (select cardinality(ret_tickets) from search_truth(q, 'open', 't.accepted', true, 9000000000000000, 0, bound));
    end if;
    if q.opens or q.closes then
        unread := (select ret_tickets from search_truth(q, 'unread', 't.accepted', true, 9000000000000000, 0, bound));
        -- Open ones without a text, and what search_open still knows by a text of before, are counted above.
        number := number + (select count(*) from unnest(unread) u (ticket) join ticket t using (ticket)
            where t.state >= 80 or q.words is not null and not (exists (select from search_open o where o.ticket = t.ticket)
                and not exists (select from search_due d where d.ticket = t.ticket)));
    end if;
    return number;
end $$;

-- What an export reads: the next `page` matches in the order of the list beyond `after`, fewer than that at the end.
-- at_ms: the instant the export began, so that "超期" stays what it was. Raises when the filter or sort cannot be served
-- (ask ticket_search first).
create or replace function search_tickets(actor integer, filter jsonb, sort text, after text, page integer, at_ms bigint)
returns bigint[] language plpgsql stable as $$
declare
    a account;
    q search_asked;
    x record;
begin
    select * into a from account where account = actor;
    q := search_read(a, filter, at_ms);
    if q.faults is not null then raise exception 'filter: %', q.faults; end if;
    x := search_found(q, sort, after, page, null);
    if x.ret_faults is not null then raise exception 'search: %', x.ret_faults; end if;
    return x.ret_tickets;
end $$;

-- These tickets in this order, as an export tells them. Terms of numbers are routing/terms.def's. Contact data is not in it.
create or replace function search_rows(tickets bigint[])
returns table (n bigint, ticket bigint, number text, state smallint, round smallint, kind smallint, urgency smallint,
    secrecy smallint, channel smallint, matter text, matter_name text, region text, region_name text, town_name text,
    place text, title text, body text, dept integer, dept_name text, handler_name text, agent_name text, accepted bigint,
    dispatched bigint, promised bigint, due bigint, closed bigint, ended text, grade smallint, reply text, urged smallint,
    returns smallint, number_of_orders smallint, changed bigint)
language sql stable as $$
    select u.n, t.ticket, t.number, t.state, t.round, t.kind, t.urgency,
            t.secrecy, t.channel, t.matter, m.name, t.region, r.name, w.name, t.place, t.title, t.body, t.dept, d.name,
            h.name, g.name, t.accepted, t.dispatched, t.promised, t.due, t.closed, t.ended, t.grade, t.reply, t.urged,
            t.returns, t.orders, t.changed
        from unnest(tickets) with ordinality u (ticket, n) join ticket t on t.ticket = u.ticket
        left join matter m on m.matter = t.matter left join region r on r.region = t.region
        left join region w on w.region = t.town left join department d on d.dept = t.dept
        left join account h on h.account = t.handler left join account g on g.account = t.agent
        order by u.n
$$;

drop function if exists ticket_search_rows(integer, jsonb, text, text, integer, bigint);
drop function if exists search_key(ticket, text);
