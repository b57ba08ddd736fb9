-- Messages to citizens on their way to the SMS gateway (docs/SMS.md). Rows are written by message_add().

-- The oldest unsent, leased: nobody else gets them before the lease is over. p: at, most, lease_ms.
-- Reply: {"rows": [{message, kind, round, text, number, secrecy, phone (sealed)}]}. Writes: message.
create or replace function sms_take(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    now_ms bigint := (p->>'at')::bigint;
    taken_rows json;
begin
    with leased as (
        update message set taken = now_ms where message in (
            select message from message where sent is null and fault is null
                and (taken is null or taken <= now_ms - (p->>'lease_ms')::bigint)
            order by message limit (p->>'most')::int for update skip locked)
        returning *)
    select coalesce(json_agg(json_build_object('message', l.message, 'kind', l.kind, 'round', l.round,
            'text', l.text, 'number', t.number, 'secrecy', t.secrecy, 'phone', c.phone)
            order by l.message), '[]')
        into taken_rows
        from leased l join ticket t using (ticket) left join contact c using (ticket);
    return next reply_outcome(json_build_object('rows', taken_rows)::text);
end $$;

-- What became of them. Told twice, the first word stands. p: at, sent [id], failed [{message, fault}].
-- Reply: {"sent": n, "failed": n} of those that were open. Writes: message.
create or replace function sms_done(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    sent_count integer;
    failed_count integer;
begin
    update message set sent = (p->>'at')::bigint
        where message in (select jsonb_array_elements_text(p->'sent')::bigint) and sent is null and fault is null;
    get diagnostics sent_count = row_count;
    update message set fault = x->>'fault' from jsonb_array_elements(p->'failed') x
        where message = (x->>'message')::bigint and sent is null and message.fault is null;
    get diagnostics failed_count = row_count;
    return next reply_outcome(json_build_object('sent', sent_count, 'failed', failed_count)::text);
end $$;
