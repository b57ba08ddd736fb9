-- Checks what is written about tickets: numbers at midnight, requests sent twice, looking without a trace on
-- the card, the loser of two moves, and what is sent again or forgotten afterwards.

begin;
create or replace function pg_temp.submit(req uuid, now_ms bigint) returns outcome language sql as $$
	select o from ticket_submit((select account from account where login = '1001'), req, jsonb_build_object(
		'kind', 1, 'region', '232761', 'title', '路灯不亮', 'body', '多日不亮', 'at', now_ms,
		'action', 'submit', 'to', 20, 'due', now_ms + 1800000, 'warn', now_ms + 1350000, 'rule', 'dispatch_normal:2wh',
		'since', now_ms, 'alarms', true, 'promised', now_ms + 86400000)) o limit 1
$$;

create or replace function pg_temp.move(who text, req uuid, id bigint, seen_ver integer, seen_state integer, more jsonb)
returns outcome language sql as $$
	select o from ticket_move((select account from account where login = who), req, jsonb_build_object('id', id,
		'seen', jsonb_build_object('ver', seen_ver, 'state', seen_state, 'kind', 1, 'urgency', 0, 'matter', null),
		'round', 0, 'loud', more->>'action' <> 'reveal', 'at', 1795276900000) || more) o limit 1
$$;

create or replace function pg_temp.must(holds boolean, what text) returns void language plpgsql as $$
begin
	if holds is not true then raise exception '%', what; end if;
end $$;

do $$
declare
	a uuid := gen_random_uuid();
	b uuid := gen_random_uuid();
	before_midnight outcome := pg_temp.submit(a, 1795276799999);      -- 2026-11-21 23:59:59.999 in Beijing
	after_midnight outcome := pg_temp.submit(b, 1795276800000);
	one outcome;
	two outcome;
	id bigint := (after_midnight.body::json->>'id')::bigint;
	number text := after_midnight.body::json->>'number';
	dispatch jsonb := '{"action": "dispatch", "to": 35, "dept": 2402, "note": "住建负责", "due": 1795290000000, "warn": 1795286000000}';
begin
	perform pg_temp.must(before_midnight.body::json->>'number' like '232720261121______', 'the old day''s number');
	perform pg_temp.must(number like '232720261122______', 'the new day''s number');
	one := ticket_find(1, null, jsonb_build_object('number', right(number, 6), 'at', 1795276800001));
	perform pg_temp.must(one.body::json->>'number' = number, 'found by its last six digits');
	one := ticket_find(1, null, jsonb_build_object('number', right(number, 6), 'at', 1795276799999));
	perform pg_temp.must(one.kind = 'refused', 'the day before has no such number');

	perform pg_temp.must(pg_temp.submit(b, 1795276800005) = row('reply', after_midnight.body, null, null, null, null,
		null, null, null, null, null, null)::outcome, 'asked twice, the same reply');
	perform pg_temp.must((select count(*) from ticket) = 2, 'asked twice, done once');
	one := ticket_submit((select account from account where login = '1002'), b, '{"at": 1, "kind": 1}');
	perform pg_temp.must(one.body::json->>'code' = 'bad_params', 'a request id of somebody else');
	one := ticket_submit(1, gen_random_uuid(), '{"at": 1, "kind": 1, "region": "x", "town": "x", "matter": "x",
		"theme": 99, "theme_no": 99, "call": "x", "title": "x", "body": "x"}');
	perform pg_temp.must((select array_agg(k order by k) from json_object_keys(one.body::json->'fields') k)
		= array['call', 'matter', 'region', 'theme', 'theme_no', 'town'], 'every wrong code is named');

	one := pg_temp.move('system', null, id, 1, 20, dispatch);
	two := pg_temp.move('system', null, id, 1, 20, dispatch);
	perform pg_temp.must(one.kind = 'reply' and two.body::json->>'code' = 'stale', 'moved twice from the same card');
	one := pg_temp.move('zhujian1', a, id, 2, 35, '{"action": "reveal", "to": 35, "note": "联系诉求人"}');
	perform pg_temp.must(one.body::json->>'code' = 'bad_params', 'the request id of another account');
	one := pg_temp.move('zhujian1', gen_random_uuid(), id, 2, 35, '{"action": "reveal", "to": 35, "note": "联系诉求人"}');
	perform pg_temp.must(one.body::json#>>'{card,why}' = '住建负责', 'looking at the contact leaves the reason of dispatch alone');
	one := pg_temp.move('mohe', gen_random_uuid(), id, 3, 35, '{"action": "recall", "to": 30, "note": "x"}');
	perform pg_temp.must(one.body::json->>'code' = 'not_yours', 'another county''s supervisor');
	one := pg_temp.move('duban', a, id, 3, 35, '{"action": "recall", "to": 30, "note": "派错", "due": 1795290000000}');
	perform pg_temp.must(one.body::json->>'code' = 'bad_params', 'a used request id');
	one := pg_temp.move('duban', gen_random_uuid(), id, 3, 35, '{"action": "recall", "to": 30, "note": "派错", "due": 1795290000000}');
	perform pg_temp.must(one.kind = 'reply', 'recalled');

	select o.* into one from outbox_stale(0, null, '{"at": 1795300000000, "older": 1000}') o
		where kind = 'ticket' and ref = id order by outbox desc limit 1;
	perform pg_temp.must((one.state, one.was, one.dept, one.was_dept) is not distinct from (30::smallint, 35::smallint, null::int, 2402),
		'sent again, the unit that lost it is told');
	perform outbox_done(0, null, (select jsonb_build_object('ids', jsonb_agg(o.id)) from outbox o));
	perform pg_temp.must(not exists (select from outbox), 'what is in Redis leaves the outbox');

	perform ticket_due(0, null, jsonb_build_object('at', 1795276900000 + 172800000, 'limit', 10));
	perform pg_temp.must((select count(*) from answered) = 2, 'replies are kept for two days');
	perform ticket_due(0, null, jsonb_build_object('at', 1795276900001 + 172800000, 'limit', 10));
	perform pg_temp.must(not exists (select from answered), 'and then forgotten');
end $$;

do $$
declare fault text := (select string_agg(check_name || ': ' || example, '; ') from verify_all() where faults > 0);
begin
	if fault is not null then raise exception '%', fault; end if;
end $$;
rollback;
