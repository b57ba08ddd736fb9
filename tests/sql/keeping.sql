-- Checks the life of data: months made ahead and filled from the default partition, the shelf that is read and never
-- written, and the erasure of a person, found in every table, with the chain whole and the figures as before.

begin;
create or replace function pg_temp.must(holds boolean, what text) returns void language plpgsql as $$
begin
	if holds is not true then raise exception '%', what; end if;
end $$;

create or replace function pg_temp.submit(now_ms bigint, more jsonb) returns bigint language sql as $$
	select (o.body::json->>'id')::bigint from ticket_submit((select account from account where login = '1001'), gen_random_uuid(),
		jsonb_build_object('kind', 3, 'region', '232761', 'title', '路灯不亮', 'body', '多日不亮', 'at', now_ms,
		'action', 'submit', 'to', 20, 'due', now_ms + 1800000, 'warn', now_ms + 1350000, 'rule', 'dispatch_normal:2wh',
		'since', now_ms, 'alarms', true, 'promised', now_ms + 86400000) || more) o where o.kind = 'reply'
$$;

create or replace function pg_temp.withdraw(wanted bigint, now_ms bigint, why text) returns void language plpgsql as $$
declare answer outcome;
begin
	select o.* into answer from ticket_move((select account from account where login = '1001'), gen_random_uuid(), jsonb_build_object('id', wanted,
		'seen', jsonb_build_object('ver', 1, 'state', 20, 'kind', 3, 'urgency', 0, 'matter', null), 'action', 'withdraw', 'to', 85,
		'round', 0, 'loud', true, 'at', now_ms, 'due', now_ms + 86400000, 'warn', now_ms, 'rule', 'archive_after:7nd', 'since', now_ms, 'note', why)) o limit 1;
	perform pg_temp.must(answer.kind = 'reply', 'withdrawn: ' || answer.body);
end $$;

create or replace function pg_temp.clean(what text) returns void language plpgsql as $$
declare bad text := (select string_agg(check_name || ': ' || example, '; ') from verify_all() where faults > 0);
begin
	if bad is not null then raise exception '%: %', what, bad; end if;
end $$;

-- Months.
do $$
declare
	june constant bigint := 1781000000000;           -- 2026-06-09 in Beijing
	edge constant bigint := 1782835200000;           -- 2026-07-01 00:00 in Beijing
	id bigint;
begin
	perform pg_temp.must(month_of(edge - 1) = '2026-06-01' and month_of(edge) = '2026-07-01', 'months are Beijing''s');
	perform pg_temp.must(month_ms('2026-07-01') = edge and month_ms(month_of(june)) <= june, 'and begin at midnight there');
	id := pg_temp.submit(june, '{}');
	perform pg_temp.must((select count(*) from ticket_event_default where ticket = id) = 1, 'an event whose month is missing is kept');
	perform from months_ahead(0, null, jsonb_build_object('at', edge, 'ahead', 2));
	perform pg_temp.must((select count(*) from ticket_event_2026_06 where ticket = id) = 1
		and not exists (select from ticket_event_default), 'and moves into its month when that is made');
	perform pg_temp.must(to_regclass('ticket_event_2026_07') is not null and to_regclass('ticket_event_2026_09') is not null
		and to_regclass('ticket_event_2026_10') is null, 'this month and two ahead');
	perform pg_temp.must((select (body::json->>'made')::int from months_ahead(0, null, jsonb_build_object('at', edge, 'ahead', 2))) = 0, 'once');
	perform pg_temp.must((select count(*) from pg_constraint where conrelid = 'ticket_event_2026_07'::regclass and contype = 'f') = 3,
		'a month has the table''s foreign keys');
	perform pg_temp.submit(edge - 1, '{}');
	perform pg_temp.submit(edge, '{}');
	perform pg_temp.must((select count(*) from ticket_event_2026_06) = 2 and (select count(*) from ticket_event_2026_07) = 1, 'midnight parts them');
end $$;

