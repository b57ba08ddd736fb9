-- The words of a bulletin: its summary, made from the figures by plain rules, and its pages as a spreadsheet.
-- Internal: not called by the server.

-- "环比上升 12.5%", "环比持平", '' when there is nothing to compare with.
create or replace function bulletin_change(term text, now numeric, was numeric) returns text language sql immutable as $$
    select case when now is null or was is null then '' when now = was then '，' || term || '持平'
        when was = 0 then '，' || term || '增加 ' || now || ' 件'
        else '，' || term || case when now > was then '上升 ' else '下降 ' end
            || to_char(abs(now - was) * 100 / was, 'FM999990.0') || '%' end
$$;

create or replace function bulletin_percent(cell jsonb) returns numeric language sql immutable as $$
    select case when (cell->>0)::numeric > 0 then 100 * (cell->>1)::numeric / (cell->>0)::numeric end
$$;

-- "92.3%（环比上升 1.2 个百分点）"
create or replace function bulletin_rate(figure jsonb, unit text) returns text language sql immutable as $$
    select coalesce((select case when now is null then '无数据' else to_char(now, 'FM990.0') || unit
        || case when prev is null then '' when round(now, 1) = round(prev, 1) then '（环比持平）'
            else '（环比' || case when now > prev then '上升 ' else '下降 ' end || to_char(abs(round(now, 1) - round(prev, 1)), 'FM990.0')
                || case unit when '%' then ' 个百分点）' else ' 分）' end end end
        from (select bulletin_percent(figure->'now') as now, bulletin_percent(figure->'prev') as prev) x), '无数据')
$$;

create or replace function bulletin_figure(d jsonb, wanted text) returns jsonb language sql immutable as $$
    select f from jsonb_array_elements(d->'figures') f where f->>'figure' = wanted
$$;

create or replace function bulletin_summary(d jsonb) returns jsonb language plpgsql immutable as $$
declare
    this text := case d->>'kind' when 'day' then '本日' when 'week' then '本周' else '本月' end;
    a jsonb := d->'volume'->'accepted';
    calls jsonb := d->'calls'->'now';
    said text[];
    line text;
begin
    line := this || (d->>'place') || '12345热线共受理诉求 ' || (a->>'now') || ' 件'
        || bulletin_change('环比', (a->>'now')::numeric, (a->>'prev')::numeric)
        || bulletin_change('同比', (a->>'now')::numeric, (a->>'year')::numeric);
    line := line || coalesce('。其中' || (select string_agg((k->>'name') || ' ' || (k->>'now') || ' 件', '、' order by n)
        from jsonb_array_elements(d->'volume'->'kind') with ordinality x (k, n) where (k->>'now')::int > 0), '') || '。';
    if (calls->>'offered')::int > 0 then
        line := line || '呼入电话 ' || (calls->>'offered') || ' 通，接通 ' || (calls->>'answered') || ' 通，接通率 '
            || to_char(100 * (calls->>'answered')::numeric / (calls->>'offered')::numeric, 'FM990.0') || '%。';
    end if;
    said := array[line];
    if jsonb_array_length(d->'matters') > 0 then
        line := '热点集中在' || (select string_agg((m->>'name') || '（' || (m->>'now') || ' 件，占 '
            || to_char((m->>'share')::numeric, 'FM990.0') || '%）', '、' order by n)
            from jsonb_array_elements(d->'matters') with ordinality x (m, n) where n <= 3) || '。';
        line := line || coalesce('上升较快的有' || (select string_agg((m->>'name') || '（' || (m->>'prev') || ' 件升至 ' || (m->>'now') || ' 件）', '、' order by n)
            from jsonb_array_elements(d->'rising') with ordinality x (m, n)) || '。', '');
        said := said || line;
    end if;
    said := said || (this || '响应率 ' || bulletin_rate(bulletin_figure(d, 'response'), '%') || '，解决率 '
        || bulletin_rate(bulletin_figure(d, 'solved'), '%') || '，满意率 ' || bulletin_rate(bulletin_figure(d, 'satisfied'), '%')
        || '，三率综合 ' || bulletin_rate(bulletin_figure(d, 'three'), ' 分') || '。');
    said := said || case when (d->'overdue'->>'count')::int = 0 then '截至期末没有超期在办工单。'
        else '截至期末超期在办 ' || (d->'overdue'->>'count') || ' 件，涉及 ' || (d->'overdue'->>'units') || ' 家单位，最长超期 '
            || (d->'overdue'->>'days') || ' 天。' end;
    return to_jsonb(said);
