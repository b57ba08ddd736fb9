-- The rules of moves beyond the table of edges: counts, windows, two persons, whose work it is. Each refusal
-- says what is wrong and what to do. Sources and reasons: docs/LOOP.md.

create or replace function rule_refusal(sentence text) returns outcome language plpgsql immutable as $$
begin
    return refusal_outcome('rule', jsonb_build_object('sentence', sentence));
end $$;

create or replace function field_refusal(field text, sentence text) returns outcome language plpgsql immutable as $$
begin
    return refusal_outcome('bad_params', jsonb_build_object('fields', jsonb_build_object(field, sentence)));
end $$;

create or replace function moment_words(at bigint) returns text language sql immutable as $$
    select to_char(to_timestamp(at / 1000) at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')
$$;

-- Whether a ticket in this state is being dealt with, so that others may be merged into it.
create or replace function may_be_master(state smallint) returns boolean language sql immutable as $$
    select state between 30 and 55
$$;

-- Why a ticket may not be merged into this master; child null: a new ticket.
create or replace function master_fault(wanted bigint, child bigint) returns outcome language plpgsql as $$
declare m ticket;
begin
    select * into m from ticket where ticket = wanted for update;
    if not found then return field_refusal('other', '没有这张工单，请核对编号'); end if;
    if wanted = child then return field_refusal('other', '不能并入自己，请选择另一张工单'); end if;
    if m.state = 29 then return field_refusal('other', '该工单已并入其他工单，请选择其主单'); end if;
    if not may_be_master(m.state) then
        return field_refusal('other', '该工单不在办理中，不能作为主单');
    end if;
    if child is not null then
        perform from ticket where ticket = child and joined > 0;
        if found then return rule_refusal('本单已是主单，请把另一张并入本单'); end if;
    end if;
    return null;
end $$;

-- A handler of another unit than the one that answers may only do its own 承办单.
create or replace function unit_fault(old ticket, a account, act text) returns outcome language plpgsql immutable as $$
begin
    if a.role <> 2 or a.dept is not distinct from old.dept
       or act in ('part_sign', 'part_reply', 'part_return', 'contact', 'attach', 'reveal', 'progress') then
        return null;
    end if;
    return refusal_outcome('not_yours', '{"sentence": "本单由主办单位负责，协办和下级单位只办自己的承办单"}');
end $$;

-- 退单: once a unit, within the window, not after a ruling or a refusal.
create or replace function send_back_fault(old ticket, now_ms bigint) returns outcome language plpgsql stable as $$
declare
    asked integer;
begin
    if old.no_return then
        return rule_refusal('本单位不得再退单：退单已被驳回、已裁定或属重办，请办理');
    end if;
    if old.return_by < now_ms then
        return rule_refusal('已过退单时限（' || moment_words(old.return_by) || '），请先行办理，确属职责不清可联系督办员提请裁定');
    end if;
    select count(*) into asked from ticket_history where ticket = old.ticket and action = 'send_back' and dept = old.dept;
    if asked >= limit_amount('return_max') then
        return rule_refusal('本单位对本单已退单 ' || asked || ' 次，不能再退');
    end if;
    return null;
end $$;

create or replace function assists_fault(p jsonb) returns outcome language plpgsql stable as $$
declare
    unit integer;
begin
    for unit in select jsonb_array_elements_text(coalesce(p->'assists', '[]'))::int loop
        perform from department where dept = unit and active;
        if not found or unit = (p->>'dept')::int then
            return field_refusal('assists', '协办单位应为其他在用的承办单位');
        end if;
    end loop;
    return null;
end $$;

create or replace function assign_fault(old ticket, p jsonb) returns outcome language plpgsql stable as $$
begin
    if (p->>'dept')::int in (select units_returned(old.ticket)) then
        return field_refusal('dept', '该单位的退单已经同意，如仍应由其办理请提请裁定');
    end if;
    return assists_fault(p);
end $$;

create or replace function matter_fault(p jsonb) returns outcome language plpgsql stable as $$
begin
    perform from matter where matter = p->>'matter' and active;
    if found then return null; end if;
    return field_refusal('matter', '目录中没有这个事项，请重新选择');
end $$;

create or replace function extend_fault(old ticket, p jsonb) returns outcome language plpgsql stable as $$
declare
    days integer := coalesce((p#>>'{detail,days}')::int, (p->>'days')::int);
    granted integer;
begin
    select count(*) into granted from ticket_history where ticket = old.ticket and action = 'extend' and round = old.round;
    if granted >= limit_amount('extension_max') then
        return rule_refusal('本轮已延期 ' || granted || ' 次，不能再延');
    end if;
    if old.extended + days > limit_amount('extension_cap') then
        return field_refusal('days', '累计延期最多 ' || limit_amount('extension_cap') || ' 个工作日');
    end if;
    return null;
end $$;

create or replace function asked_fault(old ticket, wanted text) returns outcome language plpgsql immutable as $$
begin
    if old.asked is not distinct from wanted then return null; end if;
    return rule_refusal(case wanted when 'extend' then '没有待审的延期申请' else '没有待审的挂起申请' end);
end $$;

-- 承办单: whose it is and whether it still waits.
create or replace function part_fault(old ticket, a account, p jsonb) returns outcome language plpgsql stable as $$
declare
    x part;
    act text := p->>'action';
begin
    select * into x from part where part.part = (p->>'part')::bigint and ticket = old.ticket;
    if not found then return field_refusal('part', '本单没有这张承办单'); end if;
    if act = 'part_recall' then
        if a.role = 2 and a.dept is distinct from x.sender then
            return refusal_outcome('not_yours', '{"sentence": "只有发出单位或督办员可以撤回承办单"}');
        end if;
    elsif a.dept is distinct from x.dept then
        return refusal_outcome('not_yours', '{"sentence": "这张承办单属于其他单位"}');
    end if;
    if x.state >= 40 or (act = 'part_sign' and x.state <> 10) or (act = 'part_reply' and x.state <> 20) then
        return rule_refusal(case x.state when 10 then '请先签收承办单' when 20 then '承办单已签收'
            when 40 then '承办单已反馈' when 60 then '承办单已退回' else '承办单已撤回' end);
    end if;
    return null;
end $$;

create or replace function send_part_fault(old ticket, p jsonb) returns outcome language plpgsql stable as $$
declare unit integer := (p->>'dept')::int;
begin
    if unit = old.dept then return field_refusal('dept', '不能发给主办单位自己'); end if;
    perform from part where ticket = old.ticket and dept = unit and state < 40;
    if found then return field_refusal('dept', '该单位已有一张未反馈的承办单'); end if;
    if p->>'action' = 'hand_down' and not dept_below(old.dept, unit) then
        return field_refusal('dept', '只能分派给本单位的下级单位（同职责的县区单位，或本县区所属单位）');
    end if;
    return null;
end $$;

-- 提交办结: the citizen was spoken to, co-handlers are in, each point is answered.
create or replace function finish_fault(old ticket, now_ms bigint, p jsonb) returns outcome language plpgsql stable as $$
declare
    waiting text;
    n integer := coalesce(cardinality(old.points), 1);
begin
    if old.parts > 0 then
        select string_agg(d.name, '、') into waiting from part x join department d using (dept)
            where x.ticket = old.ticket and x.state < 40 and x.due >= now_ms;
        if waiting is not null then
            return rule_refusal('还有承办单未反馈：' || waiting || '。请等待反馈、到期或撤回后再办结');
        end if;
    end if;
    if old.contacted is null and old.secrecy = 0 then
        perform from contact where ticket = old.ticket and phone is not null;
        if found then return rule_refusal('还没有联系过诉求人：请先联系并记录，再提交办结'); end if;
    end if;
    if n > 1 and coalesce(jsonb_array_length(p->'answers'), 0) <> n then
        return field_refusal('answers', '本单有 ' || n || ' 个诉求点，请逐点答复');
    end if;
    return null;
end $$;

-- 差评重办 since the matter was last taken up: a reopened one begins anew.
create or replace function redo_count(t ticket) returns integer language plpgsql stable as $$
begin
    return (select count(*) from ticket_history where ticket = t.ticket and action = 'redo'
            and seq > coalesce((select max(seq) from ticket_history where ticket = t.ticket and action = 'reopen'), 0));
end $$;

create or replace function conclude_fault(old ticket) returns outcome language plpgsql stable as $$
begin
    if redo_count(old) < limit_amount('rework_max') then
        return rule_refusal('重办未满 ' || limit_amount('rework_max') || ' 次，请先重办');
    end if;
    perform from supervision where ticket = old.ticket and level = 3 and replied is not null;
    -- What the hotline answered itself has no unit that could be supervised.
    if not found and old.dept is not null then return rule_refusal('疑难终结须先提级督办，并由承办单位书面回复'); end if;
    return null;
end $$;

create or replace function dismiss_fault(old ticket, a account) returns outcome language plpgsql stable as $$
declare doubter integer;
begin
    select account into doubter from ticket_history where ticket = old.ticket and action = 'doubt' and round = old.round
        order by seq desc limit 1;
    if doubter is null then return rule_refusal('认定误评须两人：请先由一人“提请误评认定”'); end if;
    if doubter = a.account then return rule_refusal('认定误评须两人：提请人不能自己复核'); end if;
    return null;
end $$;

create or replace function order_fault(old ticket, a account, p jsonb) returns outcome language plpgsql stable as $$
declare
    o supervision;
    act text := p->>'action';
begin
    if act = 'order' then
        if old.dept is null then return rule_refusal('本单还没有承办单位，不能督办'); end if;
        perform from supervision where ticket = old.ticket and level = (p->>'level')::int and closed is null;
        if found then return field_refusal('level', '已有一件同级督办尚未销号'); end if;
        return null;
    end if;
    select * into o from supervision where id = (p->>'order')::bigint and ticket = old.ticket;
    if not found then return field_refusal('order', '本单没有这件督办'); end if;
    if o.closed is not null then return rule_refusal('这件督办已经销号'); end if;
    if act = 'order_reply' and a.dept is distinct from o.dept then
        return refusal_outcome('not_yours', '{"sentence": "这件督办由其他单位回复"}');
    end if;
    if act = 'order_reply' and o.replied is not null then return rule_refusal('这件督办已经回复'); end if;
    return null;
end $$;

create or replace function urge_fault(old ticket, now_ms bigint) returns outcome language plpgsql stable as $$
declare last bigint;
begin
    if old.urged = 0 then return null; end if;
    select max(at) into last from ticket_history where ticket = old.ticket and action = 'urge';
    if last + limit_ms('urge_gap') <= now_ms then return null; end if;
    return rule_refusal('刚催办过，' || moment_words(last + limit_ms('urge_gap')) || ' 之后可再次催办');
end $$;

create or replace function attach_fault(old ticket, p jsonb) returns outcome language plpgsql stable as $$
begin
    if coalesce(p->>'sha256', '') !~ '^[0-9a-f]{64}$' then return field_refusal('sha256', '应为 64 位十六进制'); end if;
    if (select count(*) from file where ticket = old.ticket) >= 20 then
        return rule_refusal('一张工单最多 20 个附件');
    end if;
    return null;
end $$;

create or replace function reopen_fault(old ticket, now_ms bigint) returns outcome language plpgsql stable as $$
begin
    if day_start(now_ms) - day_start(old.closed) <= limit_ms('reopen_window') then return null; end if;
    return rule_refusal('办结已超过 ' || limit_amount('reopen_window') || ' 天，不能重启；请作为再次反映另行受理');
end $$;

-- Nobody called for a 预警单: nobody can be asked, told or wish it withdrawn, and it ends by 预警办结; others do not.
create or replace function task_fault(old ticket, act text) returns outcome language plpgsql immutable as $$
begin
    if (act = 'settle') > (old.channel = 7) then return rule_refusal('只有预警单可以预警办结；本单须告知诉求人并请其评价'); end if;
    if old.channel = 7 and act in ('pass', 'answer', 'ask_info', 'withdraw', 'merge', 'supplement') then
        return rule_refusal('预警单没有诉求人，不能“' || case act when 'pass' then '审核通过”转告知，请用“预警办结'
            when 'answer' then '直接解答' when 'ask_info' then '要求补充' when 'withdraw' then '撤回'
            when 'merge' then '并单' else '补充信息' end || '”');
    end if;
    return null;
end $$;

-- Why this move may not be made, kind null when it may.
create or replace function move_fault(old ticket, a account, p jsonb) returns outcome language plpgsql as $$
declare
    act text := p->>'action';
    now_ms bigint := (p->>'at')::bigint;
    fault outcome;
begin
    fault := unit_fault(old, a, act);
    if fault.kind is not null then return fault; end if;
    fault := task_fault(old, act);
    if fault.kind is not null then return fault; end if;
    if p ? 'dept' then
        perform from department where dept = (p->>'dept')::int and active;
        if not found then return field_refusal('dept', '没有这个承办单位或已停用，请重新选择'); end if;
    end if;
    if p ? 'matter' and act <> 'dispatch' then
        fault := matter_fault(p);
        if fault.kind is not null then return fault; end if;
    end if;
    case act
        when 'reveal' then
            if not may_reveal(a, old) then
                return refusal_outcome('not_allowed', '{"sentence": "诉求人要求保密，承办单位不能查看，请通过热线联系"}');
            end if;
        when 'send_back' then return send_back_fault(old, now_ms);
        when 'assign' then return assign_fault(old, p);
        when 'dispatch' then
            if p ? 'assists' then return assists_fault(p); end if;
        when 'dispute' then
            if old.dept is null and not p ? 'dept' then
                return field_refusal('dept', '请指定裁定前先行办理的单位（首接负责）');
            end if;
        when 'rule' then
            if old.matter is null and not p ? 'matter' then
                return field_refusal('matter', '裁定将作为先例，请选择事项');
            end if;
        when 'merge' then return master_fault((p->>'other')::bigint, old.ticket);
        when 'withdraw' then
            if old.joined > 0 then
                -- Those that have followed it to a result wait for nothing any more.
                perform from ticket where master = old.ticket and state = 29;
                if found then return rule_refusal('本单并有 ' || old.joined || ' 件诉求，请先拆单再撤回'); end if;
            end if;
        when 'link' then
            perform from ticket where ticket = (p->>'other')::bigint and ticket <> old.ticket;
            if not found then return field_refusal('other', '没有这张工单，请核对编号'); end if;
        when 'ask_extend' then
            if old.asked is not null then return rule_refusal('已有申请待审，请等待审核'); end if;
            if (p->>'lead_due')::bigint > old.due then
                return rule_refusal('延期须在到期前 ' || limit_amount('extension_lead') || ' 个工作日申请，现已来不及');
            end if;
            return extend_fault(old, p);
        when 'extend' then
            fault := asked_fault(old, 'extend');
            if fault.kind is not null then return fault; end if;
            return extend_fault(old, p);
        when 'ask_pause' then
            if old.asked is not null then return rule_refusal('已有申请待审，请等待审核'); end if;
        when 'deny_extend' then return asked_fault(old, 'extend');
        when 'pause', 'deny_pause' then return asked_fault(old, 'pause');
        when 'assist', 'hand_down' then return send_part_fault(old, p);
        when 'part_sign', 'part_reply', 'part_return', 'part_recall' then return part_fault(old, a, p);
        when 'finish' then return finish_fault(old, now_ms, p);
        when 'redo' then
            if redo_count(old) >= limit_amount('rework_max') then
                return rule_refusal('已重办 ' || redo_count(old) || ' 次，请提级督办，回复后疑难终结');
            end if;
            if old.dept is null and not p ? 'dept' then
                return field_refusal('dept', '本单由热线直接解答，请选择重办的承办单位');
            end if;
        when 'conclude' then return conclude_fault(old);
        when 'dismiss' then return dismiss_fault(old, a);
        when 'order', 'order_reply', 'order_close' then
            if act = 'order' and a.role = 16 then return null; end if;
            return order_fault(old, a, p);
        when 'urge' then return urge_fault(old, now_ms);
        when 'hand_over' then return hand_over_fault(old, p);
        when 'taken' then return taken_fault(old);
        when 'attach' then return attach_fault(old, p);
        when 'reopen' then return reopen_fault(old, now_ms);
        when 'archive' then
            if old.orders > 0 then return rule_refusal('还有未销号的督办件，不能归档'); end if;
        when 'check' then
            perform from quality_check where ticket = old.ticket and checked is null;
            if not found then return rule_refusal('本单未被抽中质检，或已经评分'); end if;
        else null;
    end case;
    return null;
end $$;
