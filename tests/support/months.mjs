// Months of tickets as the loop would have left them (months.sql), for bulletins and exports.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './services.mjs';

/** `daily` tickets on each of the `days` days before the Beijing date `until`. Their chains are not true: no verify. */
export async function fillMonths(server, { until, days, daily }) {
  const sql = readFileSync(path.join(root, 'tests/support/months.sql'), 'utf8')
    .replaceAll(":'months_until'", `'${until}'`).replaceAll(':months_days', String(days)).replaceAll(':months_daily', String(daily));
  await server.services.psql(sql);
}

/** The Beijing date so many days from now. */
export const dayFromNow = (days) => new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);
