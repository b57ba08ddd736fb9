-- Walks tickets along every way of the loop that touches more than one row, and asks each rule beyond the table
-- of edges to refuse what it must.

begin;
create temporary table clock as select 1795276800000::bigint as now;     -- 2026-11-22 00:00 in Beijing

create or replace function pg_temp.must(holds boolean, what text) returns void language plpgsql as $$
begin
	if holds is not true then raise exception '%', what; end if;
end $$;

create or replace function pg_temp.later(ms bigint) returns void language sql as $$ update clock set now = now + ms $$;

-- A new ticket in the pool or, with a unit, at that unit. more: members of the submission.
create or replace function pg_temp.submit(unit integer default null, more jsonb default '{}') returns bigint language plpgsql as $$
declare
	o outcome;
	wanted bigint;
begin
	select x.* into o from ticket_submit(pg_temp.account_of('1001'), gen_random_uuid(), jsonb_build_object(
		'kind', 3, 'region', '232761', 'title', '路灯不亮', 'body', '多日不亮', 'at', (select now from clock),
		'due', (select now from clock) + 1800000, 'warn', (select now from clock) + 1350000, 'matter', '0305',
		'promised', (select now from clock) + 86400000, 'rule', 'dispatch_normal:2wh', 'since', (select now from clock),
		'alarms', true, 'action', 'submit', 'to', 20, 'detail', null) - 'detail' || more) x limit 1;
	perform pg_temp.must(o.kind = 'reply', 'submitted: ' || coalesce(o.body, ''));
	wanted := (o.body::json->>'id')::bigint;
	if unit is not null then
		perform pg_temp.go(wanted, 'system', 'dispatch', jsonb_build_object('dept', unit));
	elsif (o.body::json->>'state')::int = 20 then
		perform pg_temp.go(wanted, 'system', 'pool', '{"note": "不确定"}');
	end if;
	return wanted;
end $$;

create or replace function pg_temp.account_of(who text) returns integer language sql as $$ select account from account where login = who $$;

-- A move as the server's judge would send it, from what the row shows now. 'ok', or why not.
create or replace function pg_temp.try(wanted bigint, who text, act text, more jsonb default '{}') returns text
language plpgsql as $$
declare
	t ticket;
	f flow_edge;
	o outcome;
	now_ms bigint := (select now from clock);
	p jsonb;
begin
	select * into t from ticket where ticket = wanted;
	select * into f from flow_edge where action = act and from_state = t.state and not retired;
	if not found then return 'no such edge'; end if;
	p := jsonb_build_object('id', wanted, 'at', now_ms, 'action', act, 'to', f.to_state, 'round', f.round, 'loud', f.loud,
		'seen', jsonb_build_object('ver', t.ver, 'state', t.state, 'kind', t.kind, 'urgency', t.urgency, 'matter', t.matter),
		'detail', more);
	if f.clock <> 'keep' then
		p := p || jsonb_build_object('due', now_ms + 14400000, 'warn', now_ms + 10800000, 'rule', f.clock || ':4h',
			'since', now_ms, 'alarms', true);
	end if;
	if f.to_state = 35 then p := p || jsonb_build_object('return_by', now_ms + 86400000); end if;
	p := p || jsonb_build_object('part_due', now_ms + 7200000, 'part_warn', now_ms + 5400000, 'part_rule', 'sign_normal:2h',
		'order_due', now_ms + 86400000, 'order_warn', now_ms + 64800000, 'lead_due', now_ms + 3600000,
		'contact_by', now_ms + 86400000) || more;
	select x.* into o from ticket_move(pg_temp.account_of(who), gen_random_uuid(), p) x limit 1;
	return case when o.kind = 'reply' then 'ok' else o.body end;
end $$;

create or replace function pg_temp.go(wanted bigint, who text, act text, more jsonb default '{}') returns void language plpgsql as $$
declare said text := pg_temp.try(wanted, who, act, more);
begin
	if said <> 'ok' then raise exception '% by % was refused: %', act, who, said; end if;
