-- hotlined verify: what must be true of the whole database, each check recounted from the events.
-- Invariant numbers are those of docs/ARCHITECTURE.md, "What must always be true".

create or replace function verify_all() returns table (check_name text, checked bigint, faults bigint, example text)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    check_name := 'chain: every event hashes the one before it';
    select count(*), count(*) filter (where bad), min(ticket || '/' || seq) filter (where bad)
        into checked, faults, example from (
        select e.ticket, e.seq, e.chain is distinct from
            event_chain(coalesce(lag(e.chain) over w, ''), row(e.ticket, e.seq, e.action, e.from_state, e.to_state,
                e.account, e.at, e.dept, e.due, e.round, e.note, e.detail, null)::ticket_event) as bad
        from ticket_event e window w as (partition by e.ticket order by e.seq)) x;
    return next;

    check_name := 'sequence: events run 1, 2, 3 …, each from where the last one went, time not backwards';
    select count(*), count(*) filter (where bad), min(ticket || '/' || seq) filter (where bad)
        into checked, faults, example from (
        select ticket, seq, seq <> row_number() over w
            or from_state <> coalesce(lag(to_state) over w, 0) or at < coalesce(lag(at) over w, 0) as bad
        from ticket_event window w as (partition by ticket order by seq)) x;
    return next;

    check_name := 'ticket: state, version, unit, deadline, round and chain are what its last event says';
    select count(*), count(*) filter (where bad), min(ticket::text) filter (where bad)
        into checked, faults, example from (
        select t.ticket, e.ticket is null or (t.ver, t.state, t.dept, t.due, t.round, t.chain)
            is distinct from (e.seq, e.to_state, e.dept, e.due, e.round, e.chain) as bad
        from ticket t left join ticket_event e on e.ticket = t.ticket and e.seq = t.ver
            and not exists (select from ticket_event n where n.ticket = t.ticket and n.seq > t.ver)) x;
    return next;

    check_name := 'law: each event is an edge of the flow, taken by a role that may';
    select count(*), count(*) filter (where bad), min(ticket || '/' || seq) filter (where bad)
        into checked, faults, example from (
        select e.ticket, e.seq, f.action is null or f.who & a.role = 0 as bad
        from ticket_event e join account a using (account)
        left join flow_edge f using (action, from_state, to_state)) x;
    return next;

    check_name := 'owner: every open ticket has a deadline, and a unit unless the desk must dispatch it';
    select count(*), count(*) filter (where bad), min(ticket::text) filter (where bad)
        into checked, faults, example from (
        select ticket, due is null or (dept is null) <> (state in (20, 30)) as bad from ticket where state < 80) x;
    return next;

    check_name := 'rating: as its event says; closed as good means grade 3–5, a bad grade means another round';
    select count(*), count(*) filter (where bad), min(ticket::text) filter (where bad)
        into checked, faults, example from (
        select t.ticket, (e.action = 'rate' and coalesce(v.grade, 0) < 3)
            or (e.action = 'lapse' and v.grade is not null) as bad
        from ticket t join ticket_event e on e.ticket = t.ticket and e.to_state = 80
        left join evaluation v on v.ticket = t.ticket and v.round = e.round
        union all
        select v.ticket, v.grade < 3 and not exists (select from ticket_event n
            where n.ticket = v.ticket and n.action = 'redo' and n.round = v.round + 1)
        from evaluation v
        union all
        select e.ticket, v.grade is distinct from (e.detail->>'grade')::smallint
        from ticket_event e left join evaluation v on v.ticket = e.ticket
            and v.round = case e.action when 'redo' then e.round - 1 else e.round end
        where e.action in ('rate', 'redo')) x;
    return next;

    check_name := 'contact: kept sealed, never in the clear';
    select count(*), count(*) filter (where bad), min(ticket::text) filter (where bad)
        into checked, faults, example from (
        select ticket, (phone is not null and phone not like '1:%') or (name is not null and name not like '1:%')
            or (id_no is not null and id_no not like '1:%') or (phone is null) <> (phone_index is null) as bad
        from contact) x;
    return next;

    check_name := 'numbers: unique, made on the day the ticket was accepted';
    select count(*), count(*) filter (where bad), min(ticket::text) filter (where bad)
        into checked, faults, example from (
        select ticket, number !~ '^2327[0-9]{14}$' or substr(number, 5, 8) <>
            to_char(to_timestamp(accepted / 1000) at time zone 'Asia/Shanghai', 'YYYYMMDD') as bad from ticket) x;
    return next;

    check_name := 'seats: nobody in two calls, no call at two seats';
    select count(*), count(*) filter (where bad), min(call) filter (where bad)
        into checked, faults, example from (
        select c.call, count(s.account) > 1 or (count(s.account) = 0 and c.state <> 'waiting') as bad
        from call c left join agent_seat s on s.call = c.call and s.state in (3, 4)
        where c.state in ('waiting', 'ringing', 'answering', 'talking') group by c.call, c.state) x;
    return next;

    check_name := 'spans: an agent''s times follow each other without overlap';
    select count(*), count(*) filter (where bad), min(account::text) filter (where bad)
        into checked, faults, example from (
        select account, ended < begun or begun < coalesce(lag(ended) over (partition by account order by begun), 0) as bad
        from agent_span) x;
    return next;
end $$;
