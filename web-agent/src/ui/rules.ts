// The limit behind a deadline in words: "handle_help:3wd+5wd" → 求助办理 3 个工作日，延期 5 个工作日.
const KEYS: Record<string, string> = {
  dispatch: '派单', sign: '签收', return_audit: '退单审核', arbitration: '裁定', handle: '办理', close_audit: '办结审核',
  notify: '告知', eval_window: '等待评价', bad_verify: '差评核实', archive_after: '归档', need_info: '等待补充', pause: '挂起',
};
const ABOUT: Record<string, string> = {
  normal: '', urgent: '紧急件', critical: '特急件', consult: '咨询', help: '求助', complaint: '投诉', report: '举报', suggest: '建议', praise: '表扬',
};
const UNITS: Record<string, string> = { min: '分钟', h: '小时', wh: '个工作小时', wd: '个工作日', nd: '天' };
const HOUR_MS = 3_600_000;

function nameOf(key: string): string {
  const cut = key.lastIndexOf('_');
  const about = ABOUT[key.slice(cut + 1)];
  if (KEYS[key] || about === undefined) return KEYS[key] ?? key;
  return about + (KEYS[key.slice(0, cut)] ?? key.slice(0, cut));
}

function spanTerm(span: string): string {
  const [, amount = '', unit = ''] = /^(\d+)([a-z]+)$/.exec(span) ?? [];
  const hours = Math.round((Number(amount) / HOUR_MS) * 10) / 10;
  if (unit === 'wms') return `剩余 ${hours} 个工作小时`;
  if (unit === 'ms') return `剩余 ${hours} 小时`;
  return `${amount} ${UNITS[unit] ?? unit}`;
}

export function ruleTerm(rule: string | null): string {
  if (!rule) return '';
  const [key = '', spans] = rule.split(':');
  const name = nameOf(key);
  if (!spans) return name;
  const [first = '', ...more] = spans.split('+');
  return [`${name} ${spanTerm(first)}`, ...more.map((span) => `延期 ${spanTerm(span)}`)].join('，');
}
