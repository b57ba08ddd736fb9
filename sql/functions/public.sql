-- The citizen's door: finding a ticket by number and code, and what a citizen may see of it. No names, no
-- numbers of people; what the texts hold of the citizen's own is taken out by the server (public_view.c), which
-- has the key.

-- The ticket of a number, for whoever has shown to be its citizen: p.right says whether the code was the right
-- one, p.linked that a signed link was shown instead. An unknown number, a wrong code and a locked number get
-- the same refusal after the same work, a commit. p: number, right, linked, request, at.
-- Reply: what a move must have seen (see seen_of). Writes: contact.
create or replace function public_find(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    t ticket;
    c contact;
    a account;
    now_ms bigint := (p->>'at')::bigint;
    most integer := limit_amount('query_tries');
begin
    select * into t from ticket where number = p->>'number';
    if found and not (p->>'linked')::boolean then
        select * into c from contact where ticket = t.ticket for update;
        if not found or c.query_locked > now_ms then
            t := null;
        elsif not (p->>'right')::boolean then
            update contact set
                query_tries = case when c.query_tries + 1 >= most then 0 else c.query_tries + 1 end,
                query_locked = case when c.query_tries + 1 >= most then now_ms + limit_ms('query_lock')
                                    else c.query_locked end
                where ticket = c.ticket;
            return next refusal_outcome('not_found');
            return;
        elsif c.query_tries > 0 then
            update contact set query_tries = 0 where ticket = c.ticket;
        end if;
    end if;
    if t.ticket is null then
        perform pg_logical_emit_message(true, 'hotline', '');
        return next refusal_outcome('not_found');
        return;
    end if;
    select * into a from account where account = actor;
    return next reply_outcome(seen_of(t, a, p->>'request')::text);
end $$;

-- What of a ticket's history is the citizen's business: [{at, term, text, grade}].
create or replace function public_timeline(wanted bigint) returns jsonb language sql stable as $$
    select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('at', at, 'term', term, 'text', text,
        'grade', grade)) order by seq), '[]')
    from (select e.seq, e.at,
        case e.action when 'submit' then '已受理' when 'answer' then '已答复' when 'refuse' then '不予受理'
            when 'rule_out' then '不予受理' when 'merge' then '并案办理' when 'unmerge' then '恢复单独办理'
            when 'ask_info' then '请您补充' when 'supply' then '已补充' when 'expire' then '逾期未补充，已撤销'
            when 'withdraw' then '已撤回' when 'follow' then '已答复' when 'dispatch' then '已派单'
            when 'assign' then '已派单' when 'rule' then '已派单' when 'sign' then '已签收'
            when 'progress' then '办理进展' when 'extend' then '延期' when 'pause' then '挂起'
            when 'resume' then '恢复办理' when 'notify' then '已答复' when 'rate' then '已评价'
            when 'complain' then '已评价' when 'lapse' then '已办结' when 'dismiss' then '已办结'
            when 'conclude' then '已办结' when 'redo' then '重新办理' when 'reopen' then '重新办理'
            when 'supplement' then '补充信息' when 'urge' then '催办'
            when 'taken' then '已移交' when 'attach' then case when e.account = -1 then '补充附件' end end as term,
        case when e.action in ('dispatch', 'assign', 'rule', 'redo') then '由' || d.name || '办理'
            when e.action = 'sign' then d.name || '正在办理'
            when e.action in ('refuse', 'rule_out', 'ask_info', 'progress', 'taken') then e.note
            when e.action = 'extend' then '办理期限延至 ' || moment_words(e.due)
            when e.action = 'pause' then '暂停办理至 ' || moment_words(e.due)
            when e.action = 'merge' then '与反映同一问题的其他诉求一并办理，结果分别告知'
            when e.action = 'lapse' then '评价期满' end as text,
        case when e.action in ('rate', 'complain') then (e.detail->>'grade')::int end as grade
        from ticket_history e left join department d on d.dept = e.dept where e.ticket = wanted) x
    where term is not null
$$;

-- p: id, asked for only after public_find. Reply: the view, and sealed phone, name and id_no, which the server
-- takes out of the texts and never passes on.
create or replace function public_view(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    t ticket;
    c contact;
begin
    select * into t from ticket where ticket = (p->>'id')::bigint;
    if not found then return next refusal_outcome('not_found'); return; end if;
    select * into c from contact where ticket = t.ticket;
    return next reply_outcome(jsonb_build_object('number', t.number, 'title', t.title, 'kind', t.kind,
        'state', t.state, 'state_term', (select term from flow_state where state = t.state),
        'accepted', t.accepted, 'promised', t.promised, 'closed', t.closed, 'round', t.round, 'grade', t.grade,
        'dept', (select name from department where dept = t.dept),
        'reply', case when t.state in (60, 65, 80, 82, 90) then t.reply end,
        'points', t.points, 'answers', case when t.state in (60, 65, 80, 90) then t.answers end,
        'needs', case when t.state = 15 then t.why end,
        'files', (select count(*) from file where ticket = t.ticket and account = -1),
        'timeline', public_timeline(t.ticket),
        'sealed', jsonb_build_array(c.phone, c.name, c.id_no))::text);
end $$;

-- What the citizen's form offers: counties with their towns.
create or replace function public_reference(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome((select json_build_object('regions', json_agg(json_build_object(
        'region', r.region, 'name', r.name, 'towns', (select coalesce(json_agg(json_build_object(
            'town', s.region, 'name', s.name) order by s.region), '[]')
            from region s where s.parent = r.region and s.kind in ('镇', '乡', '街道'))) order by r.region))
        from region r where r.kind not in ('镇', '乡', '街道'))::text)
$$;
