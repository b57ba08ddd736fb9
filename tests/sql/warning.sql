-- Checks early warning: hours of the week, who judges, tickets committed late, folding and quiet, the night's work,
-- the seasons ahead, and that verify sees what was tampered with.

begin;
create or replace function pg_temp.must(holds boolean, what text) returns void language plpgsql as $$
begin
	if holds is not true then raise exception '%', what; end if;
end $$;

create or replace function pg_temp.add(title text, now_ms bigint, more jsonb default '{}') returns bigint language sql as $$
	select (o.body::json->>'id')::bigint from ticket_submit((select account from account where login = '1001'), gen_random_uuid(),
		jsonb_build_object('kind', 3, 'region', '232761', 'title', title, 'body', title, 'at', now_ms, 'matter', '0305',
		'action', 'submit', 'to', 20, 'due', now_ms + 1800000, 'warn', now_ms + 1350000, 'rule', 'dispatch_normal:2wh',
		'since', now_ms, 'alarms', true, 'promised', now_ms + 86400000) || more) o limit 1
$$;

create or replace function pg_temp.next_of(who text, now_ms bigint) returns jsonb language sql as $$
	select body::jsonb from warning_next(0, null, jsonb_build_object('holder', who, 'limit', 50, 'at', now_ms)) limit 1
$$;

create or replace function pg_temp.take(who text, epoch bigint, now_ms bigint, rows jsonb) returns text[] language sql as $$
	select array_agg(kind) from warning_take(0, null, jsonb_build_object('holder', who, 'epoch', epoch, 'at', now_ms, 'rows', rows))
$$;

-- One ticket of an incident of this size, as the judging process would tell it.
create or replace function pg_temp.row_of(ticket bigint, incident bigint, size integer, alarms boolean) returns jsonb language sql as $$
	select jsonb_build_array(jsonb_build_object('ticket', ticket, 'incident', incident, 'alerts', jsonb_build_array(jsonb_build_object(
		'kind', 'incident', 'key', 'i:' || incident, 'alarms', alarms, 'severity', 1, 'size', size, 'text', 'x',
		'tickets', jsonb_build_array(ticket), 'evidence', jsonb_build_object('callers', size)))))
$$;

do $$
declare
	now_ms bigint := (extract(epoch from clock_timestamp()) * 1000)::bigint;
	one bigint := pg_temp.add('路灯不亮', now_ms - 5000);
	two bigint := pg_temp.add('路灯还是不亮', now_ms - 5000);
	said jsonb;
	epoch bigint;
	x alert;
	n integer;
	id bigint;
