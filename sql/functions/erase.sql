-- 个人信息删除 (个人信息保护法 第四十七条): a person's contact data leaves every table, statistics and history stay.
-- The server opens what is sealed (server/erase.c): what a person is searched by comes here in the clear, and is kept
-- nowhere. Tables are found in the catalogue, so that one made tomorrow is searched as well.

create or replace function erased_mark() returns text language sql immutable as $$ select '［已依法删除］' $$;

-- A number as people write it: with spaces, hyphens and the country's code, in half or full width; not as part of a
-- longer number.
create or replace function number_pattern(number text) returns text language sql immutable as $$
    select '(?<![0-9])(?:(?:\+|00)?86[- ]*)?' || string_agg(case when c ~ '[0-9]' then '[' || c || chr(65248 + ascii(c)) || ']'
        when c ~ '[Xx]' then '[XxＸｘ×]' else '\' || c end, '[- ·]*' order by n) || '(?![0-9])'
    from regexp_split_to_table(number, '') with ordinality as x (c, n)
$$;

create or replace function word_pattern(word text) returns text language sql immutable as $$
    select regexp_replace(word, '([][\\^$.|?*+(){}-])', '\\\1', 'g')
$$;

-- The patterns as one; null of none.
create or replace function any_pattern(numbers text[], words text[]) returns text language sql immutable as $$
    select string_agg(p, '|') from (
        select number_pattern(x) as p from unnest(numbers) x where length(x) >= 5
        union all select word_pattern(x) from unnest(words) x where length(x) >= 2) y
$$;

-- What of a person (erase_count's p) is looked for everywhere, and what in the person's own rows only: names are borne
-- by others too, and a file's name only means something there. Null: nothing.
create or replace function erase_wide(p jsonb) returns text language plpgsql stable as $$
begin
    return any_pattern(array(select jsonb_array_elements_text(p->'wide')), '{}');
end $$;
create or replace function erase_own(p jsonb) returns text language plpgsql stable as $$
begin
    return any_pattern(array(select jsonb_array_elements_text(p->'wide') union select jsonb_array_elements_text(p->'own')),
        array(select jsonb_array_elements_text(p->'words') union select name from file where erased is null and dept is null
            and ticket in (select jsonb_array_elements_text(p->'tickets')::bigint)));
end $$;

-- A text without what fits; sealed: exact texts, which stand in quotes where they stand in JSON.
create or replace function erased_text(was text, pattern text, sealed text[]) returns text language plpgsql immutable as $$
declare one text;
begin
    foreach one in array sealed loop
        was := replace(replace(was, '"' || one || '"', 'null'), one, '');
    end loop;
    return case when pattern is null then was else regexp_replace(was, pattern, erased_mark(), 'g') end;
end $$;

-- The same of JSON, where a number may also stand without quotes.
create or replace function erased_json(was text, pattern text, sealed text[]) returns jsonb language plpgsql immutable as $$
begin
    if pattern is not null then
        was := regexp_replace(was, '([:\[,] ?)(?:' || pattern || ')(?=[],}])', '\1"' || erased_mark() || '"', 'g');
    end if;
    return erased_text(was, pattern, sealed)::jsonb;
end $$;

-- Which rows of a table are the person's: the condition with $3 tickets, $4 cases, $5 a pattern of their numbers.
create or replace function own_rows(rel regclass) returns text language plpgsql stable as $$
declare
    name text := (select relname from pg_class where oid = rel);
    has text[] := array(select attname::text from pg_attribute where attrelid = rel and attnum > 0 and not attisdropped);
begin
    return case when 'ticket' = any(has) then 'ticket = any($3)'
        when 'tickets' = any(has) and name <> 'erasure' then 'tickets && $3'
        when name like 'case\_%' and 'id' = any(has) then 'id = any($4)'
        when name = 'police_message' then 'handoff in (select handoff from handoff where ticket = any($3))'
        when name = 'answered' then 'body ~ $5'
        when name = 'bulletin' then 'document::text ~ $5' end;
end $$;

-- The columns of a table that hold words: all but those that name a row, and what the seed owns.
create or replace function word_columns(rel regclass) returns table (col text, kind text) language sql stable as $$
    select a.attname::text, format_type(a.atttypid, null) from pg_attribute a
    where a.attrelid = rel and a.attnum > 0 and not a.attisdropped
        and format_type(a.atttypid, null) in ('text', 'text[]', 'json', 'jsonb', 'character varying')
        and not exists (select from pg_index i where i.indrelid = rel and i.indisunique and a.attnum = any(i.indkey))
        and not exists (select from pg_constraint c where c.conrelid = rel and c.contype = 'f' and a.attnum = any(c.conkey))
$$;

-- One pass over every table but those of events: wide is looked for in all rows, own in the person's. numbers: a
-- pattern of the person's ticket numbers. Returns {table: rows}; really: they are changed as well.
create or replace function erase_words(wide text, own text, sealed text[], tickets bigint[], cases bigint[], numbers text,
    really boolean) returns jsonb language plpgsql as $$
declare
    t record;
    mine text;
    fits text;
    sets text;
    n bigint;
    counts jsonb := '{}';
begin
    for t in select c.oid::regclass as rel, c.relname from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
            and not exists (select from pg_inherits i where i.inhrelid = c.oid
                and i.inhparent in ('ticket_event'::regclass, 'search_closed'::regclass))
            and c.relname <> all (array['account', 'api_key', 'session', 'case_event', 'contact', 'case_contact', 'call',
                'police_lookup', 'schema_migration', 'model', 'erasure', 'search_open'])
        order by c.relname
    loop
        mine := coalesce(own_rows(t.rel), 'false');
        select string_agg(format('%1$I::text ~ $1 or (%2$s and %1$I::text ~ $2) or exists (select from unnest($6) s where strpos(%1$I::text, s) > 0)',
                col, mine), ' or '),
            string_agg(format(case when kind in ('json', 'jsonb') then '%1$I = erased_json(%1$I::text, case when %3$s then $2 else $1 end, $6)::%2$s'
                else '%1$I = erased_text(%1$I::text, case when %3$s then $2 else $1 end, $6)::%2$s' end, col, kind, mine), ', ')
            into fits, sets from word_columns(t.rel);
        continue when fits is null;
        if really then
            execute format('update %s set %s where %s', t.rel, sets, fits) using wide, own, tickets, cases, numbers, sealed;
            get diagnostics n = row_count;
        else
            execute format('select count(*) from %s where %s', t.rel, fits) into n using wide, own, tickets, cases, numbers, sealed;
        end if;
        if n > 0 then counts := counts || jsonb_build_object(t.relname, n); end if;
    end loop;
    return counts;
end $$;

-- The words of events, on the shelf as well: their digest stays, its salt goes. Returns ticket, seq and the digest of
-- the words that now stand there, which the erasure's own event will name.
create or replace function erase_events(place text, wide text, own text, sealed text[], tickets bigint[])
returns table (ticket bigint, seq integer, words text) language plpgsql as $$
begin
    return query execute format($q$
        update %s e set note = erased_text(e.note, f.p, $3), detail = erased_json(e.detail::text, f.p, $3),
            digest = coalesce(e.digest, words_digest(e.salt, e.note, e.detail)), salt = null
        from (select x.ticket, x.seq, x.at, case when x.ticket = any($4) then $2 else $1 end as p from %s x
              where x.note ~ $1 or x.detail::text ~ $1 or (x.ticket = any($4) and (x.note ~ $2 or x.detail::text ~ $2))
                  or exists (select from unnest($3) s where strpos(x.detail::text, s) > 0)) f
        where e.ticket = f.ticket and e.seq = f.seq and e.at = f.at
        returning e.ticket, e.seq, encode(words_digest(null, e.note, e.detail), 'hex')$q$, place, place)
        using wide, own, sealed, tickets;
end $$;

-- Who is meant, before anything is opened. p: by (phone, id_no, ticket), and phone_index, id_index or number.
-- Reply: {"tickets": [{id, number, state, title, accepted}], "cases": […], "open": numbers that must end first,
-- "sealed": {"phone": […], "name": […], "id_no": […]}, "masks": […], "numbers": […]}.
create or replace function erasure_find(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    by_what text := p->>'by';
    mine bigint[];
    own_cases bigint[];
begin
    mine := array(select c.ticket from contact c join ticket t using (ticket) where case by_what when 'phone' then c.phone_index = p->>'phone_index'
        when 'id_no' then c.id_index = p->>'id_index' else t.number = p->>'number' end order by 1);
    own_cases := array(select c.id from case_contact c join case_file f using (id) where case by_what when 'phone' then c.phone_index = p->>'phone_index'
        when 'id_no' then c.id_index = p->>'id_index' else f.number = p->>'number' end order by 1);
    return next reply_outcome((select jsonb_build_object(
        'tickets', (select coalesce(jsonb_agg(jsonb_build_object('id', ticket, 'number', number, 'state', state,
            'title', title, 'accepted', accepted) order by ticket), '[]') from ticket where ticket = any(mine)),
        'cases', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'number', number, 'state', state,
            'accepted', applied) order by id), '[]') from case_file where id = any(own_cases)),
        'open', (select coalesce(jsonb_agg(number order by number), '[]') from (
            select number from ticket where ticket = any(mine) and state < 80
            union all select number from case_file where id = any(own_cases) and state < 80) x),
        'sealed', jsonb_build_object(
            'phone', (select coalesce(jsonb_agg(phone), '[]') from (select phone from contact where ticket = any(mine)
                union select phone from case_contact where id = any(own_cases)
                union select caller from call where by_what = 'phone' and caller_index = p->>'phone_index') x where phone <> ''),
            'name', (select coalesce(jsonb_agg(name), '[]') from (select name from contact where ticket = any(mine)
                union select name from case_contact where id = any(own_cases)) x where name <> ''),
            'id_no', (select coalesce(jsonb_agg(id_no), '[]') from (select id_no from contact where ticket = any(mine)
                union select id_no from case_contact where id = any(own_cases)) x where id_no <> '')),
        'masks', (select coalesce(jsonb_agg(distinct m), '[]') from (
            select unnest(array[phone_mask, id_mask]) as m from contact where ticket = any(mine)
            union select unnest(array[phone_mask, id_mask]) from case_contact where id = any(own_cases)) x where m <> ''),
        'indexes', (select coalesce(jsonb_agg(i), '[]') from (
            select phone_index as i from contact where ticket = any(mine) and by_what <> 'ticket'
            union select p->>'phone_index' where by_what = 'phone') x where i is not null)))::text);
