-- 查询: a filter read into what each table is asked. The same object is saved in a view and stored with an export.
--
-- Members, all optional, all must hold; of a list any one: text (words parted by spaces, each of two characters or
-- more), number (whole, last six digits, or its beginning from the date on), phone_index and phone_mask (put there by
-- the server for `phone`), state[], open (bool), due ("overdue", "soon", "today"), kind[], urgency[], channel[],
-- matter[] (four digits, or two for a group), region[], town[], dept[] (whose it is or was last), grade[] (0 = none),
-- agent[] (who took it down), accepted_in and closed_in ("today", "week", "month", "days30", "year"), accepted_from,
-- accepted_to, closed_from, closed_to (Beijing dates, both included).

-- First and end instant of a named stretch of time around now.
create or replace function search_period(name text, now_ms bigint, ret_from out bigint, ret_to out bigint)
language plpgsql stable as $$
declare
    today date := (timestamp '1970-01-01' + (now_ms + 28800000) * interval '1 millisecond')::date;
    first date := case name when 'today' then today when 'week' then date_trunc('week', today)::date
        when 'month' then date_trunc('month', today)::date when 'days30' then today - 29
        when 'year' then date_trunc('year', today)::date end;
begin
    ret_from := date_ms(first::text);
    ret_to := date_ms((today + 1)::text);
end $$;

-- Folded words of a search text; a fault instead when one of them cannot be found exactly.
create or replace function search_text(typed text, ret_words out text[], ret_fault out text)
language plpgsql immutable as $$
begin
    ret_words := array(select distinct word from regexp_split_to_table(typed, '[\s\u3000]+') part,
        search_fold(part) word where word <> '');
    ret_fault := case when cardinality(ret_words) = 0 then '只有标点和空格，请输入要找的词'
        when cardinality(ret_words) > 8 then '最多八个词，请去掉几个'
        when exists (select from unnest(ret_words) word where length(word) < 2) then
            '每个词至少两个字：“' || (select min(word) from unnest(ret_words) word where length(word) < 2) || '”太短' end;
end $$;

-- Words as a condition on pairs.
create or replace function search_pairs_of(words text[]) returns tsquery language sql immutable as $$
    select string_agg(quote_literal(pair), ' & ')::tsquery
    from (select distinct unnest(tsvector_to_array(search_pairs(word))) as pair from unnest(words) word) x
$$;

-- A list of a filter as one condition on facets: "#k1 | #k2".
create or replace function search_any(prefix text, list jsonb) returns text language sql immutable as $$
    select '(' || string_agg(quote_literal('#' || prefix || value), ' | ') || ')' from jsonb_array_elements_text(list)
$$;

-- Where the tickets of a number are read from, null when it is none.
create or replace function search_number(digits text, now_ms bigint) returns text language plpgsql stable as $$
declare first date;
begin
    if digits !~ '^[0-9]{6,18}$' then return null; end if;
    if length(digits) = 6 then      -- a serial of any day
        first := month_of((select min(from_ms) from search_month));
        first := least(first, month_of((select accepted from ticket order by ticket limit 1)));
        return format('(select * from ticket where number = any(array(select %L || to_char(day, %L) || %L
            from generate_series(%L::date, %L::date, %L) day)))', '2327', 'YYYYMMDD', digits,
            coalesce(first, month_of(now_ms)), month_of(now_ms) + 31, '1 day');
    end if;
    if digits !~ '^2327[0-9]{4}' or (digits ~ '^20' and length(digits) <= 14) then digits := '2327' || digits; end if;
    return format('(select * from ticket where number >= %L and number < %L)', digits, digits || ':');
end $$;

-- What is wrong with a filter: {"filter.x": "sentence"}, null when all is well.
create or replace function search_faults(f jsonb, now_ms bigint) returns jsonb language plpgsql stable as $$
declare
    faults jsonb := '{}';
    text_fault text := (select ret_fault from search_text(f->>'text'));
begin
    if f ? 'text' and text_fault is not null then faults := faults || jsonb_build_object('filter.text', text_fault); end if;
    if f ? 'number' and search_number(f->>'number', now_ms) is null then
        faults := faults || '{"filter.number": "请输入完整编号、末六位，或从日期起的前几位，如 20261122"}';
    end if;
    if f->>'accepted_to' < f->>'accepted_from' then
        faults := faults || '{"filter.accepted_to": "受理时间的结束日期应不早于开始日期"}';
    end if;
    if f->>'closed_to' < f->>'closed_from' then
        faults := faults || '{"filter.closed_to": "办结时间的结束日期应不早于开始日期"}';
    end if;
    return nullif(faults, '{}');
end $$;

-- The filter as each table is asked. Scope is part of it: nobody finds what they could not open. By a caller's number
-- no report under 举报人保密 is found, and a unit's account may not ask by it.
create or replace function search_read(a account, f jsonb, now_ms bigint) returns search_asked
language plpgsql stable as $$
declare
    q search_asked;
    truth text[] := '{}';
    facets text[] := '{}';
    one record;
    start_ms bigint;
    end_ms bigint;