end $$;

create or replace function pg_temp.no(wanted bigint, who text, act text, why text, more jsonb default '{}') returns void language plpgsql as $$
declare said text := pg_temp.try(wanted, who, act, more);
begin
	if position(why in said) = 0 then raise exception '% by % should have been refused with "%": %', act, who, why, said; end if;
end $$;

create or replace function pg_temp.of(wanted bigint) returns ticket language sql as $$ select * from ticket where ticket = wanted $$;

-- From the unit's hands to the citizen's rating.
create or replace function pg_temp.answer(wanted bigint, who text) returns void language plpgsql as $$
begin
	perform pg_temp.go(wanted, who, 'sign');
	perform pg_temp.go(wanted, who, 'finish', '{"note": "已修好", "solved": true}');
	perform pg_temp.go(wanted, 'duban', 'pass');
	perform pg_temp.go(wanted, '1001', 'notify', '{"note": "已告知", "way": "phone"}');
end $$;

-- 退单: window, once, refused, and the second one becomes a dispute whose ruling is the next one's precedent.
do $$
declare a bigint := pg_temp.submit(2402);
begin
	perform pg_temp.go(a, 'zhujian1', 'send_back', '{"note": "不属本单位", "basis": "三定规定"}');
	perform pg_temp.must((pg_temp.of(a)).dept = 2402, 'the first unit answers until it is decided (首接负责)');
	perform pg_temp.go(a, 'duban', 'reject_return', '{"note": "属住建职责"}');
	perform pg_temp.no(a, 'zhujian1', 'send_back', '不得再退单', '{"note": "x", "basis": "x"}');
	perform pg_temp.must((select count(*) from fault where dept = 2402 and kind = 3) = 1, 'a refused 退单 is a fault');
	perform pg_temp.go(a, 'duban', 'recall', '{"note": "改派供热"}');
	perform pg_temp.go(a, 'duban', 'assign', '{"dept": 2430, "note": "供热"}');
	perform pg_temp.later(90000000);
	perform pg_temp.no(a, 'gongre', 'send_back', '已过退单时限', '{"note": "x", "basis": "x"}');
	perform pg_temp.later(-90000000);
	perform pg_temp.go(a, 'gongre', 'send_back', '{"note": "也不属本单位", "basis": "经营范围"}');
	perform pg_temp.must(exists (select from ticket_due(0, null, jsonb_build_object('at', (select now from clock), 'limit', 10)) o,
		json_array_elements(o.body::json->'rows') r where r->>'action' = 'dispute' and (r->>'id')::bigint = a), 'the clock finds the dispute');
	perform pg_temp.go(a, 'system', 'dispute', '{"note": "两个单位均申请退单"}');
	perform pg_temp.must((pg_temp.of(a)).dept = 2430, 'somebody answers during the dispute');
	perform pg_temp.go(a, 'duban', 'rule', '{"dept": 2402, "note": "路灯属住建"}');
	perform pg_temp.no(a, 'zhujian1', 'send_back', '不得再退单', '{"note": "x", "basis": "x"}');
	perform pg_temp.must(exists (select from precedent where matter = '0305' and region = '232761' and dept = 2402
		and ticket = a and revoked is null), 'a ruling is a precedent');
end $$;

do $$
declare a bigint := pg_temp.submit(2430);
begin
	perform pg_temp.go(a, 'gongre', 'send_back', '{"note": "不属", "basis": "x"}');
	perform pg_temp.go(a, 'duban', 'accept_return', '{"note": "同意"}');
	perform pg_temp.must((pg_temp.of(a)).dept is null, 'back at the desk');
	perform pg_temp.no(a, 'duban', 'assign', '提请裁定', '{"dept": 2430, "note": "再派"}');
	perform pg_temp.no(a, 'duban', 'dispute', '先行办理', '{"note": "职责不清"}');
	perform pg_temp.go(a, 'duban', 'dispute', '{"dept": 2402, "note": "职责不清"}');
	perform pg_temp.go(a, 'duban', 'rule_out', '{"cause": 10, "note": "不属政府职责"}');
	perform pg_temp.must(((pg_temp.of(a)).state, (pg_temp.of(a)).ended) = (82::smallint, 'rule_out'), 'ruled out');
	perform pg_temp.must(exists (select from message where ticket = a and kind = 'refused') = false, 'nobody to write to');
