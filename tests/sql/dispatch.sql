-- Checks the dispatch rules in the database: drafts, versions, what may take effect, absences; local practice and loads
-- counted from the tickets; what a trial reads.

begin;
create or replace function pg_temp.must(holds boolean, what text) returns void language plpgsql as $$
begin
	if holds is not true then raise exception '%', what; end if;
end $$;
create or replace function pg_temp.account_of(who text) returns integer language sql as $$ select account from account where login = who $$;

create or replace function pg_temp.ask(f text, who text, p jsonb default '{}', req uuid default gen_random_uuid()) returns jsonb
language plpgsql as $$
declare answer jsonb;
begin
	execute format('select jsonb_build_object(''outcome'', kind) || body::jsonb from %I($1, $2, $3) limit 1', f)
		into answer using pg_temp.account_of(who), req, '{"at": 1795276800000}' || p;
	return answer;
end $$;
create or replace function pg_temp.content(more jsonb default '{}') returns jsonb language sql as $$
	select (select content from dispatch_version order by version desc limit 1) || more
$$;
create or replace function pg_temp.rule(more jsonb default '{}') returns jsonb language sql as $$
	select '{"id": 1, "name": "甲", "any": "井盖", "all": "", "none": "", "place": "", "matter": "", "group": "", "kind": 0,
		"region": "", "town": "", "months": [], "set_matter": "", "unit": 2412, "duty": "", "pool": false, "cos": [],
		"basis": "", "note": ""}'::jsonb || more
$$;

-- Versions: only by the prefecture's supervisors, only what was tried, each with who, when and why.
do $$
declare
	said jsonb;
	req uuid := gen_random_uuid();
	r integer;
