-- Checks bulletins and exports where the wire does not reach: periods at the edges of years, what was overdue at a past
-- instant against a slow recount from the events, which bulletins the clock wants, the words, and what is masked.

begin;

do $$
begin
	assert bulletin_first('week', '2026-11-29') = '2026-11-23' and bulletin_last('week', '2026-11-23') = '2026-11-29', 'weeks begin on Monday';
	assert bulletin_first('month', '2028-02-29') = '2028-02-01' and bulletin_last('month', '2028-02-01') = '2028-02-29', 'a leap month';
	assert bulletin_before('month', '2026-01-01') = '2025-12-01' and bulletin_before('week', '2026-01-05') = '2025-12-29';
	assert bulletin_year_ago('day', '2028-02-29') = '2027-02-28', 'a leap day';
	assert bulletin_year_ago('week', '2026-11-23') = '2025-11-24', 'the same ISO week';
	assert bulletin_year_ago('week', '2026-12-28') is null, '2025 has no week 53';
	assert bulletin_label('week', '2026-12-28') = '2026年第53周（12月28日—1月3日）', bulletin_label('week', '2026-12-28');
	assert bulletin_label('day', '2026-03-05') = '2026年3月5日' and bulletin_label('month', '2026-03-01') = '2026年3月';
	assert bulletin_place('232700') and bulletin_place('232761') and not bulletin_place('232761002') and not bulletin_place('x');
end $$;

-- The days of the test end on 2026-11-29 at 24:00.
\set months_until 2026-11-30
\set months_days 25
\set months_daily 20
\ir ../support/months.sql

-- Overdue at an instant, the slow way: each ticket's events are read in order until then.
create or replace function pg_temp.overdue(until_ms bigint, scope text) returns bigint[] language plpgsql as $$
declare
	found bigint[] := '{}';
	t bigint;
	e ticket_event;
	last_one ticket_event;
begin
	for t in select ticket from ticket where scope = '232700' or region = scope order by ticket loop
		last_one := null;
		for e in select * from ticket_event where ticket = t order by seq loop
			if e.at < until_ms then last_one := e; end if;
		end loop;
		if last_one.to_state < 80 and last_one.due < until_ms then found := found || t; end if;
	end loop;
	return found;
end $$;

do $$
declare
	until_ms bigint;
	scope text;
	wanted bigint[];
begin
	foreach until_ms in array array[date_ms('2026-11-10'), date_ms('2026-11-20') + 43200000, date_ms('2026-11-30'), date_ms('2026-12-20')] loop
		foreach scope in array array['232700', '232701', '232761'] loop
			wanted := pg_temp.overdue(until_ms, scope);
			assert wanted = array(select ticket from bulletin_overdue_at(until_ms, scope) order by 1), until_ms || ' ' || scope;
			assert until_ms < date_ms('2026-11-20') or scope <> '232700' or cardinality(wanted) > 3, 'there is something to compare';
		end loop;
	end loop;
	-- At an instant after all events it is the very list of the console.
	assert array(select ticket from bulletin_overdue_at(date_ms('2027-03-01'), '232700') order by 1)
		= array(select ticket from ticket where state < 80 and due < date_ms('2027-03-01') order by 1);
	assert (select bool_and((line->>'title' = '（保密件）') = (secrecy > 0)) from bulletin_lines(date_ms('2026-12-20'), '232700') join ticket using (ticket));
	assert (select min((line->>'days')::int) from bulletin_lines(date_ms('2026-12-20'), '232700')) >= 1;
end $$;

-- What the clock wants on the last day at noon, and after that ten minutes past midnight.
do $$
declare
	wish jsonb;
	n integer := 0;
	kinds text[] := '{}';
begin
	perform bulletin_due(date_ms('2026-11-30') + 599999);
	assert not exists (select from bulletin_wish where begun = '2026-11-29'), 'not before ten past midnight';
	perform bulletin_due(date_ms('2026-11-30') + 600000);
	assert exists (select from bulletin_wish where begun = '2026-11-29' and kind = 'day');
	assert exists (select from bulletin_wish where begun = '2026-11-23' and kind = 'week'), 'Sunday ended a week';
	assert not exists (select from bulletin_wish where begun = '2026-11-01' and kind = 'month'), 'the month goes on';
	assert not exists (select from bulletin_wish where begun < '2026-11-01'), 'before the first ticket there is nothing to tell';
	assert (select count(distinct region) from bulletin_wish) = 2, 'the places that somebody supervises';
	insert into bulletin_wish values ('month', '2026-11-01', '232700', (select account from account where login = 'duban'), null, date_ms('2026-12-02'));
	loop
		wish := (select body::jsonb from bulletin_next(0, null, jsonb_build_object('at', date_ms('2026-12-02'))));
		exit when wish = '{}';
		if n = 0 then assert wish->>'kind' = 'month', 'who waits goes first'; end if;
		n := n + 1;
		kinds := kinds || (wish->>'kind');
		exit when n > 3;
		assert (select body::jsonb->>'bulletin' from bulletin_make(0, null, wish || jsonb_build_object('at', date_ms('2026-12-02'),
			'terms', '{"kind": {"1": "咨询"}, "channel": {}}'::jsonb))) is not null;
	end loop;
	-- The wish that was leased last is not given out again while its lease runs.
	assert (select count(*) from bulletin_wish where lease > 0) = 1;
	-- Whoever comes second finds that nobody wishes it any more.
	assert (select body::jsonb->>'bulletin' from bulletin_make(0, null, jsonb_build_object('kind', 'month', 'begun', '2026-11-01',
		'region', '232700', 'at', date_ms('2026-12-02'), 'terms', '{}'::jsonb))) is null;
	assert (select count(*) from bulletin where kind = 'month') = 1;
