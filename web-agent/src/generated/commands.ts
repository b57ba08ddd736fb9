// Made from server/commands.def and server/refusals.def by `hotlined commands --typescript`; do not edit.

/** What the desk saw of a ticket when it decided. */
export interface Seen {
  ver: number;
  state: number;
  kind: number;
  urgency: number;
  matter: string | null;
}

/** What a search asks; all of it must hold, of a list any one (docs/SEARCH.md). */
export interface Filter {
  text?: string;
  number?: string;
  phone?: string;
  phone_index?: string;
  phone_mask?: string;
  state?: number[];
  open?: boolean;
  due?: 'overdue' | 'soon' | 'today';
  kind?: number[];
  urgency?: number[];
  channel?: number[];
  matter?: string[];
  region?: string[];
  town?: string[];
  dept?: number[];
  grade?: number[];
  agent?: number[];
  accepted_in?: 'today' | 'week' | 'month' | 'days30' | 'year';
  accepted_from?: string;
  accepted_to?: string;
  closed_in?: 'today' | 'week' | 'month' | 'days30' | 'year';
  closed_from?: string;
  closed_to?: string;
}

/** Parameters of each command; a writing one also carries its request id, which the link adds. */
export interface CommandParameters {
  /** 第一个命令：凭登录 Cookie 入座，返回本人、服务器时间和心跳间隔 */
  'session.hello': {
    build?: string;
  };
  /** 区划、部门、事项目录、一件事清单等参考数据 */
  'reference.all': Record<string, never>;
  /** 订阅变化；带 epoch 和 since 时先补发断线期间的变化 */
  'feed.open': {
    topics: ('dept' | 'mine' | 'callback' | 'all' | 'agents' | 'board')[];
    epoch?: string;
    since?: string;
  };
  /** 示闲、示忙；通话或整理中则在结束后生效 */
  'seat.set': {
    state: 'ready' | 'busy';
    reason?: string;
  };
  /** 全部坐席的实时状态 */
  'seat.list': Record<string, never>;
  /** 接听正在振铃的来电 */
  'call.answer': {
    call: string;
  };
  /** 挂断，进入话后整理 */
  'call.hangup': {
    call: string;
  };
  /** 本人来电的号码，以及该号码的在办与历史工单 */
  'call.caller': {
    call: string;
  };
  /** 某号码的在办与历史工单 */
  'caller.history': {
    phone: string;
  };
  /** 受理登记：立即返回工单编号和查询码，随后自动派单；prev 为再次反映的前次工单 */
  'ticket.submit': {
    kind: number;
    urgency?: number;
    secrecy?: number;
    matter?: string;
    theme?: number;
    theme_no?: number;
    region: string;
    town?: string;
    place?: string;
    title: string;
    body: string;
    points?: string[];
    offered?: string;
    offered_dept?: number;
    offered_sure?: number;
    phone?: string;
    name?: string;
    id_no?: string;
    call?: string;
    prev?: number;
    stuck?: boolean;
  };
  /** 受理并直接解答（当场办结）：直接转评价 */
  'intake.answer': {
    kind: number;
    urgency?: number;
    secrecy?: number;
    matter?: string;
    theme?: number;
    theme_no?: number;
    region: string;
    town?: string;
    place?: string;
    title: string;
    body: string;
    points?: string[];
    offered?: string;
    offered_dept?: number;
    offered_sure?: number;
    phone?: string;
    name?: string;
    id_no?: string;
    call?: string;
    prev?: number;
    stuck?: boolean;
    text: string;
  };
  /** 不予受理：依据和向诉求人的说明 */
  'intake.refuse': {
    kind: number;
    urgency?: number;
    secrecy?: number;
    matter?: string;
    theme?: number;
    theme_no?: number;
    region: string;
    town?: string;
    place?: string;
    title: string;
    body: string;
    points?: string[];
    offered?: string;
    offered_dept?: number;
    offered_sure?: number;
    phone?: string;
    name?: string;
    id_no?: string;
    call?: string;
    prev?: number;
    stuck?: boolean;
    cause: number;
    text: string;
  };
  /** 受理并直接并入一张在办工单 */
  'intake.merge': {
    kind: number;
    urgency?: number;
    secrecy?: number;
    matter?: string;
    theme?: number;
    theme_no?: number;
    region: string;
    town?: string;
    place?: string;
    title: string;
    body: string;
    points?: string[];
    offered?: string;
    offered_dept?: number;
    offered_sure?: number;
    phone?: string;
    name?: string;
    id_no?: string;
    call?: string;
    prev?: number;
    stuck?: boolean;
    other: number;
  };
  /** 疑似重复：正在登记的诉求与哪些在办或刚办结的工单相近，附理由 */
  'intake.similar': {
    phone?: string;
    call?: string;
    region: string;
    town?: string;
    place?: string;
    title?: string;
    body?: string;
    matter?: string;
  };
  /** 疑似重复：已受理的工单与哪些工单相近，附理由 */
  'ticket.similar': {
    id: number;
  };
  /** 边填边建议：可能的事项和承办单位、把握和理由；只凭内存回答 */
  'intake.suggest': {
    title?: string;
    body?: string;
    region?: string;
    town?: string;
    place?: string;
    kind?: number;
    urgency?: number;
    matter?: string;
  };
  /** 边记边判：是否有生命财产危险（应立即接通的号码）或属公安职责，及所据的词；由内存回答，不排队 */
  'intake.danger': {
    title?: string;
    body?: string;
    kind?: number;
  };
  /** 一键转接：通话和已记内容随转接生成工单，不丢失 */
  'intake.hand_over': {
    number: '110' | '119' | '12119' | '120' | '122';
    way?: number;
    reason?: string;
    kind?: number;
    secrecy?: number;
    matter?: string;
    region?: string;
    town?: string;
    place?: string;
    title?: string;
    body?: string;
    phone?: string;
    name?: string;
    call?: string;
  };
  /** 工单全貌和时间线 */
  'ticket.get': {
    id: number;
  };
  /** 按工单编号查找 */
  'ticket.find': {
    number: string;
  };
  /** 工单列表，按键翻页 */
  'ticket.list': {
    view: 'inbox' | 'done' | 'mine' | 'callback' | 'pool' | 'open' | 'overdue' | 'soon' | 'review' | 'dispute' | 'verify' | 'paused' | 'sent_back';
    dept?: number;
    region?: string;
    state?: number;
    after?: string;
    limit?: number;
  };
  /** 查询工单：条件任意组合，按键翻页；next 不为空而行数不足，是查到 until 为止，可接着查 */
  'ticket.search': {
    filter: Filter;
    sort?: 'newest' | 'oldest' | 'due' | 'changed' | 'closed' | 'grade';
    after?: string;
    limit?: number;
  };
  /** 符合条件的件数：数到一万件为止，exact 为否即不止这些 */
  'ticket.count': {
    filter: Filter;
  };
  /** 符合条件的准确件数，可能要几秒 */
  'ticket.count_all': {
    filter: Filter;
  };
  /** 本人的视图和本单位共享的视图 */
  'view.list': Record<string, never>;
  /** 把查询条件、排序和列存为视图；督办员可共享给同一范围的督办员 */
  'view.save': {
    view?: number;
    name: string;
    filter: Filter;
    sort: 'newest' | 'oldest' | 'due' | 'changed' | 'closed' | 'grade';
    columns?: ('number' | 'state' | 'kind' | 'matter' | 'place' | 'dept' | 'accepted' | 'due' | 'closed' | 'grade' | 'channel' | 'changed')[];
    shared?: boolean;
  };
  /** 删去本人的视图 */
  'view.drop': {
    view: number;
  };
  /** 把查询结果导出为 CSV 或 XLSX：在后台进行，进度见 export.list，完成后从 /api/exports/{编号} 下载 */
  'export.start': {
    format: 'csv' | 'xlsx';
    filter: Filter;
    sort?: 'newest' | 'oldest' | 'due' | 'changed' | 'closed' | 'grade';
  };
  /** 本人的导出和进度；管理员看到所有人的 */
  'export.list': {
    before?: number;
    limit?: number;
  };
  /** 取消等待中或进行中的导出 */
  'export.cancel': {
    export: number;
  };
  /** 删除导出的文件；导出记录保留 */
  'export.drop': {
    export: number;
  };
  /** 直接解答待派工单 */
  'ticket.answer': {
    id: number;
    seen: Seen;
    text: string;
  };
  /** 审核不予受理：依据和说明 */
  'ticket.refuse': {
    id: number;
    seen: Seen;
    cause: number;
    text: string;
  };
  /** 请诉求人补充：缺什么 */
  'ticket.ask_info': {
    id: number;
    seen: Seen;
    text: string;
  };
  /** 诉求人已补充，重新派单 */
  'ticket.supply': {
    id: number;
    seen: Seen;
    text: string;
  };
  /** 诉求人撤回：须有诉求人本人意思 */
  'ticket.withdraw': {
    id: number;
    seen: Seen;
    reason: string;
  };
  /** 并入主单 other：一次办理，逐一告知 */
  'ticket.merge': {
    id: number;
    seen: Seen;
    other: number;
    reason?: string;
  };
  /** 拆单：不再随主单办理 */
  'ticket.unmerge': {
    id: number;
    seen: Seen;
    reason: string;
  };
  /** 一单两事：把 text 所述拆成新工单，联系人和受理时间相同 */
  'ticket.split': {
    id: number;
    seen: Seen;
    title: string;
    text: string;
    kind?: number;
    matter?: string;
  };
  /** 与另一张工单关联 */
  'ticket.link': {
    id: number;
    seen: Seen;
    other: number;
    reason?: string;
  };
  /** 人工派单：主办单位，可同时指定协办 */
  'ticket.assign': {
    id: number;
    seen: Seen;
    dept: number;
    reason: string;
    matter?: string;
    assists?: number[];
  };
  /** 撤回改派 */
  'ticket.recall': {
    id: number;
    seen: Seen;
    reason: string;
  };
  /** 提请职责争议裁定；未派单的须指定先行办理单位 */
  'ticket.dispute': {
    id: number;
    seen: Seen;
    dept?: number;
    reason: string;
  };
  /** 裁定指派：不得退单，并作为先例 */
  'ticket.rule': {
    id: number;
    seen: Seen;
    dept: number;
    reason: string;
    matter?: string;
  };
  /** 裁定不属政府职责 */
  'ticket.rule_out': {
    id: number;
    seen: Seen;
    cause: number;
    text: string;
  };
  /** 把待派工单转 110 或其他紧急号码；对方接收前由热线跟进 */
  'ticket.hand_over': {
    id: number;
    seen: Seen;
    number: '110' | '119' | '12119' | '120' | '122';
    way: number;
    reason: string;
  };
  /** 对方已在电话中确认接手：办结转接 */
  'ticket.taken': {
    id: number;
    seen: Seen;
    text: string;
  };
  /** 转接往来：转入、转出、争议，及死信 */
  'police.list': {
    view: 'in' | 'out' | 'dispute';
  };
  /** 与110平台的连接、待发和死信数 */
  'police.state': Record<string, never>;
  /** 退回110转入的事项：须由人写明原因，限时 */
  'police.return': {
    handoff: number;
    cause: number;
    reason: string;
  };
  /** 裁定双方都不接的事项由谁办理 */
  'police.rule': {
    handoff: number;
    owner: 'police' | 'hotline';
    reason: string;
  };
  /** 重发死信，或（drop）放弃发送 */
  'police.again': {
    message: number;
    reason: string;
    drop?: boolean;
  };
  /** 危险和公安职责的各种情形，管理员添加的用词及增减记录 */
  'police.words': Record<string, never>;
  /** 添加一个用词；基础词表不能删减，只能去掉自己添加的词 */
  'police.word': {
    situation: string;
    word: string;
    drop?: boolean;
  };
  /** 签收 */
  'ticket.sign': {
    id: number;
    seen: Seen;
  };
  /** 申请退单：理由和依据（法规或三定规定） */
  'ticket.send_back': {
    id: number;
    seen: Seen;
    reason: string;
    basis: string;
  };
  /** 同意退单 */
  'ticket.accept_return': {
    id: number;
    seen: Seen;
    reason: string;
  };
  /** 驳回退单：该单位不得再退 */
  'ticket.reject_return': {
    id: number;
    seen: Seen;
    reason: string;
  };
  /** 联系诉求人的记录 */
  'ticket.contact': {
    id: number;
    seen: Seen;
    result: 'reached' | 'silent' | 'refused' | 'wrong';
    text: string;
  };
  /** 阶段反馈 */
  'ticket.progress': {
    id: number;
    seen: Seen;
    text: string;
  };
  /** 申请延期若干工作日 */
  'ticket.ask_extend': {
    id: number;
    seen: Seen;
    days: number;
    reason: string;
  };
  /** 同意延期：按申请或改定的工作日数 */
  'ticket.extend': {
    id: number;
    seen: Seen;
    days?: number;
    reason?: string;
  };
  /** 不同意延期 */
  'ticket.deny_extend': {
    id: number;
    seen: Seen;
    reason: string;
  };
  /** 申请挂起至某日：原因 */
  'ticket.ask_pause': {
    id: number;
    seen: Seen;
    cause: number;
    until: string;
    reason: string;
  };
  /** 同意挂起：停钟至申请或改定的日期 */
  'ticket.pause': {
    id: number;
    seen: Seen;
    until?: string;
    reason?: string;
  };
  /** 不同意挂起 */
  'ticket.deny_pause': {
    id: number;
    seen: Seen;
    reason: string;
  };
  /** 恢复办理：剩余时限继续计算 */
  'ticket.resume': {
    id: number;
    seen: Seen;
    reason: string;
  };
  /** 邀请协办：各有时限和反馈，到齐后主办办结 */
  'ticket.assist': {
    id: number;
    seen: Seen;
    dept: number;
    text: string;
  };
  /** 二次分派给下级单位，本单位仍负责 */
  'ticket.hand_down': {
    id: number;
    seen: Seen;
    dept: number;
    text: string;
  };
  /** 签收协办或二次分派的承办单 */
  'ticket.part_sign': {
    id: number;
    seen: Seen;
    part: number;
  };
  /** 承办单反馈 */
  'ticket.part_reply': {
    id: number;
    seen: Seen;
    part: number;
    text: string;
  };
  /** 退回承办单 */
  'ticket.part_return': {
    id: number;
    seen: Seen;
    part: number;
    reason: string;
  };
  /** 撤回发出的承办单 */
  'ticket.part_recall': {
    id: number;
    seen: Seen;
    part: number;
    reason: string;
  };
  /** 提交办结：答复、是否解决；有多个诉求点时逐点答复 */
  'ticket.finish': {
    id: number;
    seen: Seen;
    text: string;
    solved: boolean;
    answers?: string[];
    fact?: number;
  };
  /** 本单位的承办单：待办、已办、发出的 */
  'part.list': {
    view: 'open' | 'done' | 'sent';
  };
  /** 办结审核通过 */
  'ticket.pass': {
    id: number;
    seen: Seen;
  };
  /** 办结审核退回 */
  'ticket.reject': {
    id: number;
    seen: Seen;
    reason: string;
  };
  /** 预警办结：预警单没有诉求人，审核通过即办结 */
  'ticket.settle': {
    id: number;
    seen: Seen;
  };
  /** 催办 */
  'ticket.urge': {
    id: number;
    seen: Seen;
    text?: string;
  };
  /** 补充信息 */
  'ticket.supplement': {
    id: number;
    seen: Seen;
    text: string;
  };
  /** 督办：有编号、时限和书面回复 */
  'ticket.order': {
    id: number;
    seen: Seen;
    level: number;
    text: string;
  };
  /** 督办回复 */
  'ticket.order_reply': {
    id: number;
    seen: Seen;
    order: number;
    text: string;
  };
  /** 督办销号 */
  'ticket.order_close': {
    id: number;
    seen: Seen;
    order: number;
    reason: string;
  };
  /** 质检评分，60 分以下为不合格 */
  'ticket.check': {
    id: number;
    seen: Seen;
    score: number;
    text: string;
  };
  /** 督办件 */
  'order.list': {
    view: 'open' | 'closed';
  };
  /** 按比例抽取已办结工单质检 */
  'check.draw': {
    from: string;
    to: string;
    share: number;
    dept?: number;
  };
  /** 质检任务 */
  'check.list': {
    view: 'open' | 'done';
  };
  /** 预警：同类问题三次、逾期通报 */
  'alert.list': {
    view: 'open' | 'closed';
  };
  /** 关闭预警并留下说明；早期预警须写明属实或误报 */
  'alert.close': {
    alert: number;
    text: string;
    real?: boolean;
  };
  /** 认领预警 */
  'alert.claim': {
    alert: number;
  };
  /** 转预警单：交承办单位在更多群众来电之前办理 */
  'alert.task': {
    alert: number;
    dept: number;
    urgency?: number;
    title: string;
    text: string;
  };
  /** 未诉先办计划、敏感词和预警准确率 */
  'warning.view': Record<string, never>;
  /** 设置敏感词：增加、改程度、停用或启用 */
  'word.set': {
    word: string;
    severity: number;
    active: boolean;
    reason?: string;
  };
  /** 增加或修改未诉先办计划（from、to 为月-日，如 10-01）；不带 plan 为新计划，停用的因修改而启用 */
  'season.set': {
    plan?: number;
    name: string;
    from: string;
    to: string;
    matter?: string;
    advice: string;
    reason: string;
  };
  /** 停用未诉先办计划 */
  'season.drop': {
    plan: number;
    reason: string;
  };
  /** 裁定先例 */
  'precedent.list': Record<string, never>;
  /** 停用先例 */
  'precedent.revoke': {
    precedent: number;
    reason: string;
  };
  /** 告知诉求人 */
  'ticket.notify': {
    id: number;
    seen: Seen;
    way: 'phone' | 'sms' | 'web' | 'visit';
    text: string;
  };
  /** 回访未接通；不同日满三次按规定办结 */
  'ticket.miss': {
    id: number;
    seen: Seen;
    result: 'busy' | 'silent' | 'refused' | 'wrong';
    text?: string;
  };
  /** 好差评：3–5 级好评办结；1–2 级差评须选原因并写明，转差评核实 */
  'ticket.rate': {
    id: number;
    seen: Seen;
    grade: number;
    solved: boolean;
    blame?: number;
    reason?: string;
    comment?: string;
  };
  /** 差评属实，重办 */
  'ticket.redo': {
    id: number;
    seen: Seen;
    reason: string;
    dept?: number;
  };
  /** 提请认定误评，须另一人复核 */
  'ticket.doubt': {
    id: number;
    seen: Seen;
    reason: string;
  };
  /** 复核认定误评，不采纳 */
  'ticket.dismiss': {
    id: number;
    seen: Seen;
    reason: string;
  };
  /** 疑难终结：重办满次数且提级督办已回复；不满意仍计入统计 */
  'ticket.conclude': {
    id: number;
    seen: Seen;
    reason: string;
  };
  /** 重启：办结后规定期限内 */
  'ticket.reopen': {
    id: number;
    seen: Seen;
    reason: string;
  };
  /** 归档 */
  'ticket.archive': {
    id: number;
    seen: Seen;
  };
  /** 查看诉求人姓名和号码；查看本身记入时间线 */
  'ticket.reveal': {
    id: number;
    seen: Seen;
    reason: string;
  };
  /** 分派规则：生效版本、历次版本、草稿、缺岗 */
  'dispatch.rules': Record<string, never>;
  /** 某一版分派规则的内容 */
  'dispatch.version': {
    version: number;
  };
  /** 保存草稿：content 为 JSON 文本，rev 为所见草稿的修订号（没有草稿为 0） */
  'dispatch.draft': {
    rev: number;
    content: string;
  };
  /** 放弃草稿 */
  'dispatch.drop': {
    rev: number;
  };
  /** 试算：用近 30 天工单比较草稿与现行版；立即返回，进度见 dispatch.trial，结果在草稿上 */
  'dispatch.try': Record<string, never>;
  /** 试算进度 */
  'dispatch.trial': Record<string, never>;
  /** 草稿生效为新版本：须先试算；所有进程立即采用 */
  'dispatch.enforce': {
    rev: number;
    reason: string;
  };
  /** 回退：以某一旧版的内容作为新版立即生效 */
  'dispatch.rollback': {
    version: number;
    reason: string;
  };
  /** 登记缺岗：期间由 stand_in 代办，立即生效 */
  'dispatch.absent': {
    dept: number;
    stand_in: number;
    from: string;
    until: string;
    reason: string;
  };
  /** 提前结束缺岗 */
  'dispatch.present': {
    absence: number;
    reason: string;
  };
  /** 待派单工单的候选单位和理由，按现行规则重新判断 */
  'dispatch.candidates': {
    id: number;
  };
  /** 指标：按县市区、承办单位、事项、类型 */
  'report.get': {
    from: string;
    to: string;
    by: 'all' | 'region' | 'dept' | 'matter' | 'kind';
  };
  /** 一个数字背后的工单：分母、分子、未达标 */
  'report.tickets': {
    from: string;
    to: string;
    by: 'all' | 'region' | 'dept' | 'matter' | 'kind';
    key?: string;
    figure: string;
    part: 'of' | 'hit' | 'miss';
    after?: string;
    limit?: number;
  };
  /** 日报、周报、月报：每期最新一版，新的在前；以及正在生成的 */
  'bulletin.list': {
    kind: 'day' | 'week' | 'month';
    region?: string;
    before?: string;
    limit?: number;
  };
  /** 一期简报的全文（生成后不变）和该期各版本 */
  'bulletin.get': {
    id: number;
  };
  /** 简报的超期清单，按页 */
  'bulletin.overdue': {
    id: number;
    after?: number;
    limit?: number;
  };
  /** 生成 day 所在的一期；已有定稿的须写明原因，另成一版；在后台生成，见 bulletin.list 的 waiting */
  'bulletin.make': {
    kind: 'day' | 'week' | 'month';
    day: string;
    region?: string;
    reason?: string;
  };
  /** 一次申请：一件事、所需事项、申请人、已交材料；可登记帮办代办，received 为异地代收的县市区 */
  'case.apply': {
    theme: number;
    matters: number[];
    region: string;
    town?: string;
    received?: string;
    name: string;
    id_no?: string;
    phone: string;
    papers?: string[];
    remark?: string;
    helper_name?: string;
    helper_unit?: string;
    helper_right?: string;
  };
  /** 牵头单位接件 */
  'case.take': {
    id: number;
    seen: number;
  };
  /** 受理：各事项按先后并联分派到部门 */
  'case.accept': {
    id: number;
    seen: number;
    text?: string;
  };
  /** 一次告知需补正的全部材料 */
  'case.ask': {
    id: number;
    seen: number;
    text: string;
  };
  /** 补齐材料，重新进入受理审核 */
  'case.supply': {
    id: number;
    seen: number;
    text: string;
    papers?: string[];
  };
  /** 不予受理 */
  'case.refuse': {
    id: number;
    seen: number;
    reason: string;
  };
  /** 申请人撤回 */
  'case.withdraw': {
    id: number;
    seen: number;
    reason: string;
  };
  /** 依法中止：各事项停钟至某日 */
  'case.suspend': {
    id: number;
    seen: number;
    reason: string;
    until: string;
  };
  /** 恢复办理：各事项剩余时限继续计算 */
  'case.resume': {
    id: number;
    seen: number;
  };
  /** 牵头单位决定终止：未办事项不再办理，结果照样送达 */
  'case.stop': {
    id: number;
    seen: number;
    reason: string;
  };
  /** 一窗出件：送达方式和结果 */
  'case.deliver': {
    id: number;
    seen: number;
    text: string;
  };
  /** 一键评价；1–2 级须写明原因，可指明事项，转该事项单位为工单，牵头单位协办 */
  'case.rate': {
    id: number;
    seen: number;
    grade: number;
    on?: number;
    reason?: string;
  };
  /** 催办牵头单位 */
  'case.urge': {
    id: number;
    seen: number;
    text: string;
  };
  /** 查看申请人姓名、证件号和电话；查看本身记入时间线 */
  'case.reveal': {
    id: number;
    seen: number;
    reason: string;
  };
  /** 牵头单位决定不办此项，其余继续 */
  'matter.waive': {
    id: number;
    seen: number;
    no: number;
    reason: string;
  };
  /** 牵头单位决定重新办理未通过的事项 */
  'matter.again': {
    id: number;
    seen: number;
    no: number;
    reason: string;
  };
  /** 容缺承诺已兑现：交来的材料 */
  'matter.keep': {
    id: number;
    seen: number;
    no: number;
    promise: number;
    text: string;
  };
  /** 容缺承诺落空，由牵头单位决定 */
  'matter.forfeit': {
    id: number;
    seen: number;
    no: number;
    promise: number;
    reason: string;
  };
  /** 部门签收事项 */
  'task.sign': {
    id: number;
    seen: number;
    no: number;
    dept: number;
  };
  /** 退回牵头单位：不属本单位，依据和应办单位 */
  'task.send_back': {
    id: number;
    seen: number;
    no: number;
    dept: number;
    reason: string;
    basis: string;
    should?: number;
  };
  /** 牵头单位驳回退回 */
  'task.insist': {
    id: number;
    seen: number;
    no: number;
    dept: number;
    reason: string;
  };
  /** 牵头单位改派给另一单位 */
  'task.reassign': {
    id: number;
    seen: number;
    no: number;
    dept: number;
    to_dept: number;
    reason: string;
  };
  /** 要求申请人补正：停钟等待 */
  'task.ask': {
    id: number;
    seen: number;
    no: number;
    dept: number;
    text: string;
  };
  /** 申请人已补正 */
  'task.supply': {
    id: number;
    seen: number;
    no: number;
    dept: number;
    text: string;
  };
  /** 容缺办理：申请人承诺何时补交何物 */
  'task.promise': {
    id: number;
    seen: number;
    no: number;
    dept: number;
    text: string;
    until: string;
  };
  /** 部门办结：结果 */
  'task.finish': {
    id: number;
    seen: number;
    no: number;
    dept: number;
    text: string;
  };
  /** 不予通过：理由和依据 */
  'task.fail': {
    id: number;
    seen: number;
    no: number;
    dept: number;
    reason: string;
    basis: string;
  };
  /** 催办一个部门 */
  'task.urge': {
    id: number;
    seen: number;
    no: number;
    dept: number;
    text: string;
  };
  /** 办件全貌：事项链、各部门任务、承诺、关联投诉和时间线 */
  'case.get': {
    id: number;
  };
  /** 按办件编号查找 */
  'case.find': {
    number: string;
  };
  /** 办件列表，新的在前；lead 为本单位牵头 */
  'case.list': {
    view: 'open' | 'lead' | 'late' | 'done';
    theme?: number;
    before?: number;
  };
  /** 本单位的一件事任务，先到期的在前 */
  'task.list': {
    view: 'open' | 'done';
  };
  /** 工单可能涉及的办件、事项或一件事 */
  'case.suggest': {
    ticket: number;
  };
  /** 把投诉关联到办件、事项或一件事 */
  'case.link': {
    ticket: number;
    case?: number;
    theme?: number;
    no?: number;
    way?: 'hand' | 'suggested';
  };
  /** 堵点：每个一件事各事项的投诉、退回、超时、差评，和互相推诿的单位 */
  'stuck.get': {
    from: string;
    to: string;
  };
  /** 一件事清单的一个版本（默认草稿，没有则现行），全部版本和开放单位的落实 */
  'theme.list': {
    version?: number;
  };
  /** 从现行版本起草新版本 */
  'theme.draft': {
    year: number;
    note?: string;
  };
  /** 在草稿中增改一件事 */
  'theme.set': {
    theme: number;
    name: string;
    audience: '企业' | '个人';
    stage: string;
    days?: number;
  };
  /** 在草稿中增改事项：前置、合并办结方式、材料、单位（首位为第一单位） */
  'theme.matter': {
    theme: number;
    no: number;
    name: string;
    deps?: number[];
    join: 'all' | 'any' | 'first';
    gathers: boolean;
    days?: number;
    papers?: string[];
    sure: boolean;
    units: string[];
    lead: boolean;
  };
  /** 在草稿中删去事项或整个一件事 */
  'theme.remove': {
    theme: number;
    no?: number;
  };
  /** 草稿与现行版本的差别和草稿的问题 */
  'theme.diff': Record<string, never>;
  /** 草稿生效；已受理的办件仍按原版本办理 */
  'theme.enact': Record<string, never>;
  /** 清单上的单位在某县市区是哪个单位；不填单位为取消 */
  'theme.fill': {
    unit: string;
    region: string;
    dept?: number;
  };
  /** 当日看板的全部数字 */
  'board.get': Record<string, never>;
  /** 全部时限和次数，含按事项的特别规定和修改记录 */
  'limit.list': Record<string, never>;
  /** 修改时限；matter 为该事项的特别规定；已开始的期限不变 */
  'limit.set': {
    key: string;
    amount: number;
    unit: 'min' | 'h' | 'wh' | 'wd' | 'nd' | 'times' | 'percent';
    matter?: string;
    reason: string;
  };
  /** 取消某事项的特别规定 */
  'limit.clear': {
    key: string;
    matter: string;
    reason: string;
  };
  /** 一年的法定节假日和调休 */
  'calendar.list': {
    year: number;
  };
  /** 试算：换用这份日历或办公时间后哪些在办期限会变 */
  'calendar.try': {
    csv?: string;
    office?: string;
  };
  /** 换用日历文件（day,kind,name）或办公时间（08:30-11:30 13:30-17:00），重算在办期限并列出变动 */
  'calendar.set': {
    csv?: string;
    office?: string;
  };
  /** 全部账号 */
  'account.list': Record<string, never>;
  /** 停用或启用账号；停用立即结束其登录 */
  'account.enable': {
    account: number;
    active: boolean;
  };
  /** 解除密码错误造成的锁定 */
  'account.unlock': {
    account: number;
  };
  /** 自学习模型：各版本、指标、启用记录，以及已确认的工单数 */
  'model.list': Record<string, never>;
  /** 改用某一版模型；0 表示停用模型，按目录用词派单 */
  'model.rollback': {
    version: number;
    reason: string;
  };
  /** 接入渠道：密钥、权限、配额、用量、回调和修改记录 */
  'channel.list': Record<string, never>;
  /** 开通密钥：密钥只显示这一次 */
  'channel.create': {
    name: string;
    channel: number;
    scopes: ('submit' | 'read' | 'attach' | 'webhook' | 'open311')[];
    per_minute: number;
    per_day: number;
    expires?: string;
  };
  /** 更换密钥：旧的立即失效，新的只显示这一次 */
  'channel.rotate': {
    key: string;
  };
  /** 停用、启用密钥，修改配额 */
  'channel.set': {
    key: string;
    active?: boolean;
    per_minute?: number;
    per_day?: number;
    reason: string;
  };
  /** 增加回调地址；不选事件即全部 */
  'webhook.add': {
    key: string;
    url: string;
    events?: string[];
  };
  /** 停用或启用回调地址 */
  'webhook.set': {
    hook: number;
    active: boolean;
  };
  /** 回调地址的死信 */
  'delivery.list': {
    hook: number;
  };
  /** 重发死信：一条，或该地址的全部 */
  'delivery.resend': {
    hook: number;
    delivery?: number;
  };
  /** 按号码、证件号或工单预览将删除的个人信息，什么也不改 */
  'erasure.preview': {
    by: 'phone' | 'id_no' | 'ticket';
    phone?: string;
    id_no?: string;
    number?: string;
  };
  /** 删除：basis 为第四十七条第一款的项，document 为书面申请编号，confirm 照录“删除N件”，N 为预览中的工单和办件数 */
  'erasure.confirm': {
    by: 'phone' | 'id_no' | 'ticket';
    phone?: string;
    id_no?: string;
    number?: string;
    basis: number;
    document: string;
    reason: string;
    confirm: string;
  };
  /** 删除记录：时间、经办人、依据和删除的条数 */
  'erasure.list': {
    after?: number;
    limit?: number;
  };
  /** 服务器自述：命令计数、连接、队列、设置 */
  'server.show': Record<string, never>;
}

