-- Writing tickets: 受理登记 and every move along the closed loop.
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
    return faults;
end $$;

-- 受理登记. p: the command's parameters, contact data sealed by the server, at, due, warn, promised.
-- Writes: ticket, contact, ticket_event, outbox, answered. Reply: the card.
create or replace function ticket_submit(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    t ticket;
    e ticket_event;
    faults jsonb;
    answer outcome := given_outcome(req, actor);
    now_ms bigint := (p->>'at')::bigint;
begin
    if answer.kind is not null then return next answer; return; end if;
    faults := submit_faults(p);
    if faults <> '{}' then
        return next refusal_outcome('bad_params', jsonb_build_object('fields', faults));
        return;
    end if;

    e := row(nextval('ticket_ticket_seq'), 1, 'submit', 0, 20, actor, now_ms, null,
             (p->>'due')::bigint, 1, null, p->'detail', null);
    e.chain := event_chain('', e);
    insert into ticket (ticket, number, ver, state, kind, urgency, secrecy, channel, matter, theme, theme_no,
                        region, town, place, title, body, agent, call, accepted, promised, due, warn, changed, chain)
        values (e.ticket,
            '2327' || to_char(to_timestamp(now_ms / 1000) at time zone 'Asia/Shanghai', 'YYYYMMDD')
                || lpad(nextval('ticket_serial')::text, 6, '0'),
            1, 20, (p->>'kind')::smallint, coalesce((p->>'urgency')::smallint, 0),
            coalesce((p->>'secrecy')::smallint, 0), coalesce((p->>'channel')::smallint, 1), p->>'matter',
            (p->>'theme')::smallint, (p->>'theme_no')::smallint, p->>'region', p->>'town',
            coalesce(p->>'place', ''), p->>'title', p->>'body', actor, p->>'call', now_ms,
            (p->>'promised')::bigint, e.due, (p->>'warn')::bigint, now_ms, e.chain)
        returning * into t;
    insert into ticket_event values (e.*);
    if p ? 'phone' or p ? 'name' or p ? 'id_no' or t.call is null then
        insert into contact values (t.ticket, p->>'phone', p->>'phone_index', coalesce(p->>'phone_mask', ''),
            p->>'name', coalesce(p->>'name_mask', ''), p->>'id_no', p->>'id_index', coalesce(p->>'id_mask', ''));
    end if;
    if t.call is not null then
        insert into contact (ticket, phone, phone_index, phone_mask)
            select t.ticket, caller, caller_index, caller_mask from call where call = t.call
            on conflict (ticket) do update set phone = excluded.phone, phone_index = excluded.phone_index,
                phone_mask = excluded.phone_mask where contact.phone is null;
    end if;

    answer := ticket_outcome(t, 0::smallint, null);
    insert into answered values (req, actor, now_ms, 'reply', answer.body);
    return next reply_outcome(answer.body);
    return next answer;
    return next dispatch_outcome(t);
end $$;

-- Why this account may not touch this ticket; null when it may.
create or replace function scope_refusal(a account, t ticket) returns text language sql immutable as $$
    select case
        when a.role in (1, 16) then null
        when a.role = 2 and a.dept is not distinct from t.dept then null
        when a.role = 4 and region_covers(a.region, t.region) then null
        else 'not_yours' end
$$;

-- Secret: handlers under 保密 never get the contact, not even by asking.
create or replace function may_reveal(a account, t ticket) returns boolean language sql immutable as $$
    select a.role <> 2 or t.secrecy = 0
$$;

create or replace function stale_details(t ticket) returns jsonb language sql stable as $$
    select jsonb_build_object('card', card_of(t), 'by', a.name, 'action', e.action, 'at', e.at)
    from ticket_event e join account a using (account) where e.ticket = t.ticket and e.seq = t.ver
$$;

-- Any move along the closed loop, judged by the server on the card that the desk saw ("seen").
-- It holds only if the row still is so; a loser gets the present card and who moved it.
-- p: id, seen {ver,state,kind,urgency}, action, to, round, at, and as the edge needs: due, warn, dept,
-- matter, note, detail, grade, solved, reason, comment.
-- Writes: ticket, ticket_event, evaluation, outbox, answered. Reply: the card; of reveal: sealed contact.
create or replace function ticket_move(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    t ticket;
    old ticket;
    e ticket_event;
    a account;
    answer outcome;
    reply text;
    act text := p->>'action';
    now_ms bigint := (p->>'at')::bigint;
begin
    if req is not null then
        answer := given_outcome(req, actor);
        if answer.kind is not null then return next answer; return; end if;
    end if;
    select * into old from ticket where ticket = (p->>'id')::bigint for update;
    if not found then
        return next refusal_outcome('not_found');
        return;
    end if;
    select * into a from account where account = actor;
    if scope_refusal(a, old) is not null then
        return next refusal_outcome(scope_refusal(a, old));
        return;
    end if;
    if act = 'reveal' and not may_reveal(a, old) then
        return next refusal_outcome('not_allowed', '{"sentence": "诉求人要求保密，承办单位不能查看，请通过热线联系"}');
        return;
    end if;
    if (old.ver, old.state, old.kind, old.urgency) is distinct from
       ((p#>>'{seen,ver}')::int, (p#>>'{seen,state}')::smallint,
        (p#>>'{seen,kind}')::smallint, (p#>>'{seen,urgency}')::smallint) then
        return next refusal_outcome('stale', stale_details(old));
        return;
    end if;
    if p ? 'dept' then
        perform from department where dept = (p->>'dept')::int and active;
        if not found then
            return next refusal_outcome('bad_params', '{"fields": {"dept": "没有这个承办单位或已停用，请重新选择"}}');
            return;
        end if;
    end if;

    t := old;
    t.ver := old.ver + 1;
    t.state := (p->>'to')::smallint;
    t.round := old.round + coalesce((p->>'round')::smallint, 0);
    t.changed := greatest(now_ms, old.changed);
    if p ? 'due' then
        t.due := (p->>'due')::bigint;  t.warn := (p->>'warn')::bigint;
    end if;
    if p ? 'dept' then t.dept := (p->>'dept')::int; end if;
    if p ? 'matter' then t.matter := coalesce(old.matter, p->>'matter'); end if;
    if t.state = 30 then t.dept := null; end if;
    if act = 'sign' then t.handler := actor; elsif t.state in (30, 35) then t.handler := null; end if;
    if act = 'finish' then t.reply := p->>'note'; end if;
    if t.state = 35 and old.dispatched is null then t.dispatched := t.changed; end if;
    if t.state in (30, 35) and t.state <> old.state then t.why := p->>'note'; end if;
    if t.state = 80 and old.state <> 80 then t.closed := t.changed; end if;
    if act = 'lapse' then t.grade := null; end if;    -- a grade is the one of the last round
    if p ? 'grade' then
        t.grade := (p->>'grade')::smallint;
        insert into evaluation values (t.ticket, old.round, t.grade, (p->>'solved')::boolean,
            coalesce(p->>'reason', p->>'comment'), actor, old.dept, old.region, t.changed);
    end if;
    e := row(t.ticket, t.ver, act, old.state, t.state, actor, t.changed, t.dept, t.due, t.round,
             p->>'note', p->'detail', null);
    e.chain := event_chain(old.chain, e);
    insert into ticket_event values (e.*);
    update ticket set ver = t.ver, state = t.state, round = t.round, changed = t.changed, due = t.due,
        warn = t.warn, dept = t.dept, matter = t.matter, handler = t.handler, reply = t.reply,
        dispatched = t.dispatched, why = t.why, closed = t.closed, grade = t.grade, chain = e.chain
        where ticket = t.ticket;

    answer := ticket_outcome(t, old.state, old.dept);
    reply := answer.body;
    if act = 'reveal' then
        select json_build_object('phone', phone, 'name', name, 'id_no', id_no, 'card', answer.body::json)
            into reply from contact where ticket = t.ticket;
        reply := coalesce(reply, json_build_object('card', answer.body::json)::text);
    end if;
    if req is not null then
        insert into answered values (req, actor, now_ms, 'reply', reply);
    end if;
    return next reply_outcome(reply);
    return next answer;
end $$;

-- What the clock alone must move: 逾期未评价 and 归档. Also forgets old replies.
-- p: at, limit. Writes: answered.
create or replace function ticket_due(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare now_ms bigint := (p->>'at')::bigint;
begin
    delete from answered where request in (select request from answered
        where at < now_ms - 172800000 order by at limit 1000 for update skip locked);
    return next reply_outcome((select json_build_object('rows', coalesce(json_agg(x), '[]')) from (
        select ticket as id, ver, state, kind, urgency,
               case state when 60 then 'lapse' else 'archive' end as action
        from ticket where (state = 60 or state = 80) and due <= now_ms
        order by due limit (p->>'limit')::int) x)::text);
end $$;
