-- Checks searching against a full scan: random filters over random tickets, read, unread and changed since; every
-- page, every order, every count, every account's scope.

begin;
do $$ begin perform setseed(0.54321); end $$;

create or replace function pg_temp.must(holds boolean, what text) returns void language plpgsql as $$
begin
	if holds is not true then raise exception '%', what; end if;
end $$;

create or replace function pg_temp.one_of(variadic list text[]) returns text language sql volatile as $$
	select list[1 + floor(random() * cardinality(list))::int]
$$;

-- 1500 tickets over twenty months up to 1 800 000 000 000, a third of one instant with others.
insert into ticket (number, ver, state, kind, urgency, secrecy, channel, matter, region, town, place, title, body, points,
	dept, agent, accepted, due, warn, closed, grade, changed, chain)
select '2327' || to_char(to_timestamp(x.accepted / 1000) at time zone 'Asia/Shanghai', 'YYYYMMDD') || lpad(i::text, 6, '0'),
	1, x.state, 1 + floor(random() * 6)::int, floor(random() * 3)::int, floor(random() * 3)::int, pg_temp.one_of('1', '2', '4')::int,
	case when i % 9 > 0 then x.matter end, x.region, case when i % 3 = 0 then x.town end,
	pg_temp.one_of('朝阳小区', '光明路', '学府家园，３号楼', ''), pg_temp.one_of('反映供暖问题', '停电', 'ＷiFi信号差', '路灯不亮'),
	pg_temp.one_of('家中', '小区', '路口') || pg_temp.one_of('供暖', '供水', '供电') || pg_temp.one_of('不足', '。不热', '中断', '中 断')
		|| '，' || pg_temp.one_of('暖气片冰凉', '已停电三天', '路灯不亮', 'No.12') || pg_temp.one_of('。', '！请处理', ''),
	case when i % 11 = 0 then array['退还供暖费', '更换水表'] end,
	x.dept, x.agent, x.accepted, case when x.state < 80 then x.accepted + 86400000 * (i % 5) end,
	case when x.state < 80 then x.accepted + 86400000 * (i % 5) - 40000000 end,
	case when x.state >= 80 then least(x.accepted + floor(random() * 40 * 86400000)::bigint, 1799999999000) end,
	case when x.state in (65, 80, 90) and i % 4 > 0 then 1 + floor(random() * 5)::int end, x.accepted + i, ''
from (select i, units.depts[k] as dept, units.regions[k] as region, (array(select account from account where role = 1 order by 1))[1 + i % 3] as agent,
			floor(1800000000000 - random() * 600 * 86400000::bigint)::bigint / 1000000000 * 1000000000 + i % 3 as accepted,
			pg_temp.one_of('0101', '0102', '0201', '0301') as matter,
			(select t.region from region t where t.parent = units.regions[k] order by md5(t.region || i) limit 1) as town,
			pg_temp.one_of('15', '20', '35', '40', '65', '80', '80', '82', '85', '90', '90', '90')::int as state
		from (select i, 1 + floor(random() * 40)::int as k from generate_series(1, 1500) i offset 0) drawn,
			(select array_agg(dept order by dept) as depts, array_agg(region order by dept) as regions from
				(select dept, region from department where region in ('232701', '232761') order by dept % 7, dept limit 40) x) units offset 0) x;
do $$ begin
	perform pg_temp.must((select count(distinct state) >= 8 and count(distinct dept) >= 20 from ticket), 'the tickets differ');
	perform pg_temp.must((select count(*) from matter where matter in ('0101', '0102', '0201', '0301')) = 4, 'matters of the test');
end $$;
-- Every pair of 供暖中断, and yet not the word.
update ticket set body = '暖中断供暖中' where ticket % 29 = 0;
insert into contact (ticket, phone, phone_index, phone_mask)
	select ticket, '1:x', 'caller ' || ticket % 40, '138' from ticket;
insert into part (ticket, kind, state, dept, sender, round, task, sent, sent_by, due, warn)
	select ticket, 1, 40, (select dept from account where login like 'h%' or role = 2 order by account limit 1), dept, 1, '协办', 1, 0, 1, 1
	from ticket where ticket % 13 = 0 and dept is not null;
insert into search_due select ticket from ticket on conflict do nothing;

create or replace function pg_temp.fill(most integer) returns void language plpgsql as $$
begin
	for i in 1..most loop
		exit when not ((select body from search_fill(0, null, '{"limit": 97}'))::json->>'more')::boolean;
	end loop;