end $$;

-- 主办, 协办, 二次分派: each with its own clock and reply; the lead closes when they are in.
do $$
declare
	a bigint := pg_temp.submit();
	p1 bigint;
	p2 bigint;
begin
	perform pg_temp.no(a, 'duban', 'assign', '协办单位', '{"dept": 1008, "note": "牵头", "assists": [1008]}');
	perform pg_temp.go(a, 'duban', 'assign', '{"dept": 1008, "note": "牵头", "assists": [2431]}');
	perform pg_temp.must((pg_temp.of(a)).parts = 1, 'one 承办单 waits');
	select part into p1 from part where ticket = a and dept = 2431;
	perform pg_temp.go(a, 'dqzhujian', 'sign');
	perform pg_temp.no(a, 'gongshui', 'finish', '主办单位负责', '{"note": "x"}');
	perform pg_temp.no(a, 'dqzhujian', 'hand_down', '下级单位', '{"dept": 1016, "note": "请办"}');
	perform pg_temp.go(a, 'dqzhujian', 'hand_down', '{"dept": 2402, "note": "请到现场处理"}');
	perform pg_temp.no(a, 'dqzhujian', 'hand_down', '未反馈', '{"dept": 2402, "note": "再发"}');
	select part into p2 from part where ticket = a and dept = 2402;
	perform pg_temp.no(a, 'zhujian1', 'part_sign', '其他单位', jsonb_build_object('part', p1));
	perform pg_temp.no(a, 'zhujian1', 'part_reply', '请先签收', jsonb_build_object('part', p2, 'note', 'x'));
	perform pg_temp.go(a, 'zhujian1', 'part_sign', jsonb_build_object('part', p2));
	perform pg_temp.must((select due from part where part = p2) <= (pg_temp.of(a)).due, 'no child has more time than its parent');
	perform pg_temp.no(a, 'dqzhujian', 'finish', '未反馈', '{"note": "x"}');
	perform pg_temp.go(a, 'zhujian1', 'part_reply', jsonb_build_object('part', p2, 'note', '现场已处理'));
	perform pg_temp.no(a, 'zhujian1', 'part_reply', '已反馈', jsonb_build_object('part', p2, 'note', 'x'));
	perform pg_temp.go(a, 'gongshui', 'part_return', jsonb_build_object('part', p1, 'note', '无关'));
	perform pg_temp.must((pg_temp.of(a)).parts = 0, 'nothing waits');
	perform pg_temp.go(a, 'dqzhujian', 'assist', '{"dept": 2431, "note": "请再看"}');
	perform pg_temp.later(10000000);
	perform pg_temp.go(a, 'dqzhujian', 'finish', '{"note": "已处理"}');
	perform pg_temp.must((select state from part where ticket = a order by part desc limit 1) = 70, 'an expired 协办 no longer holds the lead');
end $$;

-- 延期 and 挂起: asked, decided, counted; the stopped clock is kept.
do $$
declare
	a bigint := pg_temp.submit(2402);
	due bigint;
