-- Writing tickets down: 受理登记, 直接解答, 不予受理, 并单 at intake, 拆分. Moves: ticket_move.sql.
-- Business refusals are values, never errors: one error would abort the commit that 31 others share.

-- What is wrong with the reference codes of a submission: {"field": "sentence"}, {} when all is well.
-- perform and found, not exists(): a fifth of the cost, and this is asked for every ticket.
create or replace function submit_faults(p jsonb) returns jsonb language plpgsql stable as $$
declare faults jsonb := '{}';
begin
    perform from region where region = p->>'region' and kind not in ('镇', '乡', '街道');
    if not found then
        faults := faults || '{"region": "没有这个县市区，请从列表中选择"}';
    end if;
    if p ? 'town' then
        perform from region where region = p->>'town' and parent = p->>'region';
        if not found then
            faults := faults || '{"town": "该乡镇街道不属于所选县市区，请重新选择"}';
        end if;
    end if;
    if p ? 'matter' then
        perform from matter where matter = p->>'matter' and active;
        if not found then
            faults := faults || '{"matter": "目录中没有这个事项，请重新选择"}';
        end if;
    end if;
    if p ? 'theme' then
        perform from event_theme where theme = (p->>'theme')::int;
        if not found then
            faults := faults || '{"theme": "没有这个一件事，请重新选择"}';
        end if;
    end if;
    if p ? 'theme_no' then
        perform from event_matter where theme = (p->>'theme')::int and no = (p->>'theme_no')::int;
        if not found then
            faults := faults || '{"theme_no": "该一件事中没有这个事项，请重新选择"}';
        end if;
    end if;
    if p ? 'call' then
        perform from call where call = p->>'call';
        if not found then
            faults := faults || '{"call": "没有这通来电，请改填联系电话"}';
        end if;
    end if;
    if p ? 'prev' then
        perform from ticket where ticket = (p->>'prev')::bigint;
        if not found then
            faults := faults || '{"prev": "没有这张前次工单，请重新选择"}';
        end if;
    end if;
    return faults;
end $$;

-- Who asked, as the server sealed it; a caller's number comes from the call.
create or replace function contact_add(t ticket, p jsonb) returns void language plpgsql as $$
begin
    if p ? 'phone' or p ? 'name' or p ? 'id_no' or t.call is null then
        insert into contact values (t.ticket, p->>'phone', p->>'phone_index', coalesce(p->>'phone_mask', ''),
            p->>'name', coalesce(p->>'name_mask', ''), p->>'id_no', p->>'id_index', coalesce(p->>'id_mask', ''));
    end if;
    if t.call is not null then
        insert into contact (ticket, phone, phone_index, phone_mask)
            select t.ticket, caller, caller_index, caller_mask from call where call = t.call and erased is null
            on conflict (ticket) do update set phone = excluded.phone, phone_index = excluded.phone_index,
                phone_mask = excluded.phone_mask where contact.phone is null;
    end if;
end $$;

-- A new ticket with its first event. p: the command's parameters, contact data sealed by the server, and the
-- move: action, to, at, dept and return_by of a 预警单, due, warn, rule, since, alarms, promised, note, detail.
-- Writes: ticket, ticket_event, likeness_due.
create or replace function ticket_begin(actor integer, p jsonb) returns ticket language plpgsql as $$
declare
    t ticket;
    e ticket_event;
    now_ms bigint := (p->>'at')::bigint;
begin
    e := row(nextval('ticket_ticket_seq'), 1, p->>'action', 0, (p->>'to')::smallint, actor, now_ms, (p->>'dept')::int,
             (p->>'due')::bigint, 1, p->>'note', event_detail(p), null, gen_random_uuid(), null);
    e.chain := event_chain('', e);
    insert into ticket (ticket, number, ver, step, state, kind, urgency, secrecy, channel, matter, theme, theme_no,
                        region, town, place, title, body, points, agent, call, accepted, promised, due, warn,
                        rule, since, alarm_at, changed, chain, master, reply, why, ended, closed, dept, dispatched,
                        return_by, api_key, api_ref)
        values (e.ticket,
            '2327' || to_char(to_timestamp(now_ms / 1000) at time zone 'Asia/Shanghai', 'YYYYMMDD')
                || lpad(nextval('ticket_serial')::text, 6, '0'),
            1, 1, e.to_state, (p->>'kind')::smallint, coalesce((p->>'urgency')::smallint, 0),
            coalesce((p->>'secrecy')::smallint, 0), coalesce((p->>'channel')::smallint, 1), p->>'matter',
            (p->>'theme')::smallint, (p->>'theme_no')::smallint, p->>'region', p->>'town',
            coalesce(p->>'place', ''), p->>'title', p->>'body',
            case when p ? 'points' then array(select jsonb_array_elements_text(p->'points')) end,
            actor, p->>'call', coalesce((p->>'accepted')::bigint, now_ms),
            (p->>'promised')::bigint, e.due, (p->>'warn')::bigint, p->>'rule', (p->>'since')::bigint,
            case when (p->>'alarms')::boolean then (p->>'warn')::bigint end, now_ms, e.chain,
            case when e.to_state = 29 then (p->>'other')::bigint end,
            case when e.to_state in (60, 82) then e.note end, null,
            case when e.to_state = 82 then e.action end, case when e.to_state = 82 then now_ms end, e.dept,
            case when e.to_state = 35 then now_ms end, (p->>'return_by')::bigint, p->>'api_key', p->>'api_ref')
        returning * into t;
    insert into ticket_event values (e.*);
    insert into likeness_due values (t.ticket);
    return t;