end $$;

-- The person's own rows outside of free text. Returns {table: rows}; really: emptied as well. on_erasure: its number.
create or replace function erase_rows(mine bigint[], own_cases bigint[], indexes text[], by_phone boolean, on_erasure bigint,
    really boolean) returns jsonb language plpgsql as $$
declare
    calls text[] := array(select call from call where erased is null and state = 'ended' and (
        (by_phone and caller_index = any(indexes)) or call in (select call from ticket where ticket = any(mine))));
    counts jsonb;
begin
    counts := jsonb_strip_nulls(jsonb_build_object(
        'contact', nullif((select count(*) from contact where ticket = any(mine) and erased is null), 0),
        'case_contact', nullif((select count(*) from case_contact where id = any(own_cases) and erased is null), 0),
        'call', nullif(cardinality(calls), 0),
        'file', nullif((select count(*) from file where ticket = any(mine) and dept is null and erased is null), 0),
        'open311_request', nullif((select count(*) from open311_request where ticket = any(mine)
            and (email is not null or account_id is not null)), 0),
        'police_lookup', nullif((select count(*) from police_lookup where by_phone and phone_index = any(indexes)), 0)));
    if not really then return counts; end if;
    update contact set had_phone = had_phone or phone is not null, phone = null, phone_index = null, phone_mask = '',
        name = null, name_mask = '', id_no = null, id_index = null, id_mask = '', erased = on_erasure
        where ticket = any(mine) and erased is null;
    update case_contact set phone = null, phone_index = null, phone_mask = '', name = null, name_mask = '', id_no = null,
        id_index = null, id_mask = '', erased = on_erasure where id = any(own_cases) and erased is null;
    update call set caller = '', caller_index = '', caller_mask = '', erased = on_erasure where call = any(calls);
    update open311_request set email = null, account_id = null where ticket = any(mine);
    update police_lookup set phone_index = '' where by_phone and phone_index = any(indexes);
    update file set name = erased_mark(), erased = on_erasure where ticket = any(mine) and dept is null and erased is null;
    return counts;
