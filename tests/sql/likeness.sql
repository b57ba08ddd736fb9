-- Checks 重复诉求 among many: found by keys through the index, read behind the commit and only once, gone in time,
-- and nothing told of what is sealed or of another county.

begin;
create or replace function pg_temp.must(holds boolean, what text) returns void language plpgsql as $$
begin
	if holds is not true then raise exception '%', what; end if;
end $$;

-- The plan of a query as text.
create or replace function pg_temp.plan(query text) returns text language plpgsql as $$
declare
	line text;
	whole text := '';
begin
	for line in execute 'explain ' || query loop whole := whole || line || E'\n'; end loop;
	return whole;
end $$;

create or replace function pg_temp.similar(who text, p jsonb) returns bigint[] language sql as $$
	select array(select (r->>'id')::bigint from similar_find((select account from account where login = who), null,
		p || '{"at": 1800000000000}') o, json_array_elements(o.body::json->'rows') r order by 1)
$$;

-- 20000 tickets of three keys each; the first key is of all, the second of a hundred each, the third of one alone.
insert into ticket (number, ver, state, kind, urgency, secrecy, channel, region, title, body, dept, agent,
	accepted, closed, changed, chain)
select 'T' || i, 1, case when i % 10 = 0 then 80 else 40 end, 1, 0, case when i % 100 = 7 then 2 else 0 end, 1,
	case when i % 100 = 3 then '232701' else '232761' end, '标题', '正文', 2402, 1, 1799990000000 + i,
	case when i % 10 = 0 then 1800000000000 - i * 86400000::bigint end, 1799990000000 + i, ''
from generate_series(1, 20000) i;
insert into likeness_due select ticket from ticket;
insert into contact (ticket, phone, phone_index, phone_mask)
	select ticket, '1:x', 'caller ' || right(number, 2), '138' from ticket where number like 'T__';

do $$
declare
	first_id bigint := (select min(ticket) from ticket);
	read json;
	rounds integer := 0;
	id bigint;
	sealed bigint;
	swept bigint := 0;
	before bigint;
begin
	perform pg_temp.must((select count(*) from likeness_due) = 20000, 'every ticket waits to be read');
	loop
		read := (select body from likeness_waiting(0, null, '{"limit": 3000}'));
		exit when json_array_length(read->'rows') = 0;
		perform pg_temp.must(json_array_length(read->'rows') <= 3000, 'no more than asked for');
		read := json_build_object('rows', (select json_agg(json_build_object('id', r->'id', 'keys', json_build_array(1,
			100 + ((r->>'id')::bigint - first_id) / 100, 1000000 + (r->>'id')::bigint))) from json_array_elements(read->'rows') r));
		perform likeness_fill(0, null, read::jsonb);
		perform likeness_fill(0, null, read::jsonb);
		rounds := rounds + 1;
	end loop;
	perform pg_temp.must(rounds = 7 and (select count(*) from likeness) = 20000
		and (select count(*) from likeness_key) = 60000, 'each is read once, though brought twice');

	id := first_id + 550;                  -- T551, under way
	perform pg_temp.must(array_length(pg_temp.similar('1001', '{"keys": [1]}'), 1) <= 40, 'forty candidates at most');
	perform pg_temp.must(pg_temp.similar('1001', jsonb_build_object('keys', array[1000000 + id])) = array[id], 'a key of its own');
	perform pg_temp.must(id = any (pg_temp.similar('1001', jsonb_build_object('keys', array[1, 1000000 + id]))),
		'a rare key is not lost behind one that all have');
	perform pg_temp.must(pg_temp.similar('1001', '{"phone_index": "nobody"}') = '{}'
		and pg_temp.similar('1001', '{"phone_index": "caller 11"}') = array[first_id + 10], 'by the caller');

	perform pg_temp.must(pg_temp.similar('1001', jsonb_build_object('keys', array[1000000 + first_id + 99])) = '{}',
		'T100 was closed a hundred days ago');
	perform pg_temp.must(pg_temp.similar('1001', jsonb_build_object('keys', array[1000000 + first_id + 9])) = array[first_id + 9],
		'T10 ten days ago');
	perform pg_temp.must(pg_temp.similar('mohe', jsonb_build_object('keys', array[1000000 + id])) = '{}'
		and pg_temp.similar('mohe', jsonb_build_object('keys', array[1000000 + first_id + 2])) = array[first_id + 2], 'the own county');

	sealed := first_id + 6;                -- T7
	insert into contact (ticket, phone, phone_index, phone_mask)
		values (sealed, '1:x', 'caller 7', '138'), (id, '1:x', 'caller 7', '138');
	perform pg_temp.must(pg_temp.similar('1001', jsonb_build_object('keys', array[1000000 + sealed])) = '{}', 'sealed for strangers');
	perform pg_temp.must(pg_temp.similar('1001', '{"phone_index": "caller 7"}') = (select array[least(sealed, id), greatest(sealed, id)]), 'open to its own caller');
	perform pg_temp.must(pg_temp.similar('duban', '{"phone_index": "caller 7"}') = array[id], 'a supervisor has nobody on the line');
	perform pg_temp.must(pg_temp.similar('duban', jsonb_build_object('keys', array[1000000 + sealed])) = array[sealed], 'but reads it');
	perform pg_temp.must(not sealed = any (pg_temp.similar('duban', jsonb_build_object('id', id))), 'one caller, one of them sealed');
	perform pg_temp.must(not id = any (pg_temp.similar('duban', jsonb_build_object('id', sealed))), 'and the other way');
	perform pg_temp.must(pg_temp.similar('1001', jsonb_build_object('id', id)) <> '{}'
		and not id = any (pg_temp.similar('1001', jsonb_build_object('id', id))), 'not like itself');

	before := (select count(*) from likeness);
	loop
		swept := (select (body::json->>'after')::bigint from likeness_sweep(0, null,
			jsonb_build_object('at', 1800000000000, 'after', swept, 'limit', 999)));
		exit when swept = 0;
	end loop;
	perform pg_temp.must(before - (select count(*) from likeness) = 2000 - 1, 'closed more than 15 days ago: all but T10');
	perform pg_temp.must((select count(*) from likeness_key) = 3 * (select count(*) from likeness), 'with their keys');
	perform pg_temp.must(not exists (select from likeness_due), 'nothing waits');
end $$;

analyze likeness_key;
analyze likeness;
do $$
declare
	found text := pg_temp.plan('select ticket from likeness_key where key = 1 order by ticket desc limit 50');
	swept text := pg_temp.plan('select ticket from likeness where ticket > 5 order by ticket limit 1000');
begin
	perform pg_temp.must(found ~ 'Index Only Scan Backward using likeness_key_pkey' and found !~ 'Sort|Seq Scan', found);
	perform pg_temp.must(swept ~ 'Index (Only )?Scan using likeness_pkey', swept);
end $$;
rollback;
