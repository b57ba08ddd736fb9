-- The search tables, filled behind the commit (server/search.c); who asks them is in search.sql.

-- Place, title, body and points of a ticket, folded and parted by spaces.
create or replace function search_words(t ticket) returns text language plpgsql stable as $$
begin
    return search_fold(t.place) || ' ' || search_fold(t.title) || ' ' || search_fold(t.body)
        || case when t.points is null then '' else ' ' || array_to_string(
            array(select search_fold(point) from unnest(t.points) point), ' ') end;
end $$;

-- Beijing month of an instant, as its first day.
create or replace function month_of(at bigint) returns date language sql immutable as $$
    select date_trunc('month', timestamp '1970-01-01' + (at + 28800000) * interval '1 millisecond')::date
$$;

-- What is asked of a ticket beside its text, as lexemes that no text can hold. Units: the one that dealt with it
-- and all that had a 承办单 of it.
create or replace function search_facets(t ticket) returns tsvector language plpgsql stable as $$
begin
    return array_to_tsvector(array_remove(array['#s' || t.state, '#k' || t.kind, '#y' || t.urgency, '#c' || t.channel,
            '#r' || t.region, '#t' || t.town, '#m' || t.matter, '#g' || left(t.matter, 2), '#d' || t.dept, '#u' || t.dept,
            '#v' || coalesce(t.grade, 0), '#a' || t.agent, '#z' || to_char(month_of(t.closed), 'YYMM')]
        || array(select distinct '#u' || p.dept from part p where p.ticket = t.ticket and p.dept is distinct from t.dept),
        null));
end $$;

-- The partition of a month, made when it is not there. Writes: search_month. Whoever asks first makes it: tickets
-- of any month find their place.
create or replace function search_month_ensure(wanted date) returns void language plpgsql as $$
declare
    first date := date_trunc('month', wanted)::date;
    from_ms bigint := date_ms(first::text);
    to_ms bigint := date_ms((first + interval '1 month')::date::text);
begin
    perform from search_month where month = first;
    if found then return; end if;
    perform pg_advisory_xact_lock(hashtext('search_month'));
    perform from search_month where month = first;
    if found then return; end if;
    execute format('create table %I partition of search_closed for values from (%s) to (%s)',
        search_table(first), from_ms, to_ms);
    insert into search_month values (first, from_ms, to_ms);
end $$;

create or replace function search_table(month date) returns text language sql immutable as $$
    select 'search_closed_' || to_char(month, 'YYYYMM')
$$;

-- Reads tickets that wait, oldest first, those that another process reads left out. p: limit.
-- Writes: search_open, search_closed, search_month, search_due. Reply: {"read": how many, "more": whether some wait}.
create or replace function search_fill(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    read bigint[];
begin
    read := array(select ticket from search_due order by ticket limit (p->>'limit')::int for update skip locked);
    perform search_month_ensure(month) from (select distinct month_of(accepted) as month
        from ticket where ticket = any(read) and state >= 80) x where month is not null;
    delete from search_closed s using ticket t where t.ticket = any(read) and s.accepted = t.accepted and s.ticket = t.ticket;
    delete from search_open where ticket = any(read) and ticket in (select ticket from ticket where ticket = any(read) and state >= 80);
    insert into search_closed select t.accepted, t.ticket, coalesce(t.closed, t.changed), search_facets(t), search_words(t)
        from ticket t where t.ticket = any(read) and t.state >= 80;
    insert into search_open select t.ticket, search_words(t) from ticket t where t.ticket = any(read) and t.state < 80
        on conflict (ticket) do update set words = excluded.words where search_open.words <> excluded.words;
    delete from search_due where ticket = any(read);
    return next reply_outcome(json_build_object('read', cardinality(read),
        'more', exists (select from search_due))::text);
end $$;

-- The months to come have their tables before the first ticket of them is closed. p: at. Writes: search_month.
create or replace function search_ready(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform search_month_ensure((month_of((p->>'at')::bigint) + n * interval '1 month')::date) from generate_series(0, 2) n;
    return next reply_outcome('{}');
end $$;
