-- Checks the reference data of a freshly migrated database: one exception lists every fault.

create or replace function pg_temp.county_level() returns setof region language sql stable as $$
	select * from region where parent = '232700' and kind <> '林业局'
$$;

-- The unit that dispatch would find: the region's own, else its parents' in turn.
create or replace function pg_temp.unit_for(wanted text, place text) returns integer
language sql stable as $$
	with recursive up (region, parent, steps) as (
		select region, parent, 0 from region where region = place
		union all
		select r.region, r.parent, up.steps + 1 from up join region r on r.region = up.parent
	)
	select d.dept from up
		join department d on d.region = up.region and d.active
		join department_duty h on h.dept = d.dept and h.duty = wanted
	order by up.steps limit 1
$$;

create or replace temp view seed_fault (fault) as
	-- dispatch always finds exactly one unit
	select format('matter %s %s: nobody holds duty %s for %s', m.matter, m.name, m.duty, r.name)
	from matter m, pg_temp.county_level() r
	where m.active and pg_temp.unit_for(m.duty, r.region) is null
union all
	select format('matter %s %s goes to the prefecture first, where nobody holds duty %s',
		matter, name, duty)
	from matter where active and level = 1 and pg_temp.unit_for(duty, '232700') is null
union all
	select format('duty %s is held by %s units in %s: %s',
		h.duty, count(*), r.name, string_agg(d.name, ', '))
	from department_duty h join department d using (dept) join region r using (region)
	where d.active group by h.duty, r.name having count(*) > 1
union all
	select format('duty %s is held by nobody', duty)
	from duty where not exists (select from department_duty h where h.duty = duty.duty)
union all
	select format('%s has no government to fall back on', name)
	from pg_temp.county_level() r
	where not exists (select from department d join department_duty h using (dept)
		where d.region = r.region and h.duty = 'government')
union all
	-- 一件事
	select format('theme %s %s has %s lead departments instead of 1', t.theme, t.name,
		count(distinct u.unit) filter (where u.lead))
	from event_theme t left join event_matter_unit u using (theme)
	group by t.theme, t.name having count(distinct u.unit) filter (where u.lead) <> 1
union all
	select format('theme %s no %s %s: the lead %s is no department', theme, no, unit, dept)
	from event_matter_unit where lead and dept is null
union all
	select format('theme %s no %s names %s, but its department is %s', u.theme, u.no, u.unit, d.name)
	from event_matter_unit u join department d using (dept) where d.name <> u.unit
union all
	select format('theme %s no %s %s has no unit', theme, no, name)
	from event_matter m where not exists (
		select from event_matter_unit u where u.theme = m.theme and u.no = m.no)
union all
	-- numbers of the published lists
	select format('%s: %s rows instead of %s', what, is_now, should)
	from (values
		('themes', (select count(*) from event_theme), 13),
		('matters of the themes', (select count(*) from event_matter), 86),
		('units of the themes', (select count(*) from event_matter_unit), 100),
		('matters', (select count(*) from matter where active), 139),
		('groups of matters', (select count(distinct grp) from matter where active), 20),
		('county-level regions', (select count(*) from pg_temp.county_level()), 7),
		('forestry bureaus', (select count(*) from region where kind = '林业局'), 4),
		('townships', (select count(*) from region where kind in ('镇', '乡', '街道')), 43)
	) as counted (what, is_now, should)
	where is_now <> should
union all
	-- what people type
	select format('%s %s has the pinyin initials "%s"', what, name, py)
	from (select 'region', name, py from region
		union all select 'department', name, py from department
		union all select 'matter', name, py from matter
		union all select 'theme', name, py from event_theme) as named (what, name, py)
	where py !~ '^[a-z0-9]+( [a-z0-9]+)?$'
union all
	select format('matter %s %s has no words to be recognised by', matter, name)
	from matter where words !~ '^[^|]+(\|[^|]+)+$' or char_length(words) > 150
union all
	select format('matter %s %s has level %s and urgency %s', matter, name, level, urgency)
	from matter where level not between 0 and 1 or urgency not between 0 and 2
union all
	-- clocks
	select format('limit %s is missing', key)
	from unnest(array['dispatch_normal', 'dispatch_urgent', 'dispatch_critical',
		'sign_normal', 'sign_urgent', 'sign_critical', 'handle_consult', 'handle_help',
		'handle_complaint', 'handle_report', 'handle_suggest', 'handle_praise',
		'handle_urgent', 'handle_critical', 'notify', 'eval_window', 'archive_after']) as needed (key)
	where not exists (select from time_limit t where t.key = needed.key and t.amount > 0)
union all
	select 'there are no office hours' where not exists (select from office_hours)
union all
	select format('office hours from minute %s overlap those from %s', a.from_minute, b.from_minute)
	from office_hours a join office_hours b
		on a.from_minute < b.from_minute and a.to_minute > b.from_minute
union all
	select format('the calendar has only %s holidays in %s', count(c.day), year)
	from generate_series(2024, 2027) as year
		left join calendar_day c on c.kind = 'holiday' and extract(year from c.day) = year
	group by year having count(c.day) < 11
union all
	-- people
	select format('account %s works in region %s, its department in %s', a.login, a.region, d.region)
	from account a join department d using (dept) where a.region <> d.region
union all
	select format('account %s is a handler without department', login)
	from account where role = 2 and dept is null
union all
	select format('extension %s is held by %s', extension, string_agg(login, ', '))
	from account where extension is not null group by extension having count(*) > 1;

do $$
declare
	faults text := (select string_agg(fault, E'\n  ') from seed_fault);
begin
	if faults is not null then
		raise exception E'reference data is not consistent:\n  %', faults;
	end if;
end
$$;
