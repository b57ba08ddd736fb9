-- What is committed but not yet known to be in Redis, and what Redis must hold again after it was emptied.

-- Rows older than p.older ms: their present cards once more. Cards carry versions: twice is harmless.
create or replace function outbox_stale(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    o outbox;
    x outcome;
    t ticket;
    was smallint;
    was_dept integer;
begin
    return next reply_outcome('{}');
    for o in select * from outbox where at < (p->>'at')::bigint - (p->>'older')::bigint order by id limit 500 loop
        x := null;
        if o.kind = 'ticket' then
            select * into t from ticket where ticket = o.ref::bigint;
            select from_state into was from ticket_history where ticket = t.ticket and seq = t.ver and at = t.changed;
            select dept into was_dept from ticket_history where ticket = t.ticket and seq = t.ver - 1;
            x := row('ticket', card_of(t)::text, o.id, t.ticket, t.ver, t.state, was, t.dept, was_dept,
                     t.region, t.agent, t.due)::outcome;
        elsif o.kind = 'call' then
            x := (select call_outcome(c, o.id) from call c where call = o.ref);
        elsif o.kind = 'rules' then
            x := row('rules', 'null', o.id, null, null, null, null, null, null, null, null, null)::outcome;
        elsif o.kind = 'part' then
            x := (select part_outcome(y, o.id) from part y where part = o.ref::bigint);
        elsif o.kind = 'order' then
            x := (select order_outcome(y, o.id) from supervision y where id = o.ref::bigint);
        elsif o.kind = 'handoff' then
            x := (select handoff_outcome(y, o.id) from handoff y where handoff = o.ref::bigint);
        elsif o.kind = 'police' then
            x := row('police', json_build_object('message', o.ref::bigint)::text, o.id, o.ref::bigint, null, null, null, null, null, null, null, null)::outcome;
        elsif o.kind = 'alert' then
            x := (select alert_outcome(y, o.id) from alert y where alert = o.ref::bigint);
        elsif o.kind in ('case', 'task') then
            x := case_again(o);
        else
            x := (select seat_outcome(s, o.id) from agent_seat s where account = o.ref::int);
        end if;
        return next x;
    end loop;
end $$;

-- p: ids, now in Redis. Writes: outbox.
create or replace function outbox_done(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    delete from outbox where id in (select jsonb_array_elements_text(p->'ids')::bigint);
    return next reply_outcome('{}');
end $$;

-- Accepted more than p.older ms ago and still not dispatched: for the dispatch stream. Rows of kind dispatch.
create or replace function dispatch_waiting(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome('{}')
    union all
    select o.* from
        (select t from ticket t where state = 20 and changed <= (p->>'at')::bigint - (p->>'older')::bigint
         order by ticket limit (p->>'limit')::int) waiting, dispatch_outcome(t) o
$$;

-- All that waits for a signature: [[dept, ticket, due], …] for the department queues.
create or replace function queue_waiting(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome((select json_build_object('rows',
        coalesce(json_agg(json_build_array(dept, ticket, due)), '[]')) from ticket where state = 35)::text)
$$;
