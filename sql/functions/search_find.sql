-- Finding: open tickets in `ticket` itself, which is truth and few; closed ones month by month in search_closed, whose
-- rows hold all that is asked; what waits to be read (search_due, likeness_due) in `ticket` again.
--
-- Work is bounded by a budget, never the answer: when it is spent, the reply says how far the search has come, and
-- goes on from there when asked again. Nothing is left out and nothing is estimated.

-- Candidates that are looked up in truth: at most `most` in the order of (sort, ticket) beyond (after_sort,
-- after_ticket), as pairs [sort value, ticket]. part: 'open', or 'unread'.
create or replace function search_truth(q search_asked, part text, expression text, descending boolean,
    after_sort bigint, after_ticket bigint, most integer, ret_sorts out bigint[], ret_tickets out bigint[])
language plpgsql stable as $$
declare
    source text;
    fits text := q.truth;
    beyond text := format('(%s, t.ticket) %s (%s, %s)', expression, case when descending then '<' else '>' end,
        after_sort, after_ticket);
    direction text := case when descending then 'desc' else 'asc' end;
begin
    if q.few is not null then
        source := q.few || ' t';
        if q.words is not null then
            fits := fits || format(' and search_words(t) like all(%L::text[])', search_likes(q.words));
        end if;
    elsif part = 'unread' then
        -- First these few, then what they must fulfil: a text is folded for no other.
        source := '(with waiting as materialized (select x.* from search_waiting() w join ticket x using (ticket)) select * from waiting) t';
        if q.words is not null then
            fits := fits || format(' and search_words(t) like all(%L::text[])', search_likes(q.words));
        end if;
        if not q.closes then fits := fits || ' and t.state < 80'; end if;
        if not q.opens then fits := fits || ' and t.state >= 80'; end if;
    elsif q.words is not null then
        source := format('(with told as materialized (select ticket from search_open where search_pairs(words) @@ %L::tsquery
                and words like all(%L::text[])) select x.* from told cross join lateral (select * from ticket y where y.ticket = told.ticket
                offset 0) x) t', q.pairs, search_likes(q.words));      -- offset 0: these few are looked up, not joined to all that is open
        fits := fits || ' and t.state < 80 and not exists (select from search_due d where d.ticket = t.ticket)';
    elsif expression = 't.due' then
        -- Each state in the order of its index: read no further than the page.
        source := format('flow_state s cross join lateral (select t.* from ticket t where s.open and t.state = s.state
            and t.state < 80 and %s and %s order by t.due, t.ticket limit %s) t', q.truth, beyond, most);
        fits := 'true';
    else
        source := 'ticket t';
        fits := fits || ' and t.state < 80';
    end if;
    execute format('select coalesce(array_agg(sort), %L), coalesce(array_agg(ticket), %L) from (
            select %s as sort, t.ticket from %s where %s and %s order by 1 %s, 2 %s limit %s) x',
        '{}', '{}', expression, source, fits, beyond, direction, direction, most) into ret_sorts, ret_tickets;
end $$;

create or replace function search_likes(words text[]) returns text[] language sql immutable as $$
    select array(select '%' || word || '%' from unnest(words) word)
$$;

-- Tickets that wait to be read: the newest of them when very many wait (search_behind).
create or replace function search_waiting() returns table (ticket bigint) language sql stable as $$
    (select d.ticket from likeness_due d order by d.ticket desc limit 500)
    union (select d.ticket from search_due d order by d.ticket desc limit 500)
$$;

-- Whether more wait than are looked at: after an import, or while the index is made the first time.
create or replace function search_behind() returns boolean language plpgsql stable as $$
begin
    perform from likeness_due offset 500 limit 1;
    if found then return true; end if;
    perform from search_due offset 500 limit 1;
    return found;
end $$;

-- What a row s of a month must fulfil beside its facets and pairs, in SQL; true where nothing is left: then the index
-- alone can count.
create or replace function search_rest(q search_asked, waits boolean, m search_month) returns text language plpgsql immutable as $$
declare
    long text[] := array(select word from unnest(q.words) word where length(word) > 2);
begin
    return concat_ws(' and ', 'true',
        case when q.from_ms > m.from_ms then format('s.accepted >= %s', q.from_ms) end,
        case when q.to_ms < m.to_ms then format('s.accepted < %s', q.to_ms) end,
        case when q.closed_from is not null then format('s.closed >= %s and s.closed < %s', q.closed_from, q.closed_to) end,
        case when cardinality(long) > 0 then format('s.words like all(%L::text[])', search_likes(long)) end,
        case when waits then 'not exists (select from search_due d where d.ticket = s.ticket)' end);
