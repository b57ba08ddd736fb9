-- What `hotlined user` does, as the database's owner: accounts from the terminal.

create or replace function operator_accounts() returns table (login text, name text, role smallint,
	place text, extension text, active boolean, locked boolean)
language sql stable set search_path = public, pg_temp as $$
	select a.login, a.name, a.role, coalesce(d.name, r.name), coalesce(a.extension, ''), a.active,
		a.locked_until > extract(epoch from now()) * 1000
	from account a join region r on r.region = a.region left join department d on d.dept = a.dept
	where a.account > 0 order by a.role, a.login
$$;

-- p: login, name, role, password (hash), and where given dept, region, extension. A unit's account
-- belongs to the unit's region. Writes: account.
create or replace function operator_add(p jsonb) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
	unit department;
	place text := p->>'region';
begin
	if p ? 'dept' then
		select * into unit from department where dept = (p->>'dept')::int and active;
		if not found then raise exception 'there is no department %', p->>'dept'; end if;
		place := coalesce(place, unit.region);
	end if;
	place := coalesce(place, '232700');
	if not exists (select from region where region = place) then
		raise exception 'there is no region %', place;
	end if;
	insert into account (login, name, role, dept, region, password, extension)
	values (p->>'login', p->>'name', (p->>'role')::smallint, unit.dept, place, p->>'password', p->>'extension')
	on conflict (login) do nothing;
	if not found then raise exception 'the login % exists already', p->>'login'; end if;
end $$;

-- A new password opens the lock and ends the logins made with the old one. Writes: account, session.
create or replace function operator_password(who text, hash text) returns void
language plpgsql set search_path = public, pg_temp as $$
declare changed integer;
begin
	update account set password = hash, tries = 0, locked_until = 0
		where login = who and account.account > 0 returning account.account into changed;
	if not found then raise exception 'there is no account %', who; end if;
	delete from session where session.account = changed;
end $$;

-- Writes: account, session.
create or replace function operator_enable(who text, enabled boolean) returns void
language plpgsql set search_path = public, pg_temp as $$
declare changed integer;
begin
	update account set active = enabled
		where login = who and account.account > 0 returning account.account into changed;
	if not found then raise exception 'there is no account %', who; end if;
	if not enabled then delete from session where session.account = changed; end if;
end $$;

-- What `./hotline backup` needs as a superuser. Nobody writes to any table until the end of this transaction.
create or replace function operator_quiet() returns void
language plpgsql set search_path = public, pg_temp as $$
begin
	execute (select 'lock table ' || string_agg(format('only %I.%I', n.nspname, c.relname), ', ' order by c.oid) || ' in share mode'
		from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('public', 'shelf') and c.relkind = 'r');
end $$;

-- Rows of every table, months by themselves.
create or replace function operator_counts() returns table (name text, rows bigint)
language plpgsql stable set search_path = public, pg_temp as $$
begin
	for name in select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where n.nspname in ('public', 'shelf') and c.relkind = 'r' order by n.nspname, c.relname
	loop
		execute format('select count(*) from %s', name) into rows;
		return next;
	end loop;
end $$;