-- The shelf.
do $$
declare
	before jsonb;
	id bigint := (select min(ticket) from ticket_event_2026_06);
	fails text;
begin
	perform pg_temp.withdraw(id, 1783000000000, '不再反映');
	select jsonb_agg(body::jsonb) into before from ticket_get(0, null, jsonb_build_object('id', id));
	perform pg_temp.must(shelf_refusal('2026-06-01', 1790784000000 - 1, 3) like '%须满 3 个月%', 'not before three months have passed');
	perform pg_temp.must(shelf_refusal('2026-06-01', 1790784000000, 3) is null, 'then it may');
	perform pg_temp.must(shelf_refusal('2019-01-01', 1790784000000, 3) like '%没有这个月%', 'no such month');
	perform pg_temp.must(shelf_copy('2026-06-01', '') = 2, 'copied');
	update ticket_event_2026_06 set note = 'x' where ticket = id;
	begin
		perform shelf_exchange('2026-06-01');
		fails := 'nothing';
	exception when raise_exception then fails := sqlerrm;
	end;
	perform pg_temp.must(fails like '%有变化%', 'a month that changed meanwhile is not exchanged: ' || fails);
	update ticket_event_2026_06 set note = null where ticket = id;
	perform shelf_copy('2026-06-01', '');
	perform shelf_exchange('2026-06-01');
	perform pg_temp.must(to_regclass('public.ticket_event_2026_06') is null and (select count(*) from shelf.ticket_event) = 2, 'put away');
	perform pg_temp.must((select jsonb_agg(body::jsonb) from ticket_get(0, null, jsonb_build_object('id', id))) = before, 'and its ticket reads as before');
	perform pg_temp.must((select count(*) from report_facts(1780243200000, 1782835200000, 1790784000000) f where figure = 'accepted') = 2, 'reports count it');
	perform pg_temp.must(shelf_refusal('2026-06-01', 1790784000000, 3) like '%已在归档区%', 'only once');
	perform pg_temp.must((select place from shelf_months() where month = '2026-06-01') = 'shelf', 'listed there');
	perform from months_ahead(0, null, '{"at": 1781000000000, "ahead": 0}');
	perform pg_temp.must(to_regclass('public.ticket_event_2026_06') is null, 'and not made anew');
	for i in 1 .. 4 loop
		begin
			if i = 1 then update shelf.ticket_event set note = 'x';
			elsif i = 2 then delete from shelf.ticket_event;
			elsif i = 3 then insert into shelf.ticket_event select ticket, 99, action, from_state, to_state, account, at, dept, due, round, note, detail, chain from shelf.ticket_event limit 1;
			else truncate shelf.ticket_event_2026_06; end if;
			fails := 'nothing';
		exception when raise_exception then fails := sqlerrm;
		end;
		perform pg_temp.must(fails like 'the shelf is read-only%', i || ': the shelf refuses to be changed: ' || fails);
	end loop;
	perform pg_temp.clean('with a month on the shelf');
	alter table shelf.ticket_event_2026_06 disable trigger user;
	update shelf.ticket_event_2026_06 set note = '改过' where ticket = id;
	perform pg_temp.must((select example from verify_all() where faults > 0 limit 1) = id || '/1', 'and verify sees what is changed all the same');
	update shelf.ticket_event_2026_06 set note = null where ticket = id;
	alter table shelf.ticket_event_2026_06 enable trigger user;
	perform pg_temp.clean('put right');
	perform shelf_return('2026-06-01');
	perform pg_temp.must((select count(*) from ticket_event_2026_06) = 2 and not exists (select from shelf.ticket_event), 'taken back');
	perform shelf_copy('2026-06-01', '');
	perform shelf_exchange('2026-06-01');
end $$;

-- A person: two tickets, one event on the shelf, one number in a stranger's ticket; a name that a stranger bears too.
do $$
declare
	late constant bigint := 1790784000000;
	contact jsonb := jsonb_build_object('phone', '1:sealedphone', 'phone_index', 'indexofphone', 'phone_mask', '139****0000',
		'name', '1:sealedname', 'name_mask', '欧**');
	p jsonb;
	a bigint := (select min(ticket) from shelf.ticket_event);
	b bigint;
	stranger bigint;
	report jsonb;
	answer outcome;
	fails text;
	c case_file;
