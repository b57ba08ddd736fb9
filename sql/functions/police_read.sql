-- 110联动 on the console: lists, dead letters, the connection, added words.

create or replace function police_letter(m police_message) returns json language plpgsql stable as $$
declare
    h handoff;
    t ticket;
begin
    select * into h from handoff where handoff = m.handoff;
    select * into t from ticket where ticket = h.ticket;
    return json_build_object('message', m.message, 'msg_id', m.msg_id, 'kind', m.kind, 'version', m.version, 'handoff', m.handoff,
        'ticket', t.ticket, 'number', t.number, 'title', t.title, 'at', m.at, 'state', m.state, 'tries', m.tries,
        'fault', m.fault, 'next_at', m.next_at, 'acked', m.acked);
end $$;

-- Transfers, newest first: all of the region, of an agent the own. p: view (in, out, dispute).
-- Reply: {"rows": cards, "dead": letters}.
create or replace function police_list(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    a account;
    wanted text := p->>'view';
begin
    select * into a from account where account = actor;
    return next reply_outcome(json_build_object(
        'rows', (select coalesce(json_agg(handoff_card(y.h) order by (y.h).handoff desc), '[]') from
            (select h from handoff h join ticket t using (ticket)
             where case wanted when 'in' then h.dir = 2 when 'out' then h.dir = 1 else h.state in (40, 50) end
                and case a.role when 1 then h.account = actor or t.agent = actor else region_covers(a.region, t.region) end
             order by h.handoff desc limit 200) y),
        'dead', (select coalesce(json_agg(police_letter(y.m) order by (y.m).message), '[]') from
            (select m from police_message m left join handoff h using (handoff) left join ticket t using (ticket)
             where m.state = 'dead' and a.role = 4 and (t.ticket is null or region_covers(a.region, t.region))
             order by m.message limit 200) y))::text);
end $$;

-- p: platform (there is one to talk to), at. Reply: how the connection is.
create or replace function police_state(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare from_ms bigint := day_start((p->>'at')::bigint);
begin
    return next reply_outcome((select json_build_object('platform', (p->>'platform')::boolean, 'door', (p->>'door')::boolean,
        'heard', heard, 'acked', acked, 'beat', beat, 'failed', failed, 'fault', fault,
        'waiting', (select count(*) from police_message where state = 'waiting'),
        'dead', (select count(*) from police_message where state = 'dead'),
        'sent_today', (select count(*) from police_message where dir = 1 and sent >= from_ms),
        'acked_today', (select count(*) from police_message where dir = 1 and sent >= from_ms and state = 'acked'),
        'taken_today', (select count(*) from police_message where dir = 2 and at >= from_ms)) from police_link)::text);
end $$;

create or replace function police_words(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome(json_build_object(
        'rows', (select coalesce(json_agg(json_build_object('situation', w.situation, 'word', w.word, 'who', a.name, 'at', w.at)
            order by w.situation, w.word), '[]') from police_word w join account a using (account)),
        'changes', (select coalesce(json_agg(x.row order by x.change desc), '[]') from (
            select c.change, json_build_object('at', c.at, 'who', a.name, 'was', c.was, 'now', c.now, 'reason', c.reason) as row
            from limit_change c join account a using (account) where c.key = 'police_word'
            order by c.change desc limit 100) x))::text)
$$;

-- A word beside the base rows, or such a word taken away again. p: situation, word, drop, at.
-- Writes: police_word, limit_change, outbox, answered.
create or replace function police_word_set(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    if coalesce((p->>'drop')::boolean, false) then
        delete from police_word where situation = p->>'situation' and word = p->>'word';
        if not found then
            return next field_refusal('word', '没有这个添加的词；基础词表不能删减');
            return;
        end if;
    else
        insert into police_word values (p->>'situation', p->>'word', actor, (p->>'at')::bigint) on conflict do nothing;
        if not found then
            return next field_refusal('word', '这个词已经添加过了');
            return;
        end if;
    end if;
    insert into limit_change (at, account, key, was, now, reason) values ((p->>'at')::bigint, actor, 'police_word',
        case when p ? 'drop' and (p->>'drop')::boolean then p->>'word' end,
        case when p ? 'drop' and (p->>'drop')::boolean then null else p->>'word' end, p->>'situation');
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', '{}');
    return next reply_outcome('{}');
    return next rules_outcome((p->>'at')::bigint);
end $$;
