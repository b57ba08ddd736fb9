-- Checks the lists on random tickets: pages give each ticket once, in order, and nobody sees beyond their scope.

begin;
do $$ begin perform setseed(0.12345); end $$;

-- What a list must hold, said a second time: by account, view and filter.
create or replace function pg_temp.expected(a account, p jsonb, now_ms bigint) returns bigint[]
language sql as $$
	select coalesce(array_agg(ticket order by
		case when p->>'view' = 'mine' then -ticket else coalesce(due, 9000000000000000) end, ticket), '{}')
	from ticket t
	where case p->>'view'
			when 'inbox' then state in (35, 40)
			when 'done' then state in (50, 55, 60, 65)
			when 'callback' then state in (55, 60)
			when 'pool' then state in (15, 20, 30)
			when 'sent_back' then state in (38, 39)
			when 'paused' then state = 45
			when 'review' then state in (38, 50) or asked is not null
			when 'dispute' then state = 39
			when 'verify' then state = 65
			when 'overdue' then state < 80 and due < now_ms
			when 'soon' then state < 80 and due >= now_ms and warn <= now_ms
			when 'mine' then agent = a.account
			else state < 80 end
		and (a.role <> 2 or dept = a.dept)
		and (a.role <> 4 or a.region in ('232700', region))
		and a.role <> 8
		and (p->'dept' is null or dept = (p->>'dept')::int)
		and (p->'region' is null or region = p->>'region')
		and (p->'state' is null or state = (p->>'state')::int)
$$;

-- The list read to its end, page by page.
create or replace function pg_temp.read_all(who integer, p jsonb) returns bigint[] language plpgsql as $$
declare
	page json;
	seen bigint[] := '{}';
	ids bigint[];
	total bigint;
begin
	loop
		page := (select body from ticket_list(who, null, p));
		ids := array(select (value->>'id')::bigint from json_array_elements(page->'rows'));
		seen := seen || ids;
		total := coalesce(total, (page->>'total')::bigint);
		if coalesce(array_length(ids, 1), 0) > (p->>'limit')::int then
			raise exception '% %: a page of % rows', who, p, array_length(ids, 1);
		end if;
		exit when page->>'next' is null;
		p := p || jsonb_build_object('after', page->>'next');
	end loop;
	if total <> coalesce(array_length(seen, 1), 0) then
		raise exception '% %: total says %, the pages hold %', who, p, total, array_length(seen, 1);
	end if;
	return seen;
end $$;

-- 400 tickets of few deadlines, so that most tie. Deadlines lie around one instant: 1 800 000 000 000.
insert into ticket (number, ver, state, kind, urgency, secrecy, channel, region, title, body, dept, agent,
	accepted, due, warn, changed, chain)
select 'T' || i, 1, s.state, 1, 0, i % 2, 1, d.region, '标题', '正文',
	case when s.state in (15, 20, 30) then null else d.dept end, a.account, 1799990000000 + i,
	case when s.state < 90 then 1800000000000 + s.step * 1000 end,
	case when s.state < 90 then 1800000000000 + s.step * 1000 - 2500 end, 1799990000000 + i, ''
from generate_series(1, 400) i
	cross join lateral (select (array[15, 20, 30, 35, 38, 39, 40, 45, 50, 55, 60, 65, 80, 82, 85, 90])[1 + floor(random() * 16 + i * 0)::int] as state,
		floor(random() * 9 + i * 0)::int - 4 as step) s
	cross join lateral (select dept, region from department
		where region in ('232700', '232701', '232761') and i > 0 order by random() limit 1) d
	cross join lateral (select account from account where role = 1 and i > 0 order by random() limit 1) a;
update ticket set asked = 'extend' where state = 40 and ticket % 3 = 0;
insert into contact (ticket, phone, phone_index, phone_mask) select ticket, '1:x', 'one caller', '138' from ticket;

do $$
declare
	a account;
	p jsonb;
	now_ms bigint := 1800000000000;
	got bigint[];
	want bigint[];
	nonempty integer := 0;
begin
	for a in select * from account where role not in (16, 32) loop
		for p in
			select jsonb_strip_nulls(jsonb_build_object('view', view, 'at', now_ms, 'limit', 7) || filter)
			from unnest(array['inbox', 'done', 'mine', 'callback', 'pool', 'open', 'overdue', 'soon',
				'review', 'dispute', 'verify', 'paused', 'sent_back']) view,
				(values ('{}'::jsonb), (jsonb_build_object('dept', a.dept)), ('{"dept": 2402}'), ('{"region": "232701"}'),
					('{"state": 35}'), ('{"state": 90}'), ('{"region": "232700", "state": 20}')) filters (filter)
		loop
			got := pg_temp.read_all(a.account, p);
			want := pg_temp.expected(a, p, now_ms);
			nonempty := nonempty + (want <> '{}')::int;
			if got is distinct from want then
				raise exception 'list of % (role %) with % is % instead of %', a.login, a.role, p, got, want;
			end if;
		end loop;
	end loop;
	if nonempty < 100 then raise exception 'only % lists held anything: the check is worth little', nonempty; end if;
end $$;

-- A key that no list gave is told so; it is no error.
do $$
declare answer outcome;
	bad text;
begin
	foreach bad in array array['x', '.', '1.', '.1', '1.x', '-1.2', '1.2.3', '99999999999999999999.1', '1.99999999999999999999', ' 1.1']
	loop
		answer := ticket_list((select account from account where login = '1001'), null,
			jsonb_build_object('view', 'open', 'at', 1, 'after', bad));
		if answer.kind <> 'refused' or answer.body::json->>'code' <> 'bad_params' then
			raise exception 'the key "%" gives %', bad, answer;
		end if;
	end loop;
end $$;

-- One ticket at a time and by caller: the same scope as in lists.
do $$
declare
	a account;
	t ticket;
	may boolean;
	history json;
	row json;
begin
	for a in select * from account where role in (1, 2, 4) loop
		for t in select * from ticket where ticket % 7 = 0 loop
			may := a.role = 1 or a.role = 2 and a.dept is not distinct from t.dept
				or a.role = 4 and a.region in ('232700', t.region);
			if ((select kind from ticket_get(a.account, null, jsonb_build_object('id', t.ticket, 'at', 1))) = 'reply') <> may
				or ((select kind from ticket_find(a.account, null, jsonb_build_object('number', t.number, 'at', 1))) = 'reply') <> may
			then
				raise exception '% sees or misses ticket % of % against the rules', a.login, t.ticket, t.dept;
			end if;
			if may and a.role = 2 and t.secrecy > 0 and (select body::json->>'phone_mask'
				from ticket_get(a.account, null, jsonb_build_object('id', t.ticket, 'at', 1))) <> '保密' then
				raise exception '% sees the mask of a secret ticket', a.login;
			end if;
		end loop;
		continue when a.role = 2;
		history := (select body from caller_history(a.account, null, '{"phone_index": "one caller"}'));
		for row in select * from json_array_elements(history->'open')
				union all select * from json_array_elements(history->'past') loop
			if a.role = 4 and a.region not in ('232700', row->>'region') then
				raise exception '% sees a ticket of % by its caller', a.login, row->>'region';
			end if;
		end loop;
	end loop;
end $$;
rollback;