export type CommandName = keyof CommandParameters;

/** who: roles that may call it, as bits (0 = before login too); write: needs a request id. */
export const commands: Record<CommandName, { who: number; write: boolean; sentence: string }> = {
  'session.hello': { who: 0, write: false, sentence: '第一个命令：凭登录 Cookie 入座，返回本人、服务器时间和心跳间隔' },
  'reference.all': { who: 15, write: false, sentence: '区划、部门、事项目录、一件事清单等参考数据' },
  'feed.open': { who: 15, write: false, sentence: '订阅变化；带 epoch 和 since 时先补发断线期间的变化' },
  'seat.set': { who: 1, write: true, sentence: '示闲、示忙；通话或整理中则在结束后生效' },
  'seat.list': { who: 4, write: false, sentence: '全部坐席的实时状态' },
  'call.answer': { who: 1, write: true, sentence: '接听正在振铃的来电' },
  'call.hangup': { who: 1, write: true, sentence: '挂断，进入话后整理' },
  'call.caller': { who: 1, write: false, sentence: '本人来电的号码，以及该号码的在办与历史工单' },
  'caller.history': { who: 5, write: false, sentence: '某号码的在办与历史工单' },
  'ticket.submit': { who: 1, write: true, sentence: '受理登记：立即返回工单编号和查询码，随后自动派单；prev 为再次反映的前次工单' },
  'intake.answer': { who: 1, write: true, sentence: '受理并直接解答（当场办结）：直接转评价' },
  'intake.refuse': { who: 1, write: true, sentence: '不予受理：依据和向诉求人的说明' },
  'intake.merge': { who: 1, write: true, sentence: '受理并直接并入一张在办工单' },
  'intake.similar': { who: 5, write: false, sentence: '疑似重复：正在登记的诉求与哪些在办或刚办结的工单相近，附理由' },
  'ticket.similar': { who: 5, write: false, sentence: '疑似重复：已受理的工单与哪些工单相近，附理由' },
  'intake.suggest': { who: 1, write: false, sentence: '边填边建议：可能的事项和承办单位、把握和理由；只凭内存回答' },
  'intake.danger': { who: 9, write: false, sentence: '边记边判：是否有生命财产危险（应立即接通的号码）或属公安职责，及所据的词；由内存回答，不排队' },
  'intake.hand_over': { who: 1, write: true, sentence: '一键转接：通话和已记内容随转接生成工单，不丢失' },
  'ticket.get': { who: 7, write: false, sentence: '工单全貌和时间线' },
  'ticket.find': { who: 7, write: false, sentence: '按工单编号查找' },
  'ticket.list': { who: 7, write: false, sentence: '工单列表，按键翻页' },
  'ticket.search': { who: 7, write: false, sentence: '查询工单：条件任意组合，按键翻页；next 不为空而行数不足，是查到 until 为止，可接着查' },
  'ticket.count': { who: 7, write: false, sentence: '符合条件的件数：数到一万件为止，exact 为否即不止这些' },
  'ticket.count_all': { who: 7, write: false, sentence: '符合条件的准确件数，可能要几秒' },
  'view.list': { who: 7, write: false, sentence: '本人的视图和本单位共享的视图' },
  'view.save': { who: 7, write: true, sentence: '把查询条件、排序和列存为视图；督办员可共享给同一范围的督办员' },
  'view.drop': { who: 7, write: true, sentence: '删去本人的视图' },
  'export.start': { who: 7, write: true, sentence: '把查询结果导出为 CSV 或 XLSX：在后台进行，进度见 export.list，完成后从 /api/exports/{编号} 下载' },
  'export.list': { who: 15, write: false, sentence: '本人的导出和进度；管理员看到所有人的' },
  'export.cancel': { who: 15, write: true, sentence: '取消等待中或进行中的导出' },
  'export.drop': { who: 15, write: true, sentence: '删除导出的文件；导出记录保留' },
  'ticket.answer': { who: 5, write: true, sentence: '直接解答待派工单' },
  'ticket.refuse': { who: 4, write: true, sentence: '审核不予受理：依据和说明' },
  'ticket.ask_info': { who: 5, write: true, sentence: '请诉求人补充：缺什么' },
  'ticket.supply': { who: 1, write: true, sentence: '诉求人已补充，重新派单' },
  'ticket.withdraw': { who: 1, write: true, sentence: '诉求人撤回：须有诉求人本人意思' },
  'ticket.merge': { who: 5, write: true, sentence: '并入主单 other：一次办理，逐一告知' },
  'ticket.unmerge': { who: 4, write: true, sentence: '拆单：不再随主单办理' },
  'ticket.split': { who: 5, write: true, sentence: '一单两事：把 text 所述拆成新工单，联系人和受理时间相同' },
  'ticket.link': { who: 5, write: true, sentence: '与另一张工单关联' },
  'ticket.assign': { who: 4, write: true, sentence: '人工派单：主办单位，可同时指定协办' },
  'ticket.recall': { who: 4, write: true, sentence: '撤回改派' },
  'ticket.dispute': { who: 4, write: true, sentence: '提请职责争议裁定；未派单的须指定先行办理单位' },
  'ticket.rule': { who: 4, write: true, sentence: '裁定指派：不得退单，并作为先例' },
  'ticket.rule_out': { who: 4, write: true, sentence: '裁定不属政府职责' },
  'ticket.hand_over': { who: 5, write: true, sentence: '把待派工单转 110 或其他紧急号码；对方接收前由热线跟进' },
  'ticket.taken': { who: 5, write: true, sentence: '对方已在电话中确认接手：办结转接' },
  'police.list': { who: 5, write: false, sentence: '转接往来：转入、转出、争议，及死信' },
  'police.state': { who: 5, write: false, sentence: '与110平台的连接、待发和死信数' },
  'police.return': { who: 4, write: true, sentence: '退回110转入的事项：须由人写明原因，限时' },
  'police.rule': { who: 4, write: true, sentence: '裁定双方都不接的事项由谁办理' },
  'police.again': { who: 4, write: true, sentence: '重发死信，或（drop）放弃发送' },
  'police.words': { who: 12, write: false, sentence: '危险和公安职责的各种情形，管理员添加的用词及增减记录' },
  'police.word': { who: 8, write: true, sentence: '添加一个用词；基础词表不能删减，只能去掉自己添加的词' },
  'ticket.sign': { who: 2, write: true, sentence: '签收' },
  'ticket.send_back': { who: 2, write: true, sentence: '申请退单：理由和依据（法规或三定规定）' },
  'ticket.accept_return': { who: 4, write: true, sentence: '同意退单' },
  'ticket.reject_return': { who: 4, write: true, sentence: '驳回退单：该单位不得再退' },
  'ticket.contact': { who: 3, write: true, sentence: '联系诉求人的记录' },
  'ticket.progress': { who: 2, write: true, sentence: '阶段反馈' },
  'ticket.ask_extend': { who: 2, write: true, sentence: '申请延期若干工作日' },
  'ticket.extend': { who: 4, write: true, sentence: '同意延期：按申请或改定的工作日数' },
  'ticket.deny_extend': { who: 4, write: true, sentence: '不同意延期' },
  'ticket.ask_pause': { who: 2, write: true, sentence: '申请挂起至某日：原因' },
  'ticket.pause': { who: 4, write: true, sentence: '同意挂起：停钟至申请或改定的日期' },
  'ticket.deny_pause': { who: 4, write: true, sentence: '不同意挂起' },
  'ticket.resume': { who: 6, write: true, sentence: '恢复办理：剩余时限继续计算' },
  'ticket.assist': { who: 6, write: true, sentence: '邀请协办：各有时限和反馈，到齐后主办办结' },
  'ticket.hand_down': { who: 2, write: true, sentence: '二次分派给下级单位，本单位仍负责' },
  'ticket.part_sign': { who: 2, write: true, sentence: '签收协办或二次分派的承办单' },
  'ticket.part_reply': { who: 2, write: true, sentence: '承办单反馈' },
  'ticket.part_return': { who: 2, write: true, sentence: '退回承办单' },
  'ticket.part_recall': { who: 6, write: true, sentence: '撤回发出的承办单' },
  'ticket.finish': { who: 2, write: true, sentence: '提交办结：答复、是否解决；有多个诉求点时逐点答复' },
  'part.list': { who: 2, write: false, sentence: '本单位的承办单：待办、已办、发出的' },
  'ticket.pass': { who: 4, write: true, sentence: '办结审核通过' },
  'ticket.reject': { who: 4, write: true, sentence: '办结审核退回' },
  'ticket.settle': { who: 4, write: true, sentence: '预警办结：预警单没有诉求人，审核通过即办结' },
  'ticket.urge': { who: 5, write: true, sentence: '催办' },
  'ticket.supplement': { who: 1, write: true, sentence: '补充信息' },
  'ticket.order': { who: 4, write: true, sentence: '督办：有编号、时限和书面回复' },
  'ticket.order_reply': { who: 2, write: true, sentence: '督办回复' },
  'ticket.order_close': { who: 4, write: true, sentence: '督办销号' },
  'ticket.check': { who: 4, write: true, sentence: '质检评分，60 分以下为不合格' },
  'order.list': { who: 6, write: false, sentence: '督办件' },
  'check.draw': { who: 4, write: true, sentence: '按比例抽取已办结工单质检' },
  'check.list': { who: 4, write: false, sentence: '质检任务' },
  'alert.list': { who: 4, write: false, sentence: '预警：同类问题三次、逾期通报' },
  'alert.close': { who: 4, write: true, sentence: '关闭预警并留下说明；早期预警须写明属实或误报' },
  'alert.claim': { who: 4, write: true, sentence: '认领预警' },
  'alert.task': { who: 4, write: true, sentence: '转预警单：交承办单位在更多群众来电之前办理' },
  'warning.view': { who: 12, write: false, sentence: '未诉先办计划、敏感词和预警准确率' },
  'word.set': { who: 8, write: true, sentence: '设置敏感词：增加、改程度、停用或启用' },
  'season.set': { who: 8, write: true, sentence: '增加或修改未诉先办计划（from、to 为月-日，如 10-01）；不带 plan 为新计划，停用的因修改而启用' },
  'season.drop': { who: 8, write: true, sentence: '停用未诉先办计划' },
  'precedent.list': { who: 4, write: false, sentence: '裁定先例' },
  'precedent.revoke': { who: 4, write: true, sentence: '停用先例' },
  'ticket.notify': { who: 7, write: true, sentence: '告知诉求人' },
  'ticket.miss': { who: 1, write: true, sentence: '回访未接通；不同日满三次按规定办结' },
  'ticket.rate': { who: 1, write: true, sentence: '好差评：3–5 级好评办结；1–2 级差评须选原因并写明，转差评核实' },
  'ticket.redo': { who: 4, write: true, sentence: '差评属实，重办' },
  'ticket.doubt': { who: 4, write: true, sentence: '提请认定误评，须另一人复核' },
  'ticket.dismiss': { who: 4, write: true, sentence: '复核认定误评，不采纳' },
  'ticket.conclude': { who: 4, write: true, sentence: '疑难终结：重办满次数且提级督办已回复；不满意仍计入统计' },
  'ticket.reopen': { who: 4, write: true, sentence: '重启：办结后规定期限内' },
  'ticket.archive': { who: 4, write: true, sentence: '归档' },
  'ticket.reveal': { who: 7, write: true, sentence: '查看诉求人姓名和号码；查看本身记入时间线' },
  'dispatch.rules': { who: 4, write: false, sentence: '分派规则：生效版本、历次版本、草稿、缺岗' },
  'dispatch.version': { who: 4, write: false, sentence: '某一版分派规则的内容' },
  'dispatch.draft': { who: 4, write: true, sentence: '保存草稿：content 为 JSON 文本，rev 为所见草稿的修订号（没有草稿为 0）' },
  'dispatch.drop': { who: 4, write: true, sentence: '放弃草稿' },
  'dispatch.try': { who: 4, write: false, sentence: '试算：用近 30 天工单比较草稿与现行版；立即返回，进度见 dispatch.trial，结果在草稿上' },
  'dispatch.trial': { who: 4, write: false, sentence: '试算进度' },
  'dispatch.enforce': { who: 4, write: true, sentence: '草稿生效为新版本：须先试算；所有进程立即采用' },
  'dispatch.rollback': { who: 4, write: true, sentence: '回退：以某一旧版的内容作为新版立即生效' },
  'dispatch.absent': { who: 4, write: true, sentence: '登记缺岗：期间由 stand_in 代办，立即生效' },
  'dispatch.present': { who: 4, write: true, sentence: '提前结束缺岗' },
  'dispatch.candidates': { who: 4, write: false, sentence: '待派单工单的候选单位和理由，按现行规则重新判断' },
  'report.get': { who: 4, write: false, sentence: '指标：按县市区、承办单位、事项、类型' },
  'report.tickets': { who: 4, write: false, sentence: '一个数字背后的工单：分母、分子、未达标' },
  'bulletin.list': { who: 4, write: false, sentence: '日报、周报、月报：每期最新一版，新的在前；以及正在生成的' },
  'bulletin.get': { who: 4, write: false, sentence: '一期简报的全文（生成后不变）和该期各版本' },
  'bulletin.overdue': { who: 4, write: false, sentence: '简报的超期清单，按页' },
  'bulletin.make': { who: 4, write: true, sentence: '生成 day 所在的一期；已有定稿的须写明原因，另成一版；在后台生成，见 bulletin.list 的 waiting' },
  'case.apply': { who: 3, write: true, sentence: '一次申请：一件事、所需事项、申请人、已交材料；可登记帮办代办，received 为异地代收的县市区' },
  'case.take': { who: 2, write: true, sentence: '牵头单位接件' },
  'case.accept': { who: 2, write: true, sentence: '受理：各事项按先后并联分派到部门' },
  'case.ask': { who: 2, write: true, sentence: '一次告知需补正的全部材料' },
  'case.supply': { who: 3, write: true, sentence: '补齐材料，重新进入受理审核' },
  'case.refuse': { who: 2, write: true, sentence: '不予受理' },
  'case.withdraw': { who: 3, write: true, sentence: '申请人撤回' },
  'case.suspend': { who: 2, write: true, sentence: '依法中止：各事项停钟至某日' },
  'case.resume': { who: 2, write: true, sentence: '恢复办理：各事项剩余时限继续计算' },
  'case.stop': { who: 2, write: true, sentence: '牵头单位决定终止：未办事项不再办理，结果照样送达' },
  'case.deliver': { who: 3, write: true, sentence: '一窗出件：送达方式和结果' },
  'case.rate': { who: 3, write: true, sentence: '一键评价；1–2 级须写明原因，可指明事项，转该事项单位为工单，牵头单位协办' },
  'case.urge': { who: 7, write: true, sentence: '催办牵头单位' },
  'case.reveal': { who: 7, write: true, sentence: '查看申请人姓名、证件号和电话；查看本身记入时间线' },
  'matter.waive': { who: 2, write: true, sentence: '牵头单位决定不办此项，其余继续' },
  'matter.again': { who: 2, write: true, sentence: '牵头单位决定重新办理未通过的事项' },
  'matter.keep': { who: 3, write: true, sentence: '容缺承诺已兑现：交来的材料' },
  'matter.forfeit': { who: 2, write: true, sentence: '容缺承诺落空，由牵头单位决定' },
  'task.sign': { who: 2, write: true, sentence: '部门签收事项' },
  'task.send_back': { who: 2, write: true, sentence: '退回牵头单位：不属本单位，依据和应办单位' },
  'task.insist': { who: 2, write: true, sentence: '牵头单位驳回退回' },
  'task.reassign': { who: 2, write: true, sentence: '牵头单位改派给另一单位' },
  'task.ask': { who: 2, write: true, sentence: '要求申请人补正：停钟等待' },
  'task.supply': { who: 3, write: true, sentence: '申请人已补正' },
  'task.promise': { who: 2, write: true, sentence: '容缺办理：申请人承诺何时补交何物' },
  'task.finish': { who: 2, write: true, sentence: '部门办结：结果' },
  'task.fail': { who: 2, write: true, sentence: '不予通过：理由和依据' },
  'task.urge': { who: 6, write: true, sentence: '催办一个部门' },
  'case.get': { who: 7, write: false, sentence: '办件全貌：事项链、各部门任务、承诺、关联投诉和时间线' },
  'case.find': { who: 7, write: false, sentence: '按办件编号查找' },
  'case.list': { who: 7, write: false, sentence: '办件列表，新的在前；lead 为本单位牵头' },
  'task.list': { who: 2, write: false, sentence: '本单位的一件事任务，先到期的在前' },
  'case.suggest': { who: 7, write: false, sentence: '工单可能涉及的办件、事项或一件事' },
  'case.link': { who: 7, write: true, sentence: '把投诉关联到办件、事项或一件事' },
  'stuck.get': { who: 6, write: false, sentence: '堵点：每个一件事各事项的投诉、退回、超时、差评，和互相推诿的单位' },
  'theme.list': { who: 8, write: false, sentence: '一件事清单的一个版本（默认草稿，没有则现行），全部版本和开放单位的落实' },
  'theme.draft': { who: 8, write: true, sentence: '从现行版本起草新版本' },
  'theme.set': { who: 8, write: true, sentence: '在草稿中增改一件事' },
  'theme.matter': { who: 8, write: true, sentence: '在草稿中增改事项：前置、合并办结方式、材料、单位（首位为第一单位）' },
  'theme.remove': { who: 8, write: true, sentence: '在草稿中删去事项或整个一件事' },
  'theme.diff': { who: 8, write: false, sentence: '草稿与现行版本的差别和草稿的问题' },
  'theme.enact': { who: 8, write: true, sentence: '草稿生效；已受理的办件仍按原版本办理' },
  'theme.fill': { who: 8, write: true, sentence: '清单上的单位在某县市区是哪个单位；不填单位为取消' },
  'board.get': { who: 4, write: false, sentence: '当日看板的全部数字' },
  'limit.list': { who: 8, write: false, sentence: '全部时限和次数，含按事项的特别规定和修改记录' },
  'limit.set': { who: 8, write: true, sentence: '修改时限；matter 为该事项的特别规定；已开始的期限不变' },
  'limit.clear': { who: 8, write: true, sentence: '取消某事项的特别规定' },
  'calendar.list': { who: 8, write: false, sentence: '一年的法定节假日和调休' },
  'calendar.try': { who: 8, write: false, sentence: '试算：换用这份日历或办公时间后哪些在办期限会变' },
  'calendar.set': { who: 8, write: true, sentence: '换用日历文件（day,kind,name）或办公时间（08:30-11:30 13:30-17:00），重算在办期限并列出变动' },
  'account.list': { who: 8, write: false, sentence: '全部账号' },
  'account.enable': { who: 8, write: true, sentence: '停用或启用账号；停用立即结束其登录' },
  'account.unlock': { who: 8, write: true, sentence: '解除密码错误造成的锁定' },
  'model.list': { who: 8, write: false, sentence: '自学习模型：各版本、指标、启用记录，以及已确认的工单数' },
  'model.rollback': { who: 8, write: true, sentence: '改用某一版模型；0 表示停用模型，按目录用词派单' },
  'channel.list': { who: 8, write: false, sentence: '接入渠道：密钥、权限、配额、用量、回调和修改记录' },
  'channel.create': { who: 8, write: true, sentence: '开通密钥：密钥只显示这一次' },
  'channel.rotate': { who: 8, write: true, sentence: '更换密钥：旧的立即失效，新的只显示这一次' },
  'channel.set': { who: 8, write: true, sentence: '停用、启用密钥，修改配额' },
  'webhook.add': { who: 8, write: true, sentence: '增加回调地址；不选事件即全部' },
  'webhook.set': { who: 8, write: true, sentence: '停用或启用回调地址' },
  'delivery.list': { who: 8, write: false, sentence: '回调地址的死信' },
  'delivery.resend': { who: 8, write: true, sentence: '重发死信：一条，或该地址的全部' },
  'erasure.preview': { who: 8, write: false, sentence: '按号码、证件号或工单预览将删除的个人信息，什么也不改' },
  'erasure.confirm': { who: 8, write: false, sentence: '删除：basis 为第四十七条第一款的项，document 为书面申请编号，confirm 照录“删除N件”，N 为预览中的工单和办件数' },
  'erasure.list': { who: 8, write: false, sentence: '删除记录：时间、经办人、依据和删除的条数' },
  'server.show': { who: 8, write: false, sentence: '服务器自述：命令计数、连接、队列、设置' },
};

