-- Pieces that the functions of “一件事” cases share: who somebody is to a case, cards, rows for the feed, the chain.

-- What the account is to the case, as PART bits of routing/case_flow.h: 1 window, 2 lead, 4 a unit with a task,
-- 8 supervisor, 16 system; 0 = a stranger, who may not even see it.
create or replace function case_parts(a account, c case_file) returns integer language plpgsql stable as $$
declare parts integer := 0;
begin
    if a.role = 16 then return 16; end if;
    if a.role = 1 then return 1; end if;
    if a.role = 4 then return case when region_covers(a.region, c.region) or a.region = c.received_region then 8 else 0 end; end if;
    if a.role <> 2 then return 0; end if;
    if a.dept = c.lead then parts := 2; end if;
    if a.dept = c.received_dept then parts := parts + 1; end if;
    perform from case_task where id = c.id and dept = a.dept;
    if found then parts := parts + 4; end if;
    return parts;
end $$;

create or replace function case_card(c case_file) returns json language plpgsql stable as $$
begin
    return (select json_build_object('id', c.id, 'number', c.number, 'ver', c.ver, 'state', c.state, 'theme', c.theme,
        'name', l.name, 'audience', l.audience, 'version', c.version, 'lead', c.lead, 'region', c.region, 'town', c.town,
        'received_region', c.received_region, 'received_dept', c.received_dept, 'applied', c.applied,
        'promised', c.promised, 'due', c.due, 'warn', c.warn, 'late', c.late, 'outcome', c.outcome, 'grade', c.grade,
        'changed', c.changed, 'closed', c.closed,
        'name_mask', (select name_mask from case_contact where id = c.id),
        'matters', (select json_build_object('all', count(*), 'settled', count(*) filter (where state in (60, 80, 85)),
            'failed', count(*) filter (where state = 82), 'returned', count(*) filter (where state = 50))
            from case_matter where id = c.id),
        'late_tasks', (select count(*) from case_task where id = c.id and late and state between 30 and 50),
        'promises', (select json_build_object('open', count(*), 'late', count(*) filter (where late))
            from case_promise where id = c.id and state = 'open'))
        from list_theme l where l.version = c.version and l.theme = c.theme);
end $$;

create or replace function task_card(t case_task) returns json language plpgsql stable as $$
begin
    return (select json_build_object('id', t.id, 'no', t.no, 'dept', t.dept, 'unit', t.unit, 'state', t.state,
        'due', t.due, 'warn', t.warn, 'late', t.late, 'changed', t.changed, 'matter', m.name,
        'handler', (select name from account where account = t.handler), 'number', c.number, 'ver', c.ver,
        'case_state', c.state, 'theme', c.theme, 'name', l.name, 'lead', c.lead, 'region', c.region)
        from case_file c join case_matter m on m.id = c.id and m.no = t.no
        join list_theme l on l.version = c.version and l.theme = c.theme where c.id = t.id);
end $$;

create or replace function case_outcome(c case_file, sent bigint) returns outcome language plpgsql stable as $$
begin
    return row('case', case_card(c)::text, sent, c.id, c.ver, c.state, null, c.lead, c.received_dept, c.region,
               c.account, c.due)::outcome;
end $$;

-- Writes: outbox.
create or replace function case_outcome(c case_file) returns outcome language plpgsql as $$
declare sent bigint := nextval('outbox_id_seq');
begin
    insert into outbox values (sent, 'case', c.id::text, c.changed);
    return case_outcome(c, sent);
end $$;

create or replace function task_outcome(t case_task, sent bigint) returns outcome language plpgsql stable as $$
declare c case_file;
begin
    select * into c from case_file where id = t.id;
    return row('task', task_card(t)::text, sent, t.id, c.ver, t.state, null, t.dept, c.lead, c.region, null, t.due)::outcome;
end $$;

-- Writes: outbox.
create or replace function task_outcome(t case_task) returns outcome language plpgsql as $$
declare sent bigint := nextval('outbox_id_seq');
begin
    insert into outbox values (sent, 'task', t.id || '/' || t.no || '/' || t.dept, t.changed);
    return task_outcome(t, sent);
end $$;

-- The present state of what an outbox row names: its id, or case/matter/unit. Null: another kind.
create or replace function case_again(o outbox) returns outcome language plpgsql stable as $$
begin
    if o.kind = 'case' then return (select case_outcome(c, o.id) from case_file c where c.id = o.ref::bigint); end if;
    if o.kind = 'task' then
        return (select task_outcome(t, o.id) from case_task t where t.id = split_part(o.ref, '/', 1)::bigint
            and no = split_part(o.ref, '/', 2)::int and dept = split_part(o.ref, '/', 3)::int);
    end if;
    return null;
end $$;

-- The next link of a case's chain.
create or replace function case_chain(before bytea, e case_event) returns bytea language plpgsql stable as $$
begin
    return sha256(before || convert_to((e.id, e.seq, e.level, e.action, e.from_state, e.to_state, e.no, e.dept,
        e.matter_state, e.account, e.at, e.due,
        coalesce(e.digest, words_digest(e.salt, e.note, e.detail)))::text, 'UTF8'));
end $$;

-- The unit that a name of the list means in a county: what the administrator filled in, the list's own, or the
-- lead, who answers for the whole.
create or replace function unit_here(printed text, own integer, lead integer, county text) returns integer
language plpgsql stable as $$
begin
    return coalesce((select dept from unit_fill where unit = printed and region = county), own,
        (select dept from unit_fill where unit = printed and region = '232700'), lead);
end $$;
