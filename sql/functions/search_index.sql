-- The search tables, filled behind the commit (server/search.c); who asks them is in search.sql.

-- Place, title, body and points of a ticket, folded and parted by spaces.
create or replace function search_words(t ticket) returns text language plpgsql stable as $$
begin
    return search_fold(t.place) || ' ' || search_fold(t.title) || ' ' || search_fold(t.body)
        || case when t.points is null then '' else ' ' || array_to_string(
            array(select search_fold(point) from unnest(t.points) point), ' ') end;
end $$;

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
drop function if exists search_ready(integer, uuid, jsonb);