end $$;

create or replace function pg_temp.plain(words text) returns text language sql as $$
	select translate(lower(words), '３Ｗｗ，。！. ', '3ww')
$$;

create temp table plain (ticket bigint, words text);

-- What a search must find, said a second time over the whole table.
create or replace function pg_temp.expected(a account, f jsonb, now_ms bigint) returns setof ticket language sql as $$
	with asked as materialized (select array_agg(pg_temp.plain(word)) as words from string_to_table(f->>'text', ' ') word)
	select t from asked, ticket t join plain using (ticket)
	where case a.role when 1 then true when 4 then a.region in ('232700', t.region)
			when 2 then t.dept = a.dept or exists (select from part where part.ticket = t.ticket and part.dept = a.dept) else false end
		and (not f ? 'state' or f->'state' @> to_jsonb(t.state)) and (not f ? 'kind' or f->'kind' @> to_jsonb(t.kind))
		and (not f ? 'urgency' or f->'urgency' @> to_jsonb(t.urgency)) and (not f ? 'channel' or f->'channel' @> to_jsonb(t.channel))
		and (not f ? 'matter' or f->'matter' @> to_jsonb(t.matter) or f->'matter' @> to_jsonb(left(t.matter, 2)))
		and (not f ? 'region' or f->'region' @> to_jsonb(t.region)) and (not f ? 'town' or f->'town' @> to_jsonb(t.town))
		and (not f ? 'dept' or f->'dept' @> to_jsonb(t.dept)) and (not f ? 'agent' or f->'agent' @> to_jsonb(t.agent))
		and (not f ? 'grade' or f->'grade' @> to_jsonb(coalesce(t.grade, 0)))
		and (not f ? 'open' or (t.state < 80) = (f->>'open')::boolean)
		and (not f ? 'due' or t.state < 80 and case f->>'due' when 'overdue' then t.due < now_ms
			when 'soon' then t.warn <= now_ms and t.due >= now_ms
			else (to_timestamp(t.due / 1000) at time zone 'Asia/Shanghai')::date = (to_timestamp(now_ms / 1000) at time zone 'Asia/Shanghai')::date
				and t.due >= now_ms end)
		and (not f ? 'accepted_from' or (to_timestamp(t.accepted / 1000) at time zone 'Asia/Shanghai')::date >= (f->>'accepted_from')::date)
		and (not f ? 'accepted_to' or (to_timestamp(t.accepted / 1000) at time zone 'Asia/Shanghai')::date <= (f->>'accepted_to')::date)
		and (not f ? 'accepted_in' or (to_timestamp(t.accepted / 1000) at time zone 'Asia/Shanghai')::date
			between (to_timestamp(now_ms / 1000) at time zone 'Asia/Shanghai')::date - 29 and (to_timestamp(now_ms / 1000) at time zone 'Asia/Shanghai')::date)
		and (not f ? 'closed_from' or (to_timestamp(t.closed / 1000) at time zone 'Asia/Shanghai')::date >= (f->>'closed_from')::date)
		and (not f ? 'closed_to' or (to_timestamp(t.closed / 1000) at time zone 'Asia/Shanghai')::date <= (f->>'closed_to')::date)
		and (not f ? 'number' or t.number = f->>'number' or length(f->>'number') = 6 and right(t.number, 6) = f->>'number'
			or length(f->>'number') = 8 and substr(t.number, 5, 8) = f->>'number')
		and (not f ? 'phone_index' or t.secrecy < 2
			and exists (select from contact c where c.ticket = t.ticket and c.phone_index = f->>'phone_index'))
		and (not f ? 'text' or not exists (select from unnest(asked.words) word where position(word in plain.words) = 0))
$$;
-- The search read to its end, page by page; each page no longer than asked for, none empty but by its budget.
create or replace function pg_temp.read_all(who integer, p jsonb) returns bigint[] language plpgsql as $$
declare
	answer outcome;
	page json;
	seen bigint[] := '{}';
	turns integer := 0;
