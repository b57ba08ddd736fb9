-- 分派规则: the draft, its trial, versions in force; absences. Who decides on them: supervisors of the prefecture,
-- because a trial shows tickets, which administrators may not see, and because rulings are theirs as well.

-- Why this account may not change the rules, kind null when it may.
create or replace function dispatch_fault(a account) returns outcome language plpgsql stable as $$
begin
    if a.region = '232700' then return null; end if;
    return refusal_outcome('not_allowed', '{"sentence": "分派规则由地区督办员维护"}');
end $$;

-- What the rules name and the house does not have; null when all is well.
create or replace function dispatch_unknown(content jsonb) returns text language plpgsql stable as $$
declare
    r jsonb;
    place text;
begin
    for r in select * from jsonb_array_elements(content->'rules') loop
        place := '规则 ' || (r->>'id') || '“' || (r->>'name') || '”：';
        if r->>'matter' <> '' and not exists (select from matter where matter = r->>'matter' and active) then
            return place || '没有事项 ' || (r->>'matter'); end if;
        if r->>'set_matter' <> '' and not exists (select from matter where matter = r->>'set_matter' and active) then
            return place || '没有事项 ' || (r->>'set_matter'); end if;
        if r->>'group' <> '' and not exists (select from matter where grp = r->>'group' and active) then
            return place || '没有事项大类 ' || (r->>'group'); end if;
        if r->>'region' <> '' and not exists (select from region where region = r->>'region') then
            return place || '没有区划 ' || (r->>'region'); end if;
        if r->>'town' <> '' and not exists (select from region where region = r->>'town') then
            return place || '没有乡镇 ' || (r->>'town'); end if;
        if r->>'duty' <> '' and not exists (select from duty where duty = r->>'duty') then
            return place || '没有职责 ' || (r->>'duty'); end if;
        if (r->>'unit')::int <> 0 and not exists (select from department where dept = (r->>'unit')::int and active) then
            return place || '没有承办单位 ' || (r->>'unit'); end if;
        if exists (select from jsonb_array_elements_text(r->'cos') c
                   where not exists (select from department where dept = c::int and active)) then
            return place || '没有其中的协办单位'; end if;
    end loop;
    for r in select * from jsonb_array_elements(content->'fallbacks') loop
        if r->>'region' <> '' and not exists (select from region where region = r->>'region') then
            return '兜底：没有区划 ' || (r->>'region'); end if;
        if r->>'duty' <> '' and not exists (select from duty where duty = r->>'duty') then
            return '兜底：没有职责 ' || (r->>'duty'); end if;
        if r->>'to' = 'unit' and not exists (select from department where dept = (r->>'unit')::int and active) then
            return '兜底：没有承办单位 ' || (r->>'unit'); end if;
    end loop;
    for r in select * from jsonb_array_elements(content->'desks') loop
        if not exists (select from department where dept = (r->>'unit')::int and active) then
            return '单位：没有承办单位 ' || (r->>'unit'); end if;
    end loop;
    return null;
end $$;

-- The content without what is written for people only: what a trial could find a difference in.
create or replace function dispatch_core(content jsonb) returns jsonb language sql immutable as $$
    select content || jsonb_build_object(
        'rules', (select coalesce(jsonb_agg(r - array['name', 'basis', 'note'] order by n), '[]')
            from jsonb_array_elements(content->'rules') with ordinality x (r, n)),
        'fallbacks', (select coalesce(jsonb_agg(r - 'note' order by n), '[]')
            from jsonb_array_elements(content->'fallbacks') with ordinality x (r, n)),
        'desks', (select coalesce(jsonb_agg(r - array['note', 'phone'] order by n), '[]')
            from jsonb_array_elements(content->'desks') with ordinality x (r, n)))
$$;