begin
	perform pg_temp.go(a, 'zhujian1', 'sign');
	perform pg_temp.no(a, 'duban', 'extend', '没有待审', '{"detail": {"days": 3}}');
	perform pg_temp.no(a, 'zhujian1', 'ask_extend', '来不及', '{"note": "x", "days": 3, "lead_due": 9999999999999}');
	perform pg_temp.no(a, 'zhujian1', 'ask_extend', '最多', '{"note": "x", "days": 30}');
	perform pg_temp.go(a, 'zhujian1', 'ask_extend', '{"note": "等配件", "days": 3}');
	perform pg_temp.must((pg_temp.of(a)).asked = 'extend', 'asked');
	perform pg_temp.no(a, 'zhujian1', 'ask_pause', '已有申请', '{"note": "x", "until": "2027-01-01"}');
	perform pg_temp.go(a, 'duban', 'extend', '{"detail": {"days": 3}}');
	perform pg_temp.must(((pg_temp.of(a)).asked, (pg_temp.of(a)).extended) is not distinct from (null, 3::smallint), 'granted');
	perform pg_temp.no(a, 'zhujian1', 'ask_extend', '不能再延', '{"note": "x", "days": 1}');
	perform pg_temp.go(a, 'zhujian1', 'ask_pause', '{"note": "冬季不能施工", "until": "2027-05-01", "cause": 1}');
	due := (pg_temp.of(a)).due;
	perform pg_temp.go(a, 'duban', 'pause');
	perform pg_temp.must((pg_temp.of(a)).held_due = due, 'the clock that stopped is kept');
	perform pg_temp.go(a, 'zhujian1', 'resume', '{"note": "开工"}');
	perform pg_temp.must((pg_temp.of(a)).held_due is null, 'and taken up again');
end $$;

-- 并单: one handling, everybody told; 拆单.
do $$
declare
	m bigint := pg_temp.submit(2402);
	a bigint := pg_temp.submit();
	b bigint := pg_temp.submit();
	c bigint := pg_temp.submit(null, jsonb_build_object('action', 'merge', 'to', 29, 'other', m));
begin
	perform pg_temp.no(a, 'duban', 'merge', '不能并入自己', jsonb_build_object('other', a));
	perform pg_temp.go(a, 'duban', 'merge', jsonb_build_object('other', m));
	perform pg_temp.go(b, '1001', 'merge', jsonb_build_object('other', m));
	perform pg_temp.no(m, 'duban', 'merge', '主单', jsonb_build_object('other', pg_temp.submit(2402)));
	perform pg_temp.no(pg_temp.submit(), 'duban', 'merge', '其主单', jsonb_build_object('other', a));
	perform pg_temp.must((pg_temp.of(m)).joined = 3, 'the master counts its callers');
	perform pg_temp.no(m, '1001', 'withdraw', '请先拆单', '{"note": "不用了"}');
	perform pg_temp.go(b, 'duban', 'unmerge', '{"note": "不是同一处"}');
	perform pg_temp.must((pg_temp.of(m)).joined = 2 and (pg_temp.of(b)).state = 30, 'split off again');
	perform pg_temp.answer(m, 'zhujian1');
	perform pg_temp.must((select count(*) from ticket_due(0, null, jsonb_build_object('at', (select now from clock), 'limit', 10)) o,
		json_array_elements(o.body::json->'rows') r where r->>'action' = 'follow') = 2, 'the clock tells the others');
	perform pg_temp.go(a, 'system', 'follow');
	perform pg_temp.must(((pg_temp.of(a)).reply, (pg_temp.of(a)).dept) = ('已修好', 2402), 'with the same result');
	perform pg_temp.go(a, '1001', 'complain', '{"grade": 1, "solved": false, "reason": "我这里没修", "note": "我这里没修", "blame": 1}');
	perform pg_temp.go(a, 'duban', 'redo', '{"note": "属实"}');
	perform pg_temp.must((pg_temp.of(a)).master is null and (pg_temp.of(m)).joined = 1, 'a bad rating goes on alone');
	perform pg_temp.go(a, '1001', 'withdraw', '{"note": "修好了"}');
	perform pg_temp.must((pg_temp.of(m)).joined = 1, 'and is counted off once');
	perform pg_temp.go(c, 'system', 'follow');
	perform pg_temp.go(c, '1001', 'rate', '{"grade": 4, "solved": true}');
	perform pg_temp.later(1);
	perform pg_temp.go(m, '1001', 'rate', '{"grade": 4, "solved": true}');
	perform pg_temp.go(m, 'duban', 'reopen', '{"note": "又坏了"}');
	perform pg_temp.go(m, '1001', 'withdraw', '{"note": "不用了"}');