begin
	perform pg_temp.must(week_hour(1795276800000) = 144, '2026-11-22 0:00 is a Sunday');
	perform pg_temp.must(week_hour(1795363200000 + 9 * 3600000) = 9, 'Monday at nine');
	perform pg_temp.must(week_hour(1790784000000) = 144, 'the National Day is a Sunday');

	-- One judges; another is told that it does not, until the lease runs out.
	said := pg_temp.next_of('a', now_ms);
	epoch := (said->>'epoch')::bigint;
	perform pg_temp.must((said->>'held')::boolean and jsonb_array_length(said->'rows') = 2, 'what waits: ' || said::text);
	perform pg_temp.must(pg_temp.next_of('b', now_ms) = '{"held": false}', 'another has it');
	perform pg_temp.must(pg_temp.take('b', epoch, now_ms, '[]') = array['refused'], 'who has no lease writes nothing');
	perform pg_temp.must(pg_temp.take('a', epoch, now_ms, pg_temp.row_of(two, 7, 3, true)) = array['reply', 'alert'], 'an alert');
	perform pg_temp.must(pg_temp.take('a', epoch, now_ms, pg_temp.row_of(two, 7, 3, true)) = array['reply'], 'told twice, done once');
	-- The smaller number is judged though a greater one was before.
	said := pg_temp.next_of('a', now_ms);
	perform pg_temp.must(said->'rows' @> jsonb_build_array(jsonb_build_object('id', one)) and jsonb_array_length(said->'rows') = 1, 'the late one: ' || (said->'rows')::text);
	update warning_lease set until = 0;
	said := pg_temp.next_of('b', now_ms);
	perform pg_temp.must((said->>'epoch')::bigint = epoch + 1, 'a new holder is a new epoch');
	perform pg_temp.must(pg_temp.take('a', epoch, now_ms, '[]') = array['refused'], 'the old one writes no more');
	epoch := epoch + 1;

	-- Folded into the open one; raised again when it has doubled.
	perform pg_temp.must(pg_temp.take('b', epoch, now_ms + 1, pg_temp.row_of(one, 7, 4, false)) = array['reply', 'alert'], 'folded');
	select * into x from alert where key = 'i:7';
	perform pg_temp.must((x.size, x.folded, x.raised, x.raise_size) = (4, 1, now_ms, 3), 'folded, not raised: ' || x::text);
	for n in 5..6 loop
		perform pg_temp.take('b', epoch, now_ms + n, pg_temp.row_of(pg_temp.add('路灯 ' || n, now_ms), 7, n, true));
	end loop;
	select * into x from alert where key = 'i:7';
	perform pg_temp.must((x.size, x.folded, x.raised, x.raise_size) = (6, 3, now_ms + 6, 6), 'raised again at the double: ' || x::text);

	-- Quiet after a false alarm until it has doubled.
	perform alert_close((select account from account where login = 'duban'), gen_random_uuid(),
		jsonb_build_object('alert', x.alert, 'text', '误报', 'real', false, 'at', now_ms + 10));
	perform pg_temp.must(pg_temp.take('b', epoch, now_ms + 11, pg_temp.row_of(pg_temp.add('路灯 7', now_ms), 7, 7, true)) = array['reply'], 'quiet');
	perform pg_temp.must(pg_temp.take('b', epoch, now_ms + 12, pg_temp.row_of(pg_temp.add('路灯 12', now_ms), 7, 12, true)) = array['reply', 'alert'], 'doubled');

	-- The night: what is usual is counted, once; a season comes with its lead.
	update warning_profile set made = 0;
	perform warning_night(0, null, jsonb_build_object('at', now_ms + 86400000));
	perform pg_temp.must((select cells_mean > 0 and cardinality(share) = 168 and abs((select sum(s) from unnest(share) s) - 1) < 0.001
		from warning_profile), 'what is usual');
	perform pg_temp.must((select sum(count) from warning_baseline) > 0, 'the cells');
	perform pg_temp.must((select count(*) from warning_night(0, null, jsonb_build_object('at', now_ms + 86400000))) = 1, 'not twice a night');
	-- 2027-09-20: 供暖 begins within two weeks.
	perform pg_temp.must((select count(*) from season_alerts(1821369600000)) >= 1, 'the heating season ahead');
	perform pg_temp.must((select count(*) from alert where key = 'p:1:2027' and kind = 'season') = 1, 'as a plan');
	perform pg_temp.must((select count(*) from season_alerts(1821369600000)) = 0, 'once a year');
	-- Six of one matter in the same fortnight a year ago.
	for n in 1..6 loop
		id := pg_temp.add('井盖 ' || n, now_ms);
		update ticket set accepted = 1821369600000 - 365 * 86400000::bigint + 20 * 86400000::bigint where ticket = id;
	end loop;
	perform pg_temp.must((select count(*) from season_alerts(1821369600000) o where o.body like '%去年这两周 6 件%') = 1, 'what came a year ago');

	-- 2027-12-25: over the year's end each plan comes in the year in which it begins; one that was given up does not.
	insert into season_plan values (101, '年末', '12-28', '01-05', null, 'x', true), (102, '年初', '01-02', '01-05', null, 'x', true),
		(103, '停用', '12-29', '01-05', null, 'x', false);
	perform season_alerts(1829664000000);
	perform pg_temp.must((select string_agg(key, ' ' order by key) from alert where key ~ '^p:10') = 'p:101:2027 p:102:2028', 'over the year''s end');

	-- Plans and words: nonsense is refused by its field, what is done is done once and kept with who and why.
	perform pg_temp.must((select string_agg(coalesce((select string_agg(k, ',' order by k) from jsonb_object_keys((select body::jsonb->'fields'
			from season_set(id_of, gen_random_uuid(), jsonb_build_object('name', '计划', 'from', '05-01', 'to', '05-31', 'advice', 'x', 'reason', 'y', 'at', now_ms)
			|| y.p::jsonb) limit 1)) k), 'done'), ' ' order by y.n)
		from (select account as id_of from account where login = 'admin') z, (values (1, '{"from": "02-29"}'), (2, '{"to": "13-01"}'),
			(3, '{"from": "5-1"}'), (4, '{"from": "01-01", "to": "12-31"}'), (5, '{"matter": "9999"}'), (6, '{"name": "供暖"}'),
			(7, '{"from": "12-01", "to": "02-28"}'), (8, '{"name": "计划"}')) y(n, p))
		= 'from to from to matter name done name', 'what is refused');
	id := (select max(plan) from season_plan);
	perform pg_temp.must(id = 104, 'a new plan has a number of its own: ' || id);
	perform pg_temp.must((select kind from season_drop(1, gen_random_uuid(), jsonb_build_object('plan', id, 'reason', 'z', 'at', now_ms)) limit 1) = 'reply', 'given up');
	perform pg_temp.must((select kind from season_drop(1, gen_random_uuid(), jsonb_build_object('plan', id, 'reason', 'z', 'at', now_ms)) limit 1) = 'refused', 'once');
	perform pg_temp.must((select count(*) from limit_change where key = 'season_plan') = 2, 'two changes');
	perform pg_temp.must((select string_agg((select o.kind from word_set(1, gen_random_uuid(), jsonb_build_object('word', w, 'severity', 2, 'active', true,
		'at', now_ms)) o limit 1), ' ') from unnest(array['火', '119', '！！', '冒顶', '冒顶']) w) = 'refused refused refused reply reply', 'words');
	perform pg_temp.must((select count(*) from limit_change where key = 'warning_word') = 1, 'what changes nothing is no change');

	perform pg_temp.must((select faults from verify_all() where check_name like '预警%') = 0, 'all is well');
	update alert set folded = size + 1 where key = 'i:7' and closed is null;
	perform pg_temp.must((select faults from verify_all() where check_name like '预警%') = 1, 'tampered with');
end $$;
rollback;
