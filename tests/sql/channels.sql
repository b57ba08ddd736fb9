-- Checks the systems' side: events and deliveries are written with each move, in order, leased once, and never lost
-- behind a transaction that commits late.
begin;
insert into api_key (key, name, channel, scopes, secret, per_minute, per_day, made, maker)
	values ('k1', '测试', 11, array['submit', 'read', 'webhook'], '1:x', 2, 100, 0, 0);

do $$
declare
	card jsonb;
	reply jsonb;
	n integer;
	first bigint;
begin
	-- a key, its scope, its nonce, its quota
	select body::jsonb into reply from api_admit(-1, null, '{"key": "k1", "scope": "attach", "nonce": null, "at": 60000}');
	if reply->>'code' <> 'no_scope' then raise exception 'scope: %', reply; end if;
	select body::jsonb into reply from api_admit(-1, null, '{"key": "k1", "scope": "read", "nonce": "n1", "at": 60000}');
	if reply->>'key' <> 'k1' then raise exception 'admit: %', reply; end if;
	select body::jsonb into reply from api_admit(-1, null, '{"key": "k1", "scope": "read", "nonce": "n1", "at": 60001}');
	if reply->>'code' <> 'replayed' then raise exception 'nonce: %', reply; end if;
	perform api_admit(-1, null, '{"key": "k1", "scope": "read", "nonce": "n2", "at": 60002}');
	select body::jsonb into reply from api_admit(-1, null, '{"key": "k1", "scope": "read", "nonce": "n3", "at": 60003}');
	if reply->>'code' <> 'too_fast' then raise exception 'quota: %', reply; end if;
	select body::jsonb into reply from api_admit(-1, null, '{"key": "k1", "scope": "read", "nonce": "n4", "at": 120000}');
	if reply->>'key' <> 'k1' then raise exception 'next minute: %', reply; end if;

	-- webhooks: two listen, one to nothing of this
	perform hook_add(-1, gen_random_uuid(), '{"key": "k1", "url": "https://a/", "at": 1}');
	perform hook_add(-1, gen_random_uuid(), '{"key": "k1", "url": "https://b/", "events": ["rated"], "at": 1}');
	select body::jsonb into card from api_submit(-1, gen_random_uuid(), jsonb_build_object('api_key', 'k1', 'api_ref', 'R7',
		'digest', 'd', 'action', 'submit', 'to', 20, 'at', 1795641558000, 'kind', 3, 'region', '232761', 'channel', 11,
		'title', '路灯', 'body', '路灯不亮', 'phone', '1:sealed', 'phone_index', 'i', 'phone_mask', '138****0000')) where kind = 'reply';
	if (select api_ref from ticket where ticket = (card->>'id')::bigint) <> 'R7' then raise exception 'no reference'; end if;
	select count(*) into n from api_event where ticket = (card->>'id')::bigint;
	if n <> 1 then raise exception '% events of one submission', n; end if;
	select count(*) into n from webhook_delivery;
	if n <> 1 then raise exception '% deliveries, not of the webhook that asked for this', n; end if;

	-- leased once, told once, dead when it is said so, and sent again
	select body::jsonb into reply from hook_take(0, null, '{"at": 1795641559000, "limit": 10, "lease_ms": 1000}');
	if jsonb_array_length(reply->'rows') <> 1 then raise exception 'take: %', reply; end if;
	first := (reply->'rows'->0->>'delivery')::bigint;
	select body::jsonb into reply from hook_take(0, null, '{"at": 1795641559001, "limit": 10, "lease_ms": 1000}');
	if jsonb_array_length(reply->'rows') <> 0 then raise exception 'leased twice'; end if;
	perform hook_told(0, null, jsonb_build_object('delivery', first, 'at', 1795641559002, 'ok', false, 'dead', true, 'fault', 'HTTP 500', 'due', 1));
	perform hook_told(0, null, jsonb_build_object('delivery', first, 'at', 1795641559003, 'ok', true, 'dead', false, 'due', 1));
	if (select state from webhook_delivery where delivery = first) <> 'dead' then raise exception 'a late word changed what had ended'; end if;
	perform delivery_resend(0, gen_random_uuid(), jsonb_build_object('hook', (select hook from webhook_delivery), 'at', 1795641560000));
	select body::jsonb into reply from hook_take(0, null, '{"at": 1795641560001, "limit": 10, "lease_ms": 1000}');
	if jsonb_array_length(reply->'rows') <> 1 or (reply->'rows'->0->>'tries')::int <> 0 then raise exception 'not sent again: %', reply; end if;

	-- what a transaction still open has written is nobody's to read yet
	select body::jsonb into reply from api_changes(-1, null, '{"key": "k1"}');
	if jsonb_array_length(reply->'changes') <> 0 or reply->>'next' <> '0-0' then raise exception 'read before the commit: %', reply; end if;
end $$;

-- Open311: the county of a place.
do $$
declare place jsonb;
begin
	place := open311_place(null, '大兴安岭地区漠河市北极镇某路');
	if place <> '{"region": "232701", "town": "232701104"}' then raise exception 'place: %', place; end if;
	place := open311_place(null, '朝阳路12号');
	if place <> '{"region": "232700"}' then raise exception 'no place: %', place; end if;
	place := open311_place('232722', '漠河市');
	if place <> '{"region": "232722"}' then raise exception 'id before words: %', place; end if;
end $$;
rollback;
