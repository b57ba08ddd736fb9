-- made by routing/generate.c from routing/flow.def; do not edit
-- Makes the law in the database equal to the law in the program. May be run again at any
-- time; an edge or state that left the law but is in the history stays an error until a
-- migration says what becomes of it.

insert into flow_state (state, name, term, stage, open) values
    (0, 'none', '未受理', '反映', false),
    (20, 'accepted', '已受理', '反映', true),
    (30, 'to_dispatch', '待派单', '分拨', true),
    (35, 'to_sign', '待签收', '分拨', true),
    (40, 'handling', '办理中', '办理', true),
    (55, 'to_notify', '待告知', '告知', true),
    (60, 'to_rate', '待评价', '好差评', true),
    (80, 'closed', '已办结', '好差评', false),
    (90, 'archived', '已归档', '归档', false)
on conflict (state) do update set
    name = excluded.name, term = excluded.term,
    stage = excluded.stage, open = excluded.open;

insert into flow_edge (action, from_state, to_state, who, needs, clock, round) values
    ('submit', 0, 20, 17, 0, 'dispatch', 0),
    ('dispatch', 20, 35, 16, 1, 'sign', 0),
    ('pool', 20, 30, 16, 2, 'dispatch', 0),
    ('assign', 30, 35, 4, 1, 'sign', 0),
    ('recall', 35, 30, 4, 2, 'dispatch', 0),
    ('sign', 35, 40, 2, 0, 'handle', 0),
    ('progress', 40, 40, 2, 4, 'keep', 0),
    ('finish', 40, 55, 2, 4, 'notify', 0),
    ('notify', 55, 60, 1, 4, 'rate', 0),
    ('rate', 60, 80, 1, 8, 'archive', 0),
    ('redo', 60, 35, 1, 10, 'sign', 1),
    ('lapse', 60, 80, 16, 0, 'archive', 0),
    ('archive', 80, 90, 20, 0, 'stop', 0),
    ('reveal', 20, 20, 7, 2, 'keep', 0),
    ('reveal', 30, 30, 7, 2, 'keep', 0),
    ('reveal', 35, 35, 7, 2, 'keep', 0),
    ('reveal', 40, 40, 7, 2, 'keep', 0),
    ('reveal', 55, 55, 7, 2, 'keep', 0),
    ('reveal', 60, 60, 7, 2, 'keep', 0),
    ('reveal', 80, 80, 7, 2, 'keep', 0),
    ('reveal', 90, 90, 7, 2, 'keep', 0)
on conflict (action, from_state, to_state) do update set
    who = excluded.who, needs = excluded.needs,
    clock = excluded.clock, round = excluded.round;

delete from flow_edge where (action, from_state, to_state) not in (values
    ('submit', 0, 20),
    ('dispatch', 20, 35),
    ('pool', 20, 30),
    ('assign', 30, 35),
    ('recall', 35, 30),
    ('sign', 35, 40),
    ('progress', 40, 40),
    ('finish', 40, 55),
    ('notify', 55, 60),
    ('rate', 60, 80),
    ('redo', 60, 35),
    ('lapse', 60, 80),
    ('archive', 80, 90),
    ('reveal', 20, 20),
    ('reveal', 30, 30),
    ('reveal', 35, 35),
    ('reveal', 40, 40),
    ('reveal', 55, 55),
    ('reveal', 60, 60),
    ('reveal', 80, 80),
    ('reveal', 90, 90));

delete from flow_state where state not in (0, 20, 30, 35, 40, 55, 60, 80, 90);
