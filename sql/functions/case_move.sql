-- “一件事” cases are made and moved here. routing/case_judge.c has judged the move on a picture of the case and
-- made the list of steps; it is written only if the picture still is the case. Refusals are values.

-- What the judge needs to know. p: id. Reply: the case with its matters, tasks and promises, and what the account
-- is to it.
create or replace function case_picture(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    c case_file;
    a account;
    parts integer;
    given text;
begin
    -- Asked twice: the case has moved since, and is not judged again.
    given := (select body from answered where request = req and account = actor);
    if given is not null then
        return next reply_outcome(json_build_object('given', given)::text);
        return;
    end if;
    select * into c from case_file where id = (p->>'id')::bigint;
    if not found then return next refusal_outcome('not_found'); return; end if;
    select * into a from account where account = actor;
    parts := case_parts(a, c);
    if parts = 0 then return next refusal_outcome('not_yours'); return; end if;
    return next reply_outcome((select json_build_object('ver', c.ver, 'step', c.step, 'state', c.state, 'parts', parts,
        'dept', a.dept, 'stopped', c.outcome is not distinct from 'stopped', 'rule', c.rule, 'since', c.since, 'due', c.due,
        'held_rule', c.held_rule, 'held_due', c.held_due, 'held_at', c.held_at, 'days', l.days,
        'last', (select json_build_object('by', w.name, 'action', e.action, 'at', e.at)
            from case_event e join account w using (account) where e.id = c.id and e.seq = c.ver),
        'matters', (select json_agg(json_build_object('no', m.no, 'state', m.state, 'step', m.step, 'join', m.join_rule,
            'gathers', m.gathers, 'deps', m.deps, 'days', m.days,
            'open', (select count(*) from case_promise x where x.id = m.id and x.no = m.no and x.state = 'open'),
            'late', (select count(*) from case_promise x where x.id = m.id and x.no = m.no and x.state = 'open' and x.late))
            order by m.no) from case_matter m where m.id = c.id),
        'tasks', (select json_agg(json_build_object('no', t.no, 'dept', t.dept, 'state', t.state, 'place', t.place,
            'step', t.step, 'rule', t.rule, 'since', t.since, 'due', t.due, 'held_rule', t.held_rule, 'held_due', t.held_due,
            'held_at', t.held_at) order by t.no, t.place, t.dept) from case_task t where t.id = c.id),
        'promises', (select json_agg(json_build_object('promise', promise, 'no', no, 'late', late))
            from case_promise x where x.id = c.id and x.state = 'open'))::text
        from list_theme l where l.version = c.version and l.theme = c.theme));
end $$;

-- One event and the row after it. s: level, action, from, to, no, dept, matter, and due, warn, rule, since where a
-- clock starts or stops. Writes: case_event, case_file, case_matter, case_task. Returns the case.
create or replace function case_step(c case_file, s jsonb, actor integer, now_ms bigint, note text, detail jsonb) returns case_file
language plpgsql as $$
declare
    e case_event;
    clock boolean := s ? 'due';
    act text := s->>'action';
    held boolean := act in ('ask', 'suspend', 'hold');
    keeps boolean := not clock or act in ('hold', 'go_on', 'reckon');
begin
    c.ver := c.ver + 1;
    c.changed := greatest(c.changed, now_ms);
    e := row(c.id, c.ver, s->>'level', act, (s->>'from')::smallint, (s->>'to')::smallint, (s->>'no')::smallint,
             (s->>'dept')::int, (s->>'matter')::smallint, actor, c.changed, null, note, detail, null, gen_random_uuid(), null);
    if e.level = 'task' then
        update case_task t set state = e.to_state, step = e.seq, changed = c.changed,
            held_rule = case when held and e.from_state <> 45 then t.rule when keeps then t.held_rule end,
            held_due = case when held and e.from_state <> 45 then t.due when keeps then t.held_due end,
            held_at = case when held and e.from_state <> 45 then c.changed when keeps then t.held_at end,
            due = case when clock then (s->>'due')::bigint else t.due end,
            warn = case when clock then (s->>'warn')::bigint else t.warn end,
            rule = case when clock then s->>'rule' else t.rule end,
            since = case when clock then (s->>'since')::bigint else t.since end,
            late = act = 'late' or (t.late and (not clock or (s->>'due')::bigint <= now_ms)),
            handler = case act when 'sign' then actor when 'send' then null else t.handler end,
            result = case when act in ('finish', 'fail') then note when act = 'send' then null else t.result end
            where t.id = c.id and t.no = e.no and t.dept = e.dept returning t.due into e.due;
    elsif e.level = 'case' then
        c.state := e.to_state;
        c.step := e.seq;
        if clock then
            c.held_rule := case when held then c.rule end;
            c.held_due := case when held then c.due end;
            c.held_at := case when held then c.changed end;
            c.due := (s->>'due')::bigint;  c.warn := (s->>'warn')::bigint;
            c.rule := s->>'rule';  c.since := (s->>'since')::bigint;
            c.late := c.late and (s->>'due')::bigint <= now_ms;
        end if;
        if act = 'late' then c.late := true; end if;
        e.due := c.due;
    end if;
    if e.no is not null then
        update case_matter set state = e.matter_state, step = e.seq where id = c.id and no = e.no;
    end if;
    e.chain := case_chain(c.chain, e);
    c.chain := e.chain;
    insert into case_event values (e.*);
    return c;
end $$;

-- Writes what case_step() and case_effect() changed of the case itself.
create or replace function case_keep(c case_file) returns void language plpgsql as $$
begin
    update case_file set ver = c.ver, step = c.step, state = c.state, papers = c.papers, missing = c.missing,
        asked = c.asked, promised = c.promised, due = c.due, warn = c.warn, rule = c.rule, since = c.since,
        held_rule = c.held_rule, held_due = c.held_due, held_at = c.held_at, late = c.late, outcome = c.outcome,
        result = c.result, grade = c.grade, grade_no = c.grade_no, grade_reason = c.grade_reason, changed = c.changed,
        closed = c.closed, chain = c.chain where id = c.id;
end $$;

-- What is wrong with an application: {"field": "sentence"}.
create or replace function case_faults(p jsonb) returns jsonb language plpgsql stable as $$
declare
    faults jsonb := '{}';
    in_force integer := (select version from list_version where state = 'in_force');
begin
    perform from list_theme where version = in_force and theme = (p->>'theme')::int;
    if not found then faults := faults || '{"theme": "现行清单中没有这个一件事，请重新选择"}'; end if;
    perform from jsonb_array_elements_text(p->'matters') x where not exists (select from list_matter
        where version = in_force and theme = (p->>'theme')::int and no = x::int);
    if found then faults := faults || '{"matters": "所选事项不在该一件事中，请重新选择"}'; end if;
    perform from region where region = p->>'region' and kind not in ('镇', '乡', '街道');
    if not found then faults := faults || '{"region": "没有这个县市区，请从列表中选择"}'; end if;
    if p ? 'town' then
        perform from region where region = p->>'town' and parent = p->>'region';
        if not found then faults := faults || '{"town": "该乡镇街道不属于所选县市区，请重新选择"}'; end if;
    end if;
    if p ? 'helper_name' and not p ? 'helper_right' then
        faults := faults || '{"helper_right": "请写明帮办代办的授权依据（委托书、监护关系等）"}';
    end if;
    return faults;
end $$;

-- 一次申请. p: theme, matters, region, town, papers, remark, helper_*, sealed contact, at, and the step `apply`.
-- Matters that the applicant does not need are 不需要 from the start. Writes: case_file, case_contact, case_matter,
-- case_task, case_event, outbox, answered. Reply: the card.
create or replace function case_apply(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    c case_file;
    a account;
    answer outcome := given_outcome(req, actor);
    faults jsonb;
    now_ms bigint := (p->>'at')::bigint;
begin
    if answer.kind is not null then return next answer; return; end if;
    faults := case_faults(p);
    if faults <> '{}' then
        return next refusal_outcome('bad_params', jsonb_build_object('fields', faults));
        return;
    end if;
    select * into a from account where account = actor;
    c.id := nextval('case_file_id_seq');
    c.number := 'YJS2327' || to_char(to_timestamp(now_ms / 1000) at time zone 'Asia/Shanghai', 'YYYYMMDD')
        || lpad(nextval('case_serial')::text, 6, '0');
    c.version := (select version from list_version where state = 'in_force');
    c.theme := (p->>'theme')::smallint;
    c.lead := unit_here((select min(unit) from list_unit where version = c.version and theme = c.theme and lead),
        (select min(dept) from list_unit where version = c.version and theme = c.theme and lead), null, p->>'region');
    insert into case_file (id, number, ver, step, state, version, theme, lead, region, town, received_region,
            received_dept, account, remark, helper_name, helper_unit, helper_right, papers, missing, applied, changed, chain)
        values (c.id, c.number, 0, 0, 0, c.version, c.theme, c.lead, p->>'region', p->>'town',
            case when a.role = 2 then a.region else coalesce(p->>'received', a.region) end, a.dept, actor,
            coalesce(p->>'remark', ''), p->>'helper_name', p->>'helper_unit', p->>'helper_right',
            array(select jsonb_array_elements_text(coalesce(p->'papers', '[]'))),
            array(select distinct x from list_matter m, unnest(m.papers) x where m.version = c.version and m.theme = c.theme
                and p->'matters' @> to_jsonb(m.no) and not coalesce(p->'papers', '[]') ? x order by x),
            now_ms, now_ms, '')
        returning * into c;
    insert into case_contact values (c.id, p->>'phone', p->>'phone_index', coalesce(p->>'phone_mask', ''),
        p->>'name', coalesce(p->>'name_mask', ''), p->>'id_no', p->>'id_index', coalesce(p->>'id_mask', ''));
    insert into case_matter (id, no, name, state, join_rule, gathers, deps, days)
        select c.id, no, name, case when p->'matters' @> to_jsonb(no) then 10 else 85 end, join_rule, gathers, deps, days
        from list_matter where version = c.version and theme = c.theme;
    insert into case_task (id, no, dept, unit, place, state, changed)
        select distinct on (u.no, unit_here(u.unit, u.dept, c.lead, c.region)) c.id, u.no,
            unit_here(u.unit, u.dept, c.lead, c.region), u.unit, u.place, 0, now_ms
        from list_unit u where u.version = c.version and u.theme = c.theme and p->'matters' @> to_jsonb(u.no)
        order by u.no, unit_here(u.unit, u.dept, c.lead, c.region), u.place;
    c := case_step(c, p->'step', actor, now_ms, null, jsonb_build_object('matters', p->'matters'));
    perform case_keep(c);
    answer := case_outcome(c);
    insert into answered values (req, actor, now_ms, 'reply', answer.body);
    return next reply_outcome(answer.body);
    return next answer;
end $$;

-- The rules that need more than the picture. first: the move itself.
create or replace function case_fault(c case_file, a account, first jsonb, p jsonb) returns outcome language plpgsql stable as $$
declare act text := first->>'action';
begin
    if act = 'ask' and first->>'level' = 'case' and c.asked >= limit_amount('case_ask_max') then
        return rule_refusal('补正已一次告知，不得再次要求；还缺的材料可以容缺受理');
    end if;
    if act = 'archive' then
        perform from case_promise where id = c.id and state = 'open';
        if found then return rule_refusal('还有未兑现的容缺承诺，不能归档'); end if;
    end if;
    if act = 'reassign' then
        perform from department where dept = (p->>'to_dept')::int and active;
        if not found then return field_refusal('to_dept', '没有这个单位，请重新选择'); end if;
    end if;
    if act = 'rate' and p ? 'on' then
        perform from case_matter where id = c.id and no = (p->>'on')::int;
        if not found then return field_refusal('on', '办件中没有这个事项'); end if;
    end if;
    return null;
end $$;

-- Columns of the case that a move sets beyond its state. act: of each step in turn.
create or replace function case_set(c case_file, act text, p jsonb) returns case_file language plpgsql as $$
begin
    case act
        when 'accept', 'resume', 'recall' then c.promised := c.due;
        when 'reckon' then c.promised := case when c.state = 40 then c.due else c.promised end;
        when 'ask' then c.asked := c.asked + 1;
        when 'supply' then
            c.papers := array(select distinct x from unnest(c.papers || array(
                select jsonb_array_elements_text(coalesce(p->'papers', '[]')))) x);
            c.missing := array(select x from unnest(c.missing) x where x <> all (c.papers));
        when 'gather' then
            c.outcome := case when exists (select from case_matter m where m.id = c.id and m.state = 85
                and exists (select from case_event e where e.id = m.id and e.no = m.no)) then 'partly' else 'passed' end;
        when 'stop' then c.outcome := 'stopped';
        when 'deliver' then c.result := p->>'text';
        when 'rate' then
            c.grade := (p->>'grade')::smallint;
            c.grade_no := (p->>'on')::smallint;
            c.grade_reason := p->>'reason';
        else null;
    end case;
    if act = 'recall' then c.outcome := null; end if;
    if c.state >= 80 then c.closed := coalesce(c.closed, c.changed); end if;
    return c;
end $$;

-- 差评: a ticket for the unit whose matter was named, with the lead beside it, or for the lead alone.
-- Writes: ticket, ticket_event, contact, message, part, case_link, outbox.
create or replace function case_blame(c case_file, p jsonb) returns setof outcome language plpgsql as $$
declare
    old ticket;
    t ticket;
    system account;
    unit integer := coalesce((select dept from case_task where id = c.id and no = c.grade_no and state not in (0, 85)
        order by place limit 1), c.lead);
    task text := (select name from case_matter where id = c.id and no = c.grade_no);
    card jsonb := case_card(c)::jsonb;
    move jsonb := p->'dispatch';
begin
    select * into system from account where account = 0;
    old := ticket_begin(0, (p->'ticket') || jsonb_build_object('region', c.region, 'theme', c.theme, 'channel', 21,
        'title', left(card->>'name' || '评价不满意', 60),
        'body', '办件 ' || c.number || coalesce('，事项“' || task || '”', '') || '：' || c.grade_reason)
        || case when c.grade_no is null then '{}' else jsonb_build_object('theme_no', c.grade_no) end);
    insert into contact select old.ticket, phone, phone_index, phone_mask, name, name_mask, id_no, id_index, id_mask
        from case_contact where id = c.id;
    perform message_add(old, 'accepted', null, c.changed);
    if unit <> c.lead then move := move || jsonb_build_object('assists', jsonb_build_array(c.lead)); end if;
    move := move || jsonb_build_object('dept', unit, 'note', '一件事差评：转该事项的承办单位' ||
        case when unit <> c.lead then '，牵头单位协办' else '（牵头单位）' end);
    t := move_apply(old, 0, move);
    return next ticket_moved(old, t, 0, move);
    if unit <> c.lead then
        return next part_send(t, 1::smallint, c.lead, '一件事办件 ' || c.number || ' 差评，请牵头协调', system, move);
    end if;
    insert into case_link values (t.ticket, c.id, c.theme, c.grade_no, 'rating', 0, c.changed);
end $$;

-- What a move does beside its steps. Writes: case_promise, and of a bad rating what case_blame() says.
create or replace function case_effect(c case_file, a account, first jsonb, p jsonb) returns setof outcome language plpgsql as $$
declare act text := first->>'action';
begin
    case act
        when 'promise' then
            insert into case_promise (id, no, dept, text, account, at, due, warn)
                values (c.id, (p->>'no')::int, (p->>'dept')::int, p->>'text', a.account, c.changed,
                    (p->>'promise_due')::bigint, (p->>'promise_warn')::bigint);
        when 'overdue' then update case_promise set late = true where promise = (p->>'promise')::bigint;
        when 'keep', 'forfeit' then
            update case_promise set state = case act when 'keep' then 'kept' else 'forfeit' end, ended = c.changed,
                ender = a.account, note = coalesce(p->>'text', p->>'reason') where promise = (p->>'promise')::bigint;
        when 'rate' then
            if c.grade < 3 then return query select * from case_blame(c, p); end if;
        else null;
    end case;
    update case_promise x set state = 'void', ended = c.changed, note = '事项不再办理' from case_matter m
        where x.id = c.id and x.state = 'open' and m.id = x.id and m.no = x.no and (m.state = 85 or c.state in (82, 85));
end $$;

-- Any move. p: id, seen, base, steps, at, and what the command carries. It holds if the desk had seen the last
-- event of what it moves, and the judge the whole case. Writes: case_file, case_matter, case_task, case_event,
-- outbox, answered, and what case_effect() says. Reply: the card; of reveal: sealed contact.
create or replace function case_move(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    c case_file;
    a account;
    t case_task;
    s jsonb;
    first jsonb := p#>'{steps,0}';
    answer outcome;
    now_ms bigint := (p->>'at')::bigint;
    n integer := 0;
    began integer;
    reply text;
begin
    if req is not null then
        answer := given_outcome(req, actor);
        if answer.kind is not null then return next answer; return; end if;
    end if;
    select * into c from case_file where id = (p->>'id')::bigint for update;
    if c.ver is distinct from (p->>'base')::int then return next refusal_outcome('case_moved'); return; end if;
    select * into a from account where account = actor;
    answer := case_fault(c, a, first, p);
    if answer.kind is not null then return next answer; return; end if;

    began := c.ver;
    if first->>'action' = 'reassign' then
        insert into case_task (id, no, dept, unit, place, state, changed)
            select c.id, no, (p->>'to_dept')::int, (select name from department where dept = (p->>'to_dept')::int), place, 0, now_ms
            from case_task where id = c.id and no = (p->>'no')::int and dept = (p->>'dept')::int;
    end if;
    for s in select * from jsonb_array_elements(p->'steps') loop
        c := case_step(c, s, case when n = 0 then actor else 0 end, now_ms,
            case when n = 0 then coalesce(p->>'text', p->>'reason') end, case when n = 0 then p->'detail' end);
        if s->>'level' = 'case' then c := case_set(c, s->>'action', p); end if;
        n := n + 1;
    end loop;
    perform case_keep(c);
    answer := case_outcome(c);
    reply := answer.body;
    if first->>'action' = 'reveal' then
        select json_build_object('phone', phone, 'name', name, 'id_no', id_no, 'card', answer.body::json)
            into reply from case_contact where id = c.id;
    end if;
    if req is not null then insert into answered values (req, actor, now_ms, 'reply', reply); end if;
    return next reply_outcome(reply);
    return query select * from case_effect(c, a, first, p);
    -- Counts of promises are part of the card: after the effect.
    answer.body := case_card(c)::text;
    return next answer;
    for t in select * from case_task where id = c.id and step > began loop
        return next task_outcome(t);
    end loop;
end $$;

-- What the clock alone must move. p: at, limit. Rows: id, level, action, and no, dept, promise where the level has them.
create or replace function case_due(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome((select json_build_object('rows', coalesce(json_agg(x), '[]')) from (
        (select id, 'case' as level, case state when 35 then 'expire' when 45 then 'resume' when 60 then 'lapse' else 'late' end
            as action, null::smallint as no, null::int as dept, null::bigint as promise
         from case_file where state < 80 and due <= (p->>'at')::bigint and (not late or state in (35, 45, 60))
         order by due limit (p->>'limit')::int)
        union all
        (select id, 'case', 'archive', null, null, null from case_file c
         where state in (80, 81, 82, 85) and due <= (p->>'at')::bigint
            and not exists (select from case_promise x where x.id = c.id and x.state = 'open')
         order by due limit (p->>'limit')::int)
        union all
        (select t.id, 'task', case t.state when 45 then 'expire' else 'late' end, t.no, t.dept, null
         from case_task t join case_file c using (id)
         where t.state between 30 and 50 and t.due <= (p->>'at')::bigint and (not t.late or t.state = 45) and c.state = 40
         order by t.due limit (p->>'limit')::int)
        union all
        (select x.id, 'matter', 'overdue', x.no, null, x.promise from case_promise x join case_file c using (id)
         join case_matter m using (id, no)
         where x.state = 'open' and not x.late and x.due <= (p->>'at')::bigint and c.state between 40 and 81
            and m.state between 30 and 82
         order by x.due limit (p->>'limit')::int)) x)::text)
$$;
