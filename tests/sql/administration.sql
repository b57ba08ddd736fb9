-- Checks what supervisors and administrators read and change beside the tickets: limits, calendar, the drawing for
-- 质检, 承办单, 督办, alerts, precedents. Who may call is the server's; whose rows they see is asked here.

begin;
create or replace function pg_temp.must(holds boolean, what text) returns void language plpgsql as $$
begin
	if holds is not true then raise exception '%', what; end if;
end $$;

create or replace function pg_temp.account_of(who text) returns integer language sql as $$ select account from account where login = who $$;

-- What a function answers first: its body, and the kind of that outcome as "outcome".
create or replace function pg_temp.ask(f text, who text, p jsonb default '{}', req uuid default gen_random_uuid()) returns jsonb
language plpgsql as $$
declare answer jsonb;
begin
	execute format('select jsonb_build_object(''outcome'', kind) || body::jsonb from %I($1, $2, $3) limit 1', f)
		into answer using pg_temp.account_of(who), req, p || '{"at": 1795276800000}';
	return answer;
end $$;

-- Refused, with these words in the sentence for this field (or as the sentence of code rule).
create or replace function pg_temp.no(f text, who text, p jsonb, field text, words text) returns void language plpgsql as $$
declare said jsonb := pg_temp.ask(f, who, p);
begin
	if said->>'outcome' <> 'refused' or position(words in coalesce(said->'fields'->>field, said->>'sentence', '')) = 0 then
		raise exception '% % should have been refused at % with "%": %', f, p, field, words, said;
	end if;
end $$;

create or replace function pg_temp.limit_of(wanted text) returns text language sql as $$
	select amount || unit from time_limit where key = wanted
$$;

-- Limits: times stay times, no unit that the rule behind it cannot reckon, each change on record.
do $$
declare
	said jsonb;
	req uuid := gen_random_uuid();
	k text;
	n integer;
begin
	said := pg_temp.ask('limit_set', 'admin', '{"key": "sign_normal", "amount": 3, "unit": "h", "reason": "试行"}', req);
	perform pg_temp.must(said->>'outcome' = 'reply' and pg_temp.limit_of('sign_normal') = '3h', 'a limit is changed');
	said := pg_temp.ask('limit_set', 'admin', '{"key": "sign_normal", "amount": 9, "unit": "h", "reason": "x"}', req);
	perform pg_temp.must(said->>'outcome' = 'reply' and pg_temp.limit_of('sign_normal') = '3h', 'asked twice, done once');
	perform pg_temp.must((select (c.key, c.matter, c.was, c.now, c.reason, a.login)::text from limit_change c join account a using (account))
		= '(sign_normal,,4wh,3h,试行,admin)', 'who changed what, and why');
	perform pg_temp.must((select count(*) from limit_set(pg_temp.account_of('admin'), gen_random_uuid(),
		'{"key": "sign_normal", "amount": 4, "unit": "wh", "reason": "恢复", "at": 2}') where kind = 'rules') = 1, 'every process hears of it');

	perform pg_temp.no('limit_set', 'admin', '{"key": "none", "amount": 1, "unit": "h", "reason": "x"}', 'key', '没有这个时限');
	perform pg_temp.no('limit_set', 'admin', '{"key": "return_max", "amount": 1, "unit": "h", "reason": "x"}', 'unit', '次数');
	perform pg_temp.no('limit_set', 'admin', '{"key": "yellow", "amount": 1, "unit": "times", "reason": "x"}', 'unit', '百分比');
	perform pg_temp.no('limit_set', 'admin', '{"key": "yellow", "amount": 101, "unit": "percent", "reason": "x"}', 'amount', '最多为 100');
	perform pg_temp.no('limit_set', 'admin', '{"key": "quality_pass", "amount": 101, "unit": "times", "reason": "x"}', 'amount', '最多为 100');
	perform pg_temp.no('limit_set', 'admin', '{"key": "handle_help", "amount": 3, "unit": "percent", "reason": "x"}', 'unit', '时间');
	perform pg_temp.no('limit_set', 'admin', '{"key": "visit_tries", "amount": 0, "unit": "times", "reason": "x"}', 'amount', '至少为 1');
	perform pg_temp.no('limit_set', 'admin', '{"key": "eval_window", "amount": 0, "unit": "nd", "reason": "x"}', 'amount', '至少为 1');
	perform pg_temp.no('limit_set', 'admin', '{"key": "reopen_window", "amount": 3, "unit": "wd", "reason": "x"}', 'unit', '自然日');
	perform pg_temp.no('limit_set', 'admin', '{"key": "extension_cap", "amount": 90, "unit": "nd", "reason": "x"}', 'unit', '工作日');
	perform pg_temp.must(pg_temp.ask('limit_set', 'admin', '{"key": "return_max", "amount": 0, "unit": "times", "reason": "不得退单"}')->>'outcome' = 'reply',
		'some counts may be nought');

	-- Whatever unit is let through, the rules that are reckoned in SQL still know their limit.
	for k, n in select key, count(*) over () from time_limit
			where key in ('urge_gap', 'fault_window', 'query_lock', 'reopen_window') loop
		for said in select pg_temp.ask('limit_set', 'admin', jsonb_build_object('key', k, 'amount', 2, 'unit', u, 'reason', 'x'))
				from unnest(array['min', 'h', 'wh', 'wd', 'nd', 'times', 'percent']) u loop
			perform pg_temp.must(n = 4 and limit_ms(k) > 0, k || ' is lost after ' || said);
		end loop;
	end loop;