end $$;

-- Facets and pairs as one condition on a month's index; null: none.
create or replace function search_lexemes(q search_asked) returns tsquery language sql immutable as $$
    select case when q.facets is null then q.pairs when q.pairs is null then q.facets else q.facets && q.pairs end
$$;

-- A month's rows s that fit, as a source; $1: the lexemes.
create or replace function search_source(q search_asked, month date, rest text) returns text language plpgsql immutable as $$
begin
    return format('%I s where %s%s', search_table(month),
        case when search_lexemes(q) is null then '' else '(s.facets || search_pairs(s.words)) @@ $1 and ' end, rest);
end $$;

-- By index: of the month's rows that its index gives, those that fit beyond the key, in order, at most `most`.
-- Of more than 1500 rows none: then they are so dense that walking is quicker (ret_dense).
create or replace function search_month_index(q search_asked, month date, rest text, beyond text, direction text, most integer,
    ret_sorts out bigint[], ret_tickets out bigint[], ret_dense out boolean)
language plpgsql stable as $$
begin
    execute format('select coalesce(array_agg(accepted order by accepted %s, ticket %s) filter (where fits), %L),
            coalesce(array_agg(ticket order by accepted %s, ticket %s) filter (where fits), %L), count(*) > 1500
        from (select accepted, ticket, %s and %s as fits from %I s where (facets || search_pairs(words)) @@ $1 limit 1501) x',
        direction, direction, '{}', direction, direction, '{}', rest, beyond, search_table(month))
        using search_lexemes(q) into ret_sorts, ret_tickets, ret_dense;
    ret_sorts := ret_sorts[1:most];
    ret_tickets := ret_tickets[1:most];
end $$;

-- By walking: the next 4000 rows of the month beyond the key; ret_sort, ret_ticket: how far that was, null = to its end.
create or replace function search_month_walk(q search_asked, month date, rest text, descending boolean,
    after_sort bigint, after_ticket bigint, most integer,
    ret_sorts out bigint[], ret_tickets out bigint[], ret_sort out bigint, ret_ticket out bigint)
language plpgsql stable set enable_bitmapscan = off as $$
declare
    direction text := case when descending then 'desc' else 'asc' end;
    beyond text := format('(s.accepted, s.ticket) %s (%s, %s)', case when descending then '<' else '>' end, after_sort, after_ticket);
begin
    execute format('select accepted, ticket from %I s where s.accepted >= %s and s.accepted < %s and %s
        order by accepted %s, ticket %s offset 3999 limit 1', search_table(month), q.from_ms, q.to_ms, beyond, direction, direction)
        into ret_sort, ret_ticket;
    if ret_sort is not null then
        beyond := beyond || format(' and (s.accepted, s.ticket) %s (%s, %s)', case when descending then '>=' else '<=' end, ret_sort, ret_ticket);
    end if;
    execute format('select coalesce(array_agg(accepted), %L), coalesce(array_agg(ticket), %L) from (
            select s.accepted, s.ticket from %I s where %s%s%s and %s order by accepted %s, ticket %s limit %s) x',
        '{}', '{}', search_table(month),
        case when q.facets is null then '' else 's.facets @@ $1 and ' end,
        case when q.pairs is null then '' else 's.words like all($2) and ' end,
        rest, beyond, direction, direction, most) using q.facets, search_likes(q.words) into ret_sorts, ret_tickets;
end $$;

-- A page by acceptance, newest or oldest first: tickets in order, and where to go on (null: there is no more).
-- budget_ms null: as long as it takes.
create or replace function search_page(q search_asked, descending boolean, after_sort bigint, after_ticket bigint,
    page integer, budget_ms integer, ret_tickets out bigint[], ret_next out text)
language plpgsql stable set enable_seqscan = off as $$
declare
    until timestamptz := clock_timestamp() + budget_ms * interval '1 millisecond';
    direction text := case when descending then 'desc' else 'asc' end;
    sorts bigint[] := '{}';
    tickets bigint[] := '{}';
    m search_month;
    x record;
    waits boolean;
    walks boolean;
    rest text;
    beyond text := format('(s.accepted, s.ticket) %s (%s, %s)', case when descending then '<' else '>' end, after_sort, after_ticket);
    at_sort bigint := after_sort;      -- everything up to here has been looked at
    at_ticket bigint := after_ticket;
    complete boolean := true;