end $$;

-- Tickets whose words have changed, the person's and others that told his number: what is derived from words goes, and
-- is made again from what now stands there. Every table that is filled from words behind the commit has its lines here.
create or replace function erase_derived(touched bigint[]) returns void language plpgsql as $$
begin
    delete from likeness_key where ticket = any(touched);
    insert into likeness_due select ticket from likeness where ticket = any(touched) on conflict do nothing;
    delete from likeness where ticket = any(touched);
    delete from search_closed s using ticket t where t.ticket = any(touched) and s.accepted = t.accepted and s.ticket = t.ticket;
    delete from search_open where ticket = any(touched);
    insert into search_due select unnest(touched) on conflict do nothing;
end $$;

-- {table: rows} of both; a table that stands in both counts once.
create or replace function counts_join(a jsonb, b jsonb) returns jsonb language sql immutable as $$
    select coalesce(jsonb_object_agg(key, n), '{}') from (select key, max(value::bigint) as n
        from (select * from jsonb_each_text(a) union all select * from jsonb_each_text(b)) x group by key) y
$$;

-- What erasing would change, or is changing. p: what erasure_find() found and the server opened: tickets, cases,
-- wide (numbers searched everywhere), own (numbers searched in the person's rows), words (names, masks, file names),
-- sealed, indexes, by.
create or replace function erase_count(p jsonb, on_erasure bigint, really boolean) returns jsonb language plpgsql as $$
declare
    mine bigint[] := array(select jsonb_array_elements_text(p->'tickets')::bigint);
    own_cases bigint[] := array(select jsonb_array_elements_text(p->'cases')::bigint);
    sealed text[] := array(select jsonb_array_elements_text(p->'sealed'));
    indexes text[] := array(select jsonb_array_elements_text(p->'indexes'));
    numbers text := (select string_agg(number, '|') from (select number from ticket where ticket = any(mine)
        union all select number from case_file where id = any(own_cases)) x);
    wide text := erase_wide(p);
    own text := erase_own(p);
begin
    return counts_join(erase_rows(mine, own_cases, indexes, p->>'by' = 'phone', on_erasure, really),
        erase_words(wide, own, sealed || indexes, mine, own_cases, numbers, really));
end $$;

-- p: as erase_count(). Reads only. Reply: {"counts": {table: rows}}, events counted among them.
create or replace function erasure_preview(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    counts jsonb := erase_count(p, null, false);
    wide text := erase_wide(p);
    own text := erase_own(p);
    n bigint;
begin
    select count(*) into n from ticket_history where note ~ wide or detail::text ~ wide
        or (ticket in (select jsonb_array_elements_text(p->'tickets')::bigint) and (note ~ own or detail::text ~ own));
    return next reply_outcome(json_build_object('counts', counts || case when n > 0 then jsonb_build_object('ticket_event', n) else '{}' end)::text);
end $$;

-- Erases. p: as erase_count(), and basis, document, reason, at. Refused while a ticket or case of the person is open.
-- Each ticket and case gets an event that says so, without anything of the person. Writes: erasure and every table
-- that held something. Reply: {"erasure", "counts", "files": hashes whose content must go}.
create or replace function erasure_do(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    mine bigint[] := array(select jsonb_array_elements_text(p->'tickets')::bigint);
    own_cases bigint[] := array(select jsonb_array_elements_text(p->'cases')::bigint);
    now_ms bigint := (p->>'at')::bigint;
    made bigint;
    rows jsonb;
    files jsonb;
    touched bigint[];
    t ticket;
    c case_file;
    named jsonb;
begin
    perform pg_advisory_xact_lock(12345, 13);        -- not while a month is being copied to the shelf
    perform from ticket where ticket = any(mine) order by ticket for update;
    perform from case_file where id = any(own_cases) order by id for update;
    if exists (select from ticket where ticket = any(mine) and state < 80)
        or exists (select from case_file where id = any(own_cases) and state < 80) then
        return next rule_refusal('此人还有未办结的工单或办件，办结后才能删除');
        return;
    end if;
    perform set_config('hotline.erasing', 'on', true);
    insert into erasure (at, account, asked, basis, document, reason, tickets, cases, counts)
        values (now_ms, actor, p->>'by', (p->>'basis')::smallint, p->>'document', p->>'reason', mine, own_cases, '{}')
        returning erasure into made;
    create temporary table if not exists erased_event (cased boolean, id bigint, seq integer, words text) on commit drop;
    delete from erased_event;
    perform erase_event_rows(p, mine, own_cases);
    touched := array(select ticket from ticket x where ticket = any(mine) or x::text ~ erase_wide(p)
        union select id from erased_event where not cased);
    rows := counts_join(erase_count(p, made, true),
        (select coalesce(jsonb_object_agg(k, n), '{}') from (select case when cased then 'case_event' else 'ticket_event' end as k,
            count(*) as n from erased_event group by 1) x));
    update erasure set counts = rows where erasure = made;
    files := (select coalesce(jsonb_agg(distinct f.sha256), '[]') from file f where f.erased = made
        and not exists (select from file o where o.sha256 = f.sha256 and o.erased is null));
    return next reply_outcome(jsonb_build_object('erasure', made, 'counts', rows, 'files', files)::text);
    perform erase_derived(touched);
    -- Files of lists were written before: they go, and what is being written begins anew.
    update export set state = 'expired', expires = now_ms where state = 'done';
    update export set state = 'waiting', lease = 0, run = run + 1 where state = 'running';
    for t in select * from ticket where ticket = any(touched) order by ticket for update loop
        named := (select coalesce(jsonb_object_agg(seq, words), '{}') from erased_event where not cased and id = t.ticket);
        return next ticket_noted(t, 0, jsonb_build_object('action', 'erase', 'at', now_ms, 'note', '依法删除个人信息（第' || made || '号）'),
            jsonb_build_object('erasure', made, 'words', named));
    end loop;
    for c in select * from case_file where id = any(own_cases) or id in (select id from erased_event where cased) order by id for update loop
        named := (select coalesce(jsonb_object_agg(seq, words), '{}') from erased_event where cased and id = c.id);
        c := case_step(c, jsonb_build_object('level', 'case', 'action', 'erase', 'from', c.state, 'to', c.state), 0, now_ms,
            '依法删除个人信息（第' || made || '号）', jsonb_build_object('erasure', made, 'words', named));
        perform case_keep(c);
        return next case_outcome(c);
    end loop;
end $$;

-- The events, before their tickets: what a ticket copied from an event is erased by the same pattern. Fills erased_event.
create or replace function erase_event_rows(p jsonb, mine bigint[], own_cases bigint[]) returns void language plpgsql as $$
declare
    sealed text[] := array(select jsonb_array_elements_text(p->'sealed') union select jsonb_array_elements_text(p->'indexes'));
    wide text := erase_wide(p);
    own text := erase_own(p);
begin
    insert into erased_event select false, e.* from erase_events('public.ticket_event', wide, own, sealed, mine) e;
    insert into erased_event select false, e.* from erase_events('shelf.ticket_event', wide, own, sealed, mine) e;
    with fits as (
        select x.id, x.seq, case when x.id = any(own_cases) then own else wide end as p from case_event x
        where x.note ~ wide or x.detail::text ~ wide or (x.id = any(own_cases) and (x.note ~ own or x.detail::text ~ own))),
    done as (
        update case_event e set note = erased_text(e.note, f.p, sealed), detail = erased_json(e.detail::text, f.p, sealed),
            digest = coalesce(e.digest, words_digest(e.salt, e.note, e.detail)), salt = null
        from fits f where e.id = f.id and e.seq = f.seq returning e.id, e.seq, words_digest(null, e.note, e.detail) as words)
    insert into erased_event select true, id, seq, encode(words, 'hex') from done;
end $$;

-- What has been erased, newest first. p: after (erasure), limit. Reply: {"rows": [{erasure, at, who, asked, basis,
-- document, reason, tickets, cases, counts}], "more"}.
create or replace function erasure_list(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare most integer := coalesce((p->>'limit')::int, 50);
begin
    return next reply_outcome((select json_build_object(
        'rows', coalesce(json_agg(json_build_object('erasure', x.erasure, 'at', x.at, 'who', w.name, 'asked', x.asked, 'basis', x.basis,
            'document', x.document, 'reason', x.reason, 'tickets', cardinality(x.tickets), 'cases', cardinality(x.cases),
            'counts', x.counts) order by x.erasure desc) filter (where x.n <= most), '[]'),
        'more', count(*) > most)
        from (select *, row_number() over (order by erasure desc) as n from erasure
              where not p ? 'after' or erasure < (p->>'after')::bigint order by erasure desc limit most + 1) x
        join account w using (account))::text);
end $$;