begin
	loop
		answer := ticket_search(who, null, p);
		if answer.kind <> 'reply' then raise exception '% %: %', who, p, answer.body; end if;
		page := answer.body;
		seen := seen || array(select (value->>'id')::bigint from json_array_elements(page->'rows'));
		perform pg_temp.must(json_array_length(page->'rows') <= (p->>'limit')::int, 'a page is no longer than asked for');
		perform pg_temp.must(json_array_length(page->'rows') = (p->>'limit')::int or (page->>'next' is null) = (page->>'until' is null),
			'a short page that goes on says how far it came');
		perform pg_temp.must((page->>'unread')::boolean = search_behind(), 'unread');
		exit when page->>'next' is null;
		perform pg_temp.must(p->>'after' is distinct from page->>'next', 'it goes on');
		p := p || jsonb_build_object('after', page->>'next');
		turns := turns + 1;
		perform pg_temp.must(turns < 3000, 'it ends');
	end loop;
	return seen;
end $$;

create or replace function pg_temp.random_filter() returns jsonb language plpgsql volatile as $$
declare f jsonb := '{}';
begin
	if random() < 0.1 then f := f || jsonb_build_object('state', (select jsonb_agg(distinct s::int) from unnest(array[pg_temp.one_of('15', '20', '35', '40', '65'),
		pg_temp.one_of('80', '82', '85', '90'), pg_temp.one_of('35', '90')]) s where random() < 0.7)); end if;
	if f->'state' = 'null' then f := f - 'state'; end if;
	if random() < 0.08 then f := f || jsonb_build_object('kind', array[1 + floor(random() * 3)::int, 4 + floor(random() * 3)::int]); end if;
	if random() < 0.04 then f := f || jsonb_build_object('urgency', array[floor(random() * 3)::int]); end if;
	if random() < 0.04 then f := f || jsonb_build_object('channel', array[1]); end if;
	if random() < 0.08 then f := f || jsonb_build_object('matter', array[pg_temp.one_of('0101', '0102', '0201', '0301', '01', '02')]); end if;
	if random() < 0.06 then f := f || jsonb_build_object('region', array[pg_temp.one_of('232701', '232761')]); end if;
	if random() < 0.04 then f := f || jsonb_build_object('town', (select jsonb_agg(region) from (select region from region where parent = '232701' order by random() limit 2) x)); end if;
	if random() < 0.06 then f := f || jsonb_build_object('dept', (select jsonb_agg(distinct dept) from (select dept from ticket where dept is not null order by random() limit 3) x)); end if;
	if random() < 0.06 then f := f || jsonb_build_object('grade', array[floor(random() * 6)::int]); end if;
	if random() < 0.04 then f := f || jsonb_build_object('agent', (select jsonb_agg(distinct agent) from (select agent from ticket order by random() limit 1) x)); end if;
	if random() < 0.06 then f := f || jsonb_build_object('open', random() < 0.5); end if;
	if random() < 0.032 then f := f || jsonb_build_object('due', pg_temp.one_of('overdue', 'soon', 'today')); end if;
	if random() < 0.08 then f := f || jsonb_build_object('accepted_from', '2026-0' || 1 + floor(random() * 9)::int || '-10'); end if;
	if random() < 0.06 then f := f || jsonb_build_object('accepted_to', '2026-1' || floor(random() * 3)::int || '-20'); end if;
	if random() < 0.04 then f := f || '{"accepted_in": "days30"}'; end if;
	if random() < 0.048 then f := f || jsonb_build_object('closed_from', '2026-0' || 1 + floor(random() * 9)::int || '-05'); end if;
	if random() < 0.04 then f := f || jsonb_build_object('closed_to', '2026-1' || floor(random() * 3)::int || '-25'); end if;
	if random() < 0.4 then f := f || jsonb_build_object('text', (select string_agg(w, ' ') from (select distinct w from unnest(array[
		pg_temp.one_of('供暖', '停电', '冰凉', 'wifi', '不亮', '不热', '3号楼', 'No.12', '朝阳小区', '暖不', '供暖中断', '暖气片冰凉', '水不足', '请处理', '供暖费', '更换水表', '没有的词'),
		pg_temp.one_of('供暖', '小区', '路灯')]) w where w is not null order by w limit 1 + floor(random() * 2)::int) x)); end if;
	if random() < 0.024 then f := f || jsonb_build_object('number', (select pg_temp.one_of(number, right(number, 6), substr(number, 5, 8)) from ticket order by random() limit 1)); end if;
	if random() < 0.032 then f := f || jsonb_build_object('phone_index', 'caller ' || floor(random() * 40)::int); end if;
	return f;
end $$;