begin
    if q.opens or q.few is not null then
        x := search_truth(q, 'open', 't.accepted', descending, after_sort, after_ticket, page + 1);
        sorts := x.ret_sorts;  tickets := x.ret_tickets;
    end if;
    if q.few is null and (q.opens or q.closes) then
        x := search_truth(q, 'unread', 't.accepted', descending, after_sort, after_ticket, page + 1);
        sorts := sorts || x.ret_sorts;  tickets := tickets || x.ret_tickets;
    end if;

    if q.few is null and q.closes then
        perform from search_due limit 1;
        waits := found;
        <<months>>
        for m in select * from search_month where to_ms > q.from_ms and from_ms < q.to_ms
                and case when descending then (from_ms, 0) < (after_sort, after_ticket)
                         else (to_ms - 1, 999999999999999999) > (after_sort, after_ticket) end
                order by case when descending then -from_ms else from_ms end loop
            rest := search_rest(q, waits, m);
            walks := search_lexemes(q) is null;
            if not walks then
                x := search_month_index(q, m.month, rest, beyond, direction, page + 1);
                walks := x.ret_dense;
                if not walks then sorts := sorts || x.ret_sorts;  tickets := tickets || x.ret_tickets; end if;
            end if;
            if walks then
                loop
                    x := search_month_walk(q, m.month, rest, descending, at_sort, at_ticket, page + 1);
                    sorts := sorts || x.ret_sorts;  tickets := tickets || x.ret_tickets;
                    exit when x.ret_sort is null;
                    at_sort := x.ret_sort;  at_ticket := x.ret_ticket;
                    complete := (cardinality(sorts) <= page or search_within(sorts, tickets, descending, at_sort, at_ticket) <= page)
                        and (budget_ms is null or clock_timestamp() < until);
                    exit months when not complete;
                end loop;
            end if;
            at_sort := case when descending then m.from_ms else m.to_ms - 1 end;
            at_ticket := case when descending then 0 else 999999999999999999 end;
            complete := (cardinality(sorts) <= page or search_within(sorts, tickets, descending, at_sort, at_ticket) <= page)
                and (budget_ms is null or clock_timestamp() < until);
            exit when not complete;
        end loop;
    end if;

    -- What lies beyond the point that was reached may not be all there is: it comes with the next page.
    select array_agg(y.ticket order by y.n) filter (where y.n <= page),
           max(y.sort || '.' || y.ticket) filter (where y.n = page and y.whole > page)
        into ret_tickets, ret_next
        from (select z.*, row_number() over (order by case when descending then -z.sort else z.sort end,
                     case when descending then -z.ticket else z.ticket end) as n, count(*) over () as whole
              from (select distinct sort, ticket from unnest(sorts, tickets) u (sort, ticket)
                    where complete or case when descending then (sort, ticket) >= (at_sort, at_ticket)
                                           else (sort, ticket) <= (at_sort, at_ticket) end) z) y;
    ret_tickets := coalesce(ret_tickets, '{}');
    if ret_next is null and not complete then ret_next := at_sort || '.' || at_ticket; end if;
end $$;

-- How many of the found lie before the point that was reached.
create or replace function search_within(sorts bigint[], tickets bigint[], descending boolean, at_sort bigint, at_ticket bigint)
returns bigint language sql immutable as $$
    select count(*) from (select distinct sort, ticket from unnest(sorts, tickets) u (sort, ticket)
        where case when descending then (sort, ticket) >= (at_sort, at_ticket) else (sort, ticket) <= (at_sort, at_ticket) end) x
$$;

-- Every match, at most `most`, in no order: for sorts other than acceptance. ret_whole: whether these are all.
create or replace function search_all(q search_asked, most integer, budget_ms integer, ret_tickets out bigint[], ret_whole out boolean)
language plpgsql stable as $$
declare
    until timestamptz := clock_timestamp() + budget_ms * interval '1 millisecond';
    m search_month;
    more bigint[];
begin
    ret_tickets := '{}';
    ret_whole := true;
    if q.opens or q.few is not null then
        ret_tickets := (select x.ret_tickets from search_truth(q, 'open', 't.accepted', true, 9000000000000000, 0, most + 1) x);
    end if;
    if q.few is null and (q.opens or q.closes) then
        ret_tickets := array(select unnest(ret_tickets) union
            select unnest(x.ret_tickets) from search_truth(q, 'unread', 't.accepted', true, 9000000000000000, 0, most + 1) x);
    end if;
    if q.few is null and q.closes then
        for m in select * from search_month where to_ms > q.from_ms and from_ms < q.to_ms order by month desc loop
            exit when cardinality(ret_tickets) > most;
            if clock_timestamp() > until then ret_whole := false; exit; end if;
            more := search_month_all(q, m.month, search_rest(q, true, m), most + 1 - cardinality(ret_tickets));
            ret_tickets := ret_tickets || more;
        end loop;
    end if;
    ret_whole := ret_whole and cardinality(ret_tickets) <= most;
    ret_tickets := ret_tickets[1:most];
