-- Any move along the closed loop and any look at a ticket, judged by the server on the card that the desk saw.
-- The columns that a move changes are in move_apply(), the rules beyond the table of edges in
-- move_guard.sql, what it does to other tables in move_effect.sql.

create or replace function stale_details(t ticket) returns jsonb language sql stable as $$
    select jsonb_build_object('card', card_of(t), 'by', a.name, 'action', e.action, 'at', e.at)
    from ticket_history e join account a using (account) where e.ticket = t.ticket and e.seq = t.ver and e.at = t.changed
$$;

-- What is stored with the event: the command's own members and the limit behind its deadline.
create or replace function event_detail(p jsonb) returns jsonb language plpgsql immutable as $$
begin
    if p->>'rule' is null then return p->'detail'; end if;
    return coalesce(p->'detail', '{}') || jsonb_build_object('rule', p->>'rule');
end $$;

-- Whether the account may touch the ticket, and it still is as the desk saw it; kind is null when all is well.
create or replace function seen_fault(old ticket, a account, p jsonb) returns outcome language plpgsql stable as $$
declare
    refusal text;
    seen jsonb := p->'seen';
begin
    if old.ticket is null then return refusal_outcome('not_found'); end if;
    refusal := scope_refusal(a, old);
    if refusal is not null then return refusal_outcome(refusal); end if;
    if (old.state, old.kind, old.urgency, old.matter) is distinct from
       ((seen->>'state')::smallint, (seen->>'kind')::smallint, (seen->>'urgency')::smallint, seen->>'matter')
       or (seen->>'ver')::int not between old.step and old.ver
       or (p ? 'clock_ver' and (p->>'clock_ver')::int <> old.ver) then
        return refusal_outcome('stale', stale_details(old));
    end if;
    return null;
end $$;

-- The ticket after the move. p: id, action, to, round, loud, at, and as the edge needs: due, warn, rule, since,
-- alarms, dept, matter, note, detail and what else the command carries.
create or replace function move_apply(old ticket, actor integer, p jsonb) returns ticket language plpgsql as $$
declare
    t ticket := old;
    act text := p->>'action';
