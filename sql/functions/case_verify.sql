-- hotlined verify, the cases: what must be true of every “一件事” case, recounted from its events.

create or replace function verify_cases() returns table (check_name text, checked bigint, faults bigint, example text)
language plpgsql stable as $$
begin
    check_name := 'case chain: every event hashes the one before it, without gap, each case from where it was';
    select count(*), count(*) filter (where bad), min(id || '/' || seq) filter (where bad)
        into checked, faults, example from (
        select e.id, e.seq, e.seq <> row_number() over w or e.at < coalesce(lag(e.at) over w, 0)
            or e.chain is distinct from case_chain(coalesce(lag(e.chain) over w, ''), row(e.id, e.seq, e.level, e.action,
                e.from_state, e.to_state, e.no, e.dept, e.matter_state, e.account, e.at, e.due, e.note, e.detail, null, e.salt, e.digest)::case_event) as bad
        from case_event e window w as (partition by e.id order by e.seq)) x;
    return next;

    check_name := 'case path: cases, matters and tasks go from where they last were';
    select count(*), count(*) filter (where bad), min(id || '/' || seq) filter (where bad)
        into checked, faults, example from (
        select id, seq, from_state <> coalesce(lag(to_state) over (partition by id order by seq), 0) as bad
            from case_event where level = 'case'
        union all
        select id, seq, from_state <> coalesce(lag(to_state) over (partition by id, no, dept order by seq), 0)
            from case_event where level = 'task'
        union all
        select id, seq, level = 'matter' and from_state <> coalesce(lag(matter_state) over (partition by id, no order by seq), 10)
            from case_event where no is not null) x;
    return next;

    check_name := 'case rows: case, matters and tasks are what their last events say';
    select count(*), count(*) filter (where bad), min(id::text) filter (where bad)
        into checked, faults, example from (
        select c.id, (c.ver, c.chain) is distinct from (e.seq, e.chain)
            or (c.state, c.step, c.due) is distinct from (f.to_state, f.seq, f.due) as bad
        from case_file c
        left join lateral (select * from case_event x where x.id = c.id order by seq desc limit 1) e on true
        left join lateral (select * from case_event x where x.id = c.id and level = 'case' order by seq desc limit 1) f on true
        union all
        select m.id, case when e.seq is null then m.state not in (10, 85) or m.step <> 0
            else (m.state, m.step) is distinct from (e.matter_state, e.seq) end
        from case_matter m left join lateral (select * from case_event x where x.id = m.id and x.no = m.no
            order by seq desc limit 1) e on true
        union all
        select t.id, case when e.seq is null then t.state <> 0 or t.step <> 0
            else (t.state, t.step, t.due) is distinct from (e.to_state, e.seq, e.due) end
        from case_task t left join lateral (select * from case_event x where x.id = t.id and x.no = t.no and x.dept = t.dept
            and x.level = 'task' order by seq desc limit 1) e on true) x;
    return next;

    check_name := 'case law: what only the system may do, the system did, and nothing else';
    select count(*), count(*) filter (where bad), min(id || '/' || seq) filter (where bad)
        into checked, faults, example from (
        select e.id, e.seq, f.action is null or (f.who = 16 and e.account <> 0) or (f.who & 16 = 0 and e.account = 0) as bad
        from case_event e left join case_edge f using (level, action, from_state, to_state)) x;
    return next;

    check_name := 'case owner: what is open has its deadline, what rests has none, an ended case its end';
    select count(*), count(*) filter (where bad), min(id::text) filter (where bad)
        into checked, faults, example from (
        select c.id, (c.state < 80 and c.due is null) or (c.state >= 80) <> (c.closed is not null) as bad from case_file c
        union all
        select t.id, (t.state between 30 and 50 and c.state = 40) <> (t.due is not null and c.state = 40)
            or (c.state >= 50 and t.state between 30 and 50)
        from case_task t join case_file c using (id)) x;
    return next;

    check_name := 'case chain of matters: none began before what it waits for, and 出件 only when all are settled';
    select count(*), count(*) filter (where bad), min(id || '/' || seq) filter (where bad)
        into checked, faults, example from (
        select e.id, e.seq, exists (select from unnest(m.deps) d
            left join lateral (select matter_state from case_event x where x.id = e.id and x.no = d and x.seq < e.seq
                order by x.seq desc limit 1) s on true
            join case_matter o on o.id = e.id and o.no = d
            where coalesce(s.matter_state, case when o.step = 0 then o.state else 10 end) not in (60, 80, 85)) as bad
        from case_event e join case_matter m using (id, no) where e.level = 'matter' and e.action = 'start'
        union all
        select e.id, e.seq, exists (select from case_matter m
            left join lateral (select matter_state from case_event x where x.id = e.id and x.no = m.no and x.seq < e.seq
                order by x.seq desc limit 1) s on true
            where m.id = e.id and coalesce(s.matter_state, m.state) not in (60, 80, 85))
        from case_event e where e.action = 'gather') x;
    return next;

    check_name := '容缺: a deferred matter has an open promise, what has ended says how';
    select count(*), count(*) filter (where bad), min(id::text) filter (where bad)
        into checked, faults, example from (
        select id, (state = 'open') <> (ended is null) as bad from case_promise
        union all
        select m.id, m.state = 60 and not exists (select from case_promise x where x.id = m.id and x.no = m.no and x.state = 'open')
            or m.state = 85 and exists (select from case_promise x where x.id = m.id and x.no = m.no and x.state = 'open')
        from case_matter m) x;
    return next;

    check_name := 'case numbers and ratings: of their day; one rating, a bad one with its ticket';
    select count(*), count(*) filter (where bad), min(id::text) filter (where bad)
        into checked, faults, example from (
        select c.id, c.number !~ '^YJS2327[0-9]{14}$' or substr(c.number, 8, 8) <>
                to_char(to_timestamp(c.applied / 1000) at time zone 'Asia/Shanghai', 'YYYYMMDD')
            or (c.grade is not null) <> (select count(*) = 1 from case_event e where e.id = c.id and e.action = 'rate')
            or (c.grade < 3) and not exists (select from case_link l where l.id = c.id and l.way = 'rating') as bad
        from case_file c) x;
    return next;

    check_name := 'case contact: kept sealed, never in the clear';
    select count(*), count(*) filter (where bad), min(id::text) filter (where bad)
        into checked, faults, example from (
        select id, (phone is not null and phone not like '1:%') or (name is not null and name not like '1:%')
            or (id_no is not null and id_no not like '1:%') or (phone is null) <> (phone_index is null) as bad
        from case_contact) x;
    return next;
end $$;
