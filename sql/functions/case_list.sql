-- The list of “一件事”, a version a year: drafted from the one in force, edited, compared, put in force. Running
-- cases keep the version they began under.

create or replace function list_draft() returns integer language plpgsql stable as $$
begin
    return (select version from list_version where state = 'draft');
end $$;

create or replace function list_current() returns integer language plpgsql stable as $$
begin
    return (select version from list_version where state = 'in_force');
end $$;

create or replace function list_themes(wanted integer) returns json language sql stable as $$
    select coalesce(json_agg(json_build_object('theme', t.theme, 'name', t.name, 'audience', t.audience, 'stage', t.stage,
        'days', t.days, 'matters', (select coalesce(json_agg(json_build_object('no', m.no, 'name', m.name, 'deps', m.deps,
            'join', m.join_rule, 'gathers', m.gathers, 'days', m.days, 'papers', m.papers, 'sure', m.sure,
            'units', (select json_agg(json_build_object('unit', u.unit, 'dept', u.dept, 'lead', u.lead) order by u.place)
                from list_unit u where u.version = m.version and u.theme = m.theme and u.no = m.no)) order by m.no), '[]')
            from list_matter m where m.version = t.version and m.theme = t.theme)) order by t.theme), '[]')
    from list_theme t where t.version = wanted
$$;

-- What is wrong with the draft: sentences. Chains are followed as routing/case_judge.c case_chain_ok() follows them.
create or replace function list_faults(wanted integer) returns setof text language sql stable as $$
    select '“' || t.name || '”没有事项' from list_theme t where t.version = wanted
        and not exists (select from list_matter m where m.version = wanted and m.theme = t.theme)
    union all
    select '“' || t.name || '”应有且只有一个牵头单位' from list_theme t where t.version = wanted
        and 1 <> (select count(distinct dept) from list_unit u where u.version = wanted and u.theme = t.theme and u.lead and u.dept is not null)
    union all
    select '“' || t.name || '”第' || m.no || '项的前置第' || d || '项不存在、是自己或是汇总事项'
        from list_matter m join list_theme t using (version, theme), unnest(m.deps) d where m.version = wanted
        and (d = m.no or not exists (select from list_matter x where x.version = wanted and x.theme = m.theme and x.no = d and not x.gathers))
    union all
    select '“' || t.name || '”的事项互为前置，无法开始' from list_theme t where t.version = wanted and exists (
        with recursive way (a, b) as (
            select m.no, d from list_matter m, unnest(m.deps) d where m.version = wanted and m.theme = t.theme
            union
            select w.a, d from way w join list_matter m on m.no = w.b, unnest(m.deps) d where m.version = wanted and m.theme = t.theme)
        select from way where a = b)
$$;

