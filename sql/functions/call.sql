-- Calls and seats: which agent a call is offered to, and what state each agent is in.
-- One transaction decides, so no call is offered to two agents however many processes run.
-- Each entry function answers first and then tells what happened, for the feed.
-- Seat states (routing/terms.def SEAT): 0 offline 1 busy 2 ready 3 ringing 4 talking 5 wrapup.

create or replace function call_card(c call) returns json language sql stable as $$
    select json_build_object('call', c.call, 'state', c.state, 'caller_mask', c.caller_mask,
        'called', c.called, 'agent', c.agent, 'offers', c.offers, 'rang', c.rang, 'offered', c.offered,
        'answered', c.answered, 'ended', c.ended, 'ended_by', c.ended_by)
$$;

create or replace function seat_card(s agent_seat) returns json language sql stable as $$
    select json_build_object('account', a.account, 'name', a.name, 'login', a.login,
        'extension', a.extension, 'state', s.state, 'since', s.since, 'reason', s.reason,
        'call', s.call, 'next', s.next, 'until', s.until)
    from account a where a.account = s.account
$$;

create or replace function call_outcome(c call, sent bigint) returns outcome language sql stable as $$
    select row('call', call_card(c)::text, sent, null, null, null, null, null, null, '232700', c.agent, null)::outcome
$$;

create or replace function seat_outcome(s agent_seat, sent bigint) returns outcome language sql stable as $$
    select row('agent', seat_card(s)::text, sent, s.account, null, s.state, null, null, null,
               '232700', s.account, null)::outcome
$$;

-- Store a call as given and tell the feed. Writes: call, outbox.
create or replace function call_put(c call, at bigint) returns outcome language plpgsql as $$
declare sent bigint;
begin
    update call set state = c.state, agent = c.agent, offers = c.offers, offered = c.offered,
        answered = c.answered, ended = c.ended, ended_by = c.ended_by where call = c.call;
    insert into outbox (kind, ref, at) values ('call', c.call, at) returning id into sent;
    return call_outcome(c, sent);
end $$;

-- Move a seat to a state: the time spent in the old one becomes a span. Whoever waited for the row may
-- bring a time that is over: time does not run back. Writes: agent_seat, agent_span, outbox.
create or replace function seat_put(seat integer, to_state smallint, at bigint, why text,
                                    with_call text, ends bigint) returns outcome language plpgsql as $$
declare
    s agent_seat;
    sent bigint;
begin
    select * into s from agent_seat where account = seat for update;
    if s.since < at then
        insert into agent_span values (seat, s.state, s.reason, s.since, at) on conflict do nothing;
    end if;
    update agent_seat set state = to_state, since = greatest(since, at), reason = why, call = with_call, until = ends,
        next = case when to_state in (3, 4, 5) then next end
        where account = seat returning * into s;
    insert into outbox (kind, ref, at) values ('agent', seat::text, at) returning id into sent;
    return seat_outcome(s, sent);
end $$;

-- Offer waiting calls, the longest-waiting first, to the longest-idle agents who are ready and whose
-- console is alive. Writes: call, agent_seat, agent_span, outbox.
create or replace function call_offer(at bigint, ring_ms bigint) returns setof outcome language plpgsql as $$
declare
    c call;
    seat integer;
begin
    loop
        select * into c from call where state = 'waiting' order by rang, call limit 1 for update skip locked;
        exit when not found;
        select account into seat from agent_seat where state = 2 and link <> '' and lease > at
            order by since, account limit 1 for update skip locked;
        exit when not found;
        c.state := 'ringing';  c.agent := seat;  c.offered := at;  c.offers := c.offers + 1;
        return next call_put(c, at);
        return next seat_put(seat, 3::smallint, at, '', c.call, at + ring_ms);
    end loop;
end $$;

-- Take a call back from an agent who does not answer: it waits again, at its old place.
create or replace function call_withdraw(wanted text, at bigint) returns outcome language plpgsql as $$
declare c call;
begin
    select * into c from call where call = wanted for update;
    c.state := 'waiting';  c.agent := null;
    return call_put(c, at);
end $$;

create or replace function call_state_json(wanted text) returns text language sql stable as $$
    select json_build_object('call', c.call, 'state', c.state, 'extension', a.extension)::text
    from call c left join account a on a.account = c.agent where c.call = wanted
$$;

