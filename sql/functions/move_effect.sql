-- What a move does beyond its own ticket: 承办单, 督办, evaluations, precedents, faults and alerts, messages,
-- merged tickets. Called by ticket_move() after the move is written; returns what else the feed must carry.

-- What the citizen is to be told by SMS. Nobody without a number, nothing of what was imported.
create or replace function message_add(t ticket, kind text, body text, now_ms bigint) returns void language plpgsql as $$
begin
    if t.channel = 6 then return; end if;
    perform from contact where ticket = t.ticket and phone is not null;
    if found then
        insert into message (ticket, kind, round, text, at) values (t.ticket, kind, t.round, coalesce(body, ''), now_ms);
    end if;
end $$;

-- A unit's fault. Three of a kind within the window raise an alert; more of them join the open one, which
-- names the newest only: nobody reads a thousand, and each further one would have to write them all again.
-- Writes: fault, alert, outbox.
create or replace function fault_add(unit integer, what smallint, wanted bigint, now_ms bigint) returns setof outcome
language plpgsql as $$
declare
    found_tickets bigint[];
    raised alert;
begin
    if unit is null then return; end if;
    insert into fault (dept, kind, ticket, at) values (unit, what, wanted, now_ms);
    update alert set times = times + 1, tickets = (tickets || wanted)[greatest(cardinality(tickets) - 18, 1):]
        where alert.kind = 'fault' and dept = unit and fault = what and closed is null returning * into raised;
    if not found then
        select array_agg(f.ticket order by f.at) into found_tickets from fault f
            where f.dept = unit and f.kind = what and f.at > now_ms - limit_ms('fault_window')
            and f.at > coalesce((select max(closed) from alert where dept = unit and fault = what), 0);
        if coalesce(cardinality(found_tickets), 0) < limit_amount('fault_times') then return; end if;
        insert into alert (kind, dept, region, fault, times, tickets, text, at)
            select 'fault', unit, d.region, what, cardinality(found_tickets),
                found_tickets[greatest(cardinality(found_tickets) - 19, 1):], d.name || '同类问题达到 '
                || cardinality(found_tickets) || ' 次', now_ms from department d where d.dept = unit
            returning * into raised;
    end if;
    return next alert_outcome(raised);
end $$;

-- Writes: part, outbox.
create or replace function part_send(t ticket, kind smallint, unit integer, task text, a account, p jsonb) returns outcome
language plpgsql as $$
declare x part;
begin
    insert into part (ticket, kind, state, dept, sender, round, task, sent, sent_by, due, warn, rule, since)
        values (t.ticket, kind, 10, unit, t.dept, t.round, coalesce(task, ''), t.changed, a.account,
            (p->>'part_due')::bigint, (p->>'part_warn')::bigint, p->>'part_rule', t.changed)
        returning * into x;
    return part_outcome(x);
end $$;

-- Writes: part, outbox.
create or replace function part_effect(t ticket, a account, p jsonb) returns outcome language plpgsql as $$
declare
    x part;
    act text := p->>'action';
    wanted bigint := (p->>'part')::bigint;
begin
    if act = 'part_sign' then
        -- No child has more time than the unit that answers.
        update part set state = 20, signer = a.account, signed = t.changed, rule = p->>'part_rule', since = t.changed,
            due = least((p->>'part_due')::bigint, t.due),
            warn = least((p->>'part_warn')::bigint, t.due)
            where part = wanted returning * into x;
    else
        update part set state = case act when 'part_reply' then 40 when 'part_return' then 60 else 70 end,
            reply = case act when 'part_reply' then p->>'note' end,
            reason = case act when 'part_reply' then null else p->>'note' end, ended = t.changed
            where part = wanted returning * into x;
    end if;
    return part_outcome(x);
end $$;

-- 承办单 that nobody waits for any more. Writes: part, outbox.
create or replace function parts_end(t ticket, why text) returns setof outcome language plpgsql as $$
declare x part;
begin
    for x in update part set state = 70, ended = t.changed, reason = why
            where ticket = t.ticket and state < 40 returning * loop
        return next part_outcome(x);
    end loop;
end $$;

