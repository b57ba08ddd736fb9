-- Transfers (handoff): from us to 110, 119, 12119, 120, 122, and from 110 to us. What a matter may do is said in
-- docs/POLICE.md: it crosses once each way, and after that only by a ruling; who holds it keeps handling meanwhile.

create or replace function handoff_card(h handoff) returns json language plpgsql stable as $$
declare t ticket;
begin
    select * into t from ticket where ticket = h.ticket;
    return json_build_object('handoff', h.handoff, 'dir', h.dir, 'ticket', h.ticket, 'number', t.number, 'title', t.title,
        'region', t.region, 'ticket_state', t.state, 'peer', h.peer, 'way', h.way, 'state', h.state, 'reason', h.reason,
        'situation', h.situation, 'words', h.words, 'who', (select name from account where account = h.account),
        'account', h.account, 'police_no', h.police_no, 'facts', h.facts, 'at', h.at, 'answered', h.answered, 'due', h.due, 'late', h.late,
        'owner', h.owner, 'ended', h.ended, 'cause', h.cause, 'result', h.result, 'returns', h.returns, 'ruled', h.ruled,
        'waiting', (select count(*) from police_message m where m.handoff = h.handoff and m.state = 'waiting'),
        'dead', (select count(*) from police_message m where m.handoff = h.handoff and m.state = 'dead'));
end $$;

create or replace function handoff_outcome(h handoff, sent bigint) returns outcome language plpgsql stable as $$
declare t ticket;
begin
    select * into t from ticket where ticket = h.ticket;
    return row('handoff', handoff_card(h)::text, sent, h.handoff, null, h.state, null, null, null, t.region, t.agent, h.due)::outcome;
end $$;

-- Writes: outbox.
create or replace function handoff_outcome(h handoff) returns outcome language plpgsql as $$
declare sent bigint := nextval('outbox_id_seq');
begin
    insert into outbox values (sent, 'handoff', h.handoff::text, (extract(epoch from clock_timestamp()) * 1000)::bigint);
    return handoff_outcome(h, sent);
end $$;

-- What has changed on the record, told to the consoles. Writes: handoff, outbox.
create or replace function handoff_save(h handoff) returns outcome language plpgsql as $$
begin
    update handoff set state = h.state, police_no = h.police_no, answered = h.answered, due = h.due, late = h.late,
        owner = h.owner, ended = h.ended, cause = h.cause, result = h.result, returns = h.returns, ruled = h.ruled,
        heard = h.heard where handoff = h.handoff;
    return handoff_outcome(h);
end $$;

-- A message for the police platform, with the next version of its handoff. Writes: handoff, police_message, outbox.
create or replace function police_send(h handoff, kind text, data jsonb, now_ms bigint) returns outcome language plpgsql as $$
declare
    sent bigint := nextval('outbox_id_seq');
    next_version integer := 0;
    id bigint;
begin
    if h.handoff is not null then
        update handoff set version = version + 1 where handoff = h.handoff returning version into next_version;
    end if;
    insert into police_message (msg_id, dir, kind, handoff, version, at, sent, data, state, next_at)
        values (gen_random_uuid(), 1, kind, h.handoff, next_version, now_ms, now_ms, data, 'waiting', now_ms)
        returning message into id;
    insert into outbox values (sent, 'police', id::text, now_ms);
    return row('police', json_build_object('message', id)::text, sent, id, next_version, null, null, null, null, null, null, null)::outcome;
end $$;

-- 系统 notes on the ticket what the other side, or a person about it, has said. Writes: ticket, ticket_event, outbox.
create or replace function handoff_note(h handoff, words text, now_ms bigint) returns outcome language plpgsql as $$
declare t ticket;
begin
    select * into t from ticket where ticket = h.ticket for update;
    return ticket_noted(t, 0, jsonb_build_object('action', 'heard', 'note', words, 'at', now_ms, 'loud', true),
        jsonb_build_object('handoff', h.handoff, 'peer', h.peer));
end $$;

-- A ticket that waits at the desk is the other side's from now on. move: the edge `taken` as the server filled it.
-- Writes: as ticket_move.
create or replace function handoff_taken(h handoff, words text, move jsonb) returns setof outcome language plpgsql as $$
declare
    old ticket;
    t ticket;
    a account;
    p jsonb := move || jsonb_build_object('note', words, 'detail', jsonb_build_object('handoff', h.handoff));
