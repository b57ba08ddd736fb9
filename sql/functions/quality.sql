-- 质检: tickets drawn by chance from what was closed, to be read and scored by people.

-- p: from, to (Beijing dates, both included), share (per cent, rounded up), dept. In the order of a hash, so that
-- the same draw gives the same sample: drawing again adds nobody twice and nobody anew, and a larger share holds
-- the smaller one. Reply: {"drawn": how many are new}. Writes: quality_check, answered.
create or replace function check_draw(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    a account;
    n integer;
    reply text;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    select * into a from account where account = actor;
    if p->>'to' < p->>'from' then
        return next field_refusal('to', '结束日期应不早于开始日期');
        return;
    end if;
    insert into quality_check (ticket, drawn, drawer)
        select ticket, (p->>'at')::bigint, actor from (
            select ticket, row_number() over (order by sha256(convert_to(number || (p->>'from'), 'UTF8'))) as place,
                   count(*) over () as eligible
            from ticket where closed >= date_ms(p->>'from') and closed < date_ms(p->>'to') + 86400000
                and state in (80, 90) and dept is not null and region_covers(a.region, region)
                and (not p ? 'dept' or dept = (p->>'dept')::int)) x
        where place <= ceil(eligible * (p->>'share')::numeric / 100)
        on conflict do nothing;
    get diagnostics n = row_count;
    reply := json_build_object('drawn', n)::text;
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', reply);
    return next reply_outcome(reply);
end $$;

-- p: view. Reply: {"rows": [{card, drawn, drawer, checker, checked, score, text}]}.
create or replace function check_list(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare a account;
begin
    select * into a from account where account = actor;
    return next reply_outcome((select json_build_object('rows', coalesce(json_agg(json_build_object(
            'card', card_of(y.t), 'drawn', (y.q).drawn, 'drawer', (select name from account where account = (y.q).drawer),
            'checker', (select name from account where account = (y.q).checker), 'checked', (y.q).checked,
            'score', (y.q).score, 'text', (y.q).text)), '[]'))
        from (select q, t from quality_check q join ticket t using (ticket)
              where (q.checked is null) = (p->>'view' = 'open') and region_covers(a.region, t.region)
              order by q.checked desc nulls first, q.drawn, q.ticket limit 300) y)::text);
end $$;
