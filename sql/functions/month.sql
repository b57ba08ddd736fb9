-- Months: tables that grow by events are partitioned by Beijing month, and the server makes the months ahead. Rows
-- whose month is not there yet stand in the table's default partition, and move when it is made: nothing is lost.

-- Every table that has months, and what its range counts in: 'ms' since 1970, or 'date'. A table NAME has partitions
-- NAME_YYYY_MM and NAME_default; one that is to have months is a row here and nothing else.
create or replace function monthly_tables() returns table (name text, unit text) language sql immutable as $$
    values ('ticket_event', 'ms')
$$;

-- The first instant of a Beijing month, and the Beijing month of an instant.
create or replace function month_ms(month date) returns bigint language sql immutable as $$
    select (date_trunc('month', month::timestamp)::date - date '1970-01-01')::bigint * 86400000 - 28800000
$$;
create or replace function month_of(at bigint) returns date language sql immutable as $$
    select date_trunc('month', timestamp '1970-01-01' + (at + 28800000) / 86400000 * interval '1 day')::date
$$;
create or replace function month_next(month date) returns date language sql immutable as $$
    select (month + interval '1 month')::date
$$;

-- One month of one table: 1 when it was made, 0 when it was there, here or on the shelf. It is filled with the rows of
-- the default partition that are its own before it is attached.
create or replace function month_make(name text, unit text, month date) returns integer language plpgsql as $$
declare
    part text := name || '_' || to_char(month, 'YYYY_MM');
    low text := case unit when 'ms' then month_ms(month)::text else quote_literal(month) end;
    high text := case unit when 'ms' then month_ms(month_next(month))::text else quote_literal(month_next(month)) end;
    key text := (select a.attname from pg_partitioned_table p join pg_attribute a on a.attrelid = p.partrelid
        and a.attnum = p.partattrs[0] where p.partrelid = format('public.%I', name)::regclass);
begin
    if to_regclass(format('public.%I', part)) is not null or to_regclass(format('shelf.%I', part)) is not null then return 0; end if;
    execute format('create table public.%I (like public.%I including defaults including storage,
        constraint %I check (%I >= %s and %I < %s))', part, name, part || '_month', key, low, key, high);
    execute format('with gone as (delete from public.%I where %I >= %s and %I < %s returning *) insert into public.%I select * from gone',
        name || '_default', key, low, key, high, part);
    execute format('alter table public.%I attach partition public.%I for values from (%s) to (%s)', name, part, low, high);
    return 1;
end $$;

-- Search has its months in a table of its own, by which it is walked (search.sql): one is made ahead with the others,
-- or by whoever has a ticket of it.
-- Writes: search_month.
create or replace function search_month_ensure(wanted date) returns void language plpgsql as $$
declare
    first date := date_trunc('month', wanted)::date;
    from_ms bigint := month_ms(first);
    to_ms bigint := month_ms(month_next(first));
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

-- A month of all tables that have months; how many were made.
create or replace function month_ensure(month date) returns integer language plpgsql as $$
begin
    perform pg_advisory_xact_lock(12345, 12);        -- two servers make no month twice
    perform search_month_ensure(month);
    return (select sum(month_make(m.name, m.unit, date_trunc('month', month::timestamp)::date)) from monthly_tables() m);
end $$;

-- This month and the next ones, and months of rows that came without one. p: at, ahead. A lock that others hold is
-- waited for less than deadlock_timeout: it is this that gives way and is asked again, never a ticket. Reply: {"made":
-- how many}.
create or replace function months_ahead(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '800ms' as $$
declare
    month date := month_of((p->>'at')::bigint);
    made integer := 0;
    early date;
begin
    for i in 0 .. (p->>'ahead')::int loop
        made := made + month_ensure(month);
        month := month_next(month);
    end loop;
    for early in select distinct month_of(at) from ticket_event_default loop
        made := made + month_ensure(early);
    end loop;
    return next reply_outcome(json_build_object('made', made)::text);
end $$;

-- A new house has its months before its first ticket.
do $$
declare now_at bigint := (extract(epoch from now()) * 1000)::bigint;
begin
    perform from months_ahead(0, null, jsonb_build_object('at', now_at, 'ahead', 2));
end $$;