begin
    select * into old from ticket where ticket = h.ticket for update;
    if old.state <> 30 then return; end if;
    select * into a from account where account = 0;
    t := move_apply(old, 0, p);
    return next ticket_moved(old, t, 0, p);
    return query select * from move_effect(old, t, a, p);
end $$;

-- Returned so often in all that somebody above must look. Writes: alert, outbox.
create or replace function handoff_returned(h handoff, now_ms bigint) returns setof outcome language plpgsql as $$
declare
    raised alert;
    t ticket;
    total integer;
begin
    select sum(returns) into total from handoff where root = h.root;
    if total < 3 then return; end if;
    perform from alert where kind = 'police' and closed is null and tickets @> array[h.ticket];
    if found then return; end if;
    select * into t from ticket where ticket = h.ticket;
    insert into alert (kind, region, tickets, text, at) values ('police', t.region, array[h.ticket],
        '同一事项在12345与110之间已退回 ' || total || ' 次，转督办', now_ms) returning * into raised;
    return next alert_outcome(raised);
end $$;

-- ---- from us -----------------------------------------------------------------------------------

create or replace function hand_over_fault(old ticket, p jsonb) returns outcome language plpgsql as $$
declare
    matter bigint := coalesce((select root from handoff where ticket = old.ticket limit 1), old.ticket);
    h handoff;
begin
    select * into h from handoff where root = matter and dir = 1 and peer = p->>'number' and state <> 70
        order by handoff desc limit 1;
    if h.state in (10, 20) then return rule_refusal('已转' || h.peer || '，正在等待对方接收'); end if;
    if p->>'number' <> '110' then return null; end if;
    if h.handoff is not null then
        update handoff set state = 50 where handoff = h.handoff and state = 40;
        return rule_refusal('同一事项已转过110一次，不再往返：由先接的一方继续办理，请在“110联动”提请裁定');
    end if;
    perform from handoff where root = matter and dir = 2 and state <> 70;
    if found then return rule_refusal('本单由110转入，不能再转出：请在“110联动”退回或提请裁定，裁定前继续办理'); end if;
    return null;
end $$;

create or replace function taken_fault(old ticket) returns outcome language plpgsql stable as $$
begin
    perform from handoff where ticket = old.ticket and dir = 1 and state in (10, 20, 30);
    if found then return null; end if;
    return rule_refusal('本单没有正在进行的转接，不能按“对方已接手”办结');
end $$;

-- The record of a transfer and, to 110 where there is a platform, its message. p: number, way, note, platform; what was
-- judged of the text stands with the ticket's first event. Writes: handoff, police_message, outbox.
create or replace function handoff_out(t ticket, a account, p jsonb) returns setof outcome language plpgsql as $$
declare
    h handoff;
    danger jsonb := (select detail->'danger' from ticket_history where ticket = t.ticket and seq = 1);
    by_message boolean := p->>'number' = '110' and coalesce((p->>'platform')::boolean, false);
begin
    insert into handoff (dir, ticket, root, peer, way, state, reason, situation, words, account, call, at, due)
        values (1, t.ticket, coalesce((select root from handoff where ticket = t.ticket limit 1), t.ticket), p->>'number',
            (p->>'way')::smallint, 10, p->>'note', danger->>'term',
            case when danger ? 'words' then array(select jsonb_array_elements_text(danger->'words')) end, a.account, t.call, t.changed,
            t.changed + limit_ms(case when by_message then 'police_ack' else 'police_accept' end))
        returning * into h;
    if by_message then return next police_send(h, 'push', '{}', t.changed); end if;
    return next handoff_outcome(h);
end $$;

-- The other side has it, as a person or its platform says. Writes: handoff, outbox.
create or replace function handoff_confirmed(t ticket) returns setof outcome language plpgsql as $$
declare h handoff;
begin
    for h in select * from handoff where ticket = t.ticket and dir = 1 and state in (10, 20) loop
        h.state := 30;  h.owner := 1;  h.answered := coalesce(h.answered, t.changed);  h.ended := t.changed;
        return next handoff_save(h);
    end loop;
