-- The messages with the police platform. PostgreSQL is the truth: the Redis stream only says that something waits.
-- No message's data holds a name or a number of a person; the server adds them, unsealed, when it sends.

-- ---- sending -----------------------------------------------------------------------------------

-- The oldest that are due, leased. Of one handoff only the oldest goes: what comes later waits, also behind a dead one,
-- so that the other side hears things in order. p: at, limit, lease_ms.
-- Reply: {"rows": [{message, msg_id, kind, version, sent, tries, data, number, police_no, of a push the ticket's facts,
-- phone and name (sealed, left out under 保密)}]}. Writes: police_message.
create or replace function police_take(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    now_ms bigint := (p->>'at')::bigint;
    rows json;
begin
    with leased as (
        update police_message set lease = now_ms + (p->>'lease_ms')::bigint where message in (
            select m.message from police_message m where m.state = 'waiting' and m.next_at <= now_ms
                and coalesce(m.lease, 0) <= now_ms
                and not exists (select from police_message e where e.handoff = m.handoff and e.dir = 1
                    and e.version < m.version and e.state in ('waiting', 'dead'))
            order by m.message limit (p->>'limit')::int for update skip locked)
        returning *)
    select coalesce(json_agg(jsonb_strip_nulls(jsonb_build_object('message', l.message, 'msg_id', l.msg_id, 'kind', l.kind,
            'version', l.version, 'sent', l.sent, 'tries', l.tries - l.fresh, 'data', l.data, 'number', t.number,
            'police_no', h.police_no, 'facts', case when l.kind = 'push' then jsonb_build_object('AFDD', t.place,
                'title', t.title, 'BJNR', t.body, 'ZDF_GXDWDM', t.region, 'urgency', t.urgency, 'accepted', t.accepted,
                'peer', h.peer, 'way', h.way, 'reason', h.reason, 'situation', h.situation, 'words', h.words, 'call', h.call) end,
            'phone', case when l.kind = 'push' and t.secrecy = 0 then c.phone end,
            'name', case when l.kind = 'push' and t.secrecy = 0 then c.name end)) order by l.message), '[]')
        into rows from leased l left join handoff h using (handoff) left join ticket t on t.ticket = h.ticket
        left join contact c on c.ticket = t.ticket;
    return next reply_outcome(json_build_object('rows', rows)::text);
end $$;

-- What an acknowledged message means for its handoff. answer: what the other side said with it.
-- Writes: handoff, ticket, ticket_event, alert, outbox.
create or replace function police_acked(m police_message, answer jsonb, p jsonb) returns setof outcome language plpgsql as $$
declare
    h handoff;
    t ticket;
    raised alert;
    now_ms bigint := (p->>'at')::bigint;
begin
    if m.kind = 'recon' and (answer->>'same') = 'false' then
        insert into alert (kind, region, tickets, text, at) values ('police', '232700', '{}',
            '与110平台 ' || coalesce(m.data->>'day', '') || ' 对账不符，请在“110联动”核对', now_ms) returning * into raised;
        return next alert_outcome(raised);
    end if;
    select * into h from handoff where handoff = m.handoff for update;
    if m.kind = 'push' and h.state = 10 then
        h.state := 20;  h.answered := now_ms;  h.late := false;
        h.due := now_ms + limit_ms('police_accept');
        h.police_no := coalesce(h.police_no, left(answer->>'police_no', 64));
        return next handoff_save(h);
    elsif m.kind = 'refuse' and h.state = 40 then
        if (answer->>'disputed') = 'true' and not h.ruled then
            h.state := 50;
            return next handoff_save(h);
            return next handoff_note(h, '110不同意退回，提请裁定；裁定前由热线继续办理', now_ms);
        else
            h.state := 70;  h.owner := 1;  h.ended := now_ms;
            return next handoff_save(h);
            return query select * from handoff_taken(h, '本事项由公安机关110办理：' || coalesce(h.result, ''), p->'taken');
        end if;
    end if;
end $$;

-- What became of one sending. p: message, at, ok, status, fault, answer (text), next_at, dead, taken (the edge).
-- A late word about a message that is acknowledged already is kept as a try and changes nothing.
-- Writes: police_try, police_message, police_link and what police_acked() says.
create or replace function police_told(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    m police_message;
    h handoff;
    now_ms bigint := (p->>'at')::bigint;
    good boolean := (p->>'ok')::boolean;
    dead boolean := coalesce((p->>'dead')::boolean, false);
begin
    return next reply_outcome('{}');
    select * into m from police_message where message = (p->>'message')::bigint for update;
    if not found then return; end if;
    insert into police_try values (m.message, m.tries + 1, now_ms, good, (p->>'status')::int, p->>'fault');
    update police_message set tries = m.tries + 1 where message = m.message;
    if m.state = 'waiting' then
        update police_message set lease = null, state = case when good then 'acked' when dead then 'dead' else 'waiting' end,
            acked = case when good then now_ms end, answer = case when good then p->>'answer' end,
            fault = case when good then null else p->>'fault' end,
            next_at = case when good or dead then null else (p->>'next_at')::bigint end where message = m.message;
    end if;
    update police_link set acked = case when good then greatest(acked, now_ms) else acked end,
        failed = case when good then null else coalesce(failed, now_ms) end,
        fault = case when good then null else p->>'fault' end;
    if m.state <> 'waiting' then return; end if;
    if good then
        return query select * from police_acked(m, coalesce(p->'answered', '{}'), p);
    elsif dead and m.handoff is not null then
        select * into h from handoff where handoff = m.handoff;
        return next handoff_outcome(h);
    end if;
end $$;

-- The platform answered a heartbeat, or did not. p: at, ok, fault. Writes: police_link.
create or replace function police_beat(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update police_link set beat = case when (p->>'ok')::boolean then (p->>'at')::bigint else beat end,
        failed = case when (p->>'ok')::boolean then null else coalesce(failed, (p->>'at')::bigint) end,
        fault = case when (p->>'ok')::boolean then null else p->>'fault' end;
    return next reply_outcome('{}');
end $$;

-- A dead letter goes out again, or is given up, with a reason. p: message, reason, at, drop.
-- Writes: police_message, handoff, outbox, answered.
create or replace function police_again(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    answer outcome := given_outcome(req, actor);
    m police_message;
    h handoff;
    sent bigint := nextval('outbox_id_seq');
    now_ms bigint := (p->>'at')::bigint;
    dropped boolean := coalesce((p->>'drop')::boolean, false);
begin
    if answer.kind is not null then return next answer; return; end if;
    select * into m from police_message where message = (p->>'message')::bigint for update;
    if not found or (m.handoff is not null and (handoff_of(actor, m.handoff)).handoff is null) then
        return next refusal_outcome('not_found');
        return;
    end if;
    if m.state <> 'dead' then return next rule_refusal('这条报文不在死信中'); return; end if;
    update police_message set state = case when dropped then 'dropped' else 'waiting' end, fresh = tries, person = actor,
        reason = p->>'reason', next_at = case when dropped then null else now_ms end where message = m.message;
    insert into answered values (req, actor, now_ms, 'reply', '{}');
    return next reply_outcome('{}');
    insert into outbox values (sent, 'police', m.message::text, now_ms);
    return next row('police', json_build_object('message', m.message)::text, sent, m.message, null, null, null, null, null, null, null, null)::outcome;
    if m.handoff is null then return; end if;
    select * into h from handoff where handoff = m.handoff for update;
    if dropped and m.kind = 'push' and h.state = 10 then
        h.state := 70;  h.ended := now_ms;  h.result := p->>'reason';
        return next handoff_note(h, '不再向110平台发送：' || (p->>'reason'), now_ms);
        return next handoff_save(h);
    else
        return next handoff_outcome(h);
    end if;
end $$;

-- ---- receiving ---------------------------------------------------------------------------------

create or replace function police_reply(h handoff, body jsonb) returns outcome language plpgsql immutable as $$
begin
    return row('reply', body::text, null, h.handoff, null, null, null, null, null, null, null, null)::outcome;
end $$;

-- PUSH: accepted in this round trip. Writes: ticket, contact, ticket_event, ticket_link, message, handoff, outbox.
create or replace function police_push(p jsonb) returns setof outcome language plpgsql as $$
declare
    t ticket;
    before ticket;
    h handoff;
    faults jsonb := submit_faults(p);
    now_ms bigint := (p->>'at')::bigint;
    ack jsonb := jsonb_build_object('ack', p->>'msg_id');
begin
    if faults <> '{}' then
        return next field_refusal('ZDF_GXDWDM', '管辖单位代码的前六位不是本地区的区划');
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended(p->>'police_no', 110));
    select * into h from handoff where dir = 2 and police_no = p->>'police_no' for update;
    if found and h.state not in (40, 50, 70) then
        select * into t from ticket where ticket = h.ticket;
        return next police_reply(h, ack || jsonb_build_object('ticket_no', t.number, 'accepted', true, 'known', true));
        return;
    end if;
    if not found and p ? 'ticket_no' then
        select * into before from ticket where number = p->>'ticket_no';
        if not found then return next field_refusal('ticket_no', '没有这张工单'); return; end if;
        select * into h from handoff where dir = 2 and root = coalesce((select root from handoff
            where ticket = before.ticket limit 1), before.ticket) order by handoff desc limit 1;
    end if;
    if h.handoff is not null then
        update handoff set state = 50 where handoff = h.handoff and state = 40;
        return next refusal_outcome('crossed');
        return;
    end if;
    t := ticket_begin(0, p);
    perform contact_add(t, p);
    if before.ticket is not null then
        insert into ticket_link values (t.ticket, before.ticket, 'again', 0, now_ms);
    end if;
    perform message_add(t, 'accepted', null, now_ms);
    insert into handoff (dir, ticket, root, peer, way, state, reason, account, police_no, facts, at, answered, due, owner, heard)
        values (2, t.ticket, coalesce((select root from handoff where ticket = before.ticket limit 1), before.ticket, t.ticket),
            '110', 4, 30, '110转入非警务警情', 0, p->>'police_no', p->'facts', now_ms, now_ms,
            now_ms + limit_ms('police_return'), 2, (p->>'version')::int) returning * into h;
    return next police_reply(h, ack || jsonb_build_object('ticket_no', t.number, 'accepted', true));
    return next ticket_outcome(t, 0::smallint, null);
    return next dispatch_outcome(t);
    return next handoff_outcome(h);
end $$;

-- ACCEPT, REFUSE, PROGRESS, RESULT of what we sent. A version that is not newer than what was heard changes nothing.
-- Writes: handoff, ticket, ticket_event, alert, outbox.
create or replace function police_answered(h0 handoff, p jsonb) returns setof outcome language plpgsql as $$
declare
    h handoff := h0;
    now_ms bigint := (p->>'at')::bigint;
    kind text := p->>'message_kind';
    newer boolean := (p->>'version')::int > h.heard;
begin
    h.heard := greatest(h.heard, (p->>'version')::int);
    h.police_no := coalesce(p->>'police_no', h.police_no);
    if kind in ('accept', 'result') and h.state in (10, 20, 30) then
        h.owner := 1;  h.answered := coalesce(h.answered, now_ms);
        if h.state < 30 then h.ended := now_ms; end if;
        h.state := case when kind = 'result' or h.state = 80 then 80 else 30 end;
        if kind = 'result' then h.result := p->>'text'; end if;
    elsif kind = 'refuse' and newer and h.state in (10, 20) then
        h.state := case when h.ruled then 50 else 40 end;
        h.cause := (p->>'code')::smallint;  h.result := p->>'text';  h.returns := h.returns + 1;
        h.answered := coalesce(h.answered, now_ms);
    elsif kind = 'refuse' then
        return next refusal_outcome('rule', '{"sentence": "这件转接不在等待接收，不能退回"}');
        return;
    end if;
    return next police_reply(h, jsonb_build_object('ack', p->>'msg_id', 'state', h.state, 'newer', newer));
    return next handoff_save(h);
    return next handoff_note(h, case kind when 'accept' then '110已接收' when 'refuse' then '110退回' when 'result' then '110反馈结果'
        else '110反馈' end || coalesce('：' || (p->>'text'), '') || coalesce('（' || (p->>'person') || '）', ''), now_ms);
    if kind in ('accept', 'result') then
        return query select * from handoff_taken(h, '您反映的事项属公安机关职责，已转110办理' || coalesce('，警情编号 ' || h.police_no, '')
            || coalesce('。' || (p->>'text'), ''), p->'taken');
    elsif kind = 'refuse' then
        return query select * from handoff_returned(h, now_ms);
    end if;
end $$;

-- SUPPLEMENT, RECALL, EVAL of what came to us. Writes: handoff, ticket, ticket_event, outbox.
create or replace function police_added(h0 handoff, p jsonb) returns setof outcome language plpgsql as $$
declare
    h handoff := h0;
    now_ms bigint := (p->>'at')::bigint;
    at_desk boolean;
begin
    perform from ticket where ticket = h.ticket and state = 30 for update;
    at_desk := found;
    h.heard := greatest(h.heard, (p->>'version')::int);
    if p->>'message_kind' = 'recall' and at_desk then
        h.state := 70;  h.owner := 1;  h.ended := now_ms;  h.result := p->>'text';
    end if;
    return next police_reply(h, jsonb_build_object('ack', p->>'msg_id')
        || case when p->>'message_kind' = 'recall' then jsonb_build_object('recalled', at_desk) else '{}' end);
    return next handoff_save(h);
    return next handoff_note(h, case p->>'message_kind' when 'supplement' then '110补充：' when 'recall' then '110撤回：' else '110评价：' end
        || coalesce(p->>'text', '') || coalesce('（' || (p->>'grade') || ' 级）', ''), now_ms);
    if p->>'message_kind' = 'recall' and at_desk then
        return query select * from handoff_taken(h, '110撤回，由公安机关办理：' || coalesce(p->>'text', ''), p->'taken');
    end if;
end $$;

-- The handoff that a message is about.
create or replace function police_about(p jsonb) returns handoff language plpgsql as $$
declare
    h handoff;
    towards integer := case when p->>'message_kind' in ('supplement', 'recall', 'eval') then 2 else 1 end;
begin
    select x.* into h from handoff x join ticket t using (ticket) where x.dir = towards
        and (not p ? 'ticket_no' or t.number = p->>'ticket_no')
        and (case when towards = 2 or not p ? 'ticket_no' then not p ? 'police_no' or x.police_no = p->>'police_no' else true end)
        and (p ? 'ticket_no' or p ? 'police_no') and x.peer = '110' and x.state <> 70
        order by x.handoff desc limit 1 for update of x;
    return h;
end $$;

create or replace function police_heard(p jsonb) returns setof outcome language plpgsql as $$
declare
    h handoff;
    kind text := p->>'message_kind';
begin
    if kind = 'push' then return query select * from police_push(p); return; end if;
    if kind = 'recon' then return next police_recon(p); return; end if;
    if kind = 'lookup' then return next police_lookup(p); return; end if;
    if not p ? 'ticket_no' and not p ? 'police_no' then
        return next field_refusal('ticket_no', '请写明工单编号或警情编号');
        return;
    end if;
    h := police_about(p);
    if h.handoff is null then
        return next field_refusal(case when p ? 'ticket_no' then 'ticket_no' else 'police_no' end, '没有这件转接');
    elsif h.dir = 1 then return query select * from police_answered(h, p);
    else return query select * from police_added(h, p);
    end if;
end $$;

-- One signed message. The same msg_id again gets the very same answer; a faulty one leaves nothing behind.
-- p: message_kind, msg_id, nonce, key, at, time, version, body_digest, window_ms, and what the kind carries.
-- Writes: police_nonce, police_link, police_message and what its kind does.
create or replace function police_receive(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    m police_message;
    x outcome;
    first boolean := true;
    now_ms bigint := (p->>'at')::bigint;
begin
    delete from police_nonce where at < now_ms - 2 * (p->>'window_ms')::bigint;
    insert into police_nonce values (p->>'nonce', now_ms) on conflict do nothing;
    if not found then return next refusal_outcome('replayed'); return; end if;
    perform pg_advisory_xact_lock(uuid_hash_extended((p->>'msg_id')::uuid, 110));
    select * into m from police_message where msg_id = (p->>'msg_id')::uuid;
    if found and m.dir = 2 and m.digest = p->>'body_digest' then
        return next case when m.refused then row('refused', m.answer, null, null, null, null, null, null, null, null, null, null)::outcome
                         else reply_outcome(m.answer) end;
        return;
    elsif found then
        return next field_refusal('msg_id', '此编号已用于另一条报文');
        return;
    end if;
    update police_link set heard = now_ms;
    if p->>'message_kind' = 'heartbeat' then return next police_pulse(p); return; end if;
    for x in select * from police_heard(p) loop
        if first and not (x.kind = 'refused' and x.body::jsonb->>'code' = 'bad_params') then
            insert into police_message (msg_id, dir, kind, handoff, version, at, sent, digest, state, answer, refused)
                values ((p->>'msg_id')::uuid, 2, p->>'message_kind', x.ref, (p->>'version')::int, now_ms, (p->>'time')::bigint,
                    p->>'body_digest', 'taken', x.body, x.kind = 'refused');
        end if;
        if first then x.ref := null; end if;
        first := false;
        return next x;
    end loop;
end $$;

create or replace function police_pulse(p jsonb) returns outcome language plpgsql stable as $$
begin
    return reply_outcome(jsonb_build_object('ack', p->>'msg_id', 'time', p->'at',
        'waiting', (select count(*) from police_message where state = 'waiting'),
        'dead', (select count(*) from police_message where state = 'dead'))::text);
end $$;

-- Query by telephone number, for the police: what it has asked for, never what is under 保密; each look is kept.
-- p: phone_index, person, key, at. Writes: police_lookup.
create or replace function police_lookup(p jsonb) returns outcome language plpgsql as $$
declare
    rows jsonb;
    found_tickets bigint[];
begin
    select coalesce(jsonb_agg(jsonb_build_object('ticket_no', t.number, 'title', t.title, 'state_term', s.term,
            'accepted', t.accepted, 'unit', (select name from department d where d.dept = t.dept)) order by t.ticket desc), '[]'),
            coalesce(array_agg(t.ticket), '{}') into rows, found_tickets
        from (select ticket from contact where phone_index = p->>'phone_index' order by ticket desc limit 50) c
        join ticket t using (ticket) join flow_state s using (state) where t.secrecy = 0;
    insert into police_lookup (at, key_id, person, phone_index, tickets)
        values ((p->>'at')::bigint, p->>'key', p->>'person', p->>'phone_index', found_tickets);
    return reply_outcome(jsonb_build_object('ack', p->>'msg_id', 'rows', rows)::text);
end $$;

-- ---- 对账 --------------------------------------------------------------------------------------

-- Count and digest of a Beijing day's messages by the sender's own time: SHA-256 of their ids, sorted, one a line.
create or replace function police_day(way integer, from_ms bigint) returns jsonb language plpgsql stable as $$
begin
    return (select jsonb_build_object('count', count(*), 'digest',
            encode(sha256(convert_to(coalesce(string_agg(msg_id::text, E'\n' order by msg_id::text), ''), 'UTF8')), 'hex'),
            'ids', coalesce(jsonb_agg(msg_id order by msg_id::text), '[]'))
        from police_message where dir = way and sent >= from_ms and sent < from_ms + 86400000
            and kind not in ('recon', 'lookup', 'heartbeat') and (dir = 2 or state = 'acked'));
end $$;

-- DAILY_RECON from the other side: what it sent on that day, against what came. p: day, count, digest, ids.
create or replace function police_recon(p jsonb) returns outcome language plpgsql stable as $$
declare
    ours jsonb := police_day(2, date_ms(p->>'day'));
    theirs jsonb := coalesce(p->'ids', '[]');
begin
    return reply_outcome((jsonb_build_object('ack', p->>'msg_id', 'day', p->>'day', 'count', ours->'count', 'digest', ours->'digest',
        'same', ours->'count' = p->'count' and ours->>'digest' = p->>'digest')
        || case when p ? 'ids' then jsonb_build_object(
            'missing', (select coalesce(jsonb_agg(x), '[]') from jsonb_array_elements_text(theirs) x where not ours->'ids' ? x),
            'unknown', (select coalesce(jsonb_agg(x), '[]') from jsonb_array_elements_text(ours->'ids') x where not theirs ? x))
           else '{}' end)::text);
end $$;

-- Ours of a day, once. Writes: police_message, outbox.
create or replace function police_recon_begin(from_ms bigint, now_ms bigint) returns setof outcome language plpgsql as $$
declare
    wanted text := to_char(to_timestamp(from_ms / 1000) at time zone 'Asia/Shanghai', 'YYYY-MM-DD');
begin
    perform pg_advisory_xact_lock(110);
    perform from police_message where kind = 'recon' and dir = 1 and data->>'day' = wanted;
    if found then return; end if;
    perform from police_message where sent < now_ms - 86400000;
    if not found then return; end if;
    return next police_send(null::handoff, 'recon', police_day(1, from_ms) || jsonb_build_object('day', wanted), now_ms);
end $$;
