-- The list of “一件事” as it stands in the product, who its units are in a county, and the draft's faults.

begin;

do $$
declare
	wrong text;
	x record;
begin
	perform from list_version where version = 1 and state = 'in_force';
	if not found then raise exception 'version 1 is not in force'; end if;
	wrong := (select string_agg(f, '; ') from list_faults(1) f);
	if wrong is not null then raise exception 'the list in force has faults: %', wrong; end if;

	-- The list is the annex: 13 cases, 86 matters, 100 shares, and the same leads as its stars.
	for x in select * from (values ('cases', (select count(*) from list_theme where version = 1), 13),
			('matters', (select count(*) from list_matter where version = 1), 86),
			('shares', (select count(*) from list_unit where version = 1), 100),
			('leads', (select count(*) from (select distinct theme, dept from list_unit where version = 1 and lead) l), 13),
			('shares that differ from what tickets name', (select count(*) from list_unit l full join event_matter_unit e
				on (l.theme, l.no, l.unit) = (e.theme, e.no, e.unit) and l.version = 1
				where l.dept is distinct from e.dept or l.lead is distinct from e.lead), 0),
			('first-named units', (select count(*) from list_unit where version = 1 and place = 1), 86)) y (what, n, wanted)
	loop
		if x.n <> x.wanted then raise exception '%: % instead of %', x.what, x.n, x.wanted; end if;
	end loop;

	-- An open set nobody has filled in is the lead's; filled for a county it is that unit there and nowhere else.
	if unit_here('供气企业', null, 1008, '232761') <> 1008 then raise exception 'an open set is not the lead''s'; end if;
	insert into unit_fill values ('供气企业', '232761', 2430, 0, 0), ('地区公安局', '232701', 2103, 0, 0);
	if unit_here('供气企业', null, 1008, '232761') <> 2430 or unit_here('供气企业', null, 1008, '232701') <> 1008
		or unit_here('地区公安局', 1004, 1008, '232701') <> 2103 or unit_here('地区公安局', 1004, 1008, '232761') <> 1004 then
		raise exception 'the units of a county are not the filled-in ones';
	end if;
end $$;

-- Each fault of a draft is named.
do $$
declare
	admin integer := (select account from account where login = 'admin');
	faults text[];
	x record;
begin
	perform theme_draft(admin, gen_random_uuid(), '{"year": 2027, "at": 1}');
	for x in select * from (values
			('update list_matter set deps = ''{3}'' where version = 2 and theme = 2 and no = 2', '%互为前置%'),
			('update list_matter set deps = ''{9}'' where version = 2 and theme = 2 and no = 2', '%不存在%'),
			('update list_matter set deps = ''{1}'' where version = 2 and theme = 6 and no = 2', '%汇总%'),
			('update list_unit set lead = false where version = 2 and theme = 2', '%牵头%')) y (deed, words)
	loop
		begin
			execute x.deed;
			faults := array(select list_faults(2));
			if not exists (select from unnest(faults) f where f like x.words) then
				raise exception '% is not told: %', x.deed, faults using errcode = 'P0002';
			end if;
			-- Undone by its own savepoint, whatever was found.
			raise exception 'undo' using errcode = 'P0001';
		exception when sqlstate 'P0001' then null;
		end;
	end loop;
	if exists (select from list_faults(2)) then raise exception 'a draft that was not edited has faults'; end if;
	if (select body::jsonb->'changes' from theme_diff(admin, null, '{}')) <> '[]' then
		raise exception 'a draft that was not edited differs';
	end if;
end $$;

rollback;