-- Writes: supervision, outbox.
create or replace function order_issue(t ticket, level smallint, body text, a account, p jsonb) returns outcome
language plpgsql as $$
declare o supervision;
begin
    insert into supervision (number, ticket, level, dept, region, text, account, at, due, warn, rule)
        values ('DB2327' || to_char(to_timestamp(t.changed / 1000) at time zone 'Asia/Shanghai', 'YYYYMMDD')
            || lpad(nextval('supervision_serial')::text, 6, '0'), t.ticket, level, t.dept, t.region, body, a.account,
            t.changed, (p->>'order_due')::bigint, (p->>'order_warn')::bigint, p->>'order_rule')
        returning * into o;
    return order_outcome(o);
end $$;

create or replace function order_effect(t ticket, a account, p jsonb) returns outcome language plpgsql as $$
declare o supervision;
begin
    if p->>'action' = 'order' then
        return order_issue(t, (p->>'level')::smallint, p->>'note', a, p);
    elsif p->>'action' = 'order_reply' then
        update supervision set reply = p->>'note', replier = a.account, replied = t.changed
            where id = (p->>'order')::bigint returning * into o;
    else
        update supervision set verdict = p->>'note', closer = a.account, closed = t.changed
            where id = (p->>'order')::bigint returning * into o;
    end if;
    return order_outcome(o);
end $$;

-- Whether the unit's own clock runs. In every other open state the hotline is waited for (退单审核, 裁定, 办结审核,
-- 告知, 差评核实): its lateness is reported as its own, and no unit is ordered to explain it.
create or replace function unit_clock_runs(t ticket) returns boolean language sql immutable as $$
    select t.state in (35, 40)
$$;

-- Whether the alarm that the ticket has now brings a 督办: the one after 催办, and for “办不成事” the first, 红牌.
create or replace function alarm_orders(t ticket) returns boolean language plpgsql immutable as $$
begin
    return unit_clock_runs(t) and (t.alarm = 4 or (t.alarm = 2 and t.channel = 20));
end $$;

-- 黄牌, 红牌 and what follows when nobody moves. Writes: fault, supervision, alert, outbox.
create or replace function alarm_effect(t ticket, a account, p jsonb) returns setof outcome language plpgsql as $$
declare
    raised alert;
    units boolean := unit_clock_runs(t);
begin
    if t.alarm = 2 and units then
        return query select * from fault_add(t.dept, case t.state when 35 then 1 else 2 end::smallint, t.ticket, t.changed);
    end if;
    if alarm_orders(t) then
        return next order_issue(t, case t.alarm when 2 then 3 else 2 end::smallint, case t.alarm
            when 2 then '“办不成事”逾期，系统提级督办：请主要负责人说明原因、措施和完成时间'
            else '逾期未办，系统自动督办：请说明原因、措施和完成时间' end, a, p);
    elsif t.alarm = 5 then
        insert into alert (kind, dept, region, tickets, text, at)
            values ('overdue', case when units then t.dept end, t.region, array[t.ticket],
                '工单 ' || t.number || case when units then '' else '（热线环节：'
                    || (select term from flow_state where state = t.state) || '）' end || ' 长期逾期，予以通报', t.changed)
            returning * into raised;
        return next alert_outcome(raised);
    end if;
end $$;

-- The master counts the tickets merged into it; an event there tells so. Writes: ticket, ticket_event, outbox.
create or replace function master_joined(wanted bigint, child bigint, by_n integer, now_ms bigint) returns setof outcome
language plpgsql as $$
declare m ticket;
begin
    select * into m from ticket where ticket = wanted for update;
    return next ticket_noted(m, 0, jsonb_build_object('action', 'link', 'at', now_ms,
            'note', case when by_n > 0 then '并入一件诉求' else '拆出一件诉求' end),
        jsonb_build_object('joined', by_n, 'other', child));
    if by_n > 0 then
        insert into ticket_link values (child, wanted, 'merged', 0, now_ms) on conflict do nothing;
    end if;
end $$;

-- 裁定 binds the next one: the newest ruling for a matter and county is the precedent. Writes: precedent.
create or replace function precedent_set(t ticket, a account, reason text) returns void language plpgsql as $$
begin
    update precedent set revoked = t.changed, revoker = a.account, why = '被新的裁定取代'
        where matter = t.matter and region = t.region and revoked is null;
    insert into precedent (matter, region, dept, ticket, reason, account, at)
        values (t.matter, t.region, t.dept, t.ticket, reason, a.account, t.changed);
