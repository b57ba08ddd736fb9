-- Attachments: who may add and see them. Their content stands outside the database (server/file_store.h);
-- the row is made by ticket_move's action `attach`.

-- Whose login this is; null when it is nobody's.
create or replace function session_account(wanted text, now_ms bigint) returns account language plpgsql stable as $$
declare a account;
begin
    select acc.* into a from session s join account acc using (account)
        where s.digest = wanted and s.expires > now_ms and acc.active;
    return a;
end $$;

-- The ticket as the next move must have seen it, and whether the request was answered before.
create or replace function seen_of(t ticket, a account, request text) returns jsonb language plpgsql stable as $$
begin
    return jsonb_build_object('account', a.account, 'role', a.role, 'id', t.ticket, 'ver', t.ver, 'state', t.state,
        'kind', t.kind, 'urgency', t.urgency, 'matter', t.matter, 'round', t.round,
        'given', (select body::jsonb from answered x where x.request = seen_of.request::uuid
                  and x.account = a.account and (x.body::jsonb->>'id')::bigint = t.ticket));
end $$;

-- Before somebody logged in adds one. p: digest, id, request, at. Reply: account, role and what was seen.
create or replace function file_ticket(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    a account := session_account(p->>'digest', (p->>'at')::bigint);
    t ticket;
    refusal text;
begin
    if a.account is null then return next refusal_outcome('not_logged_in'); return; end if;
    if a.role not in (1, 2, 4) then return next refusal_outcome('not_allowed'); return; end if;
    select * into t from ticket where ticket = (p->>'id')::bigint;
    if not found then return next refusal_outcome('not_found'); return; end if;
    refusal := scope_refusal(a, t);
    if refusal is not null then return next refusal_outcome(refusal); return; end if;
    return next reply_outcome(seen_of(t, a, p->>'request')::text);
end $$;

-- One attachment for somebody logged in who may see its ticket. p: digest, file, at. Reply: sha256, name, type, size.
create or replace function file_find(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    a account := session_account(p->>'digest', (p->>'at')::bigint);
    f file;
    t ticket;
    refusal text;
begin
    if a.account is null then return next refusal_outcome('not_logged_in'); return; end if;
    if a.role not in (1, 2, 4) then return next refusal_outcome('not_allowed'); return; end if;
    select * into f from file where file = (p->>'file')::bigint;
    if not found or f.erased is not null then return next refusal_outcome('not_found'); return; end if;
    select * into t from ticket where ticket = f.ticket;
    refusal := scope_refusal(a, t);
    if refusal is not null then return next refusal_outcome(refusal); return; end if;
    return next reply_outcome(json_build_object('sha256', f.sha256, 'name', f.name, 'type', f.type,
        'size', f.size)::text);
end $$;

-- Which of these hashes have a row. p: hashes. Reply: {"known": [hash, …]}.
create or replace function file_known(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return next reply_outcome((select json_build_object('known', coalesce(json_agg(h), '[]'))
        from jsonb_array_elements_text(p->'hashes') h where exists (select from file where sha256 = h))::text);
end $$;

-- Every content that must be on the disk, for `hotlined verify --files`: one row each, body {"sha256","size"}.
create or replace function file_list(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare x record;
begin
    for x in select sha256, max(size) as size from file where erased is null group by sha256 order by sha256 loop
        return next reply_outcome(json_build_object('sha256', x.sha256, 'size', x.size)::text);
    end loop;
end $$;
