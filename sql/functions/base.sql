-- Pieces that the other functions share (this file sorts first): the card, the event with its chain,
-- rows for the feed, replies.
-- Internal: not called by the server.

-- Beijing midnight before an instant, both in epoch milliseconds.
create or replace function day_start(at bigint) returns bigint language sql immutable as $$
    select (at + 28800000) / 86400000 * 86400000 - 28800000
$$;

-- Whether an account of region a may see tickets of region b: the prefecture sees all.
create or replace function region_covers(a text, b text) returns boolean language sql immutable as $$
    select a = '232700' or a = b
$$;

-- plpgsql, like all that is called for each ticket: its plans are kept, those of an SQL function with
-- a subquery are made anew in every transaction.
create or replace function card_of(t ticket) returns json language plpgsql stable as $$
declare signed_by text;
begin
    if t.handler is not null then
        signed_by := (select name from account where account = t.handler);
    end if;
    return row_to_json(row(t.ticket, t.number, t.ver, t.state, t.round, t.kind, t.urgency, t.secrecy,
        t.channel, t.matter, t.theme, t.theme_no, t.region, t.town, t.place, t.title, t.dept,
        signed_by, t.agent, t.accepted, t.promised, t.due,
        t.warn, t.dispatched, t.closed, t.changed, t.why, t.grade, t.asked, t.alarm, t.urged, t.orders,
        t.master, t.joined, t.returns, t.missed, t.parts, t.rule, t.ended)::card);
end $$;

-- Why this account may not touch this ticket; null when it may. A unit sees what it answers for and
-- what it has a 承办单 of.
create or replace function scope_refusal(a account, t ticket) returns text language plpgsql stable as $$
begin
    if a.role in (1, 16, 32) then return null; end if;
    if a.role = 4 then
        return case when region_covers(a.region, t.region) then null else 'not_yours' end;
    end if;
    if a.role = 2 and a.dept = t.dept then return null; end if;
    if a.role = 2 then
        perform from part where ticket = t.ticket and dept = a.dept;
        if found then return null; end if;
    end if;
    return 'not_yours';
end $$;

-- Secret: handlers under 保密 never get the contact, not even by asking.
create or replace function may_reveal(a account, t ticket) returns boolean language sql immutable as $$
    select a.role <> 2 or t.secrecy = 0
$$;

-- A count or percentage of table time_limit.
create or replace function limit_amount(wanted text) returns integer language plpgsql stable as $$
begin
    return (select amount from time_limit where key = wanted);
end $$;

-- A limit in natural time as milliseconds; the others only routing/due.c can reckon.
create or replace function limit_ms(wanted text) returns bigint language plpgsql stable as $$
begin
    return (select amount * case unit when 'min' then 60000 when 'h' then 3600000 when 'nd' then 86400000 end::bigint
            from time_limit where key = wanted);
end $$;

-- What the chain knows of the words of an event: their digest with a salt. Erased words leave it behind without
-- the salt, so that nobody can try which number would fit.
create or replace function words_digest(salt uuid, note text, detail jsonb) returns bytea language plpgsql stable as $$
begin
    return sha256(convert_to((salt, note, detail)::text, 'UTF8'));
end $$;

-- The next link of a ticket's chain. A record's text form is unambiguous: fields are quoted.
create or replace function event_chain(before bytea, e ticket_event) returns bytea language plpgsql stable as $$
begin
    return sha256(before || convert_to((e.ticket, e.seq, e.action, e.from_state, e.to_state, e.account, e.at, e.dept,
        e.due, e.round, coalesce(e.digest, words_digest(e.salt, e.note, e.detail)))::text, 'UTF8'));
end $$;

-- When the first event of a ticket can have been: the month in its number (verify recounts its day). With it and
-- `changed`, the time of the last one, a search of its history passes over the months before and after.
create or replace function ticket_born(t ticket) returns bigint language plpgsql stable as $$
begin
    if t.number !~ '^2327[12][0-9]{3}(0[1-9]|1[0-2])' then return 0; end if;
    return month_ms((substr(t.number, 5, 6) || '01')::date);
end $$;

-- What the feed must carry about a ticket. Writes: outbox, and of a ticket that a system brought api_event.
create or replace function ticket_outcome(t ticket, was smallint, was_dept integer) returns outcome
language plpgsql as $$
declare sent bigint := nextval('outbox_id_seq');
begin
    insert into outbox values (sent, 'ticket', t.ticket::text, t.changed);
    if t.api_key is not null then perform api_happened(t); end if;
    return row('ticket', card_of(t)::text, sent, t.ticket, t.ver, t.state, was, t.dept, was_dept,
               t.region, t.agent, t.due)::outcome;
end $$;

-- What the dispatcher needs to decide; not: units whose 退单 was agreed to.
create or replace function dispatch_outcome(t ticket) returns outcome language plpgsql stable as $$
declare
    added text := '';
    refused json := '[]';
begin
    if t.ver > 1 then
        added := (select coalesce(string_agg(E'\n' || note, '' order by seq), '') from ticket_history
                  where ticket = t.ticket and action in ('supply', 'supplement'));
        refused := (select coalesce(json_agg(dept), '[]') from units_returned(t.ticket) dept);
    end if;
    return row('dispatch', json_build_object('id', t.ticket, 'ver', t.ver, 'kind', t.kind,
               'urgency', t.urgency, 'matter', t.matter, 'region', t.region, 'town', t.town,
               'place', t.place, 'accepted', t.accepted, 'title', t.title, 'body', t.body || added, 'not', refused)::text,
               null, t.ticket, t.ver, t.state, null, null, null, t.region, t.agent, t.due)::outcome;
end $$;

-- Units whose 退单 of this ticket was agreed to: the unit of the event before.
create or replace function units_returned(wanted bigint) returns setof integer language plpgsql stable as $$
begin
    return query select distinct b.dept from ticket_history e
        join lateral (select dept from ticket_history x where x.ticket = e.ticket and x.seq < e.seq
                      and x.action = 'send_back' order by x.seq desc limit 1) b on true
        where e.ticket = wanted and e.action = 'accept_return';
end $$;

create or replace function reply_outcome(body text) returns outcome language plpgsql immutable as $$
begin
    return row('reply', body, null, null, null, null, null, null, null, null, null, null)::outcome;
end $$;

create or replace function refusal_outcome(code text, details jsonb default '{}') returns outcome
language sql immutable as $$
    select row('refused', (details || jsonb_build_object('code', code))::text,
               null, null, null, null, null, null, null, null, null, null)::outcome
$$;

-- The reply that a request got before, null when it is new; a request id belongs to the account that first
-- used it. The same request on another connection waits here until the first is committed, so that it gets
-- that reply instead of doing the work again.
create or replace function given_outcome(req uuid, actor integer) returns outcome language plpgsql as $$
declare given answered;
begin
    perform pg_advisory_xact_lock(uuid_hash_extended(req, 0));
    select * into given from answered where request = req;
    if not found then return null; end if;
    if given.account = actor then return reply_outcome(given.body); end if;
    return refusal_outcome('bad_params', '{"fields": {"request": "此编号已被他人使用，请换一个新的 UUID"}}');
end $$;
