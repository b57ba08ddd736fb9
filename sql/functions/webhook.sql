-- Webhooks: who is told what (docs/CHANNELS.md). Deliveries are written with the event itself (api_happened); what is
-- due is leased, sent by the server and told about. At least once, each ticket's in the order of its versions.

create or replace function api_kinds() returns text[] language sql immutable as $$
    select array['accepted', 'answered', 'refused', 'merged', 'unmerged', 'need_info', 'supplied', 'expired',
        'withdrawn', 'dispatched', 'signed', 'progress', 'extended', 'paused', 'resumed', 'rated', 'closed', 'reopened',
        'supplemented', 'urged']
$$;

-- The oldest that are due, leased: of one ticket only the first that waits. With purge it also forgets nonces and
-- idempotency keys that no request can use again. p: at, limit, lease_ms, purge. Reply: {"rows": [{delivery, url, key, secret (sealed),
-- tries, event}]}. Writes: webhook_delivery, api_nonce, api_request.
create or replace function hook_take(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    now_ms bigint := (p->>'at')::bigint;
    found_rows json;
begin
    if (p->>'purge')::boolean then
        delete from api_nonce where at < now_ms - 3600000;
        delete from api_request where request in (select request from api_request where at < now_ms - 172800000
            order by at limit 10000 for update skip locked);
    end if;
    with leased as (
        update webhook_delivery set due = now_ms + (p->>'lease_ms')::bigint where delivery in (
            select d.delivery from webhook_delivery d join webhook w using (hook) join api_key k on k.key = w.key
            where d.state = 'waiting' and d.due <= now_ms and w.active and k.active
                and not exists (select from webhook_delivery e where e.hook = d.hook and e.ticket = d.ticket
                    and e.ver < d.ver and e.state = 'waiting')
            order by d.due, d.delivery limit (p->>'limit')::int for update of d skip locked)
        returning *)
    select coalesce(json_agg(json_build_object('delivery', l.delivery, 'url', w.url, 'key', k.key, 'secret', k.secret,
            'tries', l.tries, 'event', api_event_row(e)) order by l.delivery), '[]')
        into found_rows from leased l join webhook w using (hook) join api_key k on k.key = w.key
        join api_event e on e.event = l.event;
    return next reply_outcome(json_build_object('rows', found_rows)::text);
end $$;

-- What became of one try. A late word about a delivery that has ended changes nothing. p: delivery, at, ok, dead, fault,
-- due (the next try). Writes: webhook_delivery.
create or replace function hook_told(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update webhook_delivery set tries = tries + 1, fault = p->>'fault', due = (p->>'due')::bigint,
        state = case when (p->>'ok')::boolean then 'sent' when (p->>'dead')::boolean then 'dead' else 'waiting' end,
        ended = case when (p->>'ok')::boolean or (p->>'dead')::boolean then (p->>'at')::bigint end
        where delivery = (p->>'delivery')::bigint and state = 'waiting';
    return next reply_outcome('{}');
end $$;

-- p: key, url (checked by the server), events ([] or left out: all of them), at. Reply: {"hook"}.
-- Writes: webhook, api_change, answered.
create or replace function hook_add(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    made webhook;
    reply text;
    wanted text[] := array(select jsonb_array_elements_text(coalesce(p->'events', '[]')));
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    if not wanted <@ api_kinds() then
        return next field_refusal('events', '只能是：' || array_to_string(api_kinds(), '、'));
        return;
    end if;
    perform from api_key where key = p->>'key' and 'webhook' = any(scopes);
    if not found then return next field_refusal('key', '这个密钥没有 webhook 权限'); return; end if;
    if (select count(*) from webhook where key = p->>'key' and active) >= 10 then
        return next field_refusal('url', '一个密钥最多 10 个回调地址');
        return;
    end if;
    insert into webhook (key, url, events, made) values (p->>'key', p->>'url',
        case when wanted = '{}' then api_kinds() else wanted end, (p->>'at')::bigint) returning * into made;
    perform api_noted(actor, made.key, '增加回调：' || made.url, (p->>'at')::bigint);
    reply := json_build_object('hook', made.hook, 'url', made.url, 'events', made.events, 'active', made.active)::text;
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', reply);
    return next reply_outcome(reply);
end $$;

-- A webhook is told nothing more, or again; what waits for it waits on. p: hook, active, key (null: an administrator
-- asks), at. Writes: webhook, api_change, answered.
create or replace function hook_set(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    w webhook;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    update webhook set active = (p->>'active')::boolean
        where hook = (p->>'hook')::bigint and key = coalesce(p->>'key', key) returning * into w;
    if not found then return next refusal_outcome('not_found'); return; end if;
    perform api_noted(actor, w.key, case when w.active then '启用回调：' else '停用回调：' end || w.url, (p->>'at')::bigint);
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', '{}');
    return next reply_outcome('{}');
end $$;

-- The webhooks of a key. p: key. Reply: {"webhooks"}.
create or replace function hook_list(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome((select json_build_object('webhooks', coalesce(json_agg(json_build_object('hook', hook,
        'url', url, 'events', events, 'active', active) order by hook), '[]')) from webhook where key = p->>'key')::text)
$$;

-- Dead letters of a webhook, the newest first. p: hook. Reply: {"rows"}.
create or replace function delivery_list(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome((select json_build_object('rows', coalesce(json_agg(json_build_object(
        'delivery', d.delivery, 'number', t.number, 'ver', d.ver, 'kind', e.kind, 'tries', d.tries, 'fault', d.fault,
        'at', e.at, 'ended', d.ended) order by d.delivery desc), '[]'))
        from (select * from webhook_delivery where hook = (p->>'hook')::bigint and state = 'dead'
              order by delivery desc limit 200) d
        join api_event e on e.event = d.event join ticket t on t.ticket = d.ticket)::text)
$$;

-- Dead letters go out again from their first try. p: hook, delivery (left out: all of the webhook), at.
-- Reply: {"count"}. Writes: webhook_delivery, api_change, answered.
create or replace function delivery_resend(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    n integer;
    w webhook;
    reply text;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    select * into w from webhook where hook = (p->>'hook')::bigint;
    if not found then return next refusal_outcome('not_found'); return; end if;
    update webhook_delivery set state = 'waiting', tries = 0, due = (p->>'at')::bigint, ended = null
        where hook = w.hook and state = 'dead' and delivery = coalesce((p->>'delivery')::bigint, delivery);
    get diagnostics n = row_count;
    perform api_noted(actor, w.key, '重发 ' || n || ' 条：' || w.url, (p->>'at')::bigint);
    reply := json_build_object('count', n)::text;
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', reply);
    return next reply_outcome(reply);
end $$;
