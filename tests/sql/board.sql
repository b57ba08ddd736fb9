-- Checks the board on random tickets, ratings and calls: each figure equals a slow recount of it.

begin;
do $$ begin perform setseed(0.2468); end $$;

-- 2026-11-22 10:00 in Beijing, whose day began at 1795276800000; a third of all is of the day before.
insert into ticket (number, ver, state, kind, urgency, secrecy, channel, region, title, body, dept, agent,
	accepted, due, warn, dispatched, closed, changed, chain)
select 'T' || i, 1, s.state, 1, 0, 0, 1, d.region, '标题', '正文',
	case when s.state in (15, 20, 30) then null else d.dept end, 0, s.began,
	case when s.state < 90 then s.began + s.span end, case when s.state < 90 then s.began + s.span * 3 / 4 end,
	case when s.state > 30 then s.began + s.span % 7000 end,
	case when s.state >= 80 then s.began + s.span end, s.began + s.span % 9000, ''
from generate_series(1, 300) i
	cross join lateral (select (array[15, 20, 30, 35, 38, 39, 40, 40, 45, 50, 55, 60, 65, 80, 82, 90])[1 + floor(random() * 16 + i * 0)::int] as state,
		1795276800000 + floor((random() * 1.5 - 0.5) * 36000000 + i * 0)::bigint as began,
		floor(random() * 40000000 + i * 0)::bigint as span) s
	cross join lateral (select dept, region from department
		where region in ('232700', '232701', '232761') and i > 0 order by random() limit 1) d;
update ticket set accepted = 1795276800000 where number = 'T1';      -- midnight is of the new day
update ticket set accepted = 1795276799999 where number = 'T2';      -- a millisecond before is not
update ticket set alarm = case when due < 1795312800000 then 2 + ticket % 4 else ticket % 2 end where state < 80;
update ticket set asked = case when ticket % 2 = 0 then 'extend' else 'pause' end where state = 40 and ticket % 5 < 2;
insert into supervision (number, ticket, level, region, text, account, at, due, warn, late, closed)
select 'DB' || ticket, ticket, 1, region, '督办', 0, accepted, due, warn, ticket % 4 = 0,
	case when ticket % 3 = 0 then changed end from ticket where due is not null and ticket % 2 = 0;
insert into alert (kind, dept, region, fault, tickets, text, at, closed)
select 'fault', dept, region, 1 + ticket % 7, array[ticket], '预警', changed, case when ticket % 3 = 0 then changed end
from ticket where dept is not null and ticket % 5 = 0;
insert into evaluation (ticket, round, grade, account, region, at)
select ticket, 1, 1 + floor(random() * 5)::int, 0, region, closed from ticket where closed is not null;
insert into call (call, state, caller, caller_index, caller_mask, rang, answered)
select 'c' || i, case when i % 5 = 0 then 'waiting' else 'ended' end, '', '', '', c.rang,
	case when i % 5 in (1, 2, 3) then c.rang + floor(random() * 30000)::bigint end
from generate_series(1, 60) i
	cross join lateral (select 1795276800000 + floor((random() * 1.5 - 0.5) * 36000000 + i * 0)::bigint as rang) c;
insert into agent_seat (account, state, since)
select account, account % 6, 0 from account where role = 1;

create or replace function pg_temp.recount(scope text, now_ms bigint) returns jsonb language plpgsql as $$
declare
	began bigint := extract(epoch from date_trunc('day', to_timestamp(now_ms / 1000.0) at time zone 'Asia/Shanghai')
		at time zone 'Asia/Shanghai') * 1000;
	t ticket;
	v evaluation;
	c call;
	states jsonb := (select jsonb_object_agg(state, 0) from flow_state where open);
	figures jsonb;
	open int := 0; overdue int := 0; soon int := 0; accepted int := 0; closed int := 0;
	grades int[] := '{0,0,0,0,0}';
	review int := 0; red int := 0; yellow int := 0; orders int := 0; late int := 0; alerts int := 0;
	o supervision;
	x alert;
	calls int := 0; answered int := 0; waiting int := 0; quick int := 0;
	waits bigint[] := '{}';
begin
	for t in select * from ticket loop
		continue when scope <> '232700' and t.region <> scope;
		if t.accepted >= began then
			accepted := accepted + 1;
			if t.dispatched is not null then waits := waits || (t.dispatched - t.accepted); end if;
		end if;
		if t.closed >= began then closed := closed + 1; end if;
		continue when t.state >= 80;
		open := open + 1;
		states := jsonb_set(states, array[t.state::text], to_jsonb((states->>t.state::text)::int + 1));
		if t.due < now_ms then overdue := overdue + 1; elsif t.warn <= now_ms then soon := soon + 1; end if;
		if t.state = 38 or t.state = 50 or t.asked in ('extend', 'pause') then review := review + 1; end if;
		if t.alarm = 1 then yellow := yellow + 1; elsif t.alarm > 1 then red := red + 1; end if;
	end loop;
	for v in select * from evaluation where at >= began loop
		continue when scope <> '232700' and v.region <> scope;
		grades[v.grade] := grades[v.grade] + 1;
	end loop;
	for o in select * from supervision loop
		continue when o.closed is not null or scope <> '232700' and o.region <> scope;
		orders := orders + 1;
		if o.late then late := late + 1; end if;
	end loop;
	for x in select * from alert loop
		if x.closed is null and scope in ('232700', x.region) then alerts := alerts + 1; end if;
	end loop;
	for c in select * from call loop
		if c.state = 'waiting' then waiting := waiting + 1; end if;
		continue when c.rang < began;
		calls := calls + 1;
		if c.answered is not null then answered := answered + 1; end if;
		if c.answered - c.rang <= 15000 then quick := quick + 1; end if;
	end loop;
	waits := array(select w from unnest(waits) w order by w);
	return jsonb_build_object('open', open, 'overdue', overdue, 'soon', soon, 'accepted_today', accepted,
		'closed_today', closed, 'grades', to_jsonb(grades), 'states', states, 'review', review,
		'dispute', states->'39', 'verify', states->'65', 'red', red, 'yellow', yellow,
		'orders', jsonb_build_object('open', orders, 'late', late), 'alerts', alerts,
		'calls', jsonb_build_array(calls, answered, waiting, quick),
		'dispatch', jsonb_build_array(cardinality(waits), waits[ceil(cardinality(waits) * 0.5)],
			waits[ceil(cardinality(waits) * 0.99)], waits[cardinality(waits)]));
