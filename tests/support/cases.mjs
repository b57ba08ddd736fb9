// “一件事” cases for tests: somebody at a desk in every department of the list, and the way of a case.
import { createHash, randomBytes } from 'node:crypto';
import { newPhone, CALLER_NAME } from './tickets.mjs';

/** A department's login name; `staff()` has made its account. */
export const login = (dept) => `yjs${dept}`;

/** An account with the demo password in every department that the list names. They are
 * logged in already: thirty passwords hashed one after the other would be most of a test's time. */
export async function staff(house) {
  await house.opened;
  await house.server.services.psql(`
    insert into account (login, name, role, dept, region, password)
    select 'yjs' || d.dept, d.short || '经办', 2, d.dept, d.region, (select password from account where login = 'shichang')
    from department d where d.dept in (select dept from list_unit) on conflict do nothing;`);
  const accounts = await house.server.services.rows(`select account, login from account where login like 'yjs%'`);
  const tokens = accounts.map((one) => ({ ...one, token: randomBytes(32).toString('hex') }));
  const values = tokens.map((one) => {
    house.cookies.set(one.login, `sid=${one.token}`);
    return `('${createHash('sha256').update(one.token).digest('hex')}', ${one.account}, 0, 9000000000000, '127.0.0.1')`;
  });
  await house.server.services.psql(`insert into session values ${values.join(', ')};`);
}

/** The list in force, as the console knows it: [{theme, name, lead, matters: [{no, units: [{dept}]}]}]. */
export async function list(house) {
  const themes = await house.server.services.rows(`
    select t.theme, t.name, t.audience,
      (select min(dept) from list_unit u where u.version = t.version and u.theme = t.theme and lead) as lead,
      (select json_agg(json_build_object('no', m.no, 'name', m.name, 'deps', m.deps, 'papers', m.papers) order by m.no)
       from list_matter m where m.version = t.version and m.theme = t.theme) as matters
    from list_theme t join list_version v using (version) where v.state = 'in_force' order by t.theme`);
  return themes;
}

export const application = (theme, more = {}) => ({
  theme: theme.theme, matters: theme.matters.map((m) => m.no), region: '232761', name: CALLER_NAME, phone: newPhone(),
  papers: [...new Set(theme.matters.flatMap((m) => m.papers))], ...more,
});

/** Desks by department, opened when first needed. */
export class Desks {
  desks = new Map();

  constructor(house) {
    this.house = house;
  }

  async of(dept) {
    if (!this.desks.has(dept)) this.desks.set(dept, this.house.sit(login(dept), ['dept']));
    return this.desks.get(dept);
  }
}

export const get = (desk, id) => desk.ask('case.get', { id });

/** A move on what the desk shows. */
export function move(desk, command, card, params = {}, request) {
  return desk.do(command, { id: card.id, seen: card.ver, ...params }, request);
}

/** Applied for, taken and accepted. */
export async function accepted(desks, theme, more) {
  const lead = await desks.of(theme.lead);
  const card = await lead.do('case.apply', application(theme, more));
  return move(lead, 'case.accept', await move(lead, 'case.take', card));
}

export const openTasks = (full) => full.chain.flatMap((m) => m.tasks).filter((t) => t.state >= 30 && t.state <= 50);

/** Every task that can be done is signed and finished, all at once, until the case moves on. */
export async function workAll(desks, id, lead, but = () => false) {
  for (;;) {
    const full = await get(lead, id);
    const all = openTasks(full).filter((task) => !but(task));
    const gathering = new Set(full.chain.filter((m) => m.gathers).map((m) => m.no));
    const ready = all.filter((task) => !gathering.has(task.no));
    const tasks = ready.length > 0 ? ready : all;
    if (full.state !== 40 || tasks.length === 0) return full;
    await Promise.all(tasks.map(async (task) => {
      const desk = await desks.of(task.dept);
      const target = { no: task.no, dept: task.dept };
      try {
        const signed = task.state === 30 ? await move(desk, 'task.sign', full, target) : full;
        await move(desk, 'task.finish', signed, { ...target, text: '已办结' });
      } catch (error) {
        // Another department's answer may have made this one needless (join).
        if (!['stale', 'illegal_move'].includes(error.name)) throw error;
      }
    }));
  }
}