end $$;

-- 三率综合 weighs by limits.
do $$
declare rates jsonb := '{"response": [10, 5], "solved": [4, 4], "satisfied": [2, 1]}';
begin
	perform pg_temp.must(report_cells(rates)->'three' = '[100, 72.50]', 'ten, forty-five and forty-five');
	perform pg_temp.must(pg_temp.ask('limit_set', 'admin', '{"key": "weight_response", "amount": 60, "unit": "percent", "reason": "x"}')->>'outcome' = 'reply', 'set');
	perform pg_temp.must(report_cells(rates)->'three' = '[100, 65.00]', 'other weights need not make a hundred');
	perform pg_temp.must(not report_cells('{"response": [10, 5]}') ? 'three', 'none without all three');
end $$;

-- A matter's own limits: for signing and handling only, and taken away again.
do $$
declare
	said jsonb;
begin
	perform pg_temp.no('limit_set', 'admin', '{"key": "notify", "amount": 1, "unit": "h", "matter": "0305", "reason": "x"}', 'key', '签收和办理');
	perform pg_temp.no('limit_set', 'admin', '{"key": "handle_help", "amount": 1, "unit": "h", "matter": "zz", "reason": "x"}', 'matter', '目录');
	for n in 7..8 loop
		said := pg_temp.ask('limit_set', 'admin', jsonb_build_object('key', 'handle_help', 'amount', n, 'unit', 'h', 'matter', '0305', 'reason', '供热季'));
		perform pg_temp.must(said->>'outcome' = 'reply', 'set and set anew');
	end loop;
	perform pg_temp.must(pg_temp.limit_of('handle_help') = '3wd', 'the general limit stays');
	said := pg_temp.ask('rules_load', 'system');
	perform pg_temp.must(said->'matter_limits' = '[["0305", "handle_help", 8, "h"]]', 'the rule book has it');
	perform pg_temp.must((select count(*) from time_limit) = jsonb_array_length(said->'limits'), 'and every other limit');
	said := pg_temp.ask('limit_list', 'admin');
	perform pg_temp.must(said#>>'{matters,0,amount}' = '8' and said#>>'{changes,0,now}' = '8h' and said#>>'{changes,0,was}' = '7h'
		and said#>>'{changes,0,matter}' = '0305', 'so does the list, the newest change first: ' || (said->'changes')::text);
	said := pg_temp.ask('limit_clear', 'admin', '{"key": "handle_help", "matter": "0305", "reason": "季末"}');
	perform pg_temp.must(said->>'outcome' = 'reply' and not exists (select from time_limit_matter), 'taken away');
	perform pg_temp.must((select (was, now)::text from limit_change order by change desc limit 1) = '(8h,)', 'and on record');
	said := pg_temp.ask('limit_clear', 'admin', '{"key": "handle_help", "matter": "0305", "reason": "x"}');
	perform pg_temp.must(said->>'code' = 'not_found', 'once');
end $$;

-- The years of a calendar file are replaced whole, the others stay.
do $$
declare
	said jsonb;
	others integer := (select count(*) from calendar_day where extract(year from day) <> 2026);
begin
	said := pg_temp.ask('calendar_set', 'admin', '{"days": [["2026-01-01", "holiday", "元旦"], ["2026-01-04", "workday", "元旦"]]}');
	perform pg_temp.must(said->>'outcome' = 'reply', 'set');
	said := pg_temp.ask('calendar_list', 'admin', '{"year": 2026}');
	perform pg_temp.must(said->'days' = '[{"day": "2026-01-01", "kind": "holiday", "name": "元旦"}, {"day": "2026-01-04", "kind": "workday", "name": "元旦"}]',
		'the year is as in the file');
	perform pg_temp.must((select count(*) from calendar_day where extract(year from day) <> 2026) = others and others > 0, 'other years stay');
	perform pg_temp.must((select key || ' ' || now from limit_change order by change desc limit 1) = 'calendar 2 天', 'on record');
end $$;

-- 160 tickets of two counties: half closed in the period, the others before, after, or still open.
insert into ticket (number, ver, state, kind, urgency, secrecy, channel, region, title, body, dept, agent, accepted, due,
	warn, rule, since, closed, changed, chain)
select 'Q' || i, 1, case when i % 8 = 7 then 40 when i % 2 = 0 then 80 else 90 end, 1, 0, 0, 1, case when i % 4 < 3 then '232761' else '232701' end, '标题', '正文',
	case when i % 4 < 3 then 2402 else 2102 end, 0, 0, 1800000000000, 1800000000000,
	(array['handle_help:3wd', 'sign_urgent:30min', 'handle_urgent:24h', 'eval_window:5nd', 'handle_help:7200000wms+2wd',
		'handle_help:500ms', 'dispatch_normal:2wh', null])[1 + i % 8], 0,
	case when i % 8 <> 7 then date_ms('2026-11-01') + (i % 4 - 1) * 86400000::bigint end, 0, ''
from generate_series(1, 160) i;

do $$
declare
	said jsonb;
	before bigint[];
	p jsonb := '{"from": "2026-11-01", "to": "2026-11-01", "share": 25}';
begin
	perform pg_temp.no('check_draw', 'duban', '{"from": "2026-11-02", "to": "2026-11-01", "share": 5}', 'to', '不早于');
	perform pg_temp.must((pg_temp.ask('check_draw', 'mohe', p)->>'drawn')::int = 0, 'a county draws from its own');
	said := pg_temp.ask('check_draw', 'duban', p);
	perform pg_temp.must((said->>'drawn')::int = 10, 'a quarter of the forty of that day: ' || said::text);
	perform pg_temp.must((select bool_and(t.closed = date_ms('2026-11-01')) from quality_check join ticket t using (ticket)), 'of no other day');
	select array_agg(ticket order by ticket) into before from quality_check;
	perform pg_temp.must((pg_temp.ask('check_draw', 'duban', p)->>'drawn')::int = 0, 'the same draw gives the same sample');
	perform pg_temp.must((pg_temp.ask('check_draw', 'duban', p || '{"share": 26}')->>'drawn')::int = 1, 'rounded up, the ten being part of it');
	perform pg_temp.must((pg_temp.ask('check_draw', 'duban', p || '{"dept": 2102, "share": 100}')->>'drawn')::int = 0, 'of one unit only');
	perform pg_temp.must((pg_temp.ask('check_draw', 'duban', p || '{"from": "2026-10-31", "share": 100}')->>'drawn')::int = 69, 'both days included');
	update quality_check set checked = 5, score = 59, checker = pg_temp.account_of('duban') where ticket = before[1];
	said := pg_temp.ask('check_list', 'duban', '{"view": "done"}');
	perform pg_temp.must(jsonb_array_length(said->'rows') = 1 and (said#>>'{rows,0,card,id}')::bigint = before[1]
		and said#>>'{rows,0,score}' = '59', 'what was scored');
	perform pg_temp.must(jsonb_array_length(pg_temp.ask('check_list', 'duban', '{"view": "open"}')->'rows') = 79, 'what is to be scored');
	perform pg_temp.must(jsonb_array_length(pg_temp.ask('check_list', 'mohe', '{"view": "open"}')->'rows') = 0, 'a county sees its own');
end $$;

-- Clocks that a calendar may change: those in working time or natural days, of open tickets.
do $$
declare
	t ticket;
	wanted bigint;
begin
	update ticket set state = 40, closed = null where number in ('Q160', 'Q161', 'Q153', 'Q154', 'Q155', 'Q156', 'Q157', 'Q158');
	perform pg_temp.must((select array_agg(distinct split_part(r->>'rule', ':', 2)) from
		jsonb_array_elements(pg_temp.ask('clock_open', 'system')->'rows') r)
		= array['2wh', '3wd', '5nd', '7200000wms+2wd'], 'working time and natural days only');
	select ticket into wanted from ticket where number = 'Q160';
	perform pg_temp.must(pg_temp.ask('ticket_clock', 'duban', jsonb_build_object('id', wanted)) @> '{"state": 40, "rule": "handle_help:3wd", "extended": 0}',
		'the clock of one ticket');
	perform pg_temp.must(pg_temp.ask('ticket_clock', 'duban', '{"id": 999999999}')->>'code' = 'not_found', 'of none');
end $$;

-- 承办单: the lists of both units, and who lies below whom.
do $$
declare
	wanted bigint := (select ticket from ticket where number = 'Q160');
	said jsonb;
begin
	insert into part (ticket, kind, state, dept, sender, round, task, sent, sent_by, due, warn)
		select wanted, 1, s, 2430, 2402, 1, '协办', n, 0, 1000 - n, 0 from unnest(array[10, 20, 40, 60, 70]) with ordinality x (s, n);
	said := pg_temp.ask('part_list', 'gongre', '{"view": "open"}');
	perform pg_temp.must((select array_agg((r->>'state')::int order by o) from jsonb_array_elements(said->'rows') with ordinality y (r, o)) = array[20, 10],
		'open ones, due first');
	perform pg_temp.must((said#>>'{rows,0,ticket_card,id}')::bigint = wanted, 'with the card that a move needs');
	perform pg_temp.must(jsonb_array_length(pg_temp.ask('part_list', 'gongre', '{"view": "done"}')->'rows') = 3, 'done ones');
	perform pg_temp.must(jsonb_array_length(pg_temp.ask('part_list', 'zhujian1', '{"view": "sent"}')->'rows') = 5, 'those sent');
	perform pg_temp.must(jsonb_array_length(pg_temp.ask('part_list', 'zhujian1', '{"view": "open"}')->'rows') = 0, 'not those of others');
	perform pg_temp.must(pg_temp.ask('ticket_get', 'gongre', jsonb_build_object('id', wanted))->>'outcome' = 'reply', 'a co-handler reads the ticket');
	perform pg_temp.must(pg_temp.ask('ticket_get', 'gongshui', jsonb_build_object('id', wanted))->>'code' = 'not_yours', 'another unit does not');

	perform pg_temp.must(dept_below(1008, 2402) and dept_below(1008, 2102), 'prefecture to counties along the duty (条)');
	perform pg_temp.must(not dept_below(1008, 2304) and not dept_below(1008, 1016), 'not across duties, not sideways');
	perform pg_temp.must(not dept_below(2402, 1008) and not dept_below(2402, 2102), 'not upward');
	perform pg_temp.must((select bool_and(dept_below(s.dept, d.dept)) and count(*) > 10 from department s join department d using (region)
		where s.kind in ('县区政府', '政务服务中心')), 'a county government to all of its county (块)');
	perform pg_temp.must((select not bool_or(dept_below(s.dept, d.dept)) from department s join department d on s.region <> d.region
		where s.kind in ('县区政府', '政务服务中心') and s.region <> '232700'), 'and to no other');
end $$;

-- A linked ticket of another unit shows its number, once, and no title.
do $$
declare
	mine bigint := (select ticket from ticket where number = 'Q160');
	theirs bigint := (select min(ticket) from ticket where dept = 2102);
begin
	insert into ticket_link values (mine, theirs, 'related', 0, 1), (theirs, mine, 'related', 0, 2);
	perform pg_temp.must((select jsonb_agg(l - 'id' - 'at' - 'state') from jsonb_array_elements(
		pg_temp.ask('ticket_get', 'zhujian1', jsonb_build_object('id', mine))->'links') l)
		= jsonb_build_array(jsonb_build_object('number', (select number from ticket where ticket = theirs), 'title', '', 'kind', 'related', 'dir', 'from')),
		'a unit sees no title of what is not its own');
	perform pg_temp.must(pg_temp.ask('ticket_get', 'duban', jsonb_build_object('id', mine))#>>'{links,0,title}' = '标题', 'a supervisor does');
end $$;

-- 督办: late once, a fault each, an alert at the third; alerts are closed with what was done.
do $$
declare
	said jsonb;
	wanted bigint;
	kinds text[];
begin
	insert into supervision (number, ticket, level, dept, region, text, account, at, due, warn, replied, closed)
		select 'DB' || n, (select ticket from ticket where number = 'Q160'), 1, 2402, '232761', '督办', 0, 0,
			case when n = 4 then 1795276800001 else 1795276800000 - n end, 0, case when n = 5 then 1 end, case when n = 6 then 1 end
		from generate_series(1, 6) n;
	select array_agg(kind) into kinds from order_due(0, null, '{"at": 1795276800000}');
	perform pg_temp.must(kinds = array['reply', 'order', 'order', 'order', 'alert'], 'three are late, the third raises an alert: ' || kinds::text);
	perform pg_temp.must((select array_agg(kind) from order_due(0, null, '{"at": 1795276800000}')) = array['reply'], 'late once');
	perform pg_temp.must((select array_agg(number order by number) from supervision where late) = array['DB1', 'DB2', 'DB3'],
		'not what has time, was answered or closed');
	said := pg_temp.ask('order_list', 'zhujian1', '{"view": "open"}');
	perform pg_temp.must((select array_agg(r->>'number' order by o) from jsonb_array_elements(said->'rows') with ordinality y (r, o))
		= array['DB5', 'DB3', 'DB2', 'DB1', 'DB4'], 'the unit''s, due first');
	perform pg_temp.must(jsonb_array_length(pg_temp.ask('order_list', 'duban', '{"view": "closed"}')->'rows') = 1, 'closed ones');
	perform pg_temp.must(jsonb_array_length(pg_temp.ask('order_list', 'gongre', '{"view": "open"}')->'rows')
		+ jsonb_array_length(pg_temp.ask('order_list', 'mohe', '{"view": "open"}')->'rows') = 0, 'nobody else''s');

	said := pg_temp.ask('alert_list', 'duban', '{"view": "open"}');
	wanted := (said#>>'{rows,0,alert}')::bigint;
	perform pg_temp.must(jsonb_array_length(said->'rows') = 1 and said#>>'{rows,0,fault}' = '7' and said#>>'{rows,0,tickets,0,number}' = 'Q160', 'the alert');
	perform pg_temp.must(jsonb_array_length(pg_temp.ask('alert_list', 'mohe', '{"view": "open"}')->'rows') = 0, 'of its region');
	perform pg_temp.must(pg_temp.ask('alert_close', 'mohe', jsonb_build_object('alert', wanted, 'text', 'x'))->>'code' = 'not_found', 'no other closes it');
	perform pg_temp.must(pg_temp.ask('alert_close', 'duban', jsonb_build_object('alert', wanted, 'text', '已约谈')) @> '{"kind": "fault", "verdict": "已约谈"}', 'closed');
	perform pg_temp.no('alert_close', 'duban', jsonb_build_object('alert', wanted, 'text', 'x'), '', '已经处理');
	perform pg_temp.must(jsonb_array_length(pg_temp.ask('alert_list', 'duban', '{"view": "closed"}')->'rows') = 1, 'and listed so');
	perform pg_temp.must((select count(*) from outbox o, outbox_stale(0, null, '{"at": 9999999999999, "older": 0}') s
		where s.outbox = o.id and s.kind = o.kind and o.kind in ('order', 'alert', 'rules')) = (select count(*) from outbox where kind in ('order', 'alert', 'rules')),
		'what Redis missed is sent again');
end $$;

-- Precedents: in the rule book with their reason, until revoked.
do $$
declare
	said jsonb;
	wanted bigint;
begin
	insert into precedent (matter, region, dept, ticket, reason, account, at)
		select '0305', '232761', 2402, ticket, '路灯属住建', 0, 1 from ticket where number = 'Q160' returning precedent into wanted;
	perform pg_temp.must(pg_temp.ask('rules_load', 'system')->'precedents' = '[["0305", "232761", 2402, "工单Q160：路灯属住建"]]', 'in the rule book');
	perform pg_temp.must(jsonb_array_length(pg_temp.ask('precedent_list', 'mohe')->'rows') = 0, 'a county sees its own');
	perform pg_temp.must(pg_temp.ask('precedent_revoke', 'mohe', jsonb_build_object('precedent', wanted, 'reason', 'x'))->>'code' = 'not_found', 'and revokes no other');
	said := pg_temp.ask('precedent_revoke', 'duban', jsonb_build_object('precedent', wanted, 'reason', '职责调整'));
	perform pg_temp.must(said->>'outcome' = 'reply' and pg_temp.ask('rules_load', 'system')->'precedents' = '[]', 'no longer followed');
	perform pg_temp.no('precedent_revoke', 'duban', jsonb_build_object('precedent', wanted, 'reason', 'x'), '', '已经停用');
	perform pg_temp.must(pg_temp.ask('precedent_list', 'duban')#>>'{rows,0,why}' = '职责调整', 'who, when and why are kept');
end $$;
rollback;
