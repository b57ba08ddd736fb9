-- The citizen's door to a “一件事” case: by number and 查询码, as for tickets (public.sql). No names, no numbers of
-- people, no word between departments.

-- What is asked of the applicant now: of the case, and of single matters. [{matter, unit, text}].
create or replace function public_case_needs(c case_file) returns jsonb language plpgsql stable as $$
begin
    return (select coalesce(jsonb_agg(jsonb_build_object('matter', y.matter, 'unit', y.unit, 'text', y.note) order by y.no), '[]') from (
        select 0 as no, null::text as matter, (select name from department where dept = c.lead) as unit, e.note
        from case_event e where c.state = 35 and e.id = c.id and e.level = 'case' and e.action = 'ask'
            and e.seq = (select max(seq) from case_event z where z.id = c.id and z.level = 'case' and z.action = 'ask')
        union all
        select t.no, m.name, d.name, e.note
        from case_task t join case_matter m using (id, no) join department d on d.dept = t.dept
        join lateral (select note from case_event z where z.id = t.id and z.level = 'task' and z.action = 'ask' and z.no = t.no
            and z.dept = t.dept order by seq desc limit 1) e on true
        where t.id = c.id and t.state = 45 and c.state < 80) y);
end $$;

-- What of a case's history is the applicant's business: [{at, term, text}], oldest first. Of a task only its result.
create or replace function public_case_timeline(wanted bigint) returns jsonb language plpgsql stable as $$
begin
    return (select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('at', at, 'term', term, 'text', nullif(text, '')))
        order by seq), '[]')
    from (select e.seq, e.at,
        case e.level || '.' || e.action when 'case.apply' then '已申请' when 'case.take' then '已接件' when 'case.accept' then '已受理'
            when 'case.ask' then '请您补正' when 'case.supply' then '已补齐材料' when 'case.expire' then '逾期未补正'
            when 'case.refuse' then '不予受理' when 'case.withdraw' then '已撤回' when 'case.suspend' then '依法中止'
            when 'case.resume' then '恢复办理' when 'case.gather' then '各事项已有结果' when 'case.recall' then '重新办理'
            when 'case.stop' then '终止办理' when 'case.deliver' then '已送达' when 'case.rate' then '已评价'
            when 'case.lapse' then '评价期满' when 'matter.waive' then '不再办理' when 'matter.again' then '重新办理'
            when 'matter.keep' then '已补交' when 'matter.forfeit' then '承诺落空' when 'matter.overdue' then '承诺逾期'
            when 'task.ask' then '请您补正' when 'task.supply' then '已补正' when 'task.promise' then '容缺办理'
            when 'task.fail' then '不予通过'
            when 'task.finish' then case when e.matter_state in (60, 80) then '事项办结' end end as term,
        case when e.level = 'case' then case when e.action in ('ask', 'refuse', 'suspend', 'stop', 'deliver') then e.note end
            when e.action in ('ask', 'fail', 'promise', 'waive') then m.name || coalesce('：' || e.note, '')
            else m.name end as text
        from case_event e left join case_matter m on m.id = e.id and m.no = e.no where e.id = wanted) x
    where term is not null);
end $$;

-- The view. Matters that were not asked for do not show. missing: papers still to be handed in.
create or replace function public_case_view(c case_file) returns jsonb language plpgsql stable as $$
begin
    return (select jsonb_build_object('number', c.number, 'name', l.name, 'state', c.state,
        'state_term', (select term from case_state where level = 'case' and state = c.state),
        'applied', c.applied, 'promised', c.promised, 'closed', c.closed, 'lead', d.name,
        'outcome', c.outcome, 'result', c.result, 'grade', c.grade,
        'missing', case when c.state < 80 then to_jsonb(c.missing) else '[]' end,
        'needs', public_case_needs(c),
        'promises', (select coalesce(jsonb_agg(jsonb_build_object('matter', m.name, 'text', x.text, 'due', x.due, 'late', x.late)
            order by x.due), '[]') from case_promise x join case_matter m using (id, no) where x.id = c.id and x.state = 'open'),
        'matters', (select coalesce(jsonb_agg(jsonb_build_object('name', m.name, 'state', m.state,
            'state_term', (select term from case_state where level = 'work' and state = m.state),
            'units', (select coalesce(jsonb_agg(distinct w.name), '[]') from case_task t join department w using (dept)
                where t.id = m.id and t.no = m.no and t.state <> 85)) order by m.no), '[]')
            from case_matter m where m.id = c.id and (m.state <> 85
                or exists (select from case_event e where e.id = m.id and e.no = m.no))),
        'timeline', public_case_timeline(c.id))
        from list_theme l, department d where l.version = c.version and l.theme = c.theme and d.dept = c.lead);
end $$;

-- The case of a number for whoever has shown to be its applicant: p.right says whether the code was the right one. An
-- unknown number, a wrong code and a locked number get the same refusal after the same work, a commit. p: number,
-- right, at. Reply: the view, and sealed phone, name and id_no, which the server takes out of the texts and never
-- passes on. Writes: case_contact.
create or replace function public_case(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    c case_file;
    x case_contact;
    now_ms bigint := (p->>'at')::bigint;
    most integer := limit_amount('query_tries');
begin
    select * into c from case_file where number = p->>'number';
    if found then
        select * into x from case_contact where id = c.id for update;
        if not found or x.query_locked > now_ms then
            c := null;
        elsif not (p->>'right')::boolean then
            update case_contact set
                query_tries = case when x.query_tries + 1 >= most then 0 else x.query_tries + 1 end,
                query_locked = case when x.query_tries + 1 >= most then now_ms + limit_ms('query_lock') else x.query_locked end
                where id = x.id;
            return next refusal_outcome('not_found');
            return;
        elsif x.query_tries > 0 then
            update case_contact set query_tries = 0 where id = x.id;
        end if;
    end if;
    if c.id is null then
        perform pg_logical_emit_message(true, 'hotline', '');
        return next refusal_outcome('not_found');
        return;
    end if;
    return next reply_outcome((public_case_view(c) || jsonb_build_object('sealed', jsonb_build_array(x.phone, x.name, x.id_no)))::text);
end $$;