end $$;

-- Who withdraws after dispatch is asked for a rating all the same.
do $$
declare a bigint := pg_temp.submit(2402, '{"phone": "1:x", "phone_index": "y", "phone_mask": "138****0000"}');
begin
	perform pg_temp.go(a, '1001', 'withdraw', '{"note": "自己解决了"}');
	perform pg_temp.must(exists (select from message where ticket = a and kind = 'told'), 'by SMS');
end $$;

-- What the hotline answered itself can always be ended, whatever was redone before.
do $$
declare a bigint := pg_temp.submit(2402);
begin
	for n in 1..2 loop
		perform pg_temp.answer(a, 'zhujian1');
		perform pg_temp.go(a, '1001', 'complain', '{"grade": 1, "solved": false, "reason": "没修", "note": "没修", "blame": 1}');
		perform pg_temp.go(a, 'duban', 'redo', '{"note": "属实"}');
	end loop;
	perform pg_temp.answer(a, 'zhujian1');
	perform pg_temp.go(a, '1001', 'rate', '{"grade": 4, "solved": true}');
	perform pg_temp.go(a, 'duban', 'reopen', '{"note": "又坏了"}');
	perform pg_temp.go(a, '1001', 'answer', '{"note": "已另行立项"}');
	perform pg_temp.go(a, '1001', 'complain', '{"grade": 1, "solved": false, "reason": "没用", "note": "没用", "blame": 1}');
	perform pg_temp.no(a, 'duban', 'redo', '请选择重办', '{"note": "x"}');
	perform pg_temp.go(a, 'duban', 'redo', '{"note": "属实", "dept": 2402}');
end $$;

-- 差评: verified; real ones go round again, at most so often; then 提级督办 and 疑难终结.
do $$
declare
	a bigint := pg_temp.submit(2402);
	o bigint;
begin
	for n in 1..2 loop
		perform pg_temp.answer(a, 'zhujian1');
		perform pg_temp.go(a, '1001', 'complain', '{"grade": 1, "solved": false, "reason": "没修", "note": "没修", "blame": 1}');
		perform pg_temp.no(a, 'duban', 'conclude', '未满', '{"note": "x"}');
		perform pg_temp.go(a, 'duban', 'redo', '{"note": "属实"}');
		perform pg_temp.must((pg_temp.of(a)).round = n + 1, 'another round');
	end loop;
	perform pg_temp.answer(a, 'zhujian1');
	perform pg_temp.go(a, '1001', 'complain', '{"grade": 2, "solved": false, "reason": "还没修", "note": "还没修", "blame": 1}');
	perform pg_temp.no(a, 'duban', 'redo', '已重办 2 次', '{"note": "x"}');
	perform pg_temp.no(a, 'duban', 'conclude', '提级督办', '{"note": "x"}');
	perform pg_temp.go(a, 'duban', 'order', '{"level": 3, "note": "请主要负责人说明"}');
	perform pg_temp.no(a, 'duban', 'order', '已有一件', '{"level": 3, "note": "再督"}');
	select id into o from supervision where ticket = a;
	perform pg_temp.no(a, 'gongre', 'order_reply', '', jsonb_build_object('order', o, 'note', 'x'));
	perform pg_temp.go(a, 'zhujian1', 'order_reply', jsonb_build_object('order', o, 'note', '管网年限已到，列入改造'));
	perform pg_temp.go(a, 'duban', 'conclude', '{"note": "专题会商"}');
	perform pg_temp.must(((pg_temp.of(a)).ended, (pg_temp.of(a)).orders) = ('conclude', 1::smallint), 'ended, its order still open');
	perform pg_temp.no(a, 'duban', 'archive', '未销号');
	perform pg_temp.go(a, 'duban', 'order_close', jsonb_build_object('order', o, 'note', '已列计划'));
	perform pg_temp.must((select count(*) from fault where dept = 2402 and kind = 5 and ticket = a) = 2, 'each real 差评 is a fault');
	perform pg_temp.later(20 * 86400000::bigint);
	perform pg_temp.no(a, 'duban', 'reopen', '不能重启', '{"note": "x"}');
	perform pg_temp.go(a, 'duban', 'archive');
	perform pg_temp.later(-20 * 86400000::bigint);