begin
    t.ver := old.ver + 1;
    if (p->>'loud')::boolean then t.step := t.ver; end if;
    t.state := (p->>'to')::smallint;
    t.round := old.round + coalesce((p->>'round')::smallint, 0);
    t.changed := greatest((p->>'at')::bigint, old.changed);
    if p ? 'due' then
        t.due := (p->>'due')::bigint;  t.warn := (p->>'warn')::bigint;
        t.rule := p->>'rule';  t.since := (p->>'since')::bigint;
        t.alarm := 0;
        t.alarm_at := case when (p->>'alarms')::boolean then t.warn end;
    end if;
    if t.round > old.round then
        t.extended := 0;  t.returns := 0;  t.missed := 0;  t.answers := null;
        t.master := null;     -- what followed its master to the end goes on alone
    end if;
    if t.state <> old.state then
        t.asked := null;  t.asked_detail := null;
        if t.state in (15, 30, 35, 38, 39) then t.why := p->>'note'; end if;
        t := state_entered(old, t, act, p);
    end if;
    case act
        when 'sign' then
            t.handler := actor;  t.contact_by := (p->>'contact_by')::bigint;
        when 'contact' then t.contacted := coalesce(t.contacted, t.changed);
        when 'finish' then
            t.reply := p->>'note';
            t.answers := case when p ? 'answers' then array(select jsonb_array_elements_text(p->'answers')) end;
        when 'answer', 'refuse', 'rule_out', 'taken' then t.reply := p->>'note';
        when 'send_back' then t.returns := old.returns + 1;
        when 'rate', 'complain' then t.grade := (p->>'grade')::smallint;
        when 'lapse' then t.grade := null;    -- a grade is the one of the last round
        when 'ask_extend', 'ask_pause' then
            t.asked := substr(act, 5);
            t.asked_detail := p->'detail' || jsonb_build_object('reason', p->>'note', 'account', actor, 'at', t.changed);
        when 'deny_extend', 'deny_pause' then t.asked := null;  t.asked_detail := null;
        when 'extend' then
            t.asked := null;  t.asked_detail := null;
            t.extended := old.extended + (p#>>'{detail,days}')::smallint;
            t.promised := greatest(old.promised, t.due);
        when 'resume' then t.promised := greatest(old.promised, t.due);
        when 'urge' then t.urged := old.urged + 1;
        when 'miss' then t.missed := missed_days(old, t.changed);
        when 'assist', 'hand_down' then t.parts := old.parts + 1;
        when 'part_reply', 'part_return', 'part_recall' then t.parts := old.parts - 1;
        when 'assign', 'dispatch' then t.parts := coalesce(jsonb_array_length(p->'assists'), 0);
        when 'order' then t.orders := old.orders + 1;
        when 'order_close' then t.orders := old.orders - 1;
        when 'alarm' then
            t.alarm := (p->>'level')::smallint;  t.alarm_at := (p->>'alarm_at')::bigint;
            if alarm_orders(t) then t.orders := old.orders + 1; end if;
        when 'follow' then
            select reply, dept into t.reply, t.dept from ticket where ticket = old.master;
        else null;
    end case;
    return t;
end $$;

-- What entering another state means, whatever the way there.
create or replace function state_entered(old ticket, t ticket, act text, p jsonb) returns ticket language plpgsql as $$
begin
    if p ? 'dept' then t.dept := (p->>'dept')::int; end if;
    if p ? 'matter' then t.matter := case when act in ('assign', 'rule') then p->>'matter'
                                          else coalesce(old.matter, p->>'matter') end; end if;
    if t.state in (20, 29, 30) then
        t.dept := null;  t.handler := null;  t.no_return := false;  t.return_by := null;  t.contacted := null;
    elsif t.state = 35 then
        t.handler := null;
        t.dispatched := coalesce(old.dispatched, t.changed);
        t.return_by := (p->>'return_by')::bigint;
        t.no_return := act in ('reject_return', 'rule', 'redo');
        if act <> 'reject_return' then t.contacted := null; end if;
    end if;
    -- The clock that stops here goes on when the work does.
    if act in ('finish', 'pause') then
        t.held_rule := old.rule;  t.held_due := old.due;  t.held_at := t.changed;
    elsif t.state <> 45 and t.state <> 50 then
        t.held_rule := null;  t.held_due := null;  t.held_at := null;
    end if;
    -- 承办单 of others live as long as the work of this unit.
    if t.state not in (35, 38, 39, 40, 45) or t.dept is distinct from old.dept then t.parts := 0; end if;
    if act = 'merge' then t.master := (p->>'other')::bigint;
    elsif old.state = 29 and act <> 'follow' then t.master := null; end if;
    if t.state >= 80 and old.state < 80 then
        t.ended := act;  t.closed := t.changed;
    elsif t.state < 80 then
        t.ended := null;  t.closed := null;
    end if;
    return t;
end $$;

-- Different Beijing days of this round on which the callback found nobody, today included.
create or replace function missed_days(t ticket, now_ms bigint) returns smallint language plpgsql stable as $$
begin
    return (select count(distinct day_start(at)) from (
        select at from ticket_history where ticket = t.ticket and action = 'miss' and round = t.round
            and seq > (select max(seq) from ticket_history where ticket = t.ticket and to_state = 60 and from_state <> 60)
        union all select now_ms) x);
end $$;

-- The event of a move, and the row after it. Writes: ticket_event, ticket. Returns what the feed must carry.
create or replace function ticket_moved(old ticket, t ticket, actor integer, p jsonb) returns outcome language plpgsql as $$
declare e ticket_event;
begin
    e := row(t.ticket, t.ver, p->>'action', old.state, t.state, actor, t.changed, t.dept, t.due, t.round,
             p->>'note', event_detail(p), null, gen_random_uuid(), null);
    e.chain := event_chain(old.chain, e);
    insert into ticket_event values (e.*);
    update ticket set ver = t.ver, step = t.step, state = t.state, round = t.round, changed = t.changed, due = t.due,
        warn = t.warn, rule = t.rule, since = t.since, held_rule = t.held_rule, held_due = t.held_due,
        held_at = t.held_at, alarm = t.alarm, alarm_at = t.alarm_at, asked = t.asked, asked_detail = t.asked_detail,
        extended = t.extended, urged = t.urged, orders = t.orders, master = t.master, joined = t.joined,
        returns = t.returns, no_return = t.no_return, return_by = t.return_by, contact_by = t.contact_by,
        contacted = t.contacted, missed = t.missed, parts = t.parts, dept = t.dept, matter = t.matter,
        handler = t.handler, reply = t.reply, answers = t.answers, dispatched = t.dispatched, why = t.why,
        closed = t.closed, ended = t.ended, grade = t.grade, promised = t.promised, chain = e.chain
        where ticket = t.ticket;
    return ticket_outcome(t, old.state, old.dept);
end $$;

-- A look that the server adds to another ticket than the one moved. Its members beyond p's action stay as they are.
create or replace function ticket_noted(old ticket, actor integer, p jsonb, detail jsonb) returns outcome language plpgsql as $$
declare
    t ticket := old;
begin
    t.ver := old.ver + 1;
    t.changed := greatest((p->>'at')::bigint, old.changed);
    if (p->>'loud')::boolean then t.step := t.ver; end if;
    if detail ? 'joined' then t.joined := old.joined + (detail->>'joined')::smallint; end if;
    return ticket_moved(old, t, actor, jsonb_build_object('action', p->>'action', 'note', p->>'note', 'detail', detail));
end $$;

-- It holds only if the row still is as seen; a loser gets the present card and who moved it.
-- Writes: ticket, ticket_event, outbox, answered and what move_effect() says. Reply: the card; of reveal:
-- sealed contact.
create or replace function ticket_move(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    t ticket;
    old ticket;
    a account;
    answer outcome;
    reply text;
    act text := p->>'action';
begin
    if req is not null then
        answer := given_outcome(req, actor);
        if answer.kind is not null then return next answer; return; end if;
    end if;
    if p ? 'other' or act in ('unmerge', 'withdraw', 'redo', 'reopen') then
        -- Two tickets change: locked in one order, so that two such moves never wait for each other.
        perform from ticket where ticket in ((p->>'id')::bigint, (p->>'other')::bigint,
            (select master from ticket where ticket = (p->>'id')::bigint)) order by ticket for update;
    end if;
    select * into old from ticket where ticket = (p->>'id')::bigint for update;
    select * into a from account where account = actor;
    answer := seen_fault(old, a, p);
    if answer.kind is null then answer := move_fault(old, a, p); end if;
    if answer.kind is not null then return next answer; return; end if;

    t := move_apply(old, actor, p);
    answer := ticket_moved(old, t, actor, p);
    reply := answer.body;
    if act = 'reveal' then
        select json_build_object('phone', phone, 'name', name, 'id_no', id_no, 'card', answer.body::json)
            into reply from contact where ticket = t.ticket;
        reply := coalesce(reply, json_build_object('card', answer.body::json)::text);
    end if;
    if req is not null then
        insert into answered values (req, actor, (p->>'at')::bigint, 'reply', reply);
    end if;
    return next reply_outcome(reply);
    return next answer;
    if t.state = 20 then return next dispatch_outcome(t); end if;
    if t.channel = 5 or act in ('supplement', 'withdraw') then return query select * from police_moved(t, act, p); end if;
    -- What is asked for each ticket touches no other table, and is spared the call.
    if p ? 'assists' or act not in ('dispatch', 'pool', 'sign', 'progress', 'contact', 'pass', 'reveal', 'supply', 'urge') then
        return query select * from move_effect(old, t, a, p);
    end if;
end $$;

-- What the clock alone must move. Also forgets old replies. p: at, limit. Writes: answered.
-- Rows: id, ver, state, kind, urgency, matter, action; note where one is to be stored; of resume the held clock,
-- of alarm level, due and dept.
create or replace function ticket_due(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    now_ms bigint := (p->>'at')::bigint;
    most integer := (p->>'limit')::int;
    tries integer := limit_amount('visit_tries');
begin
    delete from answered where request in (select request from answered
        where at < now_ms - 172800000 order by at limit 1000 for update skip locked);
    return next reply_outcome((select json_build_object('rows', coalesce(json_agg(
        to_jsonb(x) - 't' || jsonb_build_object('id', (x.t).ticket, 'ver', (x.t).ver, 'state', (x.t).state,
            'kind', (x.t).kind, 'urgency', (x.t).urgency, 'matter', (x.t).matter)), '[]')) from (
        (select t, case t.state when 15 then 'expire' when 45 then 'resume' else 'lapse' end as action,
                case t.state when 15 then '逾期未补充，按规定撤销' when 45 then '挂起到期，恢复办理'
                    else '评价期满，未评价办结' end as note,
                t.held_rule, t.held_due, t.held_at, null::smallint as level, null::bigint as due, t.dept
         from ticket t where t.state in (15, 45, 60) and t.due <= now_ms order by t.due limit most)
        union all
        (select t, 'lapse', '不同日回访' || t.missed || '次未接通，按规定办结', null, null, null, null, null, t.dept
         from ticket t where t.state = 60 and t.due > now_ms and t.missed >= tries limit most)
        union all
        (select t, 'archive', null, null, null, null, null, null, t.dept
         from ticket t where t.state in (80, 82, 85) and t.due <= now_ms and t.orders = 0 order by t.due limit most)
        union all
        (select t, 'dispute', '同一工单第二次申请退单，转职责争议裁定', null, null, null, null, null, t.dept
         from ticket t where t.state = 38 and t.returns >= 2 limit most)
        union all
        (select t, case when m.state in (15, 82, 85) then 'unmerge' else 'follow' end,
                case when m.state in (15, 82, 85) then '主单未继续办理，恢复单独办理' else '随主单告知 ' || m.number end,
                null, null, null, null, null, t.dept
         from ticket t join ticket m on m.ticket = t.master
         where t.state = 29 and (m.state >= 60 or m.state = 15) limit most)
        union all
        (select t, 'alarm', null, null, null, null, t.alarm + 1, t.due, t.dept
         from ticket t where t.alarm_at <= now_ms and t.state < 80 order by t.alarm_at limit most)) x)::text);
end $$;