end $$;

create or replace function search_month_all(q search_asked, month date, rest text, most bigint) returns bigint[]
language plpgsql stable set enable_seqscan = off as $$
declare found_tickets bigint[];
begin
    execute format('select coalesce(array_agg(ticket), %L) from (select ticket from %s limit %s) x', '{}', search_source(q, month, rest), most)
        using search_lexemes(q) into found_tickets;
    return found_tickets;
end $$;

-- A page in another order: all matches are gathered, so there may be five thousand at most. ret_fault: why not.
create or replace function search_sorted(q search_asked, sort text, after_sort bigint, after_ticket bigint, page integer,
    budget_ms integer, ret_tickets out bigint[], ret_next out text, ret_fault out text)
language plpgsql stable as $$
declare
    x record;
begin
    x := search_all(q, 5000, 100 * budget_ms);   -- a net: the five thousand bound its work
    if not x.ret_whole then
        ret_fault := case when cardinality(x.ret_tickets) < 5000 then '查找的时间段太长，按此排序前请限定受理时间'
            else '符合条件的超过 5000 件，按此排序前请再缩小范围，例如限定受理时间' end;
        return;
    end if;
    select array_agg(y.ticket order by y.n) filter (where y.n <= page),
           max(y.sort || '.' || y.ticket) filter (where y.n = page and y.whole > page)
        into ret_tickets, ret_next
        from (select t.ticket, s.sort, row_number() over (order by s.sort desc, t.ticket desc) as n, count(*) over () as whole
              from unnest(x.ret_tickets) u (ticket) join ticket t using (ticket)
              cross join lateral (select coalesce(case search_sorted.sort when 'changed' then t.changed when 'closed' then t.closed
                  when 'grade' then 9 - t.grade end, 0) as sort) s
              where (s.sort, t.ticket) < (after_sort, after_ticket)) y;
    ret_tickets := coalesce(ret_tickets, '{}');
end $$;

-- One page. Sorts: newest, oldest (by acceptance), due (open tickets, what is due first), changed, closed (newest
-- first), grade (worst first). ret_faults: why not.
create or replace function search_found(q search_asked, sort text, after text, page integer, budget_ms integer,
    ret_tickets out bigint[], ret_next out text, ret_faults out jsonb)
language plpgsql stable as $$
declare
    x record;
    forward boolean := sort in ('oldest', 'due');
    after_sort bigint := case when forward then -1 else 9000000000000000 end;
    after_ticket bigint := 0;
begin
    ret_tickets := '{}';
    if after is not null then
        if after !~ '^[0-9]{1,16}[.][0-9]{1,18}$' then
            ret_faults := '{"after": "不是列表给出的翻页键，请从第一页重新查起"}';
            return;
        end if;
        after_sort := split_part(after, '.', 1)::bigint;
        after_ticket := split_part(after, '.', 2)::bigint;
    end if;
    if sort in ('newest', 'oldest') then
        x := search_page(q, not forward, after_sort, after_ticket, page, budget_ms);
        ret_tickets := x.ret_tickets;  ret_next := x.ret_next;
    elsif sort = 'due' then
        if q.closes and q.few is null then
            ret_faults := '{"sort": "按期限排序只用于在办工单，请加上条件“在办”"}';
            return;
        end if;
        q.truth := q.truth || ' and t.state < 80';
        with found as (
            select unnest(y.ret_sorts) as sort, unnest(y.ret_tickets) as ticket
                from search_truth(q, 'open', 't.due', false, after_sort, after_ticket, page + 1) y
            union
            select unnest(y.ret_sorts), unnest(y.ret_tickets)
                from search_truth(q, 'unread', 't.due', false, after_sort, after_ticket, page + 1) y
                where q.few is null and q.words is not null),
        placed as (select f.*, row_number() over (order by f.sort, f.ticket) as n, count(*) over () as whole from found f)
        select array_agg(p.ticket order by p.n) filter (where p.n <= page), max(p.sort || '.' || p.ticket) filter (where p.n = page and p.whole > page)
            into ret_tickets, ret_next from placed p;
        ret_tickets := coalesce(ret_tickets, '{}');
    else
        x := search_sorted(q, sort, after_sort, after_ticket, page, budget_ms);
        if x.ret_fault is not null then ret_faults := jsonb_build_object('sort', x.ret_fault); return; end if;
        ret_tickets := x.ret_tickets;  ret_next := x.ret_next;
    end if;
end $$;
