-- Reference data for consoles, and the rule book for the server.

create or replace function reference_all(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome(json_build_object(
        'regions', (select json_agg(json_build_object('region', region, 'name', name, 'kind', kind,
            'parent', parent, 'py', py) order by region) from region),
        'departments', (select json_agg(json_build_object('dept', d.dept, 'name', d.name, 'short', short,
            'region', region, 'kind', kind, 'py', py,
            'duties', (select coalesce(json_agg(duty), '[]') from department_duty x where x.dept = d.dept)) order by d.dept)
            from department d where active),
        'matters', (select json_agg(json_build_object('matter', matter, 'name', name, 'grp', grp,
            'words', words, 'duty', duty, 'level', level, 'urgency', urgency, 'note', note, 'py', py) order by matter)
            from matter where active),
        'duties', (select json_agg(json_build_object('duty', duty, 'name', name) order by duty) from duty),
        'themes', (select json_agg(json_build_object('theme', t.theme, 'name', t.name,
            'audience', audience, 'stage', stage, 'py', py,
            'matters', (select json_agg(json_build_object('no', m.no, 'name', m.name,
                'units', (select json_agg(json_build_object('unit', unit, 'dept', dept, 'lead', lead) order by lead desc, unit)
                    from event_matter_unit u where u.theme = m.theme and u.no = m.no)) order by m.no)
                from event_matter m where m.theme = t.theme)) order by t.theme) from event_theme t))::text)
$$;

create or replace function rules_load(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome(json_build_object(
        'days', (select coalesce(json_agg(json_build_array(day, kind) order by day), '[]') from calendar_day),
        'office', (select json_agg(json_build_array(from_minute, to_minute) order by from_minute) from office_hours),
        'limits', (select json_agg(json_build_array(key, amount, unit) order by key) from time_limit),
        'matter_limits', (select coalesce(json_agg(json_build_array(matter, key, amount, unit)), '[]') from time_limit_matter),
        'police_words', (select coalesce(json_agg(json_build_array(situation, word)), '[]') from police_word),
        'precedents', (select coalesce(json_agg(json_build_array(p.matter, p.region, p.dept,
            '工单' || t.number || '：' || p.reason)), '[]')
            from precedent p join ticket t using (ticket) join department d on d.dept = p.dept
            where p.revoked is null and d.active),
        'matters', (select json_agg(json_build_object('matter', matter, 'name', name, 'grp', grp,
            'words', words, 'duty', duty, 'level', level) order by matter) from matter where active),
        'units', (select json_agg(json_build_object('dept', dept, 'name', d.name, 'duty', duty,
            'region', region) order by dept, duty) from department d join department_duty using (dept) where active),
        'regions', (select json_agg(json_build_array(region, parent, name) order by region) from region),
        'duties', (select json_agg(json_build_array(duty, name) order by duty) from duty),
        'cos', (select coalesce(json_agg(json_build_array(matter, duty, level, send) order by matter, send desc, level, duty), '[]')
            from matter_duty),
        'practices', practice_rows(),
        'absences', (select coalesce(json_agg(json_build_array(dept, stand_in, from_ms, to_ms, reason) order by absence), '[]')
            from unit_absence where ended is null and to_ms > extract(epoch from now()) * 1000),
        'loads', unit_loads_of(),
        'dispatch', (select json_build_object('version', version, 'content', content)
            from dispatch_version order by version desc limit 1))::text)
$$;

-- The law as the database holds it. Reply: {"states": [[number,name,term,stage,open,owner]…],
-- "edges": [[action,from,to,who,needs,clock,round,loud,retired]…]}.
create or replace function flow_load(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome(json_build_object(
        'states', (select json_agg(json_build_array(state, name, term, stage, open, owner) order by state) from flow_state),
        'edges', (select json_agg(json_build_array(action, from_state, to_state, who, needs, clock, round, loud, retired)
            order by action, from_state, to_state) from flow_edge))::text)
$$;