begin
	perform pg_temp.must((select count(*) = 1 and min(version) = 1 and min((content->>'straight')::int) = 60 from dispatch_version),
		'the threshold of before is that of version 1');
	said := pg_temp.ask('dispatch_draft_set', 'mohe', jsonb_build_object('rev', 0, 'content', pg_temp.content()));
	perform pg_temp.must(said->>'code' = 'not_allowed', 'a county has no say: ' || said::text);
	said := pg_temp.ask('dispatch_draft_set', 'duban', jsonb_build_object('rev', 0,
		'content', pg_temp.content(jsonb_build_object('rules', jsonb_build_array(pg_temp.rule('{"cos": [1]}'))))));
	perform pg_temp.must(said->'fields'->>'content' like '%协办单位%', 'unknown units are found: ' || said::text);
	said := pg_temp.ask('dispatch_draft_set', 'duban', jsonb_build_object('rev', 0,
		'content', pg_temp.content(jsonb_build_object('rules', jsonb_build_array(pg_temp.rule())))), req);
	perform pg_temp.must(said->>'rev' = '1', 'the first draft: ' || said::text);
	said := pg_temp.ask('dispatch_draft_set', 'duban', jsonb_build_object('rev', 0, 'content', pg_temp.content()), req);
	perform pg_temp.must(said->>'rev' = '1' and (select rev = 1 from dispatch_draft), 'asked twice, done once');
	said := pg_temp.ask('dispatch_draft_set', 'duban2', jsonb_build_object('rev', 0, 'content', pg_temp.content()));
	perform pg_temp.must(said->>'code' = 'rule', 'who has not seen the draft does not overwrite it');
	said := pg_temp.ask('dispatch_enforce', 'duban', '{"rev": 1, "reason": "x"}');
	perform pg_temp.must(said->>'sentence' like '%试算%', 'not before it was tried: ' || said::text);
	perform pg_temp.ask('dispatch_trial_end', 'system', '{"rev": 1, "tried": {"tickets": 5, "moves": 2, "moved": [1]}}');
	said := pg_temp.ask('dispatch_draft_set', 'duban', jsonb_build_object('rev', 1, 'content',
		pg_temp.content(jsonb_build_object('rules', jsonb_build_array(pg_temp.rule('{"name": "乙", "basis": "纪要", "note": "n"}'))))));
	perform pg_temp.must((select tried_rev = 2 from dispatch_draft), 'other words need no other trial');
	said := pg_temp.ask('dispatch_draft_set', 'duban', jsonb_build_object('rev', 2, 'content',
		pg_temp.content(jsonb_build_object('rules', jsonb_build_array(pg_temp.rule('{"kind": 3}'))))));
	said := pg_temp.ask('dispatch_enforce', 'duban', '{"rev": 3, "reason": "x"}');
	perform pg_temp.must(said->>'code' = 'rule', 'another condition does');
	perform pg_temp.ask('dispatch_trial_end', 'system', '{"rev": 2, "tried": {}}');
	perform pg_temp.must((select tried_rev = 2 from dispatch_draft), 'a trial of what is no longer there is kept nowhere');
	perform pg_temp.ask('dispatch_trial_end', 'system', '{"rev": 3, "tried": {"tickets": 5, "moves": 1, "moved": [1]}}');
	select count(*) into r from dispatch_enforce(pg_temp.account_of('duban'), gen_random_uuid(),
		'{"rev": 3, "reason": "试行", "at": 1795276800000}') where kind = 'rules';
	perform pg_temp.must(r = 1 and not exists (select from dispatch_draft), 'every process hears of it, and the draft is gone');
	said := pg_temp.ask('dispatch_rules', 'mohe');
	perform pg_temp.must(said->>'version' = '2' and said->>'mayEdit' = 'false' and said#>>'{versions,0,reason}' = '试行'
		and said#>>'{versions,0,base}' = '1' and said#>'{versions,0,tried}' = '{"moves": 1, "tickets": 5}', 'as it is read: ' || said::text);
	perform pg_temp.must((pg_temp.ask('rules_load', 'system'))#>>'{dispatch,version}' = '2', 'and in force');
	said := pg_temp.ask('dispatch_rollback', 'duban', '{"version": 2, "reason": "x"}');
	perform pg_temp.must(said->>'code' = 'rule', 'not back to what is in force');
	said := pg_temp.ask('dispatch_rollback', 'duban', '{"version": 1, "reason": "撤回"}');
	perform pg_temp.must(said->>'version' = '3' and pg_temp.content()->'rules' = '[]', 'back is a new version');
	said := pg_temp.ask('dispatch_draft_set', 'duban', jsonb_build_object('rev', 0, 'content', pg_temp.content()));
	perform pg_temp.ask('dispatch_rollback', 'duban', '{"version": 2, "reason": "又"}');
	said := pg_temp.ask('dispatch_enforce', 'duban', '{"rev": 1, "reason": "x"}');
	perform pg_temp.must(said->>'sentence' like '%第 4 版%', 'a draft of an earlier version does not undo a later one: ' || said::text);
	update department set active = false where dept = 2412;
	perform pg_temp.ask('dispatch_rollback', 'duban', '{"version": 3, "reason": "y"}');
	said := pg_temp.ask('dispatch_rollback', 'duban', '{"version": 2, "reason": "z"}');
	perform pg_temp.must(said->>'sentence' like '%2412%', 'a version that names a closed unit does not come back: ' || said::text);
	update department set active = true where dept = 2412;
end $$;

-- Absences: no two at once, both ends included, ended once.
do $$
declare
	said jsonb;
	p jsonb := '{"dept": 2402, "stand_in": 2430, "from": "2026-11-22", "until": "2026-11-23", "reason": "搬迁"}';
begin
	perform pg_temp.must((pg_temp.ask('dispatch_absent', 'duban', p || '{"until": "2026-11-21"}'))->>'code' = 'bad_params', 'ends before it begins');
	perform pg_temp.must((pg_temp.ask('dispatch_absent', 'duban', p || '{"stand_in": 2402}'))->>'code' = 'bad_params', 'for itself');
	perform pg_temp.must((pg_temp.ask('dispatch_absent', 'duban', p))->>'outcome' = 'reply', 'recorded');
	perform pg_temp.must((select to_ms - from_ms = 172800000 from unit_absence), 'two whole days');
	perform pg_temp.must((pg_temp.ask('dispatch_absent', 'duban', p || '{"from": "2026-11-23", "until": "2026-11-25"}'))->>'code' = 'bad_params', 'overlaps');
	perform pg_temp.must((pg_temp.ask('dispatch_absent', 'duban', p || '{"from": "2026-11-24", "until": "2026-11-25"}'))->>'outcome' = 'reply', 'the next day');
	said := pg_temp.ask('dispatch_present', 'duban', jsonb_build_object('absence', (select min(absence) from unit_absence), 'reason', '回'));
	perform pg_temp.must(said->>'outcome' = 'reply', 'ended');
	said := pg_temp.ask('dispatch_present', 'duban', jsonb_build_object('absence', (select min(absence) from unit_absence), 'reason', '回'));
	perform pg_temp.must(said->>'code' = 'rule', 'once');
end $$;

-- Practice: who handled what ended within the year; not what was merged, withdrawn or is older. Once a night.
do $$
declare
	said jsonb;
	t bigint;
	now_ms bigint := 1795276800000 + 36000000;
begin
	for n in 1..4 loop
		said := pg_temp.ask('ticket_submit', '1001', jsonb_build_object('kind', 3, 'region', '232761', 'title', '路灯不亮',
			'body', '多日不亮', 'due', 1795276900000, 'warn', 1795276900000, 'matter', '0305', 'promised', 1795276900000,
			'rule', 'dispatch_normal:2wh', 'since', 1795276800000, 'action', 'submit', 'to', 20));
		t := (said->>'id')::bigint;
		update ticket set state = 80, dept = 2402, dispatched = 1795276800000 - 86400000, ended = case n when 3 then 'withdraw' else 'rate' end,
			closed = case n when 4 then now_ms - 31536000001 else 1795276800000 end where ticket = t;
	end loop;
	said := pg_temp.ask('practice_refresh', 'system', jsonb_build_object('at', now_ms));
	perform pg_temp.must(said->>'rows' = '1' and (select (matter, region, dept, handled)::text from practice) = '(0305,232761,2402,2)', 'counted: ' || said::text);
	said := pg_temp.ask('practice_refresh', 'system', jsonb_build_object('at', now_ms + 3600000));
	perform pg_temp.must(said->>'rows' is null, 'not twice a night');
	said := pg_temp.ask('practice_refresh', 'system', jsonb_build_object('at', now_ms + 3600000, 'force', true));
	perform pg_temp.must(said->>'rows' = '1', 'unless it is asked for');
	said := pg_temp.ask('practice_refresh', 'system', jsonb_build_object('at', now_ms + 86400000));
	perform pg_temp.must(said->>'rows' = '1', 'and the next night');
	insert into practice values ('0305', '232761', 2430, 1);
	perform pg_temp.must(((pg_temp.ask('rules_load', 'system'))->'practices')::text = '[["0305", "232761", 2402, 2, 3]]', 'the most frequent of all');
	said := pg_temp.ask('unit_loads', 'system');
	perform pg_temp.must(exists (select from jsonb_array_elements(said->'loads') x where x->>0 = '2402' and x->>3 = 'true')
		and exists (select from jsonb_array_elements(said->'loads') x where x->>0 = '2416' and x->>3 = 'false'), 'who can log in');
end $$;

-- What a trial reads: the month, page by page, and the matter only where a person chose it.
do $$
declare
	said jsonb;
	p jsonb := '{"from": 1795276700000, "to": 1795276900000, "after": 0, "limit": 3}';
	last bigint;
begin
	said := pg_temp.ask('dispatch_trial_page', 'system', p);
	perform pg_temp.must(jsonb_array_length(said->'rows') = 3 and said#>>'{rows,0,dept}' = '2402' and said#>>'{rows,0,matter}' = '0305', 'a page: ' || said::text);
	last := (said#>>'{rows,2,id}')::bigint;
	said := pg_temp.ask('dispatch_trial_page', 'system', p || jsonb_build_object('after', last));
	perform pg_temp.must(jsonb_array_length(said->'rows') = 1, 'and what is left');
	said := pg_temp.ask('dispatch_trial_page', 'system', p || '{"to": 1795276700001}');
	perform pg_temp.must(jsonb_array_length(said->'rows') = 0, 'of that time only');
end $$;
rollback;
