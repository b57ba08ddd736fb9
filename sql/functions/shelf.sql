-- The shelf: past months of events in read-only storage (docs/KEEPING.md). `hotlined shelve`, `unshelve` and `shelf` call
-- these as the database's owner, one transaction each. A month is copied in the order of its tickets while everybody
-- goes on reading it; only the exchange at the end locks the table, for a moment.

-- Months there are: where they stand, rows as counted last by the database (exact on the shelf), bytes with indexes.
create or replace function shelf_months() returns table (month date, place text, rows bigint, bytes bigint)
language plpgsql stable set search_path = public, pg_temp as $$
declare x record;
begin
    for x in select c.oid, n.nspname, c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        join pg_namespace n on n.oid = c.relnamespace
        where i.inhparent in ('public.ticket_event'::regclass, 'shelf.ticket_event'::regclass)
            and c.relname ~ '^ticket_event_[0-9]{4}_[0-9]{2}$' order by c.relname
    loop
        month := to_date(right(x.relname, 7), 'YYYY_MM');
        place := case x.nspname when 'shelf' then 'shelf' else 'hot' end;
        execute format('select count(*) from %I.%I', x.nspname, x.relname) into rows;
        bytes := pg_total_relation_size(x.oid);
        return next;
    end loop;
end $$;

create or replace function shelf_part(month date) returns text language sql immutable as $$
    select 'ticket_event_' || to_char(month, 'YYYY_MM')
$$;

-- Why this month may not be put away; null when it may. keep: months that must have passed since its end.
create or replace function shelf_refusal(month date, now_at bigint, keep integer) returns text
language plpgsql stable set search_path = public, pg_temp as $$
declare
    last_at date := (month_of(now_at) - make_interval(months => keep + 1))::date;
    n bigint;
begin
    if to_regclass('shelf.' || shelf_part(month)) is not null and exists (select from pg_inherits
        where inhrelid = to_regclass('shelf.' || shelf_part(month))) then
        return to_char(month, 'YYYY-MM') || ' 已在归档区';
    end if;
    if to_regclass('public.' || shelf_part(month)) is null then
        return to_char(month, 'YYYY-MM') || ' 没有这个月的分区';
    end if;
    if month > last_at then
        return to_char(month, 'YYYY-MM') || ' 还不能归档：月份结束后须满 ' || keep || ' 个月（设置 shelf_after_months），目前最近可归档 ' || to_char(last_at, 'YYYY-MM');
    end if;
    select count(*) into n from ticket_event_default where at >= month_ms(month) and at < month_ms(month_next(month));
    if n > 0 then return '默认分区中还有 ' || n || ' 条属于这个月的记录，请等服务器移入后再归档'; end if;
    return null;
end $$;

-- First step: a copy in the shelf's schema, ordered by ticket, on the shelf's tablespace ('' = the database's own).
-- What an earlier attempt left is made anew. The month takes no writes until this is committed.
create or replace function shelf_copy(month date, space text) returns bigint
language plpgsql set search_path = public, pg_temp as $$
declare
    part text := shelf_part(month);
    n bigint;
begin
    perform pg_advisory_xact_lock(12345, 13);        -- not while somebody erases
    execute format('lock table public.%I in share mode', part);
    execute format('drop table if exists shelf.%I', part);
    perform set_config('default_tablespace', space, true);
    execute format('create table shelf.%I (like public.%I including defaults including storage,
        constraint %I check (at >= %s and at < %s))', part, part, part || '_month', month_ms(month), month_ms(month_next(month)));
    execute format('insert into shelf.%I select * from public.%I order by ticket, seq', part, part);
    get diagnostics n = row_count;
    execute format('alter table shelf.%I add primary key (ticket, seq, at)', part);
    execute format('create index on shelf.%I using brin (at) with (pages_per_range = 16, autosummarize = on)', part);
    return n;
end $$;

-- Second step, outside of any transaction: what the caller must execute, so that the month is never rewritten again.
create or replace function shelf_freeze(month date) returns text language sql immutable as $$
    select format('vacuum (freeze, analyze) shelf.%I', shelf_part(month))
$$;

-- A fingerprint of a table's rows whatever their order.
create or replace function shelf_print(place text, month date) returns numeric
language plpgsql stable set search_path = public, pg_temp as $$
declare print numeric;
begin
    execute format('select count(*) + coalesce(sum(hash_record_extended(e, 0)), 0) from %I.%I e', place, shelf_part(month)) into print;
    return print;
end $$;

-- Last step: the copy takes the month's place. Refused when the month has changed since it was copied.
create or replace function shelf_exchange(month date) returns void
language plpgsql set search_path = public, pg_temp set lock_timeout = '5s' as $$
declare part text := shelf_part(month);
begin
    perform pg_advisory_xact_lock(12345, 13);
    execute format('lock table public.%I in share mode', part);
    if shelf_print('public', month) is distinct from shelf_print('shelf', month) then
        raise exception '% 在复制期间有变化，请重新归档', to_char(month, 'YYYY-MM');
    end if;
    execute format('alter table public.ticket_event detach partition public.%I', part);
    execute format('drop table public.%I', part);
    execute format('create trigger no_truncate before truncate on shelf.%I execute function shelf.refuse()', part);
    execute format('alter table shelf.ticket_event attach partition shelf.%I for values from (%s) to (%s)',
        part, month_ms(month), month_ms(month_next(month)));
end $$;

-- Back among the months that are written to. Checked against the tickets anew, which takes its time. The tablespace:
-- the database's own again.
create or replace function shelf_return(month date) returns void
language plpgsql set search_path = public, pg_temp set lock_timeout = '5s' as $$
declare part text := shelf_part(month);
begin
    if not exists (select from pg_inherits where inhrelid = to_regclass('shelf.' || part)) then
        raise exception '% 不在归档区', to_char(month, 'YYYY-MM');
    end if;
    perform pg_advisory_xact_lock(12345, 13);
    execute format('alter table shelf.ticket_event detach partition shelf.%I', part);
    execute format('drop trigger no_truncate on shelf.%I', part);
    execute format('alter table shelf.%I set schema public', part);
    execute format('alter table public.%I set tablespace pg_default', part);
    execute format('alter table public.ticket_event attach partition public.%I for values from (%s) to (%s)',
        part, month_ms(month), month_ms(month_next(month)));
end $$;