end $$;

-- Writes: evaluation.
create or replace function evaluation_add(old ticket, t ticket, a account, p jsonb) returns void language plpgsql as $$
begin
    insert into evaluation (ticket, round, grade, solved, reason, account, dept, region, at, blame, way, comment)
        values (t.ticket, old.round, t.grade, (p->>'solved')::boolean, p->>'reason', a.account, old.dept, old.region,
            t.changed, (p->>'blame')::smallint, coalesce(p->>'way', 'phone'), p->>'comment');
end $$;

create or replace function move_effect(old ticket, t ticket, a account, p jsonb) returns setof outcome
language plpgsql as $$
declare
    act text := p->>'action';
    unit integer;
begin
    if old.parts > 0 and t.parts = 0 and act not in ('part_reply', 'part_return', 'part_recall') then
        return query select * from parts_end(t, '主单已' || (select term from flow_state where state = t.state));
    end if;
    if t.master is distinct from old.master then
        if old.master is not null then
            return query select * from master_joined(old.master, t.ticket, -1, t.changed);
        end if;
        if t.master is not null then
            return query select * from master_joined(t.master, t.ticket, 1, t.changed);
        end if;
    end if;
    case act
        when 'rate', 'complain' then perform evaluation_add(old, t, a, p);
        when 'notify', 'follow', 'answer' then perform message_add(t, 'told', t.reply, t.changed);
        when 'withdraw' then
            -- Whoever withdrew after dispatch is asked for a rating as well: nobody is pressed into withdrawing.
            if t.state = 60 then perform message_add(t, 'told', '您已撤回，不再办理', t.changed); end if;
        when 'taken' then
            perform message_add(t, 'told', t.reply, t.changed);
            return query select * from handoff_confirmed(t);
        when 'hand_over' then return query select * from handoff_out(t, a, p);
        when 'ask_info' then perform message_add(t, 'need_info', p->>'note', t.changed);
        when 'extend' then perform message_add(t, 'extended', moment_words(t.due), t.changed);
        when 'pause' then perform message_add(t, 'paused', moment_words(t.due), t.changed);
        when 'refuse', 'rule_out' then perform message_add(t, 'refused', p->>'note', t.changed);
        when 'assign', 'dispatch' then
            for unit in select jsonb_array_elements_text(coalesce(p->'assists', '[]'))::int loop
                return next part_send(t, 1::smallint, unit, coalesce(p->>'task', p->>'note'), a, p);
            end loop;
        when 'assist' then return next part_send(t, 1::smallint, (p->>'dept')::int, p->>'note', a, p);
        when 'hand_down' then return next part_send(t, 2::smallint, (p->>'dept')::int, p->>'note', a, p);
        when 'part_sign', 'part_reply', 'part_return', 'part_recall' then return next part_effect(t, a, p);
        when 'order', 'order_reply', 'order_close' then return next order_effect(t, a, p);
        when 'alarm' then return query select * from alarm_effect(t, a, p);
        when 'link' then
            insert into ticket_link values (t.ticket, (p->>'other')::bigint, 'related', a.account, t.changed)
                on conflict do nothing;
        when 'rule' then
            perform precedent_set(t, a, p->>'note');
            return next rules_outcome(t.changed);
        when 'dismiss' then
            update evaluation set counted = false, uncounted_by = a.account where ticket = t.ticket and round = t.round;
        when 'reject_return' then
            return query select * from fault_add(old.dept, 3::smallint, t.ticket, t.changed);
        when 'reject' then
            return query select * from fault_add(old.dept, 4::smallint, t.ticket, t.changed);
        when 'redo' then
            return query select * from fault_add(old.dept, 5::smallint, t.ticket, t.changed);
        when 'check' then
            update quality_check set checker = a.account, checked = t.changed, score = (p->>'score')::smallint,
                text = p->>'note' where ticket = t.ticket;
            if (p->>'score')::int < limit_amount('quality_pass') then
                return query select * from fault_add(old.dept, 6::smallint, t.ticket, t.changed);
            end if;
        when 'attach' then
            insert into file (ticket, sha256, name, type, size, account, dept, at)
                values (t.ticket, p->>'sha256', p->>'name', p->>'type', (p->>'size')::int, a.account, a.dept, t.changed);
        else null;
    end case;
end $$;
