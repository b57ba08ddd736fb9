-- Open311 GeoReport v2 (docs/OPEN311.md): services, what is asked of each, requests. What everybody may read:
-- tickets that came through Open311 itself, without 保密 and no 举报; their words only where the citizen
-- did not say no. Personal data in the words is taken out by the server, which has the key.

-- Reply: {"services"}.
create or replace function open311_services(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome((select json_build_object('services', coalesce(json_agg(json_build_object(
        'service_code', m.matter, 'service_name', m.name,
        'description', concat_ws('。', '例如：' || nullif(replace(m.words, '|', '、'), ''), nullif(m.note, '')),
        'metadata', exists (select from service_attribute a where a.matter in ('', m.matter)),
        'type', coalesce(s.type, 'realtime'), 'keywords', replace(m.words, '|', ', '), 'group', m.grp)
        order by m.matter), '[]')) from matter m left join service_type s using (matter) where m.active)::text)
$$;

-- p: code. Reply: {"service_code", "service_name", "type", "attributes"}; values of source kind are the server's.
create or replace function open311_definition(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare m matter;
begin
    select * into m from matter where matter = p->>'code' and active;
    if not found then return next refusal_outcome('not_found'); return; end if;
    return next reply_outcome(json_build_object('service_code', m.matter, 'service_name', m.name,
        'type', coalesce((select type from service_type where matter = m.matter), 'realtime'),
        'attributes', (select coalesce(json_agg(json_build_object('variable', a.variable, 'code', a.code,
            'datatype', a.datatype, 'required', a.required, 'datatype_description', a.hint, 'order', a.ord,
            'description', a.description, 'source', a.source,
            'values', case a.source when 'region' then (select json_agg(json_build_object('key', region, 'name', name)
                    order by region) from region where kind not in ('镇', '乡', '街道'))
                else (select coalesce(json_agg(json_build_object('key', v.key, 'name', v.name) order by v.ord), '[]')
                    from service_value v where v.matter = a.matter and v.code = a.code) end) order by a.ord, a.code), '[]')
            from service_attribute a where a.matter in ('', m.matter)))::text);
end $$;

-- The county of a location: of an address id, or by the longest name of a place that the address holds; the
-- prefecture when nothing tells. {"region", "town"}.
create or replace function open311_place(address_id text, address text) returns jsonb language plpgsql stable as $$
declare r region;
begin
    if address_id is not null then
        select * into r from region where region = address_id;
    else
        select x.* into r from region x where x.region <> '232700' and strpos(address, x.name) > 0
            order by x.kind in ('镇', '乡', '街道') desc, length(x.name) desc, x.region limit 1;
    end if;
    if r.kind in ('镇', '乡', '街道') then return jsonb_build_object('region', r.parent, 'town', r.region); end if;
    return jsonb_build_object('region', coalesce(r.region, '232700'));
end $$;

-- A ticket from Open311: api_submit() with what GeoReport knows beside it. p: open311 {lat, long, address_id,
-- address_string, account_id, email, media_url, open, described}, region where it was chosen, and all that
-- api_submit() takes. Writes: as that, open311_request.
create or replace function open311_submit(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    x outcome;
    o jsonb := p->'open311';
begin
    if o ? 'address_id' then
        perform from region where region = o->>'address_id';
        if not found then
            return next field_refusal('address_id', '没有这个区划代码');
            return;
        end if;
    end if;
    for x in select * from api_submit(actor, req, p || case when p ? 'region' then '{}'
            else open311_place(o->>'address_id', o->>'address_string') end) loop
        if x.kind = 'reply' then
            insert into open311_request values ((x.body::jsonb->>'id')::bigint, req, (p->>'at')::bigint,
                (o->>'lat')::float8, (o->>'long')::float8, o->>'address_id', o->>'account_id', o->>'email', o->>'media_url',
                (o->>'open')::boolean, (o->>'described')::int) on conflict do nothing;
        end if;
        return next x;
    end loop;
end $$;

create or replace function open311_row(t ticket, o open311_request) returns jsonb language plpgsql stable as $$
declare c contact;
begin
    select * into c from contact where ticket = t.ticket;
    return jsonb_build_object('number', t.number, 'state', t.state,
        'state_term', (select term from flow_state where state = t.state),
        'reply', case when t.state in (60, 65, 80, 82, 90) then t.reply end,
        'service_name', (select name from matter where matter = t.matter), 'service_code', t.matter,
        'description', case when o.open then left(t.body, o.described) end,
        'dept', (select name from department where dept = t.dept),
        'accepted', o.requested, 'changed', case when t.state >= 80 then coalesce(t.closed, t.changed) else t.changed end,
        'promised', t.promised, 'address', case when o.open then t.place end, 'address_id', o.address_id,
        'lat', o.lat, 'long', o.long, 'media_url', case when o.open then o.media_url end,
        'sealed', jsonb_build_array(c.phone, c.name, c.id_no, o.email));
end $$;

-- What everybody may read.
create or replace function open311_shown(t ticket) returns boolean language sql immutable as $$
    select t.secrecy = 0 and t.kind <> 4 and t.matter is not null
$$;

-- p: ids, or from, to, open, closed and where given codes; offset, limit. Reply: {"rows"}, newest first.
create or replace function open311_requests(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare found_rows json;
begin
    if p ? 'ids' then
        select json_agg(open311_row(t, o) order by o.requested desc, o.ticket desc) into found_rows
            from ticket t join open311_request o using (ticket)
            where t.number in (select jsonb_array_elements_text(p->'ids')) and open311_shown(t);
    else
        select json_agg(open311_row(t, o) order by (o).requested desc, (o).ticket desc) into found_rows
            from (select t, o from open311_request o join ticket t using (ticket)
                  where o.requested between (p->>'from')::bigint and (p->>'to')::bigint and open311_shown(t)
                      and (not p ? 'codes' or p->'codes' ? t.matter)
                      and case when t.state >= 80 then (p->>'closed')::boolean else (p->>'open')::boolean end
                  order by o.requested desc, o.ticket desc
                  offset (p->>'offset')::int limit (p->>'limit')::int) x;
    end if;
    return next reply_outcome(json_build_object('rows', coalesce(found_rows, '[]'))::text);
end $$;

-- p: token. Reply: {"number"}.
create or replace function open311_token(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare found_number text := (select number from ticket join open311_request using (ticket)
    where token = (p->>'token')::uuid);
begin
    return next case when found_number is null then refusal_outcome('not_found')
        else reply_outcome(json_build_object('number', found_number)::text) end;
end $$;
