-- hotlined verify: what must be true of the whole database, each check recounted from the events.
-- I1 to I12: the invariants of docs/LOOP.md.

create or replace function verify_all() returns table (check_name text, checked bigint, faults bigint, example text)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    check_name := 'chain: every event hashes the one before it';
    select count(*), count(*) filter (where bad), min(ticket || '/' || seq) filter (where bad)
        into checked, faults, example from (
        select e.ticket, e.seq, e.chain is distinct from
            event_chain(coalesce(lag(e.chain) over w, ''), row(e.ticket, e.seq, e.action, e.from_state, e.to_state,
                e.account, e.at, e.dept, e.due, e.round, e.note, e.detail, null, e.salt, e.digest)::ticket_event) as bad
        from ticket_history e window w as (partition by e.ticket order by e.seq)) x;
    return next;

    check_name := 'sequence: events run 1, 2, 3 …, each from where the last one went, time not backwards';
    select count(*), count(*) filter (where bad), min(ticket || '/' || seq) filter (where bad)
        into checked, faults, example from (
        select ticket, seq, seq <> row_number() over w
            or from_state <> coalesce(lag(to_state) over w, 0) or at < coalesce(lag(at) over w, 0) as bad
        from ticket_history window w as (partition by ticket order by seq)) x;
    return next;

    check_name := 'ticket: state, version, unit, deadline, round and chain are what its last event says';
    select count(*), count(*) filter (where bad), min(ticket::text) filter (where bad)
        into checked, faults, example from (
        select t.ticket, e.ticket is null or (t.ver, t.state, t.dept, t.due, t.round, t.chain)
            is distinct from (e.seq, e.to_state, e.dept, e.due, e.round, e.chain) as bad
        from ticket t left join ticket_history e on e.ticket = t.ticket and e.seq = t.ver
            and not exists (select from ticket_history n where n.ticket = t.ticket and n.seq > t.ver)) x;
    return next;

    check_name := 'I2 law: each event is an edge of the flow, taken by a role that may';
    select count(*), count(*) filter (where bad), min(ticket || '/' || seq) filter (where bad)
        into checked, faults, example from (
        select e.ticket, e.seq, f.action is null or f.who & a.role = 0 as bad
        from ticket_history e join account a using (account)
        left join flow_edge f using (action, from_state, to_state)) x;
    return next;

    check_name := 'I1 owner: every ticket has who its state says, an open one its deadline, an ended one its end';
    select count(*), count(*) filter (where bad), min(ticket::text) filter (where bad)
        into checked, faults, example from (
        select t.ticket, case s.owner when 'desk' then t.dept is not null or t.master is not null
                when 'unit' then t.dept is null
                when 'master' then t.dept is not null or m.ticket is null or m.state = 29
                else false end
            or (s.open and t.due is null) or s.open <> (t.ended is null) or s.open <> (t.closed is null)
            or s.open <> (t.state < 80) as bad
        from ticket t join flow_state s using (state) left join ticket m on m.ticket = t.master) x;
    return next;

    check_name := 'I2 counts: what the ticket counts is what its events and the rows beside it say';
    select count(*), count(*) filter (where bad), min(ticket::text) filter (where bad)
        into checked, faults, example from (
        select t.ticket, t.urged <> coalesce(e.urged, 0) or t.returns <> coalesce(e.returns, 0)
            or t.extended <> coalesce(e.extended, 0)
            or t.joined <> (select count(*) from ticket c where c.master = t.ticket)
            or t.parts <> (select count(*) from part p where p.ticket = t.ticket and p.state < 40)
            or t.orders <> (select count(*) from supervision o where o.ticket = t.ticket and o.closed is null)
            or t.step > t.ver as bad
        from ticket t left join (
            select ticket, count(*) filter (where action = 'urge') as urged,
                count(*) filter (where action = 'send_back' and round = last_round) as returns,
                sum((detail->>'days')::int) filter (where action = 'extend' and round = last_round) as extended
            from (select *, max(round) over (partition by ticket) as last_round from ticket_history
                  where ticket in (select ticket from ticket_history where action in ('urge', 'send_back', 'extend'))) r
            group by ticket) e using (ticket)) x;
    return next;

    check_name := 'I2 flags: 不得退单 and what is asked for are what the events last said';
    select count(*), count(*) filter (where bad), min(ticket::text) filter (where bad)
        into checked, faults, example from (
        select t.ticket, (t.state = 35 and t.no_return is distinct from (i.action in ('reject_return', 'rule', 'redo')))
            or (t.asked is not null) is distinct from coalesce(q.action in ('ask_extend', 'ask_pause') and t.state = 40, false) as bad
        from ticket t
        left join lateral (select action from ticket_history e where e.ticket = t.ticket and e.to_state = 35
            and e.from_state <> 35 order by seq desc limit 1) i on t.state = 35
        left join lateral (select action from ticket_history e where e.ticket = t.ticket and (e.from_state <> e.to_state
            or e.action in ('ask_extend', 'deny_extend', 'extend', 'ask_pause', 'deny_pause'))
            order by seq desc limit 1) q on true
        where t.state < 80) x;
    return next;

    check_name := 'I3 rating: good means a grade of 3–5 in the last round, unrated none, and each grade is its event''s';
    select count(*), count(*) filter (where bad), min(ticket::text) filter (where bad)
        into checked, faults, example from (
        select t.ticket, (e.action = 'rate' and (coalesce(v.grade, 0) < 3 or not v.counted))
            or (e.action = 'lapse' and v.grade is not null) as bad
        from ticket t join ticket_history e on e.ticket = t.ticket and e.to_state = 80 and e.from_state <> 80
        left join evaluation v on v.ticket = t.ticket and v.round = e.round
        union all
        select e.ticket, v.grade is distinct from (e.detail->>'grade')::smallint
            or (v.grade < 3) is distinct from (e.action in ('complain', 'redo'))
        from ticket_history e left join evaluation v on v.ticket = e.ticket
            and v.round = case when e.from_state = 60 and e.action = 'redo' then e.round - 1 else e.round end
        where e.from_state = 60 and e.action in ('rate', 'complain', 'redo')) x;
    return next;

    check_name := 'I4 差评: redone, concluded, or taken back by two different persons';
    select count(*), count(*) filter (where bad), min(ticket || '/' || seq) filter (where bad)
        into checked, faults, example from (
        select e.ticket, e.seq, case when n.action is null then t.state <> 65
            when n.action = 'dismiss' then d.account is null or d.account = n.account
                or coalesce((select counted from evaluation v where v.ticket = e.ticket and v.round = e.round), true)
            else n.action not in ('redo', 'conclude') end as bad
        from ticket_history e join ticket t using (ticket)
        left join lateral (select * from ticket_history x where x.ticket = e.ticket and x.seq > e.seq
            and x.from_state = 65 and x.to_state <> 65 order by x.seq limit 1) n on true
        left join lateral (select account from ticket_history x where x.ticket = e.ticket and x.seq between e.seq and n.seq
            and x.action = 'doubt' order by x.seq desc limit 1) d on true
        where e.action = 'complain') x;
    return next;

    check_name := 'I5 退单: no unit sends back what it was told to keep';
    select count(*), count(*) filter (where bad), min(ticket || '/' || seq) filter (where bad)
        into checked, faults, example from (
        select e.ticket, e.seq, i.action in ('reject_return', 'rule', 'redo') as bad
        from ticket_history e
        left join lateral (select action from ticket_history x where x.ticket = e.ticket and x.seq < e.seq
            and x.to_state = 35 and x.from_state <> 35 order by x.seq desc limit 1) i on true
        where e.action = 'send_back') x;
    return next;

    check_name := 'I6 重办: no more rounds than allowed, and a conclusion only after them';
    select count(*), count(*) filter (where bad), min(ticket::text) filter (where bad)
        into checked, faults, example from (
        select ticket, count(*) filter (where action = 'redo' and from_state = 65) > limit_amount('rework_max')
            or bool_or(action = 'conclude' and dept is not null and not exists (select from supervision o
                where o.ticket = e.ticket and o.level = 3 and o.replied is not null)) as bad
        from (select *, count(*) filter (where action = 'reopen') over (partition by ticket order by seq) as life
              from ticket_history where action in ('redo', 'conclude', 'reopen')) e
        group by ticket, life) x;
    return next;

    check_name := 'I7 deadlines: move only with a clock of the law or a changed calendar';
    select count(*), count(*) filter (where bad), min(ticket || '/' || seq) filter (where bad)
        into checked, faults, example from (
        select e.ticket, e.seq, e.due is distinct from e.was and f.clock = 'keep' and e.action <> 'reckon' as bad
        from (select *, lag(due) over (partition by ticket order by seq) as was from ticket_history) e
        join flow_edge f using (action, from_state, to_state) where e.seq > 1) x;
    return next;

    check_name := 'I9 特急: none waits for dispatch beyond its limit without an alarm';
    select count(*), count(*) filter (where bad), min(ticket::text) filter (where bad)
        into checked, faults, example from (
        select ticket, due < changed - 60000 and alarm < 2 as bad from ticket where state in (20, 30) and urgency = 2) x;
    return next;

    check_name := 'I10 110: each day, what was sent is acknowledged, waits, is dead or was given up, as its tries say';
    select count(*), count(*) filter (where bad), min(day::text) filter (where bad)
        into checked, faults, example from (
        select day_start(m.sent) as day, count(*) <> count(*) filter (where m.state = 'acked')
                + count(*) filter (where m.state = 'waiting') + count(*) filter (where m.state = 'dead')
                + count(*) filter (where m.state = 'dropped')
            or bool_or((m.state = 'acked' and not coalesce(y.ok, false)) or (m.state = 'waiting' and y.ok) or (m.state = 'acked') <> (m.acked is not null)
                or m.tries <> coalesce(y.tries, 0) or (m.state = 'dead' and m.tries = 0)
                or (m.state = 'waiting') <> (m.next_at is not null)) as bad
        from police_message m left join (select message, bool_or(ok) as ok, count(*) as tries from police_try group by message) y
            using (message) where m.dir = 1 group by 1) x;
    return next;

    check_name := 'I10 handoffs: a matter crosses once each way unless ruled, its messages run without gap, its ticket knows it';
    select count(*), count(*) filter (where bad), min(handoff::text) filter (where bad)
        into checked, faults, example from (
        select h.handoff, (h.peer = '110' and h.state <> 70 and exists (select from handoff o where o.root = h.root and o.dir = h.dir
                and o.peer = '110' and o.state <> 70 and o.handoff < h.handoff))
            or h.version <> (select count(*) from police_message m where m.handoff = h.handoff and m.dir = 1)
            or h.version <> coalesce((select max(m.version) from police_message m where m.handoff = h.handoff and m.dir = 1), 0)
            or (h.dir = 2) <> exists (select from police_message m where m.handoff = h.handoff and m.dir = 2 and m.kind = 'push')
            or (h.dir = 1 and not exists (select from ticket_history e where e.ticket = h.ticket and e.action = 'hand_over' and e.at = h.at))
            or (h.dir = 2 and h.police_no is null) or (h.state in (60, 70, 80) and h.ended is null) as bad
        from handoff h) x;
    return next;

    check_name := 'I11 并单: whoever was merged has the master''s result, his own notice of it, and rates it for himself';
    select count(*), count(*) filter (where bad), min(ticket || '/' || seq) filter (where bad)
        into checked, faults, example from (
        select e.ticket, e.seq, t.master is null or e.dept is distinct from m.dept or t.reply is distinct from m.reply
            or (c.phone is not null and t.channel <> 6 and not exists (select from message g
                where g.ticket = t.ticket and g.kind = 'told' and g.round = e.round))
            or not exists (select from ticket_link l where l.ticket = t.ticket and l.other = t.master and l.kind = 'merged') as bad
        from ticket_history e join ticket t using (ticket)
        left join contact c using (ticket)
        left join lateral (select dept, (select note from ticket_history y where y.ticket = x.ticket and y.seq <= x.seq
                and y.action in ('finish', 'answer', 'taken') order by y.seq desc limit 1) as reply
            from ticket_history x where x.ticket = t.master and x.at <= e.at order by x.seq desc limit 1) m on true
        where e.action = 'follow' and t.round = e.round) x;
    return next;

    check_name := 'parts and orders: what has ended says how, and whose it was';
    select count(*), count(*) filter (where bad), min(id::text) filter (where bad)
        into checked, faults, example from (
        select part as id, (state >= 40) <> (ended is not null) or (state = 40) <> (reply is not null)
            or (state in (20, 40)) > (signed is not null) or dept = sender as bad from part
        union all
        select id, (replied is null) <> (reply is null) or (closed is null) <> (verdict is null)
            or number !~ '^DB2327[0-9]{14}$' from supervision) x;
    return next;

    check_name := 'precedents: each stands on a ruling of its ticket';
    select count(*), count(*) filter (where bad), min(precedent::text) filter (where bad)
        into checked, faults, example from (
        select p.precedent, not exists (select from ticket_history e where e.ticket = p.ticket and e.action = 'rule'
            and e.dept = p.dept and e.at = p.at and e.account = p.account) as bad from precedent p) x;
    return next;

    check_name := 'files: each attachment has its hash and its event';
    select count(*), count(*) filter (where bad), min(file::text) filter (where bad)
        into checked, faults, example from (
        select f.file, f.sha256 !~ '^[0-9a-f]{64}$' or not exists (select from ticket_history e
            where e.ticket = f.ticket and e.action = 'attach' and e.detail->>'sha256' = f.sha256) as bad from file f) x;
    return next;

    check_name := 'erasure: erased words are what the erasure left there, as an event of the same ticket names them';
    select count(*), count(*) filter (where bad), min(id || '/' || seq) filter (where bad)
        into checked, faults, example from (
        select e.ticket as id, e.seq, e.salt is not null or not exists (select from ticket_history x where x.ticket = e.ticket
            and x.seq > e.seq and x.action = 'erase'
            and x.detail#>>array['words', e.seq::text] = encode(words_digest(null, e.note, e.detail), 'hex')) as bad
        from ticket_history e where e.digest is not null
        union all
        select e.id, e.seq, e.salt is not null or not exists (select from case_event x where x.id = e.id
            and x.seq > e.seq and x.action = 'erase'
            and x.detail#>>array['words', e.seq::text] = encode(words_digest(null, e.note, e.detail), 'hex'))
        from case_event e where e.digest is not null
        union all
        select c.ticket, 0, c.phone is not null or c.name is not null or c.id_no is not null or c.phone_index is not null
            or not exists (select from ticket_history x where x.ticket = c.ticket and x.action = 'erase'
                and (x.detail->>'erasure')::bigint = c.erased)
        from contact c where c.erased is not null) x;
    return next;

    check_name := 'months: every event has its ticket, and stands where a search of its history looks';
    select count(*), count(*) filter (where bad), min(ticket || '/' || seq) filter (where bad)
        into checked, faults, example from (
        select e.ticket, e.seq, t.ticket is null or e.at < ticket_born(t) or e.at > t.changed as bad
        from ticket_history e left join ticket t on t.ticket = e.ticket) x;
    return next;

    check_name := 'I8 contact: kept sealed, never in the clear';
    select count(*), count(*) filter (where bad), min(ticket::text) filter (where bad)
        into checked, faults, example from (
        select ticket, (phone is not null and phone not like '1:%') or (name is not null and name not like '1:%')
            or (id_no is not null and id_no not like '1:%') or (phone is null) <> (phone_index is null) as bad
        from contact) x;
    return next;

    check_name := '预警: one open alert a key, an incident''s tickets are of it, and a 预警单 has its alert, no caller and no grade';
    select count(*), count(*) filter (where bad), min(id::text) filter (where bad)
        into checked, faults, example from (
        select x.alert as id, x.size < cardinality(x.tickets) or x.folded > x.size or (x.task is not null and x.claimer is null)
            or (x.kind = 'incident' and exists (select from warning_ticket w where w.ticket = any(x.tickets)
                and w.incident <> (substr(x.key, 3))::bigint)) as bad from alert x where x.key is not null
        union all
        select t.ticket, x.alert is null or c.ticket is not null or t.grade is not null or t.state in (15, 29, 55, 60, 65) as bad
            from ticket t left join alert x on x.task = t.ticket left join contact c on c.ticket = t.ticket where t.channel = 7
        union all
        select e.ticket, t.channel <> 7 from ticket_history e join ticket t using (ticket) where e.action in ('forewarn', 'settle')) y;
    return next;

    check_name := 'numbers: unique, made on the day the ticket was taken down';
    select count(*), count(*) filter (where bad), min(ticket::text) filter (where bad)
        into checked, faults, example from (
        select t.ticket, number !~ '^2327[0-9]{14}$' or substr(number, 5, 8) <>
            to_char(to_timestamp(e.at / 1000) at time zone 'Asia/Shanghai', 'YYYYMMDD') as bad
        from ticket t join ticket_history e on e.ticket = t.ticket and e.seq = 1) x;
    return next;

    check_name := 'seats: nobody in two calls, no call at two seats';
    select count(*), count(*) filter (where bad), min(call) filter (where bad)
        into checked, faults, example from (
        select c.call, count(s.account) > 1 or (count(s.account) = 0 and c.state <> 'waiting') as bad
        from call c left join agent_seat s on s.call = c.call and s.state in (3, 4)
        where c.state in ('waiting', 'ringing', 'answering', 'talking') group by c.call, c.state) x;
    return next;

    check_name := 'I12 spans: an agent''s times follow each other without overlap';
    select count(*), count(*) filter (where bad), min(account::text) filter (where bad)
        into checked, faults, example from (
        select account, ended < begun or begun < coalesce(lag(ended) over (partition by account order by begun), 0) as bad
        from agent_span) x;
    return next;

    return query select * from verify_cases();
end $$;