create or replace function dispatch_rules(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare a account;
begin
    select * into a from account where account = actor;
    return next reply_outcome((select json_build_object(
        'mayEdit', (dispatch_fault(a)).kind is null,
        'version', v.version, 'content', v.content,
        'versions', (select json_agg(json_build_object('version', x.version, 'at', x.at, 'who', w.name,
            'reason', x.reason, 'base', x.base, 'tried', x.tried - 'moved') order by x.version desc)
            from dispatch_version x join account w using (account)),
        'draft', (select json_build_object('rev', d.rev, 'base', d.base, 'content', d.content, 'at', d.at,
            'who', w.name, 'tried', d.tried, 'tried_rev', d.tried_rev, 'tried_at', d.tried_at,
            'needs_trial', dispatch_core(d.content) <> dispatch_core(v.content))
            from dispatch_draft d join account w using (account)),
        'absences', (select coalesce(json_agg(json_build_object('absence', x.absence, 'dept', x.dept,
            'stand_in', x.stand_in, 'from', x.from_ms, 'to', x.to_ms, 'reason', x.reason, 'who', w.name, 'at', x.at,
            'ended', x.ended, 'ender', e.name, 'why', x.why) order by x.absence desc), '[]')
            from unit_absence x join account w on w.account = x.account left join account e on e.account = x.ender))
        from dispatch_version v order by v.version desc limit 1)::text);
end $$;

create or replace function dispatch_version_get(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare v dispatch_version;
begin
    select * into v from dispatch_version where version = (p->>'version')::int;
    if not found then return next refusal_outcome('not_found'); return; end if;
    return next reply_outcome(json_build_object('version', v.version, 'content', v.content, 'tried', v.tried)::text);
end $$;

-- p: content, rev (the draft's as the editor saw it, 0 = there was none), at. Writes: dispatch_draft, answered.
create or replace function dispatch_draft_set(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    a account;
    d dispatch_draft;
    fault outcome;
    unknown text;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    select * into a from account where account = actor;
    fault := dispatch_fault(a);
    if fault.kind is not null then return next fault; return; end if;
    unknown := dispatch_unknown(p->'content');
    if unknown is not null then return next field_refusal('content', unknown); return; end if;
    perform pg_advisory_xact_lock(hashtext('dispatch_draft'));
    select * into d from dispatch_draft;
    if coalesce(d.rev, 0) <> (p->>'rev')::int then
        return next rule_refusal('草稿已被他人修改，请刷新后再改');
        return;
    end if;
    -- What was tried stays only while what it tried stays.
    insert into dispatch_draft (rev, base, content, at, account)
        values (1, (select max(version) from dispatch_version), p->'content', (p->>'at')::bigint, actor)
        on conflict (one) do update set rev = dispatch_draft.rev + 1, content = excluded.content, at = excluded.at,
            account = excluded.account,
            tried_rev = case when dispatch_core(dispatch_draft.content) = dispatch_core(excluded.content)
                and dispatch_draft.tried_rev = dispatch_draft.rev then dispatch_draft.rev + 1
                else dispatch_draft.tried_rev end
        returning * into d;
    answer := reply_outcome(json_build_object('rev', d.rev)::text);
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', answer.body);
    return next answer;
end $$;

-- p: rev, at. Writes: dispatch_draft, answered.
create or replace function dispatch_draft_drop(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    a account;
    fault outcome;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    select * into a from account where account = actor;
    fault := dispatch_fault(a);
    if fault.kind is not null then return next fault; return; end if;
    delete from dispatch_draft where rev = (p->>'rev')::int;
    if not found then return next rule_refusal('草稿已被他人修改，请刷新后再改'); return; end if;
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', '{}');
    return next reply_outcome('{}');
end $$;

-- A new version in force, and every process hears of it. Writes: dispatch_version, outbox.
create or replace function dispatch_enforced(actor integer, content jsonb, base integer, tried jsonb, p jsonb)
returns outcome language plpgsql as $$
declare v integer;
begin
    v := (select max(version) from dispatch_version) + 1;
    insert into dispatch_version (version, content, at, account, reason, base, tried)
        values (v, content, (p->>'at')::bigint, actor, p->>'reason', base, tried);
    return rules_outcome((p->>'at')::bigint);
end $$;

-- 生效. p: rev, reason, at. Writes: dispatch_version, dispatch_draft, outbox, answered.
create or replace function dispatch_enforce(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    a account;
    d dispatch_draft;
    v dispatch_version;
    fault outcome;
    unknown text;
    sent outcome;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    select * into a from account where account = actor;
    fault := dispatch_fault(a);
    if fault.kind is not null then return next fault; return; end if;
    perform pg_advisory_xact_lock(hashtext('dispatch_draft'));
    select * into d from dispatch_draft where rev = (p->>'rev')::int;
    if not found then return next rule_refusal('草稿已被他人修改，请刷新后再生效'); return; end if;
    select * into v from dispatch_version order by version desc limit 1;
    if v.version <> d.base then
        return next rule_refusal('草稿开始后第 ' || v.version || ' 版已经生效，请放弃草稿，在新版上重新修改');
        return;
    end if;
    if dispatch_core(d.content) <> dispatch_core(v.content) and d.tried_rev is distinct from d.rev then
        return next rule_refusal('修改后还没有试算：请先用上月工单试算，再生效');
        return;
    end if;
    unknown := dispatch_unknown(d.content);
    if unknown is not null then return next rule_refusal(unknown); return; end if;
    sent := dispatch_enforced(actor, d.content, d.base, case when d.tried_rev = d.rev then d.tried end, p);
    delete from dispatch_draft;
    answer := reply_outcome(json_build_object('version', v.version + 1)::text);
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', answer.body);
    return next answer;
    return next sent;
end $$;

-- 回退: an earlier version's content becomes a new version, at once: it has been in force before.
-- p: version, reason, at. Writes: dispatch_version, outbox, answered.
create or replace function dispatch_rollback(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    a account;
    v dispatch_version;
    fault outcome;
    unknown text;
    sent outcome;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    select * into a from account where account = actor;
    fault := dispatch_fault(a);
    if fault.kind is not null then return next fault; return; end if;
    perform pg_advisory_xact_lock(hashtext('dispatch_draft'));
    select * into v from dispatch_version where version = (p->>'version')::int;
    if not found then return next refusal_outcome('not_found'); return; end if;
    if v.version = (select max(version) from dispatch_version) then
        return next rule_refusal('这一版正在生效');
        return;
    end if;
    unknown := dispatch_unknown(v.content);
    if unknown is not null then return next rule_refusal('这一版已不能用：' || unknown); return; end if;
    sent := dispatch_enforced(actor, v.content, v.version, v.tried, p);
    answer := reply_outcome((select json_build_object('version', max(version)) from dispatch_version)::text);
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', answer.body);
    return next answer;
    return next sent;
end $$;

-- 缺岗. p: dept, stand_in, from, until (dates, both included), reason, at. Writes: unit_absence, outbox, answered.
create or replace function dispatch_absent(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    a account;
    fault outcome;
    from_at bigint := date_ms(p->>'from');
    to_at bigint := date_ms(p->>'until') + 86400000;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    select * into a from account where account = actor;
    fault := dispatch_fault(a);
    if fault.kind is not null then return next fault; return; end if;
    if (select count(*) from department where dept in ((p->>'dept')::int, (p->>'stand_in')::int) and active) <> 2 then
        return next field_refusal('stand_in', '请选择另一个在用的承办单位代办');
        return;
    end if;
    if to_at <= from_at or to_at <= (p->>'at')::bigint then
        return next field_refusal('until', '结束日期应不早于开始日期和今天');
        return;
    end if;
    perform from unit_absence where dept = (p->>'dept')::int and ended is null and from_ms < to_at and to_ms > from_at;
    if found then return next field_refusal('from', '该单位这段时间已有缺岗登记'); return; end if;
    insert into unit_absence (dept, stand_in, from_ms, to_ms, reason, account, at)
        values ((p->>'dept')::int, (p->>'stand_in')::int, from_at, to_at, p->>'reason', actor, (p->>'at')::bigint);
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', '{}');
    return next reply_outcome('{}');
    return next rules_outcome((p->>'at')::bigint);
end $$;

-- The unit is back. p: absence, reason, at. Writes: unit_absence, outbox, answered.
create or replace function dispatch_present(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    a account;
    fault outcome;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    select * into a from account where account = actor;
    fault := dispatch_fault(a);
    if fault.kind is not null then return next fault; return; end if;
    update unit_absence set ended = (p->>'at')::bigint, ender = actor, why = p->>'reason'
        where absence = (p->>'absence')::bigint and ended is null;
    if not found then return next rule_refusal('这条缺岗登记已经结束'); return; end if;
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', '{}');
    return next reply_outcome('{}');
    return next rules_outcome((p->>'at')::bigint);
end $$;

-- 试算 -------------------------------------------------------------------------------------------

-- The draft to try. p: nothing. Reply: rev, content.
create or replace function dispatch_trial_begin(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    a account;
    d dispatch_draft;
    fault outcome;
begin
    select * into a from account where account = actor;
    fault := dispatch_fault(a);
    if fault.kind is not null then return next fault; return; end if;
    select * into d from dispatch_draft;
    if not found then return next rule_refusal('还没有草稿，请先修改规则'); return; end if;
    return next reply_outcome(json_build_object('rev', d.rev, 'content', d.content,
        'version', (select max(version) + 1 from dispatch_version),
        'tickets', (select count(*) from ticket where accepted >= (p->>'from')::bigint and accepted < (p->>'at')::bigint))::text);
end $$;

-- Whether a person had chosen the matter before the ticket was dispatched; older events tell it by full confidence.
create or replace function chosen_matter(wanted bigint) returns boolean language plpgsql stable as $$
begin
    return coalesce((select coalesce((detail->>'given')::boolean, (detail->>'confidence')::numeric = 1)
        from ticket_history where ticket = wanted and action in ('dispatch', 'pool') order by seq limit 1), true);
end $$;

-- Tickets of the time to try with, a page after p.after in order of their numbers. p: from, to, after, limit.
-- matter: as a person chose it, null where the text had to tell; dept: who handled it in the end, or does now.
create or replace function dispatch_trial_page(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome((select json_build_object('rows', coalesce(json_agg(json_build_object(
        'id', t.ticket, 'number', t.number, 'title', t.title, 'body', t.body, 'kind', t.kind, 'urgency', t.urgency,
        'region', t.region, 'town', t.town, 'place', t.place, 'accepted', t.accepted,
        'matter', case when chosen_matter(t.ticket) then t.matter end,
        'dept', case when t.master is null then t.dept end) order by t.ticket), '[]'))
        from (select * from ticket where accepted >= (p->>'from')::bigint and accepted < (p->>'to')::bigint
              and ticket > (p->>'after')::bigint order by ticket limit (p->>'limit')::int) t)::text)
$$;

-- What the trial found. p: rev, tried, at. Writes: dispatch_draft.
create or replace function dispatch_trial_end(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update dispatch_draft set tried = p->'tried', tried_rev = (p->>'rev')::int, tried_at = (p->>'at')::bigint
        where rev = (p->>'rev')::int;
    return next reply_outcome('{}');
end $$;

-- What the dispatcher would decide on, of a ticket that waits for people. p: id.
create or replace function dispatch_candidates(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    a account;
    t ticket;
    refusal text;
begin
    select * into a from account where account = actor;
    select * into t from ticket where ticket = (p->>'id')::bigint;
    if not found then return next refusal_outcome('not_found'); return; end if;
    refusal := scope_refusal(a, t);
    if refusal is not null then return next refusal_outcome(refusal); return; end if;
    return next reply_outcome((select body from dispatch_outcome(t)));
end $$;