end $$;

-- One click, before there is a ticket: what is known so far becomes one, so that nothing is lost. p: as ticket_submit,
-- pool (the move to the desk), number, way, reason, platform.
-- Writes: ticket, contact, ticket_event, handoff, police_message, outbox, answered. Reply: the card.
create or replace function intake_hand_over(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    t ticket;
    old ticket;
    a account;
    faults jsonb;
    look jsonb;
    answer outcome := given_outcome(req, actor);
    told outcome;
begin
    if answer.kind is not null then return next answer; return; end if;
    faults := submit_faults(p);
    if faults <> '{}' then return next refusal_outcome('bad_params', jsonb_build_object('fields', faults)); return; end if;
    select * into a from account where account = actor;
    old := ticket_begin(actor, p);
    perform contact_add(old, p);
    t := move_apply(old, 0, p->'pool');
    perform ticket_moved(old, t, 0, p->'pool');
    select * into old from ticket where ticket = old.ticket;
    look := jsonb_build_object('action', 'hand_over', 'to', 30, 'at', p->'at', 'note', p->>'reason', 'loud', false, 'detail',
        jsonb_build_object('number', p->>'number', 'way', (p->>'way')::int));
    t := move_apply(old, actor, look);
    told := ticket_moved(old, t, actor, look);
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', told.body);
    return next reply_outcome(told.body);
    return next told;
    return query select * from handoff_out(t, a, p || jsonb_build_object('note', p->>'reason'));
end $$;

-- ---- what happens to a ticket that has crossed is told to the other side -----------------------------

create or replace function police_telling(t ticket, act text, p jsonb) returns jsonb language plpgsql stable as $$
begin
    return jsonb_strip_nulls(jsonb_build_object('action', act, 'state', t.state,
        'state_term', (select term from flow_state where state = t.state),
        'unit', (select name from department where dept = t.dept), 'due', t.due,
        'text', case when act in ('notify', 'answer', 'follow') then t.reply else p->>'note' end,
        'grade', case when act in ('rate', 'complain') then t.grade end));
end $$;

-- p: the move that was made. Writes: handoff, police_message, outbox.
create or replace function police_moved(t ticket, act text, p jsonb) returns setof outcome language plpgsql as $$
declare
    h handoff;
    kind text := case
        when act in ('sign', 'progress', 'extend', 'pause', 'resume', 'dispatch', 'assign', 'rule', 'recall', 'finish', 'redo') then 'progress'
        when act in ('notify', 'answer', 'follow', 'refuse', 'rule_out', 'withdraw') then 'result'
        when act in ('rate', 'complain', 'lapse') then 'eval' end;
begin
    for h in select * from handoff where ticket = t.ticket and state in (10, 20, 30, 60, 80) loop
        if h.dir = 2 then
            continue when kind is null;
            return next police_send(h, kind, police_telling(t, act, p), t.changed);
            if kind = 'result' and h.state = 30 then
                h.result := coalesce(t.reply, p->>'note');  h.state := 80;  h.ended := t.changed;
                return next handoff_save(h);
            end if;
        elsif h.state <= 30 and act in ('supplement', 'withdraw') then
            perform from police_message m where m.handoff = h.handoff and m.kind = 'push';
            continue when not found;
            return next police_send(h, case act when 'withdraw' then 'recall' else act end,
                jsonb_build_object('text', p->>'note'), t.changed);
            if act = 'withdraw' then
                h.state := 70;  h.ended := t.changed;
                return next handoff_save(h);
            end if;
        end if;
    end loop;
end $$;

-- ---- what a person decides about a transfer ----------------------------------------------------------

create or replace function handoff_of(actor integer, wanted bigint) returns handoff language plpgsql as $$
declare
    h handoff;
    a account;
    t ticket;
begin
    select * into a from account where account = actor;
    select * into h from handoff where handoff = wanted for update;
    select * into t from ticket where ticket = h.ticket;
    if h.handoff is null or scope_refusal(a, t) is not null then return null; end if;
    return h;
end $$;

-- 退回110: by a person, with a cause, in time, while it waits at the desk. p: handoff, cause, reason, at.
-- Writes: handoff, ticket, ticket_event, police_message, alert, outbox, answered.
create or replace function police_return(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    answer outcome := given_outcome(req, actor);
    h handoff;
    now_ms bigint := (p->>'at')::bigint;
begin
    if answer.kind is not null then return next answer; return; end if;
    h := handoff_of(actor, (p->>'handoff')::bigint);
    if h.handoff is null then return next refusal_outcome('not_found'); return; end if;
    if h.dir <> 2 or h.state <> 30 then return next rule_refusal('只有110转入并由热线承接的事项可以退回'); return; end if;
    if h.due < now_ms then
        return next rule_refusal('已过退回时限（' || moment_words(h.due) || '）：由热线继续办理，确有争议请提请裁定');
        return;
    end if;
    perform from ticket where ticket = h.ticket and state = 30;
    if not found then return next rule_refusal('本单已不在派单池：请先撤回改派，再退回110'); return; end if;
    h.state := 40;  h.cause := (p->>'cause')::smallint;  h.result := p->>'reason';  h.returns := h.returns + 1;
    answer := handoff_save(h);
    insert into answered values (req, actor, now_ms, 'reply', answer.body);
    return next reply_outcome(answer.body);
    return next answer;
    return next handoff_note(h, '退回110：' || (p->>'reason'), now_ms);
    return next police_send(h, 'refuse', jsonb_build_object('code', h.cause, 'text', p->>'reason',
        'person', (select name from account where account = actor)), now_ms);
    return query select * from handoff_returned(h, now_ms);
end $$;

-- 裁定: what neither side owns. p: handoff, owner (police, hotline), reason, at.
-- Writes: handoff, ticket, ticket_event, police_message, outbox, answered.
create or replace function police_rule(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    answer outcome := given_outcome(req, actor);
    h handoff;
    now_ms bigint := (p->>'at')::bigint;
    to_police boolean := p->>'owner' = 'police';
begin
    if answer.kind is not null then return next answer; return; end if;
    h := handoff_of(actor, (p->>'handoff')::bigint);
    if h.handoff is null then return next refusal_outcome('not_found'); return; end if;
    if h.state not in (40, 50) then return next rule_refusal('这件转接没有争议，不需要裁定'); return; end if;
    h.ruled := true;  h.owner := case when to_police then 1 else 2 end;  h.result := p->>'reason';
    if not to_police then
        h.state := 60;  h.ended := now_ms;
    else
        h.state := case h.dir when 1 then 10 else 40 end;
        h.due := now_ms + limit_ms('police_ack');  h.late := false;
    end if;
    answer := handoff_save(h);
    insert into answered values (req, actor, now_ms, 'reply', answer.body);
    return next reply_outcome(answer.body);
    return next answer;
    return next handoff_note(h, '裁定由' || case when to_police then '110' else '热线' end || '办理：' || (p->>'reason'), now_ms);
    return next police_send(h, case when not to_police then 'ruling' when h.dir = 1 then 'push' else 'refuse' end,
        jsonb_build_object('owner', p->>'owner', 'ruling', p->>'reason'), now_ms);
end $$;

-- What the clock alone does: nobody answered in time. p: at, recon (there is a platform to reconcile with).
-- Writes: handoff, alert, police_message, outbox.
create or replace function police_due(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    h handoff;
    t ticket;
    raised alert;
    now_ms bigint := (p->>'at')::bigint;
begin
    return next reply_outcome('{}');
    for h in select * from handoff where due <= now_ms and dir = 1 and state in (10, 20) and not late
            order by due limit 50 for update skip locked loop
        h.late := true;
        return next handoff_save(h);
        select * into t from ticket where ticket = h.ticket;
        insert into alert (kind, region, tickets, text, at) values ('police', t.region, array[h.ticket],
            case h.state when 10 then h.peer || ' 未在时限内确认收到转接，请电话联系' else h.peer || ' 未在时限内接收转接，请电话联系' end, now_ms)
            returning * into raised;
        return next alert_outcome(raised);
    end loop;
    if (p->>'recon')::boolean and now_ms - day_start(now_ms) >= 600000 then
        return query select * from police_recon_begin(day_start(now_ms) - 86400000, now_ms);
    end if;
end $$;
