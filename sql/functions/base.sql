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
        t.warn, t.dispatched, t.closed, t.changed, t.why, t.grade)::card);
end $$;

-- The next link of a ticket's chain. A record's text form is unambiguous: fields are quoted.
create or replace function event_chain(before bytea, e ticket_event) returns bytea language plpgsql stable as $$
begin
    return sha256(before || convert_to((e.ticket, e.seq, e.action, e.from_state, e.to_state, e.account,
        e.at, e.dept, e.due, e.round, e.note, e.detail)::text, 'UTF8'));
end $$;

-- What the feed must carry about a ticket. Writes: outbox.
create or replace function ticket_outcome(t ticket, was smallint, was_dept integer) returns outcome
language plpgsql as $$
declare sent bigint := nextval('outbox_id_seq');
begin
    insert into outbox values (sent, 'ticket', t.ticket::text, t.changed);
    return row('ticket', card_of(t)::text, sent, t.ticket, t.ver, t.state, was, t.dept, was_dept,
               t.region, t.agent, t.due)::outcome;
end $$;

-- What the dispatcher needs to decide.
create or replace function dispatch_outcome(t ticket) returns outcome language plpgsql stable as $$
begin
    return row('dispatch', json_build_object('id', t.ticket, 'ver', t.ver, 'kind', t.kind,
               'urgency', t.urgency, 'matter', t.matter, 'region', t.region, 'accepted', t.accepted,
               'title', t.title, 'body', t.body)::text,
               null, t.ticket, t.ver, t.state, null, null, null, t.region, t.agent, t.due)::outcome;
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