end $$;

-- The same figures out of a board.
create or replace function pg_temp.figures(b jsonb) returns jsonb language sql as $$
	select jsonb_build_object('open', b->'open', 'overdue', b->'overdue', 'soon', b->'soon',
		'accepted_today', b->'accepted_today', 'closed_today', b->'closed_today', 'grades', b->'ratings'->'grades',
		'review', b->'review', 'dispute', b->'dispute', 'verify', b->'verify', 'red', b->'red', 'yellow', b->'yellow',
		'orders', b->'orders', 'alerts', b->'alerts',
		'states', (select jsonb_object_agg(x->>'state', x->'count') from jsonb_array_elements(b->'states') x),
		'calls', jsonb_build_array(b#>'{calls,today}', b#>'{calls,answered}', b#>'{calls,waiting}', b#>'{calls,within15}'),
		'dispatch', jsonb_build_array(b#>'{dispatch,count}', b#>'{dispatch,p50}', b#>'{dispatch,p99}', b#>'{dispatch,max}'))
$$;

-- Rows of the board by unit and by region, recounted one by one.
create or replace function pg_temp.row_faults(b jsonb, now_ms bigint) returns setof text language sql as $$
	select format('unit %s', x) from jsonb_array_elements(b->'departments') x
	where ((x->>'open')::int, (x->>'sign')::int, (x->>'handling')::int, (x->>'overdue')::int, (x->>'soon')::int,
			(x->>'oldest')::bigint) is distinct from
		(select (count(*)::int, (count(*) filter (where state = 35))::int, (count(*) filter (where state = 40))::int,
			(count(*) filter (where due < now_ms))::int, (count(*) filter (where due >= now_ms and warn <= now_ms))::int,
			min(coalesce(since, dispatched, changed)) filter (where state = 35))
			from ticket where state < 80 and dept = (x->>'dept')::int and b->>'region' in ('232700', region))
	union all
	select format('region %s', x) from jsonb_array_elements(b->'regions') x
	where ((x->>'open')::int, (x->>'overdue')::int, (x->>'soon')::int, (x->>'today')::int) is distinct from
		(select ((count(*) filter (where state < 80))::int, (count(*) filter (where state < 80 and due < now_ms))::int,
			(count(*) filter (where state < 80 and due >= now_ms and warn <= now_ms))::int,
			(count(*) filter (where accepted >= 1795276800000))::int)
			from ticket where region = x->>'region')
	union all
	select 'a unit with open tickets is missing' where
		(select count(distinct dept) from ticket where state < 80 and b->>'region' in ('232700', region))
		<> jsonb_array_length(b->'departments')
$$;

do $$
declare
	scope text;
	now_ms bigint := 1795312800000;
	board jsonb;
	fault text;
begin
	foreach scope in array array['232700', '232701', '232722'] loop
		board := board_of(scope, now_ms);
		if pg_temp.figures(board) is distinct from pg_temp.recount(scope, now_ms) then
			raise exception E'board of %: %\nrecounted:         %', scope, pg_temp.figures(board), pg_temp.recount(scope, now_ms);
		end if;
		fault := (select string_agg(x, '; ') from pg_temp.row_faults(board, now_ms) x);
		if fault is not null then raise exception 'board of %: wrong %', scope, fault; end if;
	end loop;
	board := board_of('232700', now_ms);
	if 0 in ((board->>'review')::int, (board->>'dispute')::int, (board->>'verify')::int, (board->>'red')::int,
			(board->>'yellow')::int, (board#>>'{orders,late}')::int, (board->>'alerts')::int) then
		raise exception 'a figure that is nought is not checked: %', board;
	end if;
	if (board_of('232700', now_ms)::jsonb#>>'{ratings,rate}')::numeric is distinct from
		(select (count(*) filter (where grade >= 3))::numeric / nullif(count(*), 0) from evaluation where at >= 1795276800000) then
		raise exception 'the rate is not that of the grades';
	end if;
	if (board_of('232700', now_ms)::jsonb->'agents') is distinct from
		(select jsonb_object_agg(name, (select count(*) from agent_seat s where s.state = n - 1))
			from unnest(array['offline', 'busy', 'ready', 'ringing', 'talking', 'wrapup']) with ordinality x (name, n)) then
		raise exception 'agents are miscounted';
	end if;
	if day_start(1795276800000) <> 1795276800000 or day_start(1795276799999) <> 1795190400000 then
		raise exception 'the day does not begin at midnight in Beijing';
	end if;
end $$;
rollback;