-- From the switch: a call rings. p: call, caller (sealed), caller_index, caller_mask, called, at, ring_ms.
create or replace function call_ring(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    c call;
    sent bigint;
    happened outcome[];
begin
    insert into call (call, state, caller, caller_index, caller_mask, called, rang)
        values (p->>'call', 'waiting', p->>'caller', p->>'caller_index', p->>'caller_mask',
                coalesce(p->>'called', '12345'), (p->>'at')::bigint)
        on conflict do nothing returning * into c;
    if found then
        insert into outbox (kind, ref, at) values ('call', c.call, c.rang) returning id into sent;
        happened := call_outcome(c, sent)
            || array(select o from call_offer((p->>'at')::bigint, (p->>'ring_ms')::bigint) o);
    end if;
    return next reply_outcome(call_state_json(p->>'call'));
    return query select * from unnest(happened);
end $$;

create or replace function call_state(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    if not exists (select from call where call = p->>'call') then
        return next refusal_outcome('not_found');
    else
        return next reply_outcome(call_state_json(p->>'call'));
    end if;
end $$;

-- The agent picks up: the switch is told by its poll, and reports when the voice is there. p: call, at.
create or replace function call_answer(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    c call;
    happened outcome[];
begin
    select * into c from call where call = p->>'call' for update;
    if c.agent is distinct from actor or c.state not in ('ringing', 'answering', 'talking') then
        return next refusal_outcome('call_gone');
        return;
    end if;
    if c.state = 'ringing' then
        c.state := 'answering';
        happened := array[call_put(c, (p->>'at')::bigint)];
    end if;
    return next reply_outcome(call_card(c)::text);
    return query select * from unnest(happened);
end $$;

-- From the switch: agent and caller hear each other. p: call, extension, at.
create or replace function call_connected(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    c call;
    happened outcome[];
begin
    select * into c from call where call = p->>'call' for update;
    if not found then return next refusal_outcome('not_found'); return; end if;
    if c.state in ('ringing', 'answering') and exists (select from account
            where account = c.agent and extension = p->>'extension') then
        c.state := 'talking';  c.answered := (p->>'at')::bigint;
        happened := array[call_put(c, c.answered),
                          seat_put(c.agent, 4::smallint, c.answered, '', c.call, null)];
    elsif c.state <> 'talking' then
        return next refusal_outcome('call_gone');
        return;
    end if;
    return next reply_outcome(call_state_json(c.call));
    return query select * from unnest(happened);
end $$;

-- The end of a call, whoever says so: agents who talked wrap up, one who only heard it ring is ready again
-- unless a wish to be busy was made while it rang.
create or replace function call_finish(c call, by_whom text, at bigint, wrapup_ms bigint) returns setof outcome
language plpgsql as $$
declare
    s agent_seat;
    talked boolean := c.state = 'talking';
begin
    c.state := 'ended';  c.ended := at;  c.ended_by := by_whom;
    return next call_put(c, at);
    select * into s from agent_seat where account = c.agent and call = c.call for update;
    if found then
        return next case when talked then seat_put(c.agent, 5::smallint, at, '', c.call, at + wrapup_ms)
                         else seat_put(c.agent, coalesce(s.next, 2::smallint), at, '', null, null) end;
    end if;
end $$;

-- From the switch. p: call, by, at, wrapup_ms.
create or replace function call_ended(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    c call;
    happened outcome[];
begin
    select * into c from call where call = p->>'call' for update;
    if not found then return next refusal_outcome('not_found'); return; end if;
    if c.state <> 'ended' then
        happened := array(select o from call_finish(c, p->>'by', (p->>'at')::bigint, (p->>'wrapup_ms')::bigint) o);
    end if;
    return next reply_outcome(call_state_json(c.call));
    return query select * from unnest(happened);
end $$;

-- The agent hangs up. p: call, at, wrapup_ms.
create or replace function call_hangup(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    c call;
    happened outcome[];
begin
    select * into c from call where call = p->>'call' for update;
    if c.agent is distinct from actor then return next refusal_outcome('call_gone'); return; end if;
    if c.state <> 'ended' then
        happened := array(select o from call_finish(c, 'agent', (p->>'at')::bigint, (p->>'wrapup_ms')::bigint) o);
    end if;
    return next reply_outcome((select call_card(x)::text from call x where x.call = c.call));
    return query select * from unnest(happened);
end $$;

-- Every second: what time alone changes about calls and seats. p: at, ring_ms, wrapup_ms.
create or replace function call_sweep(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    s agent_seat;
    c call;
    now_ms bigint := (p->>'at')::bigint;
    gone boolean;
begin
    return next reply_outcome('{}');
    for s in select * from agent_seat where state <> 0 and (until <= now_ms or lease <= now_ms)
             order by account for update skip locked loop
        gone := s.lease <= now_ms;
        if s.state = 3 then    -- everybody else locks the call before the seat: do not wait for it here
            select * into c from call where call = s.call for update skip locked;
            continue when not found;
        end if;
        if s.state = 3 and c.state = 'answering' and s.until > now_ms - (p->>'ring_ms')::bigint then
            continue;          -- picked up: the switch has one more ring time to connect it
        elsif s.state = 3 then
            return next call_withdraw(s.call, now_ms);
            return next seat_put(s.account, case when gone then 0 else 1 end::smallint, now_ms,
                case when gone then '断线' when c.state = 'answering' then '话机未接通' else '久不应答' end, null, null);
        elsif s.state = 5 and s.until <= now_ms then
            return next seat_put(s.account, case when gone then 0 else coalesce(s.next, 2) end::smallint, now_ms, '', null, null);
        elsif s.state in (1, 2) and gone then
            return next seat_put(s.account, 0::smallint, now_ms, '断线', null, null);
        end if;
    end loop;
    return query select * from call_offer(now_ms, (p->>'ring_ms')::bigint);
end $$;

-- 示闲, 示忙. While a call is on, the wish is kept until 话后整理 is over. p: state, reason, at, ring_ms.
create or replace function seat_set(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    s agent_seat;
    sent bigint;
    happened outcome[];
    now_ms bigint := (p->>'at')::bigint;
    want smallint := case p->>'state' when 'ready' then 2 else 1 end;
begin
    select * into s from agent_seat where account = actor for update;
    if not found or s.state = 0 then
        return next refusal_outcome('seat_conflict', '{"sentence": "坐席不在线，请刷新页面重新签入"}');
        return;
    end if;
    if s.state in (3, 4) then
        update agent_seat set next = want where account = actor returning * into s;
        insert into outbox (kind, ref, at) values ('agent', actor::text, now_ms) returning id into sent;
        happened := array[seat_outcome(s, sent)];
    elsif s.state <> want then
        happened := seat_put(actor, want, now_ms, coalesce(p->>'reason', ''), null, null)
            || array(select o from call_offer(now_ms, (p->>'ring_ms')::bigint) o);
    end if;
    return next reply_outcome((select seat_card(x)::text from agent_seat x where account = actor));
    return query select * from unnest(happened);
end $$;

-- An agent's console said hello; the newest console holds the seat. p: account, link, at, lease.
create or replace function seat_arrive(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    who integer := (p->>'account')::int;
    happened outcome[];
begin
    insert into agent_seat (account, since) values (who, (p->>'at')::bigint) on conflict do nothing;
    update agent_seat set link = p->>'link', lease = (p->>'lease')::bigint where account = who;
    if (select state from agent_seat where account = who) = 0 then
        happened := array[seat_put(who, 1::smallint, (p->>'at')::bigint, '刚签入', null, null)];
    end if;
    return next reply_outcome((select seat_card(s)::text from agent_seat s where account = who));
    return query select * from unnest(happened);
end $$;

-- These consoles are alive. Who is in the middle of something is renewed the next time: many seats are
-- locked here, and waiting for one with others in hand is how deadlocks are made. A seat that was signed off
-- although its console lives (no lease came through while the database was away) is back, busy.
-- p: accounts, at, lease.
create or replace function seat_lease(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare s agent_seat;
begin
    return next reply_outcome('{}');
    for s in select * from agent_seat where link <> ''
             and account in (select jsonb_array_elements_text(p->'accounts')::int)
             order by account for update skip locked loop
        update agent_seat set lease = (p->>'lease')::bigint where account = s.account;
        if s.state = 0 then
            return next seat_put(s.account, 1::smallint, (p->>'at')::bigint, '断线恢复', null, null);
        end if;
    end loop;
end $$;

-- A console has gone: nothing more is offered to it at once; five seconds to come back before
-- call_sweep signs it off. p: account, link, at.
create or replace function seat_leave(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update agent_seat set link = '', lease = (p->>'at')::bigint + 5000
        where account = (p->>'account')::int and link = p->>'link';
    return next reply_outcome('{}');
end $$;

create or replace function seat_list(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome(json_build_object(
        'rows', (select coalesce(json_agg(seat_card(s) order by s.account), '[]') from agent_seat s),
        'waiting', (select count(*) from call where state = 'waiting'),
        'longest', (select (p->>'at')::bigint - min(rang) from call where state = 'waiting'))::text)
$$;
