-- The systems that bring tickets in (docs/CHANNELS.md): their keys, what they may do and how often, and what
-- became of their tickets. The server checks a signature before it asks for anything here but the secret.

-- What an action of the loop is to the system that brought the ticket; null where it is none of its business.
create or replace function api_kind(action text) returns text language sql immutable as $$
    select case action when 'submit' then 'accepted' when 'answer' then 'answered' when 'refuse' then 'refused'
        when 'rule_out' then 'refused' when 'merge' then 'merged' when 'unmerge' then 'unmerged'
        when 'ask_info' then 'need_info' when 'supply' then 'supplied' when 'expire' then 'expired'
        when 'withdraw' then 'withdrawn' when 'follow' then 'answered' when 'notify' then 'answered'
        when 'dispatch' then 'dispatched' when 'assign' then 'dispatched' when 'rule' then 'dispatched'
        when 'sign' then 'signed' when 'progress' then 'progress' when 'extend' then 'extended'
        when 'pause' then 'paused' when 'resume' then 'resumed' when 'rate' then 'rated' when 'complain' then 'rated'
        when 'lapse' then 'closed' when 'dismiss' then 'closed' when 'conclude' then 'closed'
        when 'redo' then 'reopened' when 'reopen' then 'reopened' when 'supplement' then 'supplemented'
        when 'urge' then 'urged' end
$$;

-- The newest event of a ticket that a system brought. Writes: api_event, webhook_delivery.
create or replace function api_happened(t ticket) returns void language plpgsql as $$
declare
    kind text := api_kind((select action from ticket_history where ticket = t.ticket and seq = t.ver and at = t.changed));
    event_id bigint;
begin
    if kind is null then return; end if;
    insert into api_event (key, ticket, ver, kind, state, at)
        values (t.api_key, t.ticket, t.ver, kind, t.state, t.changed) returning event into event_id;
    insert into webhook_delivery (hook, event, ticket, ver, due)
        select hook, event_id, t.ticket, t.ver, t.changed from webhook w
        where w.key = t.api_key and w.active and kind = any(w.events);
end $$;

create or replace function api_day(now_ms bigint) returns date language sql immutable as $$
    select (timestamp '1970-01-01' + (now_ms + 28800000) / 86400000 * interval '1 day')::date
$$;