-- p: version. Reply: {"version", "versions", "themes", "fills", "open": units that no department stands behind}.
create or replace function theme_list(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare wanted integer := coalesce((p->>'version')::int, list_draft(), list_current());
begin
    perform from list_version where version = wanted;
    if not found then return next refusal_outcome('not_found'); return; end if;
    return next reply_outcome(json_build_object('version', wanted,
        'versions', (select json_agg(json_build_object('version', v.version, 'year', v.year, 'state', v.state, 'note', v.note,
            'who', a.name, 'at', v.at, 'enacted', v.enacted,
            'cases', (select count(*) from case_file c where c.version = v.version and c.state < 80)) order by v.version desc)
            from list_version v join account a using (account)),
        'themes', list_themes(wanted),
        'open', (select coalesce(json_agg(distinct unit), '[]') from list_unit where version = wanted and dept is null),
        'fills', (select coalesce(json_agg(json_build_object('unit', unit, 'region', region, 'dept', dept) order by unit, region), '[]')
            from unit_fill))::text);
end $$;

-- The reply of a command that edits, kept under its request.
create or replace function list_done(actor integer, req uuid, p jsonb) returns outcome language plpgsql as $$
begin
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', '{}');
    return reply_outcome('{}');
end $$;

-- p: year, note, at. Writes: list_version, list_theme, list_matter, list_unit, answered.
create or replace function theme_draft(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    answer outcome := given_outcome(req, actor);
    before integer := list_current();
    made integer;
begin
    if answer.kind is not null then return next answer; return; end if;
    lock table list_version in share row exclusive mode;
    if list_draft() is not null then return next rule_refusal('已有一份草稿，请先使其生效'); return; end if;
    made := (select max(version) + 1 from list_version);
    insert into list_version (version, year, state, note, account, at)
        values (made, (p->>'year')::int, 'draft', coalesce(p->>'note', ''), actor, (p->>'at')::bigint);
    insert into list_theme select made, theme, name, audience, stage, days from list_theme where version = before;
    insert into list_matter select made, theme, no, name, deps, join_rule, gathers, days, papers, sure from list_matter where version = before;
    insert into list_unit select made, theme, no, place, unit, dept, lead from list_unit where version = before;
    return next list_done(actor, req, p);
end $$;

-- p: theme, name, audience, stage, days. Writes: list_theme, answered.
create or replace function theme_set(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    if list_draft() is null then return next rule_refusal('没有草稿，请先起草新版本'); return; end if;
    insert into list_theme values (list_draft(), (p->>'theme')::int, p->>'name', p->>'audience', p->>'stage', (p->>'days')::int)
        on conflict (version, theme) do update set name = excluded.name, audience = excluded.audience,
            stage = excluded.stage, days = excluded.days;
    return next list_done(actor, req, p);
end $$;

-- p: theme, no, name, deps, join, gathers, days, papers, sure, units (names; the first is the first-named), lead: the
-- first leads the whole. A unit of the house is known by its name; another is an open set. Writes: list_matter,
-- list_unit, answered.
create or replace function theme_matter_set(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    answer outcome := given_outcome(req, actor);
    draft integer := list_draft();
    t smallint := (p->>'theme')::smallint;
    n smallint := (p->>'no')::smallint;
begin
    if answer.kind is not null then return next answer; return; end if;
    if draft is null then return next rule_refusal('没有草稿，请先起草新版本'); return; end if;
    perform from list_theme where version = draft and theme = t;
    if not found then return next field_refusal('theme', '草稿中没有这个一件事'); return; end if;
    insert into list_matter values (draft, t, n, p->>'name',
            array(select x::smallint from jsonb_array_elements_text(coalesce(p->'deps', '[]')) x order by 1), p->>'join',
            (p->>'gathers')::boolean, (p->>'days')::int,
            array(select jsonb_array_elements_text(coalesce(p->'papers', '[]'))), (p->>'sure')::boolean)
        on conflict (version, theme, no) do update set name = excluded.name, deps = excluded.deps,
            join_rule = excluded.join_rule, gathers = excluded.gathers, days = excluded.days, papers = excluded.papers,
            sure = excluded.sure;
    delete from list_unit where version = draft and theme = t and no = n;
    insert into list_unit select draft, t, n, min(u.place), u.name, (select dept from department d where d.name = u.name),
            (p->>'lead')::boolean and min(u.place) = 1
        from jsonb_array_elements_text(p->'units') with ordinality u (name, place) group by u.name;
    return next list_done(actor, req, p);
end $$;

-- p: theme, no. Writes: list_unit, list_matter, list_theme, answered.
create or replace function theme_remove(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    answer outcome := given_outcome(req, actor);
    draft integer := list_draft();
begin
    if answer.kind is not null then return next answer; return; end if;
    if draft is null then return next rule_refusal('没有草稿，请先起草新版本'); return; end if;
    delete from list_unit where version = draft and theme = (p->>'theme')::int and (not p ? 'no' or no = (p->>'no')::int);
    delete from list_matter where version = draft and theme = (p->>'theme')::int and (not p ? 'no' or no = (p->>'no')::int);
    delete from list_theme where version = draft and theme = (p->>'theme')::int and not p ? 'no';
    return next list_done(actor, req, p);
end $$;

-- Reply: {"changes": [{theme, no, kind: added|removed|changed, was, now}], "faults": sentences}.
create or replace function theme_diff(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    draft integer := list_draft();
    before integer := list_current();
begin
    if draft is null then return next rule_refusal('没有草稿可供比较'); return; end if;
    return next reply_outcome(json_build_object('faults', (select coalesce(json_agg(x), '[]') from list_faults(draft) x),
        'changes', (with line as (
            select version, theme, 0::smallint as no, name || '（' || audience || '，' || stage || coalesce('，' || days || '个工作日', '') || '）' as words
                from list_theme where version in (draft, before)
            union all
            select m.version, m.theme, m.no, m.name || '；单位：' || (select string_agg(unit || case when lead then '★' else '' end, '、' order by place)
                    from list_unit u where u.version = m.version and u.theme = m.theme and u.no = m.no)
                || '；前置：' || coalesce(nullif(array_to_string(m.deps, '、'), ''), '无') || '；合并：' || m.join_rule
                || case when m.gathers then '；汇总' else '' end || coalesce('；' || m.days || '个工作日', '')
                || '；材料：' || array_to_string(m.papers, '、') || case when m.sure then '；已确认' else '' end
                from list_matter m where version in (draft, before))
        select coalesce(json_agg(json_build_object('theme', coalesce(n.theme, o.theme), 'no', coalesce(n.no, o.no),
            'kind', case when o.words is null then 'added' when n.words is null then 'removed' else 'changed' end,
            'was', o.words, 'now', n.words) order by coalesce(n.theme, o.theme), coalesce(n.no, o.no)), '[]')
        from (select * from line where version = draft) n full join (select * from line where version = before) o
            using (theme, no) where n.words is distinct from o.words))::text);
end $$;

-- Writes: list_version, event_theme, event_matter, event_matter_unit (what tickets may name), answered.
create or replace function theme_enact(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    answer outcome := given_outcome(req, actor);
    draft integer;
    fault text;
begin
    if answer.kind is not null then return next answer; return; end if;
    lock table list_version in share row exclusive mode;
    draft := list_draft();
    if draft is null then return next rule_refusal('没有草稿可以生效'); return; end if;
    fault := (select string_agg(x, '；') from list_faults(draft) x);
    if fault is not null then return next rule_refusal('草稿还不能生效：' || fault); return; end if;
    update list_version set state = 'retired' where state = 'in_force';
    update list_version set state = 'in_force', enacted = (p->>'at')::bigint, enacter = actor where version = draft;
    -- Tickets of other years keep what they name: nothing is taken away here.
    insert into event_theme (theme, name, audience, stage, py) select theme, name, audience, stage, '' from list_theme where version = draft
        on conflict (theme) do update set name = excluded.name, audience = excluded.audience, stage = excluded.stage;
    insert into event_matter select theme, no, name from list_matter where version = draft
        on conflict (theme, no) do update set name = excluded.name;
    delete from event_matter_unit e where exists (select from list_matter m where m.version = draft and m.theme = e.theme and m.no = e.no);
    insert into event_matter_unit select theme, no, unit, dept, lead from list_unit where version = draft;
    return next list_done(actor, req, p);
end $$;

-- p: unit, region, dept (left out: nobody any more). For cases that are applied for later. Writes: unit_fill, answered.
create or replace function theme_fill(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    perform from region where region = p->>'region' and kind not in ('镇', '乡', '街道');
    if not found then return next field_refusal('region', '没有这个县市区，请从列表中选择'); return; end if;
    delete from unit_fill where unit = p->>'unit' and region = p->>'region';
    if p ? 'dept' then
        perform from department where dept = (p->>'dept')::int and active;
        if not found then return next field_refusal('dept', '没有这个单位，请重新选择'); return; end if;
        insert into unit_fill values (p->>'unit', p->>'region', (p->>'dept')::int, actor, (p->>'at')::bigint);
    end if;
    return next list_done(actor, req, p);
end $$;