/** Error codes by the name that data.name gives. */
export const refusals = {
  parse_error: { code: -32700, retry: false, sentence: '报文不是合法的 JSON' },
  bad_request: { code: -32600, retry: false, sentence: '报文不符合 JSON-RPC 2.0' },
  no_method: { code: -32601, retry: false, sentence: '没有这个命令' },
  bad_params: { code: -32602, retry: false, sentence: '填写有误，请按提示修改' },
  internal: { code: -32603, retry: false, sentence: '系统内部错误，已记录，请联系管理员' },
  not_logged_in: { code: 40101, retry: false, sentence: '登录已失效，请重新登录' },
  bad_signature: { code: 40102, retry: false, sentence: '签名不符、密钥编号不认识或时间偏差过大' },
  key_off: { code: 40112, retry: false, sentence: '密钥已停用或已到期，请联系热线管理员' },
  replayed: { code: 40103, retry: false, sentence: '这个签名已经用过，请重新签名后发送' },
  no_scope: { code: 40311, retry: false, sentence: '这个密钥没有此项权限' },
  not_allowed: { code: 40301, retry: false, sentence: '您的角色不能进行此操作' },
  not_yours: { code: 40302, retry: false, sentence: '该工单不在您的部门或辖区' },
  not_found: { code: 40401, retry: false, sentence: '没有找到' },
  stale: { code: 40901, retry: false, sentence: '工单已有变化，请看最新内容后再操作' },
  illegal_move: { code: 40902, retry: false, sentence: '工单当前状态不能进行此操作' },
  call_gone: { code: 40903, retry: false, sentence: '来电已不在等待您接听' },
  seat_conflict: { code: 40904, retry: false, sentence: '当前坐席状态不能这样切换' },
  crossed: { code: 40905, retry: false, sentence: '同一事项已跨平台一次，不再往返：由先接的一方继续办理，已提请裁定' },
  case_moved: { code: 40906, retry: true, sentence: '办件正有别的变化，请再试一次' },
  rule: { code: 42201, retry: false, sentence: '不符合规定' },
  too_fast: { code: 42901, retry: true, sentence: '操作过于频繁，请稍候' },
  store_away: { code: 50301, retry: true, sentence: '数据库暂时不可用，内容未丢失，请稍后重试' },
  store_lost: { code: 50302, retry: true, sentence: '保存结果未知，正在等待数据库恢复，可安全重试' },
  store_busy: { code: 50303, retry: true, sentence: '系统繁忙，请稍后重试' },
} as const;

export type RefusalName = keyof typeof refusals;