end $$;

-- The words follow from the figures.
do $$
declare
	d jsonb := (select document from bulletin where kind = 'month');
	said jsonb;
begin
	assert d->>'title' = '大兴安岭地区12345政务服务便民热线运行月报', d->>'title';
	assert (d->'volume'->'accepted'->>'now')::int = (select count(*) from ticket where accepted >= date_ms('2026-11-01') and accepted < date_ms('2026-12-01'));
	assert d->'volume'->'accepted'->'prev' = 'null' and not (d->'compare'->'prev'->>'known')::boolean, 'nothing before: no comparison';
	assert d->'summary'->>0 not like '%环比%', d->'summary'->>0;
	d := jsonb_set(d, '{volume,accepted}', '{"now": 90, "prev": 120, "year": 90}');
	d := jsonb_set(d, '{rising}', '[{"name": "停电", "prev": 2, "now": 9}]');
	d := jsonb_set(d, '{overdue}', '{"count": 0, "units": 0, "days": null}');
	said := bulletin_summary(d);
	assert said->>0 like '本月大兴安岭地区12345热线共受理诉求 90 件，环比下降 25.0\%，同比持平。%', said->>0;
	assert said->>1 like '%上升较快的有停电（2 件升至 9 件）。', said->>1;
	assert said->>3 = '截至期末没有超期在办工单。', said->>3;
	assert bulletin_change('环比', 3, 0) = '，环比增加 3 件' and bulletin_change('环比', 3, null) = '';
end $$;

-- Numbers that name a person leave no export in the clear; others stay.
do $$
declare x record;
begin
	for x in select * from (values
		('电话13845670001', '电话138****0001'), ('138 4567 0002。', '138****0002。'), ('１３８４５６７０００３', '１３８****０００３'),
		('身份证232700199001011234，', '身份证232700***********4，'), ('23270019900101123x', '232700***********x'),
		('0457-2123456', '0457-*****56'), ('工单232720261129000001', '工单232720261129000001'), ('编号13845678901234', '编号13845678901234'),
		('12345热线，110，第3号楼，2026年11月29日', '12345热线，110，第3号楼，2026年11月29日'), (null, null)) v (said, wanted) loop
		assert export_masked(x.said) is not distinct from x.wanted, x.said || ' → ' || export_masked(x.said);
	end loop;
end $$;

-- One export at a time goes to one process, and after its lease to another, who begins anew.
do $$
declare
	who integer := (select account from account where login = 'duban');
	first jsonb;
	again jsonb;
	page jsonb;
	n integer := 0;
	last_key text;
	now_ms bigint := date_ms('2026-12-02');
	lease jsonb := '{"holder": "a", "lease_ms": 60000}';
begin
	delete from search_due;
	insert into export (account, format, filter, sort, asked) values (who, 'csv', '{"open": true}', 'newest', now_ms);
	first := (select body::jsonb from export_take(0, null, lease || jsonb_build_object('at', now_ms)));
	assert (select body from export_take(0, null, lease || jsonb_build_object('at', now_ms + 59999))) = '{}', 'leased';
	again := (select body::jsonb from export_take(0, null, lease || jsonb_build_object('at', now_ms + 60001)));
	assert again->'export' = first->'export' and (again->>'run')::int = 2, again::text;
	assert (select kind from export_page(0, null, first || '{"limit": 10, "done": 0, "terms": {}}' || jsonb_build_object('at', now_ms))) = 'refused', 'the old run is stale';
	assert (select body::jsonb->>'go' from export_step(0, null, first || lease || jsonb_build_object('done', 1, 'at', now_ms))) = 'false';
	loop
		page := (select body::jsonb from export_page(0, null, again || jsonb_build_object('limit', 7, 'done', n, 'terms', '{}'::jsonb, 'at', now_ms)
			|| case when last_key is null then '{}' else jsonb_build_object('after', last_key) end));
		assert not page ? 'wait', 'everything has been read';
		n := n + jsonb_array_length(page->'rows');
		last_key := page->>'next';
		exit when last_key is null or n > 10000;
		assert not page ? 'about';
	end loop;
	assert page->'about'->4->>1 = n::text, page->>'about';
	assert n = (select count(*) from ticket where state < 80), n::text;
	assert (select total = n and exact from export where export = (first->>'export')::bigint);
	assert (select body::jsonb->'drop' from export_sweep(0, null, jsonb_build_object('at', now_ms, 'names',
		jsonb_build_array((first->>'export') || '-1.part', (first->>'export') || '-2.part', 'other', '../x'))))
		= jsonb_build_array((first->>'export') || '-1.part'), 'what an old run left goes, and nothing that is not an export''s';
end $$;

rollback;
