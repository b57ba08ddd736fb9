-- Checks who may do what: the server's role executes functions and touches nothing, and the functions that
-- lend it their owner's rights look names up only where nobody else can put any.

do $$
declare fault text;
begin
	select string_agg(format('%s %s', privilege, c.oid::regclass), ', ') into fault
	from pg_class c, unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) privilege
	where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'p')
		and has_table_privilege('hotline_server', c.oid, privilege);
	if fault is not null then raise exception 'hotline_server may: %', fault; end if;

	select string_agg(c.oid::regclass::text, ', ') into fault from pg_class c
	where c.relnamespace = 'public'::regnamespace
		and case when c.relkind = 'S' then has_sequence_privilege('hotline_server', c.oid, 'usage, select, update') end;
	if fault is not null then raise exception 'hotline_server may use sequences: %', fault; end if;

	if has_schema_privilege('hotline_server', 'public', 'create') or pg_has_role('hotline_server', 'hotline_owner', 'member') then
		raise exception 'hotline_server may make things in the schema';
	end if;

	select string_agg(p.oid::regprocedure::text, ', ') into fault from pg_proc p
	where p.pronamespace = 'public'::regnamespace and p.prosecdef
		and not coalesce(p.proconfig, '{}') @> array['search_path=public, pg_temp'];
	if fault is not null then raise exception 'security definer without a search_path of its own: %', fault; end if;

	-- What consoles and the server call, and verify; all else runs with the caller's rights.
	select string_agg(p.oid::regprocedure::text, ', ') into fault from pg_proc p
	where p.pronamespace = 'public'::regnamespace and p.prosecdef
		and p.proname <> 'verify_all' and p.prorettype <> 'outcome'::regtype;
	if fault is not null then raise exception 'lends its owner''s rights, but answers no request: %', fault; end if;

	select string_agg(p.oid::regprocedure::text, ', ') into fault
	from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
	where p.pronamespace = 'public'::regnamespace and x.grantee = 0;
	if fault is not null then raise exception 'anybody may execute %', fault; end if;
end $$;