-- Random filters, each for a random account in a random order: the same tickets in the same order as the full scan.
create or replace function pg_temp.compare(times integer) returns integer language plpgsql as $$
declare
	who text;
	a account;
	f jsonb;
	q jsonb;
	now_ms bigint := 1800000000000;
	got bigint[];
	want bigint[];
	count json;
	order_by text;
	held integer := 0;
begin
	truncate plain;
	insert into plain select ticket, concat_ws('|', pg_temp.plain(place), pg_temp.plain(title), pg_temp.plain(body),
		pg_temp.plain(points[1]), pg_temp.plain(points[2])) from ticket;
	for i in 1..times loop
		who := pg_temp.one_of('1001', 'duban', 'duban', 'mohe', 'zhujian1', 'mhgongre');
		select * into a from account where login = who;
		f := pg_temp.random_filter();
		order_by := pg_temp.one_of('newest', 'newest', 'oldest', 'due', 'changed', 'closed', 'grade');
		if order_by = 'due' then f := f || '{"open": true}'; end if;
		if search_faults(f, now_ms) is not null then continue; end if;
		if a.role = 2 then f := f - 'phone_index'; end if;
		q := jsonb_build_object('filter', f, 'sort', order_by, 'limit', pg_temp.one_of('70', '400', '400')::int, 'at', now_ms);
		want := array(select t.ticket from pg_temp.expected(a, f, now_ms) t order by case order_by when 'newest' then -t.accepted
			when 'oldest' then t.accepted when 'due' then t.due when 'changed' then -t.changed when 'closed' then -coalesce(t.closed, 0)
			else coalesce(t.grade - 9, 0) end, case when order_by in ('oldest', 'due') then t.ticket else -t.ticket end);
		got := pg_temp.read_all(a.account, q);
		if got is distinct from want then
			raise exception '% (role %) % in order %: % instead of %', a.login, a.role, f, order_by, got, want;
		end if;
		count := (select body from ticket_count_all(a.account, null, q));
		if (count->>'count')::int <> cardinality(want) or not (count->>'exact')::boolean then
			raise exception '% %: counted % instead of %', a.login, f, count, cardinality(want);
		end if;
		held := held + (want <> '{}')::int;
	end loop;
	return held;
end $$;

