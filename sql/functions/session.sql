-- Who is there: logins, sessions, accounts.

-- p: login, at. Reply: what the server needs to check the password.
create or replace function login_find(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare a account;
begin
    select * into a from account where login = p->>'login' and role not in (16, 32);
    return next case when a.account is null then refusal_outcome('not_found')
        else reply_outcome(json_build_object('account', a.account, 'hash', a.password, 'active', a.active,
                 'locked_until', a.locked_until, 'name', a.name, 'role', a.role)::text) end;
end $$;

-- A wrong password. p: account, at, tries (allowed), lock_ms. Reply: {"locked_until", "left"}. Writes: account.
create or replace function login_failed(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare a account;
begin
    update account set tries = tries + 1 where account = (p->>'account')::int returning * into a;
    if a.tries >= (p->>'tries')::int then
        update account set tries = 0, locked_until = (p->>'at')::bigint + (p->>'lock_ms')::bigint
            where account = a.account returning * into a;
    end if;
    return next reply_outcome(json_build_object('locked_until', a.locked_until,
        'left', (p->>'tries')::int - a.tries)::text);
end $$;

-- p: digest, account, at, expires, ip. Writes: session, account.
create or replace function session_open(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    delete from session where expires <= (p->>'at')::bigint;
    update account set tries = 0, locked_until = 0 where account = (p->>'account')::int;
    insert into session values (p->>'digest', (p->>'account')::int, (p->>'at')::bigint,
                                (p->>'expires')::bigint, p->>'ip');
    return next reply_outcome('{}');
end $$;

-- p: digest. Writes: session.
create or replace function session_close(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    delete from session where digest = p->>'digest';
    return next reply_outcome('{}');
end $$;

-- p: digests, at. Reply: {"ended": those that are no longer good}.
create or replace function session_check(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome((select json_build_object('ended', coalesce(json_agg(d), '[]'))
        from jsonb_array_elements_text(p->'digests') d
        where not exists (select from session s join account a using (account)
            where s.digest = d and s.expires > (p->>'at')::bigint and a.active))::text)
$$;

-- p: digest, at. Reply: who this is, as the console needs it; an agent's seat and call with it.
create or replace function session_find(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    a account;
    s agent_seat;
begin
    select acc.* into a from session join account acc using (account)
        where digest = p->>'digest' and expires > (p->>'at')::bigint and active;
    if not found then return next refusal_outcome('not_logged_in'); return; end if;
    select * into s from agent_seat where account = a.account;
    return next reply_outcome(json_build_object('account', a.account, 'login', a.login, 'name', a.name,
        'role', a.role, 'dept', a.dept, 'dept_name', (select name from department where dept = a.dept),
        'region', a.region, 'extension', a.extension,
        'seat', case when s.account is not null then seat_card(s) end,
        'call', (select call_card(c) from call c where c.call = s.call and c.state <> 'ended'))::text);
end $$;

create or replace function account_list(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome((select json_build_object('rows', json_agg(json_build_object(
        'account', account, 'login', login, 'name', a.name, 'role', role, 'dept', a.dept,
        'dept_name', d.name, 'region', a.region, 'extension', extension, 'active', a.active,
        'tries', tries, 'locked_until', locked_until) order by account))
        from account a left join department d on d.dept = a.dept where role not in (16, 32))::text)
$$;

-- p: account, active. Stopping an account ends its sessions. Writes: account, session.
create or replace function account_enable(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare who integer := (p->>'account')::int;
begin
    if who = actor then
        return next refusal_outcome('rule', '{"sentence": "不能停用自己的账号"}');
        return;
    end if;
    update account set active = (p->>'active')::boolean where account = who and role not in (16, 32);
    if not found then return next refusal_outcome('not_found'); return; end if;
    if not (p->>'active')::boolean then delete from session where account = who; end if;
    return next reply_outcome('{}');
end $$;

-- p: account. Writes: account.
create or replace function account_unlock(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update account set tries = 0, locked_until = 0 where account = (p->>'account')::int and role not in (16, 32);
    return next case when found then reply_outcome('{}') else refusal_outcome('not_found') end;
end $$;