begin
	insert into contact (ticket, phone, phone_index, phone_mask, name, name_mask) values
		(a, '1:sealedphone', 'indexofphone', '139****0000', '1:sealedname', '欧**') on conflict (ticket) do update
		set phone = excluded.phone, phone_index = excluded.phone_index, phone_mask = excluded.phone_mask, name = excluded.name, name_mask = excluded.name_mask;
	b := pg_temp.submit(1783000000000, contact || '{"body": "我叫欧阳测试，电话 139-1234 0000，请回电", "note": "欧阳测试 １３９１２３４００００", "detail": {"tel": 13912340000, "list": [13912340000]}}');
	stranger := pg_temp.submit(1783000000000, '{"body": "邻居 +8613912340000 知道此事；欧阳测试是我本人的名字；编号 139123400001", "note": "139 1234 0000"}');
	perform ticket_noted(t, -1, '{"action": "attach", "at": 1783000000001}', jsonb_build_object('sha256', repeat('a', 64), 'name', '欧阳的身份证.jpg'))
		from ticket t where ticket = b;
	perform pg_temp.withdraw(b, 1783000000001, '欧阳测试撤回');
	insert into part (ticket, kind, state, dept, sender, round, task, sent, sent_by, due, warn, ended)
		values (b, 1, 70, 2402, 2430, 1, '联系欧阳测试 13912340000', 1783000000000, 0, 1783000000000, 1783000000000, 1783000000000);
	insert into police_lookup (at, key_id, person, phone_index, tickets) values (1783000000000, 'k', '民警', 'indexofphone', array[b]);
	insert into file (ticket, sha256, name, type, size, account, at) values (b, repeat('a', 64), '欧阳的身份证.jpg', 'image/jpeg', 1, -1, 1783000000000);
	select (o.body::json->>'id')::bigint into c.id from case_apply((select account from account where login = '1001'), gen_random_uuid(),
		contact || jsonb_build_object('theme', 2, 'matters', '[1]'::jsonb, 'region', '232761', 'papers', '[]'::jsonb, 'at', 1783000000000,
		'remark', '请联系欧阳测试 13912340000', 'step', jsonb_build_object('level', 'case', 'action', 'apply', 'from', 0, 'to', 20,
		'due', 1783100000000, 'warn', 1783090000000, 'rule', 'case_take:1wd', 'since', 1783000000000))) o limit 1;
	select * into c from case_file where id = c.id;
	c := case_step(c, '{"level": "case", "action": "withdraw", "from": 20, "to": 85, "due": 1783200000000, "warn": 1783200000000}',
		(select account from account where login = '1001'), 1783000000002, '欧阳测试（139-1234-0000）撤回', null);
	c.closed := 1783000000002;
	perform case_keep(c);
	report := (select jsonb_agg(f order by f::text) from report_facts(1780243200000, late, late) f);

	answer := erasure_find(0, null, '{"by": "phone", "phone_index": "indexofphone"}');
	p := answer.body::jsonb;
	perform pg_temp.must((select array_agg((x->>'id')::bigint) from jsonb_array_elements(p->'tickets') x) = array[a, b], 'both tickets are found');
	perform pg_temp.must(p->'open' = '[]', 'none is open');
	perform pg_temp.must((select jsonb_array_length(body::jsonb->'tickets') from erasure_find(0, null, '{"by": "phone", "phone_index": "x"}')) = 0, 'nobody');
	perform pg_temp.must((p#>>'{cases,0,id}')::bigint = c.id, 'and the case');
	p := jsonb_build_object('by', 'phone', 'tickets', jsonb_build_array(a, b), 'cases', jsonb_build_array(c.id), 'wide', '["13912340000"]'::jsonb,
		'own', '[]'::jsonb, 'words', '["欧阳测试", "139****0000", "欧**"]'::jsonb, 'sealed', '["1:sealedphone", "1:sealedname"]'::jsonb,
		'indexes', '["indexofphone"]'::jsonb, 'basis', 3, 'document', 'SQ-1', 'reason', '本人申请', 'at', late);
	answer := erasure_preview(0, null, p);
	perform pg_temp.must((answer.body::jsonb#>>'{counts,contact}')::int = 2 and (answer.body::jsonb#>>'{counts,ticket_event}')::int = 4,
		'the preview counts: ' || answer.body);
	perform pg_temp.must(exists (select from contact where phone_index = 'indexofphone'), 'and changes nothing');

	answer := erasure_do(0, null, p || jsonb_build_object('tickets', jsonb_build_array(a, b, stranger)));
	perform pg_temp.must(answer.kind = 'refused', 'an open ticket is kept');
	select o.* into answer from erasure_do((select account from account where login = 'admin'), null, p) o limit 1;
	perform pg_temp.must(answer.kind = 'reply' and answer.body::jsonb->'files' = jsonb_build_array(repeat('a', 64)), 'erased: ' || answer.body);
	perform pg_temp.must((select count(*) from ticket_history where action = 'erase') = 3, 'each ticket''s history tells of it, the stranger''s too');

	for fails in select format('%s: %s', t.relname, x.hit) from pg_class t, lateral (select (xpath('/row/hit/text()', query_to_xml(format(
			'select string_agg(t::text, '';'') as hit from %I.%I t where t::text ~ ''139[ -]?1234[ -]?0000(?!1)|１３９１２３４|sealedphone|sealedname|欧阳的身份证|indexofphone|139\*\*\*\*0000''',
			t.relnamespace::regnamespace, t.relname), false, true, '')))[1]::text as hit) x
		where t.relkind = 'r' and t.relnamespace in ('public'::regnamespace, 'shelf'::regnamespace) and x.hit is not null
	loop
		raise exception 'still found in %', fails;
	end loop;
	perform pg_temp.must((select body from ticket where ticket = b) = '我叫［已依法删除］，电话 ［已依法删除］，请回电', 'words around it stay');
	perform pg_temp.must((select body from ticket where ticket = stranger) = '邻居 ［已依法删除］ 知道此事；欧阳测试是我本人的名字；编号 139123400001',
		'a stranger keeps his name, and a longer number is another one: ' || (select body from ticket where ticket = stranger));
	perform pg_temp.must((select detail->>'tel' = '［已依法删除］' and detail#>>'{list,0}' = '［已依法删除］' from ticket_history where ticket = b and seq = 1), 'numbers in JSON');
	perform pg_temp.must((select jsonb_agg(f order by f::text) from report_facts(1780243200000, late, late) f) = report, 'figures are as before');
	perform pg_temp.must((select note from case_event where id = c.id and action = 'withdraw') = '［已依法删除］（［已依法删除］）撤回'
		and (select count(*) from case_event where id = c.id and action = 'erase') = 1, 'the case''s words go, its history tells of it');
	perform pg_temp.must((select bool_and(had_phone and erased is not null) from contact where ticket in (a, b)), 'that they could be reached is remembered');
	perform pg_temp.clean('after the erasure');

	update ticket_event set note = '另写' where ticket = b and seq = 1;
	perform pg_temp.must((select count(*) from verify_all() where faults > 0 and check_name like 'erasure%') = 1, 'other words than those left there are found');
	update ticket_event set note = '［已依法删除］ ［已依法删除］' where ticket = b and seq = 1;
	perform pg_temp.clean('put right again');
	update ticket_event set digest = sha256('x') where ticket = b and seq = 1;
	perform pg_temp.must((select count(*) from verify_all() where faults > 0 and check_name like 'chain%') = 1, 'and another digest');
	perform pg_temp.must((select body::jsonb#>>'{rows,0,document}' from erasure_list(0, null, '{}')) = 'SQ-1', 'the history of erasures');
end $$;
rollback;