do $$
declare held integer;
begin
	-- More wait than are looked at: said, and counts are no promise.
	perform pg_temp.must(search_behind() and ((select body from ticket_search((select account from account where login = 'duban'), null,
		'{"filter": {"text": "供暖"}, "at": 1800000000000}'))::json->>'unread')::boolean, 'behind is told');
	perform pg_temp.must(not ((select body from ticket_count((select account from account where login = 'duban'), null,
		'{"filter": {"text": "供暖"}, "at": 1800000000000}'))::json->>'exact')::boolean, 'and no count is exact then');
	perform pg_temp.fill(12);
	perform pg_temp.must(not search_behind() and exists (select from search_due), 'some are read, some are not');
	held := pg_temp.compare(15);
	perform pg_temp.fill(100);
	perform pg_temp.must(not exists (select from search_due), 'all are read');
	perform pg_temp.must((select count(*) from search_open) + (select count(*) from search_closed) = (select count(*) from ticket), 'each once');
	held := held + pg_temp.compare(30);
	-- Closed, reopened, archived, rated otherwise, told otherwise, moved on: at once as they are.
	update ticket set state = 80, closed = 1799999000000, due = null, grade = 5 where ticket % 17 = 0 and state < 80;
	update ticket set state = 40, closed = null, due = 1800000000001, dept = (select dept from department where region = '232701' order by dept limit 1)
		where ticket % 19 = 0 and state >= 80;
	update ticket set state = 90 where ticket % 7 = 0 and state = 80;
	update ticket set title = '改为供暖投诉', body = '已改正' where ticket % 23 = 0;
	update ticket set state = 35, matter = '0301' where ticket % 3 = 0 and state in (20, 40);
	perform pg_temp.must((select count(*) from search_due) between 100 and 500, 'what changed of closed ones and of texts waits');
	perform pg_temp.must(pg_temp.read_all((select account from account where login = 'duban'), jsonb_build_object('filter', f, 'limit', 200, 'at', 1800000000000))
			= array(select ticket from ticket t where (not f ? 'open' or t.state >= 80) and (not f ? 'state' or t.state = (f#>>'{state,0}')::int)
				order by accepted desc, ticket desc), 'as it is now, not as it was read: ' || f::text)
		from (values ('{"open": false}'::jsonb), ('{"state": [80]}'), ('{"state": [90]}'), ('{"state": [40]}')) x (f);
	held := held + pg_temp.compare(25);
	perform pg_temp.fill(3);
	held := held + pg_temp.compare(15);
	perform pg_temp.fill(100);
	held := held + pg_temp.compare(25);
	perform pg_temp.must(held > 50, 'only ' || held || ' searches found anything: the check is worth little');
end $$;

-- What a move of an open ticket pays: nothing is noted.
do $$ begin
	update ticket set state = 40, ver = ver + 1, dept = dept + 0, due = due + 1 where state = 35;
	perform pg_temp.must(not exists (select from search_due), 'a move of an open ticket is none of the index''s business');
	perform likeness_fill(0, null, jsonb_build_object('rows', (select jsonb_agg(jsonb_build_object('id', ticket, 'keys', '[]'::jsonb)) from
		(select ticket from ticket order by ticket limit 3) x)));
	perform pg_temp.must(not exists (select from search_due), 'what did not wait for likeness does not wait for the search');
	insert into likeness_due select ticket from ticket order by ticket limit 3;
	perform likeness_fill(0, null, jsonb_build_object('rows', (select jsonb_agg(jsonb_build_object('id', ticket, 'keys', '[]'::jsonb)) from
		(select ticket from ticket order by ticket limit 3) x)));
	perform pg_temp.must((select count(*) from search_due) = 3, 'what was read for likeness is read for the search next');
	perform pg_temp.fill(9);
end $$;

-- An export reads the same rows in the same order, each once, whatever moves between two of its pages.
create function pg_temp.exported(who integer, f jsonb, order_by text) returns bigint[] language plpgsql as $$
declare
	e export;
	page jsonb;
	after text;
	numbers text[] := '{}';
begin
	insert into export (account, format, filter, sort, state, asked, begun)
		values (who, 'csv', f, order_by, 'running', 1800000000000, 1800000000000) returning * into e;
	loop
		page := (select body::jsonb from export_page(0, null, jsonb_build_object('export', e.export, 'run', e.run, 'done', cardinality(numbers),
			'limit', 30, 'terms', '{"kind": {}, "urgency": {}, "secrecy": {}, "channel": {}, "grade": {}}'::jsonb, 'at', 1800000000000)
			|| case when after is null then '{}' else jsonb_build_object('after', after) end));
		numbers := numbers || array(select value->>0 from jsonb_array_elements(page->'rows'));
		after := page->>'next';
		exit when after is null;
		-- The first of the list becomes its last, and the last its first.
		update ticket set changed = changed + 1000, due = due + 100000 where number = numbers[1];
		update ticket set changed = changed + 5000, due = 1000 where ticket = (select max(ticket) from ticket where state < 80);
	end loop;
	perform pg_temp.must(page->'about' is not null, 'the last page tells what the list is');
	perform from export_cancel(who, gen_random_uuid(), jsonb_build_object('export', e.export, 'at', 1800000000000));
	perform pg_temp.must((select tickets is null and state = 'cancelled' from export where export = e.export), 'the fixed list goes with the export');
	return array(select ticket from unnest(numbers) with ordinality u (number, n) join ticket using (number) order by n);
end $$;

do $$
declare
	who integer := (select account from account where login = 'duban');
	told record;
	listed bigint[];
	seen bigint[];
begin
	for told in values ('newest', '{"text": "供暖", "matter": ["01"]}'::jsonb), ('oldest', '{"text": "供暖", "matter": ["01"]}'),
			('closed', '{"text": "供暖", "matter": ["01"]}'), ('changed', '{"text": "供暖", "matter": ["01"]}'), ('due', '{"open": true}') loop
		listed := pg_temp.read_all(who, jsonb_build_object('filter', told.column2, 'sort', told.column1, 'limit', 50, 'at', 1800000000000));
		seen := pg_temp.exported(who, told.column2, told.column1);
		perform pg_temp.must(cardinality(seen) > 30 and seen = listed, 'an export in order ' || told.column1);
	end loop;
	insert into export (account, format, filter, sort, state, asked, begun)
		values (who, 'csv', '{}', 'newest', 'running', 1800000000000, 1800000000000);
	insert into search_due select ticket from ticket limit 501;
	perform pg_temp.must((select body from export_page(0, null, (select jsonb_build_object('export', max(export), 'run', 0, 'done', 0, 'limit', 30,
		'after', '1800000000000.0', 'terms', '{}'::jsonb, 'at', 1800000000000) from export))) = '{"wait": true}', 'it waits for what is not read, on any page');
	perform pg_temp.fill(501);
end $$;

-- Refusals name the field; a key that no list gave is told so.
do $$
declare
	who integer := (select account from account where login = 'duban');
	bad record;
	answer outcome;
begin
	for bad in select * from (values ('{"text": "热"}'::jsonb, 'newest', null, 'filter.text'), ('{"text": "，。！"}', 'newest', null, 'filter.text'),
		('{"text": "供暖 a"}', 'newest', null, 'filter.text'), ('{"text": "一二 三四 五六 七八 九十 甲乙 丙丁 戊己 庚辛"}', 'newest', null, 'filter.text'),
		('{"number": "12345"}', 'newest', null, 'filter.number'), ('{"number": "abcdef"}', 'newest', null, 'filter.number'),
		('{"accepted_from": "2026-03-02", "accepted_to": "2026-03-01"}', 'newest', null, 'filter.accepted_to'),
		('{"closed_from": "2026-03-02", "closed_to": "2026-03-01"}', 'newest', null, 'filter.closed_to'),
		('{}', 'due', null, 'sort'), ('{}', 'newest', 'x', 'after'), ('{}', 'newest', '1', 'after'), ('{}', 'oldest', '1.99999999999999999999', 'after'),
		('{}', 'newest', '-1.2', 'after')) x (filter, sort, after, field) loop
		answer := ticket_search(who, null, jsonb_strip_nulls(jsonb_build_object('filter', bad.filter, 'sort', bad.sort, 'after', bad.after, 'at', 1800000000000)));
		perform pg_temp.must(answer.kind = 'refused' and (answer.body::json->'fields'->>bad.field) is not null, bad::text || ' gives ' || answer::text);
	end loop;
end $$;

-- A unit asks by no caller's number; what is nobody's to see is found by none.
do $$
declare answer outcome;
begin
	answer := ticket_search((select account from account where role = 2 order by account limit 1), null,
		'{"filter": {"phone_index": "caller 7"}, "at": 1800000000000}');
	perform pg_temp.must(answer.kind = 'refused' and answer.body::json#>>'{fields,filter.phone}' is not null, 'a unit asks by no number');
	answer := ticket_search((select account from account where role = 8 order by account limit 1), null, '{"filter": {}, "at": 1800000000000}');
	perform pg_temp.must(json_array_length(answer.body::json->'rows') = 0, 'an administrator sees no tickets');
end $$;

-- An order for which all matches are gathered: five thousand at most.
do $$
declare
	who integer := (select account from account where login = 'duban');
	answer outcome;
begin
	insert into ticket (number, ver, state, kind, urgency, secrecy, channel, region, title, body, agent, accepted, closed, changed, chain)
		select 'M' || i, 1, 80, 1, 0, 0, 1, '232701', '成批工单' || i, case when i <= 100 then '成批工单供暖中断' else '成批工单供暖，暖中断' end, 1, 1790000000000 + i, 1790000000000 + i, 1, '' from generate_series(1, 5200) i;
	insert into search_due select ticket from ticket where number like 'M%' on conflict do nothing;
	perform pg_temp.fill(100);
	answer := ticket_search(who, null, '{"filter": {"text": "成批工单"}, "sort": "changed", "at": 1800000000000}');
	perform pg_temp.must(answer.kind = 'refused' and answer.body::json#>>'{fields,sort}' like '%再缩小范围%', 'too many to be put in that order');
	perform pg_temp.must(cardinality(pg_temp.read_all(who, '{"filter": {"text": "成批工单"}, "limit": 200, "at": 1800000000000}')) = 5200, 'but all are listed');
	perform pg_temp.must(cardinality(pg_temp.read_all(who, '{"filter": {"channel": [1], "text": "成批工单1"}, "sort": "oldest", "limit": 200, "at": 1800000000000}')) = 1111,
		'oldest first as well');
	perform pg_temp.must(cardinality(pg_temp.read_all(who, '{"filter": {"text": "成批工单供暖中断"}, "limit": 50, "at": 1800000000000}')) = 100,
		'behind thousands that have all its pairs');
	answer := ticket_count(who, null, '{"filter": {"text": "工单"}, "at": 1800000000000}');
	perform pg_temp.must((answer.body::json->>'count')::int = 5200 or not (answer.body::json->>'exact')::boolean, 'counted');
end $$;
rollback;