end $$;

-- 受理登记, 直接解答, 不予受理, 并单. Writes: ticket, contact, ticket_event, ticket_link, message, outbox, answered.
-- Reply: the card.
create or replace function ticket_submit(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    t ticket;
    faults jsonb;
    fault outcome;
    answer outcome := given_outcome(req, actor);
    now_ms bigint := (p->>'at')::bigint;
begin
    if answer.kind is not null then return next answer; return; end if;
    faults := submit_faults(p);
    if faults <> '{}' then
        return next refusal_outcome('bad_params', jsonb_build_object('fields', faults));
        return;
    end if;
    if p->>'action' = 'merge' then
        fault := master_fault((p->>'other')::bigint, null);
        if fault.kind is not null then return next fault; return; end if;
    end if;

    t := ticket_begin(actor, p);
    perform contact_add(t, p);
    if p ? 'prev' then
        insert into ticket_link values (t.ticket, (p->>'prev')::bigint, 'again', actor, now_ms);
    end if;
    perform message_add(t, case t.state when 82 then 'refused' else 'accepted' end, t.reply, now_ms);

    answer := ticket_outcome(t, 0::smallint, null);
    insert into answered values (req, actor, now_ms, 'reply', answer.body);
    return next reply_outcome(answer.body);
    return next answer;
    if t.state = 20 then return next dispatch_outcome(t); end if;
    if t.state = 29 then return query select * from master_joined(t.master, t.ticket, 1, now_ms); end if;
end $$;

-- 拆分: what p.text tells becomes a ticket of its own, of the same caller and accepted at the same time.
-- p: id, seen, title, text, kind, matter, new (the move of the new ticket), and the look `split` itself.
-- Writes: as ticket_submit, and an event of the first ticket. Reply: the new card.
create or replace function ticket_split(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    old ticket;
    t ticket;
    a account;
    fault outcome;
    answer outcome := given_outcome(req, actor);
    now_ms bigint := (p->>'at')::bigint;
begin
    if answer.kind is not null then return next answer; return; end if;
    select * into a from account where account = actor;
    select * into old from ticket where ticket = (p->>'id')::bigint for update;
    fault := seen_fault(old, a, p);
    if fault.kind is not null then return next fault; return; end if;
    if p ? 'matter' then
        perform from matter where matter = p->>'matter' and active;
        if not found then
            return next refusal_outcome('bad_params', '{"fields": {"matter": "目录中没有这个事项，请重新选择"}}');
            return;
        end if;
    end if;

    t := ticket_begin(actor, (p->'new') || jsonb_build_object('kind', coalesce((p->>'kind')::int, old.kind),
        'urgency', old.urgency, 'secrecy', old.secrecy, 'channel', old.channel, 'region', old.region,
        'place', old.place, 'title', p->>'title', 'body', p->>'text', 'at', now_ms, 'accepted', old.accepted,
        'detail', jsonb_build_object('from', old.number))
        || case when old.town is null then '{}' else jsonb_build_object('town', old.town) end
        || case when p ? 'matter' then jsonb_build_object('matter', p->>'matter') else '{}' end);
    insert into contact select t.ticket, phone, phone_index, phone_mask, name, name_mask, id_no, id_index, id_mask
        from contact where ticket = old.ticket;
    insert into ticket_link values (t.ticket, old.ticket, 'split', actor, now_ms);
    perform message_add(t, 'accepted', null, now_ms);

    answer := ticket_outcome(t, 0::smallint, null);
    insert into answered values (req, actor, now_ms, 'reply', answer.body);
    return next reply_outcome(answer.body);
    return next answer;
    return next dispatch_outcome(t);
    return next ticket_noted(old, actor, p, jsonb_build_object('number', t.number));
end $$;