end $$;

-- ---- the spreadsheet: pages of server/sheet.h ---------------------------------------------------------------

-- titles: "term|kind|width".
create or replace function sheet_columns(variadic titles text[]) returns jsonb language sql immutable as $$
    select jsonb_agg(jsonb_build_object('title', split_part(t, '|', 1), 'kind', split_part(t, '|', 2),
        'width', split_part(t, '|', 3)::int) order by n) from unnest(titles) with ordinality x (t, n)
$$;

create or replace function bulletin_cell(cells jsonb, figure text) returns jsonb language sql immutable as $$
    select to_jsonb(round(bulletin_percent(cells->figure), 2))
$$;

create or replace function bulletin_page_facts(d jsonb) returns jsonb language sql stable as $$
    select jsonb_agg(row order by block, n) from (
        select 1 as block, n, jsonb_build_array(f->>'term', case f->>'unit' when 'percent' then '%' when 'score' then '分' else '件' end,
            case f->>'unit' when 'count' then f->'now'->0 else to_jsonb(round(bulletin_percent(f->'now'), 2)) end, f->'now'->1, f->'now'->0,
            case f->>'unit' when 'count' then f->'prev'->0 else to_jsonb(round(bulletin_percent(f->'prev'), 2)) end,
            case f->>'unit' when 'count' then f->'year'->0 else to_jsonb(round(bulletin_percent(f->'year'), 2)) end,
            f->>'definition') as row
        from jsonb_array_elements(d->'figures') with ordinality x (f, n)
        union all
        select 2, n, jsonb_build_array(t->>'term', '通', d->'calls'->'now'->(t->>'key'), null, null, d->'calls'->'prev'->(t->>'key'),
            d->'calls'->'year'->(t->>'key'), t->>'definition')
        from jsonb_array_elements(d->'terms') with ordinality x (t, n)
        where t->>'key' in ('offered', 'answered', 'abandoned') and d->'calls'->'now' <> 'null'
        union all
        select 3, n, jsonb_build_array('受理量·' || (k->>'name'), '件', k->'now', null, null, k->'prev', k->'year', '按诉求类型')
        from jsonb_array_elements(d->'volume'->'kind') with ordinality x (k, n)
        union all
        select 4, n, jsonb_build_array('受理量·' || (k->>'name'), '件', k->'now', null, null, k->'prev', k->'year', '按受理渠道')
        from jsonb_array_elements(d->'volume'->'channel') with ordinality x (k, n)
        union all
        select 5, n, jsonb_build_array(k->>'text', '', null, null, null, null, null, null)
        from jsonb_array_elements(d->'notes') with ordinality x (k, n)
        union all
        select 6, n, jsonb_build_array(k #>> '{}', '', null, null, null, null, null, null)
        from jsonb_array_elements(d->'summary') with ordinality x (k, n)) y
$$;

create or replace function bulletin_page_cells(list jsonb) returns jsonb language sql stable as $$
    select coalesce(jsonb_agg(jsonb_build_array(r->>'name', r->'cells'->'accepted'->0, r->'cells'->'sent_back'->0,
        bulletin_cell(r->'cells', 'response'), bulletin_cell(r->'cells', 'solved'), bulletin_cell(r->'cells', 'satisfied'),
        bulletin_cell(r->'cells', 'three'), r->'tier', bulletin_cell(r->'cells', 'sign_in_time'),
        bulletin_cell(r->'cells', 'finish_in_time'), bulletin_cell(r->'cells', 'sent_back'), r->'overdue') order by n), '[]')
    from jsonb_array_elements(list) with ordinality x (r, n)
$$;

create or replace function bulletin_page_meaning(b bulletin) returns jsonb language sql stable as $$
    select jsonb_agg(row order by block, n) from (
        select 1 as block, n, jsonb_build_array(x[1], x[2]) as row from (values
            (1, array['文件', (b.document->>'title') || ' ' || (b.document->>'label')]),
            (2, array['版本', '第 ' || b.version || ' 版' || case when b.whole then '' else '（本期未结束，非定稿）' end]),
            (3, array['生成时间', to_char(to_timestamp(b.made / 1000.0) at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS')]),
            (4, array['数据截至', to_char(to_timestamp((b.document->>'until')::bigint / 1000.0) at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS')]),
            (5, array['生成人', (select name from account where account = b.account)]),
            (6, array['更正原因', coalesce(b.reason, '')]),
            (7, array['说明', '生成后不再变化；以后的更正另成一版，各版都保留'])) v (n, x)
        union all
        select 2, n, jsonb_build_array(f->>'term', f->>'definition') from jsonb_array_elements(b.document->'figures') with ordinality x (f, n)
        union all
        select 3, n, jsonb_build_array(t->>'term', t->>'definition') from jsonb_array_elements(b.document->'terms') with ordinality x (t, n)) y
$$;

create or replace function bulletin_pages(b bulletin) returns jsonb language sql stable as $$
    select jsonb_build_array(
        jsonb_build_object('name', '概况', 'columns', sheet_columns('指标|text|22', '单位|text|8', '本期|number|12', '达到|number|10',
            '计入|number|10', '上期|number|12', '上年同期|number|12', '口径|long|70'), 'rows', bulletin_page_facts(b.document)),
        jsonb_build_object('name', '热点事项', 'columns', sheet_columns('事项|text|26', '本期|number|10', '占比|percent|10', '上期|number|10',
            '上年同期|number|12'),
            'rows', (select coalesce(jsonb_agg(jsonb_build_array(m->>'name', m->'now', m->'share', m->'prev', m->'year') order by n), '[]')
                from jsonb_array_elements(b.document->'matters') with ordinality x (m, n))),
        jsonb_build_object('name', '县市区', 'columns', bulletin_page_columns('县市区'), 'rows', bulletin_page_cells(b.document->'regions')),
        jsonb_build_object('name', '承办单位', 'columns', bulletin_page_columns('承办单位'), 'rows', bulletin_page_cells(b.document->'units')),
        jsonb_build_object('name', '超期清单', 'columns', sheet_columns('工单编号|text|22', '标题|text|40', '事项|text|22', '县市区|text|14',
            '承办单位|text|30', '状态|text|12', '受理时间|moment|20', '期限|moment|20', '超期天数|number|10'),
            'rows', (select coalesce(jsonb_agg(jsonb_build_array(line->>'number', line->>'title', line->>'matter', line->>'region',
                line->>'unit', line->>'state', line->'accepted', line->'due', line->'days') order by place), '[]')
                from bulletin_overdue where bulletin = b.bulletin)),
        jsonb_build_object('name', '指标说明', 'columns', sheet_columns('名称|text|22', '说明|long|100'), 'rows', bulletin_page_meaning(b)))
$$;

create or replace function bulletin_page_columns(first text) returns jsonb language sql immutable as $$
    select sheet_columns(first || '|text|30', '受理量|number|10', '派出件数|number|10', '响应率|percent|10', '解决率|percent|10',
        '满意率|percent|10', '三率综合|number|10', '档次|text|6', '按时签收率|percent|12', '按时办结率|percent|12', '退单率|percent|10',
        '超期在办|number|10')
$$;