-- The sealed secret of a key, whether or not it may still be used: who has not shown to know it learns nothing.
-- p: key. Reply: {"secret"}.
create or replace function api_find(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare sealed text := (select secret from api_key where key = p->>'key');
begin
    return next case when sealed is null then refusal_outcome('bad_signature')
        else reply_outcome(json_build_object('secret', sealed)::text) end;
end $$;

create or replace function api_refused(k api_key, day_now date, code text, sentence text) returns outcome
language plpgsql as $$
begin
    insert into api_use as u (key, day, refused) values (k.key, day_now, 1)
        on conflict (key, day) do update set refused = u.refused + 1;
    return refusal_outcome(code, jsonb_build_object('sentence', sentence));
end $$;

-- One request of a system that has shown to know its secret. p: key, scope, nonce (null: the secret itself was
-- sent), at. Reply: {"key", "name", "channel", "scopes"}. Writes: api_key, api_use, api_nonce.
create or replace function api_admit(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    k api_key;
    now_ms bigint := (p->>'at')::bigint;
    today date := api_day(now_ms);
    asked_today integer;
begin
    select * into k from api_key where key = p->>'key' for update;
    if not found or not k.active or k.expires <= now_ms then
        return next refusal_outcome('key_off');
        return;
    end if;
    if not (p->>'scope') = any(k.scopes) then
        return next api_refused(k, today, 'no_scope', '这个密钥没有“' || (p->>'scope') || '”权限');
        return;
    end if;
    if p->>'nonce' is not null then
        insert into api_nonce values (k.key, p->>'nonce', now_ms) on conflict do nothing;
        if not found then
            return next api_refused(k, today, 'replayed', null);
            return;
        end if;
    end if;
    asked_today := coalesce((select asked from api_use where key = k.key and day = today), 0);
    if k.minute = now_ms / 60000 and k.asked >= k.per_minute then
        return next api_refused(k, today, 'too_fast', '超过每分钟 ' || k.per_minute || ' 次的配额，请下一分钟再试');
        return;
    end if;
    if asked_today >= k.per_day then
        return next api_refused(k, today, 'too_fast', '超过每天 ' || k.per_day || ' 次的配额，请明天再试');
        return;
    end if;
    update api_key set used = now_ms, minute = now_ms / 60000,
        asked = case when minute = now_ms / 60000 then asked + 1 else 1 end where key = k.key;
    insert into api_use as u (key, day, asked) values (k.key, today, 1)
        on conflict (key, day) do update set asked = u.asked + 1;
    return next reply_outcome(json_build_object('key', k.key, 'name', k.name, 'channel', k.channel,
        'scopes', k.scopes)::text);
end $$;

-- An idempotency key is bound to the body that it was first sent with; null when this is that body.
-- Writes: api_request.
create or replace function api_bound(wanted uuid, body_digest text, now_ms bigint) returns outcome language plpgsql as $$
begin
    perform pg_advisory_xact_lock(uuid_hash_extended(wanted, 0));
    insert into api_request values (wanted, body_digest, now_ms) on conflict do nothing;
    if found or (select digest from api_request where request = wanted) = body_digest then return null; end if;
    return field_refusal('Idempotency-Key', '这个幂等键已用于另一份内容，请换一个新的');
end $$;

-- A ticket from a system: ticket_submit(), done once for an idempotency key and never for two different bodies.
-- p: api_key, api_ref, digest of the body, and all that ticket_submit() takes. Writes: as that, api_request, api_use.
create or replace function api_submit(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    x outcome;
    now_ms bigint := (p->>'at')::bigint;
    fault outcome := api_bound(req, p->>'digest', now_ms);
    known boolean := exists (select from answered where request = req);
begin
    if fault.kind is not null then return next fault; return; end if;
    for x in select * from ticket_submit(actor, req, p) loop
        if x.kind = 'reply' and not known then
            update api_use set submitted = submitted + 1 where key = p->>'api_key' and day = api_day(now_ms);
        end if;
        return next x;
    end loop;
end $$;

-- A ticket that this system brought, as the next move must have seen it. A request id is bound to the body that it
-- was first sent with. p: number, key, request (null: it only looks), digest, at. Writes: api_request.
create or replace function api_ticket(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    t ticket;
    a account;
    fault outcome;
begin
    select * into t from ticket where number = p->>'number' and api_key = p->>'key';
    if not found then return next refusal_outcome('not_found'); return; end if;
    if p->>'request' is not null then
        fault := api_bound((p->>'request')::uuid, p->>'digest', (p->>'at')::bigint);
        if fault.kind is not null then return next fault; return; end if;
    end if;
    select * into a from account where account = actor;
    return next reply_outcome(seen_of(t, a, p->>'request')::text);
end $$;

create or replace function api_event_row(e api_event) returns jsonb language plpgsql stable as $$
begin
    return (select jsonb_build_object('event', e.event::text, 'kind', e.kind, 'number', t.number, 'ref', t.api_ref,
        'ver', e.ver, 'state', e.state, 'state_term', s.term, 'at', e.at)
        from ticket t join flow_state s on s.state = e.state where t.ticket = e.ticket);
end $$;

-- What happened to the tickets of a system, in the order in which it was committed. p: key, after ("xid-event"),
-- limit. Reply: {"changes", "next"}: next is where to go on, also when there is nothing more now.
create or replace function api_changes(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    after_xid xid8 := coalesce(split_part(p->>'after', '-', 1), '0')::xid8;
    after_event bigint := coalesce(split_part(p->>'after', '-', 2), '0')::bigint;
begin
    return next reply_outcome((select json_build_object(
        'changes', coalesce(json_agg(api_event_row(e) order by (e).xid, (e).event), '[]'),
        'next', coalesce((array_agg((e).xid::text || '-' || (e).event order by (e).xid desc, (e).event desc))[1],
                         p->>'after', '0-0'))
        from (select e from api_event e where key = p->>'key' and (xid, event) > (after_xid, after_event)
              and xid < pg_snapshot_xmin(pg_current_snapshot())
              order by xid, event limit coalesce((p->>'limit')::int, 100)) x)::text);
end $$;

-- Administration ----------------------------------------------------------------------------

create or replace function api_noted(actor integer, key text, what text, now_ms bigint) returns void
language plpgsql as $$
begin
    insert into api_change (at, account, key, what) values (now_ms, actor, key, what);
end $$;

create or replace function channel_row(k api_key, today date) returns jsonb language plpgsql stable as $$
begin
    return jsonb_build_object('key', k.key, 'name', k.name, 'channel', k.channel, 'scopes', k.scopes,
        'per_minute', k.per_minute, 'per_day', k.per_day, 'active', k.active, 'expires', k.expires, 'made', k.made,
        'used', k.used,
        'today', (select to_jsonb(u) - 'key' - 'day' from api_use u where u.key = k.key and u.day = today),
        'hooks', (select coalesce(jsonb_agg(jsonb_build_object('hook', w.hook, 'url', w.url, 'events', w.events,
            'active', w.active,
            'waiting', (select count(*) from webhook_delivery d where d.hook = w.hook and d.state = 'waiting'),
            'dead', (select count(*) from webhook_delivery d where d.hook = w.hook and d.state = 'dead'))
            order by w.hook), '[]') from webhook w where w.key = k.key));
end $$;

-- p: at. Reply: {"keys", "changes": the last two hundred}.
create or replace function channel_list(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome(json_build_object(
        'keys', (select coalesce(json_agg(channel_row(k, api_day((p->>'at')::bigint)) order by k.made), '[]') from api_key k),
        'changes', (select coalesce(json_agg(x.row order by x.change desc), '[]') from (
            select c.change, json_build_object('at', c.at, 'who', a.name, 'key', c.key, 'what', c.what) as row
            from api_change c join account a using (account) order by c.change desc limit 200) x))::text)
$$;

-- Whether these scopes stand together: an Open311 key travels in the clear inside the request, and must not
-- sign anything.
create or replace function scopes_fault(scopes jsonb) returns outcome language plpgsql immutable as $$
begin
    if jsonb_array_length(scopes) = 0 then return field_refusal('scopes', '请至少选择一项权限'); end if;
    if scopes ? 'open311' and jsonb_array_length(scopes) > 1 then
        return field_refusal('scopes', 'Open311 的密钥随请求明文发送，须单独开设，不能兼有其他权限');
    end if;
    return null;
end $$;

-- p: key and secret (made and sealed by the server), name, channel, scopes, per_minute, per_day, expires (date), at.
-- Reply: {"key", "secret": sealed}. Writes: api_key, api_change, answered.
create or replace function channel_create(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    now_ms bigint := (p->>'at')::bigint;
    fault outcome := scopes_fault(p->'scopes');
    reply text := json_build_object('key', p->>'key', 'secret', p->>'secret')::text;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    if fault.kind is null and p ? 'expires' and date_ms(p->>'expires') <= now_ms then
        fault := field_refusal('expires', '到期日应在今天之后');
    end if;
    if fault.kind is not null then return next fault; return; end if;
    insert into api_key (key, name, channel, scopes, secret, per_minute, per_day, expires, made, maker)
        values (p->>'key', p->>'name', (p->>'channel')::smallint, array(select jsonb_array_elements_text(p->'scopes')),
            p->>'secret', (p->>'per_minute')::int, (p->>'per_day')::int, date_ms(p->>'expires'), now_ms, actor);
    perform api_noted(actor, p->>'key', '开通：' || (p->>'name'), now_ms);
    insert into answered values (req, actor, now_ms, 'reply', reply);
    return next reply_outcome(reply);
end $$;

-- A new secret; the old one ends at once. p: key, secret (sealed), at. Reply, writes: as channel_create.
create or replace function channel_rotate(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    reply text := json_build_object('key', p->>'key', 'secret', p->>'secret')::text;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    update api_key set secret = p->>'secret' where key = p->>'key';
    if not found then return next refusal_outcome('not_found'); return; end if;
    perform api_noted(actor, p->>'key', '更换密钥', (p->>'at')::bigint);
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', reply);
    return next reply_outcome(reply);
end $$;

-- p: key, active, per_minute, per_day, reason, at. Writes: api_key, api_change, answered.
create or replace function channel_set(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    k api_key;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    select * into k from api_key where key = p->>'key' for update;
    if not found then return next refusal_outcome('not_found'); return; end if;
    update api_key set active = coalesce((p->>'active')::boolean, active),
        per_minute = coalesce((p->>'per_minute')::int, per_minute), per_day = coalesce((p->>'per_day')::int, per_day)
        where key = k.key;
    perform api_noted(actor, k.key, concat_ws('，',
        case when (p->>'active')::boolean <> k.active then case when k.active then '停用' else '启用' end end,
        case when (p->>'per_minute')::int <> k.per_minute then '每分钟 ' || k.per_minute || ' → ' || (p->>'per_minute') end,
        case when (p->>'per_day')::int <> k.per_day then '每天 ' || k.per_day || ' → ' || (p->>'per_day') end,
        '原因：' || (p->>'reason')), (p->>'at')::bigint);
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', '{}');
    return next reply_outcome('{}');
end $$;
