-- Saved searches (视图): an account's own, and those that a supervisor shares with the office.

-- Whether an account sees the views that another shares: same role of the desk, same unit or same region.
create or replace function view_reaches(owner account, a account) returns boolean language sql immutable as $$
    select owner.role = a.role and owner.dept is not distinct from a.dept and owner.region = a.region
$$;

-- The account's views in their order, then those shared with it. Reply: {"rows": [{view, name, shared, own, owner,
-- filter, sort, columns}]}.
create or replace function view_list(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare a account;
begin
    select * into a from account where account = actor;
    return next reply_outcome((select json_build_object('rows', coalesce(json_agg(json_build_object('view', v.view,
            'name', v.name, 'shared', v.shared, 'own', v.account = actor, 'owner', o.name, 'filter', v.filter,
            'sort', v.sort, 'columns', v.columns) order by v.account <> actor, v.place, v.view), '[]'))
        from ticket_view v join account o using (account)
        where v.account = actor or v.shared and view_reaches(o, a))::text);
end $$;

-- Keeps a search under a name; with `view` it replaces that one. p: view, name, filter, sort, columns, shared, at.
-- Writes: ticket_view, answered. Reply: {"view"}.
create or replace function view_save(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    a account;
    answer outcome := given_outcome(req, actor);
    faults jsonb := search_faults(p->'filter', (p->>'at')::bigint);
    wish integer := (p->>'view')::int;
    kept integer;
begin
    if answer.kind is not null then return next answer; return; end if;
    select * into a from account where account = actor;
    if faults is not null then
        return next refusal_outcome('bad_params', jsonb_build_object('fields', faults));
        return;
    end if;
    if (p->>'shared')::boolean and a.role <> 4 then
        return next field_refusal('shared', '只有督办员可以共享视图');
        return;
    end if;
    -- One account's saves one after the other: the count and the name are compared with what is there.
    perform from account where account = actor for update;
    perform from ticket_view where account = actor and name = p->>'name' and view is distinct from wish;
    if found then
        return next field_refusal('name', '已有同名视图，请换一个名称');
        return;
    end if;
    if wish is not null then
        update ticket_view set name = p->>'name', filter = p->'filter', sort = p->>'sort', shared = coalesce((p->>'shared')::boolean, false),
            columns = array(select jsonb_array_elements_text(coalesce(p->'columns', '[]'))), changed = (p->>'at')::bigint
            where view = wish and account = actor returning view into kept;
        if not found then return next refusal_outcome('not_found'); return; end if;
    else
        if (select count(*) from ticket_view where account = actor) >= 30 then
            return next field_refusal('name', '最多保存 30 个视图，请先删去不用的');
            return;
        end if;
        insert into ticket_view (account, name, place, shared, filter, sort, columns, changed)
            values (actor, p->>'name', coalesce((select max(place) + 1 from ticket_view where account = actor), 1),
                coalesce((p->>'shared')::boolean, false), p->'filter', p->>'sort',
                array(select jsonb_array_elements_text(coalesce(p->'columns', '[]'))), (p->>'at')::bigint)
            returning view into kept;
    end if;
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', json_build_object('view', kept)::text);
    return next reply_outcome(json_build_object('view', kept)::text);
end $$;

-- p: view, at. Writes: ticket_view, answered.
create or replace function view_drop(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    delete from ticket_view where view = (p->>'view')::int and account = actor;
    if not found then return next refusal_outcome('not_found'); return; end if;
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', '{}');
    return next reply_outcome('{}');
end $$;