begin
    q.faults := search_faults(f, now_ms);
    if f ? 'phone_index' and a.role = 2 then
        q.faults := coalesce(q.faults, '{}') || '{"filter.phone": "承办单位不能按来电号码查询"}';
    end if;
    if q.faults is not null then return q; end if;
    q.opens := not (f->>'open' = 'false') is true and not f ? 'closed_in' and not f ? 'closed_from' and not f ? 'closed_to';
    q.closes := not (f->>'open' = 'true') is true and not f ? 'due';
    if f ? 'state' then
        q.opens := q.opens and exists (select from jsonb_array_elements_text(f->'state') s where s::int < 80);
        q.closes := q.closes and exists (select from jsonb_array_elements_text(f->'state') s where s::int >= 80);
    end if;
    if f ? 'open' then truth := truth || case when (f->>'open')::boolean then 't.state < 80' else 't.state >= 80' end; end if;

    for one in select * from (values ('state', 's', 't.state'), ('kind', 'k', 't.kind'),
            ('urgency', 'y', 't.urgency'), ('channel', 'c', 't.channel'), ('region', 'r', 't.region'),
            ('town', 't', 't.town'), ('dept', 'd', 't.dept'), ('agent', 'a', 't.agent'),
            ('grade', 'v', 'coalesce(t.grade, 0)')) x (member, prefix, expression) loop
        continue when not f ? one.member;
        facets := facets || search_any(one.prefix, f->one.member);
        truth := truth || search_list(one.member, one.expression, f->one.member);
    end loop;
    if f ? 'matter' then
        facets := facets || (select '(' || string_agg(quote_literal(case when length(m) = 2 then '#g' else '#m' end || m), ' | ') || ')'
            from jsonb_array_elements_text(f->'matter') m);
        truth := truth || (select format('(t.matter = any(%L::text[]) or left(t.matter, 2) = any(%L::text[]))',
            array_agg(m), array_agg(m)) from jsonb_array_elements_text(f->'matter') m);
    end if;
    truth := truth || case f->>'due' when 'overdue' then format('t.state < 80 and t.due < %s', now_ms)
        when 'soon' then format('t.state < 80 and t.warn <= %s and t.due >= %s', now_ms, now_ms)
        when 'today' then format('t.state < 80 and t.due >= %s and t.due < %s', now_ms, day_start(now_ms) + 86400000) end;

    start_ms := 0;  end_ms := 9000000000000000;
    if f ? 'accepted_in' then select * into start_ms, end_ms from search_period(f->>'accepted_in', now_ms); end if;
    q.from_ms := greatest(start_ms, coalesce(date_ms(f->>'accepted_from'), 0));
    q.to_ms := least(end_ms, coalesce(date_ms(f->>'accepted_to') + 86400000, 9000000000000000));
    if q.from_ms > 0 then truth := truth || format('t.accepted >= %s', q.from_ms); end if;
    if q.to_ms < 9000000000000000 then truth := truth || format('t.accepted < %s', q.to_ms); end if;
    if f ? 'closed_in' or f ? 'closed_from' or f ? 'closed_to' then
        start_ms := 0;  end_ms := now_ms + 86400000;
        if f ? 'closed_in' then select * into start_ms, end_ms from search_period(f->>'closed_in', now_ms); end if;
        q.closed_from := greatest(start_ms, coalesce(date_ms(f->>'closed_from'), 0));
        q.closed_to := least(end_ms, coalesce(date_ms(f->>'closed_to') + 86400000, end_ms));
        q.to_ms := least(q.to_ms, q.closed_to);       -- nothing is closed before it is accepted
        truth := truth || format('t.closed >= %s and t.closed < %s', q.closed_from, q.closed_to);
        if q.closed_to - q.closed_from < 400 * 86400000::bigint and q.closed_to > q.closed_from then
            facets := facets || (select '(' || string_agg(quote_literal('#z' || to_char(m, 'YYMM')), ' | ') || ')'
                from generate_series(month_of(q.closed_from), month_of(q.closed_to - 1), '1 month') m);
        end if;
    end if;
    if f ? 'text' then
        q.words := (select ret_words from search_text(f->>'text'));
        q.pairs := search_pairs_of(q.words);
    end if;

    if f ? 'number' then q.few := search_number(f->>'number', now_ms); end if;
    if f ? 'phone_index' then
        truth := truth || text 't.secrecy < 2';
        if q.few is null then
            q.few := format('(select x.* from contact c join ticket x using (ticket) where c.phone_index = %L)', f->>'phone_index');
        else
            truth := truth || format('exists (select from contact c where c.ticket = t.ticket and c.phone_index = %L)', f->>'phone_index');
        end if;
    end if;

    if a.role = 2 then
        facets := facets || quote_literal('#u' || coalesce(a.dept, 0));
        truth := truth || format('(t.dept = %s or t.ticket in (select p.ticket from part p where p.dept = %s))',
            coalesce(a.dept, 0), coalesce(a.dept, 0));
    elsif a.role = 4 and a.region <> '232700' then
        facets := facets || quote_literal('#r' || a.region);
        truth := truth || format('t.region = %L', a.region);
    elsif a.role is null or a.role not in (1, 4, 16) then
        q.opens := false;  q.closes := false;  truth := truth || text 'false';
    end if;
    q.to_ms := least(q.to_ms, now_ms + 600000);      -- months to come have tables, but no tickets
    q.truth := coalesce(nullif(array_to_string(truth, ' and '), ''), 'true');
    if cardinality(facets) > 0 then q.facets := array_to_string(facets, ' & ')::tsquery; end if;
    return q;
end $$;

-- A list of a filter as a condition on a ticket. Numbers are compared as numbers, so that indexes serve.
create or replace function search_list(member text, expression text, list jsonb) returns text language plpgsql immutable as $$
begin
    if member in ('region', 'town') then
        return format('%s = any(%L::text[])', expression, array(select jsonb_array_elements_text(list)));
    end if;
    return format('%s = any(%L::int[])', expression, array(select jsonb_array_elements_text(list)));
end $$;