end $$;

do $$
declare a bigint := pg_temp.submit(2402);
begin
	perform pg_temp.answer(a, 'zhujian1');
	perform pg_temp.go(a, '1001', 'complain', '{"grade": 2, "solved": true, "reason": "按错了", "note": "按错了", "blame": 8}');
	perform pg_temp.no(a, 'duban', 'dismiss', '须两人', '{"note": "x"}');
	perform pg_temp.go(a, 'duban', 'doubt', '{"note": "录音表明按错"}');
	perform pg_temp.no(a, 'duban', 'dismiss', '不能自己复核', '{"note": "x"}');
	perform pg_temp.go(a, 'duban2', 'dismiss', '{"note": "录音属实"}');
	perform pg_temp.must((select not counted from evaluation where ticket = a), 'not counted, and kept');
	perform pg_temp.go(a, 'duban', 'reopen', '{"note": "重新核实"}');
	perform pg_temp.must(((pg_temp.of(a)).state, (pg_temp.of(a)).round, (pg_temp.of(a)).ended) is not distinct from (30::smallint, 2::smallint, null), 'reopened');
end $$;

-- 回访: three different days without an answer end it by rule.
do $$
declare a bigint := pg_temp.submit(2402);
begin
	perform pg_temp.answer(a, 'zhujian1');
	for n in 1..2 loop
		perform pg_temp.go(a, '1001', 'miss', '{"result": "silent"}');
		perform pg_temp.go(a, '1001', 'miss', '{"result": "busy"}');
		perform pg_temp.must((pg_temp.of(a)).missed = n, 'two tries on one day are one day');
		perform pg_temp.later(86400000);
	end loop;
	perform pg_temp.go(a, '1001', 'miss', '{"result": "silent"}');
	perform pg_temp.must((select r->>'action' from ticket_due(0, null, jsonb_build_object('at', (select now from clock) - 2 * 86400000, 'limit', 10)) o,
		json_array_elements(o.body::json->'rows') r where (r->>'id')::bigint = a) = 'lapse', 'the third day ends it');
	perform pg_temp.later(-2 * 86400000::bigint);
end $$;

-- 催办, 补充, 红牌, 督办 by the system, alert at the third fault of a kind, 质检.
do $$
declare
	a bigint := pg_temp.submit(2402);
	c bigint := pg_temp.submit(2402);
	seen jsonb;
	o outcome;
