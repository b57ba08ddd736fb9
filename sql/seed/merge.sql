-- Brings the reference data of sql/seed into the tables; safe to run at every migrate.
--
-- Before: each <table>.csv stands in a temporary table seed_<table> (like <table> including
-- defaults). In the files an empty cell is NULL and "" is empty text. seed_account (from
-- demo_account.csv: login, name, role, dept, region, extension, and the password hash that the
-- loader adds) exists only where demo accounts are wanted.
-- After: the caller's transaction decides; nothing here commits.
--
-- Who wins: the files, for places, duties, departments, matters and the 一件事 list. What an
-- administrator decides for the house stays: calendar, limits, office hours, accounts, what Open311 asks,
-- units filled into open sets, and whatever was set inactive. Rows that the files no longer have become
-- inactive where the table knows that, and else stay, because tickets may name them. Own
-- additions are safe: departments from 10000 up, matters whose code is not four digits.

-- Places and duties -----------------------------------------------------------------------
insert into region as old (region, name, kind, parent, py)
select region, name, kind, parent, py from seed_region
on conflict (region) do update
	set (name, kind, parent, py) = (excluded.name, excluded.kind, excluded.parent, excluded.py)
	where (old.name, old.kind, old.parent, old.py)
		is distinct from (excluded.name, excluded.kind, excluded.parent, excluded.py);

insert into duty as old (duty, name)
select duty, name from seed_duty
on conflict (duty) do update
	set name = excluded.name
	where old.name is distinct from excluded.name;

-- Departments and what they hold ----------------------------------------------------------
insert into department as old (dept, name, short, region, kind, py, active)
select dept, name, short, region, kind, py, active from seed_department
on conflict (dept) do update
	set (name, short, region, kind, py, active) = (excluded.name, excluded.short, excluded.region,
		excluded.kind, excluded.py, old.active and excluded.active)
	where (old.name, old.short, old.region, old.kind, old.py, old.active)
		is distinct from (excluded.name, excluded.short, excluded.region,
			excluded.kind, excluded.py, old.active and excluded.active);

update department old set active = false
where old.active and old.dept < 10000
	and exists (select from seed_department)
	and not exists (select from seed_department s where s.dept = old.dept);

-- A duty that the files give to one unit of a region is taken from any other unit there:
-- two holders would make dispatch a matter of luck.
delete from department_duty old
using department holder, seed_department_duty s, seed_department unit
where holder.dept = old.dept and unit.dept = s.dept
	and s.duty = old.duty and unit.region = holder.region and unit.dept <> holder.dept;

insert into department_duty (dept, duty)
select dept, duty from seed_department_duty
on conflict do nothing;

-- Matters ---------------------------------------------------------------------------------
insert into matter as old (matter, name, grp, words, duty, level, urgency, note, py, active)
select matter, name, grp, words, duty, level, urgency, note, py, active from seed_matter
on conflict (matter) do update
	set (name, grp, words, duty, level, urgency, note, py, active) = (excluded.name, excluded.grp,
		excluded.words, excluded.duty, excluded.level, excluded.urgency, excluded.note,
		excluded.py, old.active and excluded.active)
	where (old.name, old.grp, old.words, old.duty, old.level, old.urgency, old.note, old.py,
			old.active)
		is distinct from (excluded.name, excluded.grp, excluded.words, excluded.duty,
			excluded.level, excluded.urgency, excluded.note, excluded.py,
			old.active and excluded.active);

update matter old set active = false
where old.active and old.matter ~ '^[0-9]{4}$'
	and exists (select from seed_matter)
	and not exists (select from seed_matter s where s.matter = old.matter);

-- Who helps, by the files; rows of own matters stay.
insert into matter_duty as old (matter, duty, level, send)
select matter, duty, level, send from seed_matter_duty
on conflict (matter, duty, level) do update
	set send = excluded.send
	where old.send is distinct from excluded.send;

delete from matter_duty old
where old.matter ~ '^[0-9]{4}$'
	and exists (select from seed_matter_duty)
	and not exists (select from seed_matter_duty s
		where (s.matter, s.duty, s.level) = (old.matter, old.duty, old.level));
-- What Open311 asks for each service ---------------------------------------------------------
insert into service_attribute as old (matter, code, ord, variable, datatype, required, description, hint, source)
select matter, code, ord, variable, datatype, required, description, hint, source from seed_service_attribute
on conflict (matter, code) do nothing;

insert into service_value (matter, code, key, ord, name)
select matter, code, key, ord, name from seed_service_value
on conflict (matter, code, key) do nothing;

-- 一件事 ------------------------------------------------------------------------------------
insert into event_theme as old (theme, name, audience, stage, py)
select theme, name, audience, stage, py from seed_event_theme
on conflict (theme) do update
	set (name, audience, stage, py) = (excluded.name, excluded.audience, excluded.stage, excluded.py)
	where (old.name, old.audience, old.stage, old.py)
		is distinct from (excluded.name, excluded.audience, excluded.stage, excluded.py);

insert into event_matter as old (theme, no, name)
select theme, no, name from seed_event_matter
on conflict (theme, no) do update
	set name = excluded.name
	where old.name is distinct from excluded.name;

-- An open set ("供气企业") has no unit in the files; the one that the administrator chose stays.
insert into event_matter_unit as old (theme, no, unit, dept, lead)
select theme, no, unit, dept, lead from seed_event_matter_unit
on conflict (theme, no, unit) do update
	set (dept, lead) = (coalesce(excluded.dept, old.dept), excluded.lead)
	where (old.dept, old.lead)
		is distinct from (coalesce(excluded.dept, old.dept), excluded.lead);

-- What the administrator may change: filled in once, then left alone ----------------------
insert into calendar_day (day, kind, name)
select day, kind, name from seed_calendar_day
on conflict (day) do nothing;

insert into time_limit (key, amount, unit, note)
select key, amount, unit, note from seed_time_limit
on conflict (key) do nothing;

insert into warning_word (word, severity, active)
select word, severity, active from seed_warning_word
on conflict (word) do nothing;

insert into season_plan (plan, name, from_md, to_md, matter, advice)
select plan, name, from_md, to_md, matter, advice from seed_season_plan
on conflict (plan) do nothing;

-- Spans depend on each other (they must not overlap), so the table is filled whole or not at all.
insert into office_hours (from_minute, to_minute)
select from_minute, to_minute from seed_office_hours
where not exists (select from office_hours);

do $$
begin
	if to_regclass('pg_temp.seed_account') is null then
		return;
	end if;
	insert into account (login, name, role, dept, region, password, extension)
	select login, name, role, dept, region, password, extension from seed_account
	on conflict (login) do nothing;
end
$$;