begin
	select jsonb_build_object('ver', ver, 'state', state, 'kind', kind, 'urgency', urgency, 'matter', matter) into seen
		from ticket where ticket = a;
	perform pg_temp.go(a, '1001', 'urge');
	perform pg_temp.no(a, '1001', 'urge', '之后可再次催办');
	perform pg_temp.later(14400000);
	perform pg_temp.go(a, '1001', 'urge');
	perform pg_temp.later(-14400000);
	perform pg_temp.must((pg_temp.of(a)).urged = 2, 'counted');
	select x.* into o from ticket_move(pg_temp.account_of('zhujian1'), gen_random_uuid(), jsonb_build_object('id', a, 'seen', seen,
		'action', 'sign', 'to', 40, 'loud', true, 'at', (select now from clock), 'due', 1, 'warn', 1)) x limit 1;
	perform pg_temp.must(o.kind = 'reply', 'quiet looks make no desk stale');
	perform pg_temp.go(a, '1001', 'supplement', '{"note": "门牌号是三号"}');
	select x.* into o from ticket_move(pg_temp.account_of('zhujian1'), gen_random_uuid(), jsonb_build_object('id', a,
		'seen', seen || jsonb_build_object('state', 40, 'ver', 5), 'action', 'finish', 'to', 50, 'loud', true,
		'at', (select now from clock), 'due', 1, 'warn', 1, 'note', 'x')) x limit 1;
	perform pg_temp.must(o.body::json->>'code' = 'stale', 'new facts do');
	for level in 1..5 loop
		perform pg_temp.go(a, 'system', 'alarm', jsonb_build_object('level', level, 'alarm_at', null));
	end loop;
	perform pg_temp.must((select count(*) from supervision where ticket = a and level = 2) = 1, 'the system supervises what is late');
	perform pg_temp.must(exists (select from alert where kind = 'overdue' and a = any(tickets)), 'and reports it in the end');
	perform pg_temp.must((select bool_and(dept = 2402) from alert where kind = 'overdue' and a = any(tickets)), 'as the unit''s own');
	perform pg_temp.go(a, 'zhujian1', 'finish', '{"note": "已修好", "solved": true}');
	for level in 1..5 loop
		perform pg_temp.go(a, 'system', 'alarm', jsonb_build_object('level', level, 'alarm_at', null));
	end loop;
	perform pg_temp.must((select count(*) from supervision where ticket = a) = 1 and (pg_temp.of(a)).orders = 1,
		'no unit has to explain why the hotline''s audit is late');
	perform pg_temp.must((select count(*) from fault where ticket = a and kind = 2) = 1, 'nor is it the unit''s fault');
	perform pg_temp.must(exists (select from alert where kind = 'overdue' and dept is null and a = any(tickets)
		and text like '%办结审核%'), 'it is reported as the hotline''s');
	for n in 1..2 loop
		perform fault_add(2402, 4::smallint, a, (select now from clock) + n);
	end loop;
	perform pg_temp.must(not exists (select from alert where fault = 4), 'two are none');
	perform fault_add(2402, 4::smallint, a, (select now from clock) + 3);
	perform fault_add(2402, 4::smallint, a, (select now from clock) + 4);
	perform pg_temp.must((select count(*) = 1 and max(cardinality(tickets)) = 4 and max(times) = 4 from alert where fault = 4),
		'three raise one alert, the fourth joins it');
	for n in 5..30 loop
		perform fault_add(2402, 4::smallint, case when n = 30 then c else a end, (select now from clock) + n);
	end loop;
	perform pg_temp.must((select count(*) = 1 and max(times) = 30 and max(cardinality(tickets)) = 20 and bool_and(tickets[20] = c)
		from alert where fault = 4), 'a long one counts on and names its newest');
end $$;

-- Points, contact, secrecy at the end of handling.
do $$
declare a bigint := pg_temp.submit(2402, '{"points": ["灯不亮", "杆子歪"], "phone": "1:x", "phone_index": "y", "phone_mask": "138****0000"}');
begin
	perform pg_temp.go(a, 'zhujian1', 'sign');
	perform pg_temp.no(a, 'zhujian1', 'finish', '先联系', '{"note": "x"}');
	perform pg_temp.go(a, 'zhujian1', 'contact', '{"note": "已电话联系", "result": "reached"}');
	perform pg_temp.no(a, 'zhujian1', 'finish', '2 个诉求点', '{"note": "x", "answers": ["一"]}');
	perform pg_temp.go(a, 'zhujian1', 'finish', '{"note": "都办了", "answers": ["灯已修", "杆已正"]}');
	perform pg_temp.go(a, 'duban', 'reject', '{"note": "照片不符"}');
	perform pg_temp.go(a, 'zhujian1', 'finish', '{"note": "都办了", "answers": ["灯已修", "杆已正"]}');
	perform pg_temp.go(a, 'duban', 'pass');
	perform pg_temp.go(a, '1001', 'notify', '{"note": "已告知", "way": "sms"}');
	perform pg_temp.must((select array_agg(kind order by message) from message where ticket = a) = array['accepted', 'told'], 'told what and when');
end $$;

do $$
declare fault text := (select string_agg(check_name || ': ' || example, '; ') from verify_all() where faults > 0);
begin
	if fault is not null then raise exception '%', fault; end if;
end $$;
rollback;
