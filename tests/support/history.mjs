// A history of closed cases as the loop would have left them, made at once: hundreds of them are needed to learn from.
export const DAY = 86_400_000;
export const BEGAN = Date.UTC(2026, 0, 1);

// How people here call things: words that the catalogue does not know.
export const SAID = {
  '0101': '炕是冰的，穿着棉袄过日子',
  '0305': '车轱辘掉坑里颠坏了，黑灯瞎火',
  '0404': '轿厢咣当一声，吓得不敢坐',
  '0901': '干完活找不着包工头，钱没影了',
  '1101': '娃娃念书没地方收',
};
export const codes = Object.keys(SAID);

/** Closed tickets from day `from` on, ten a day, as the loop would have left them, where `matter` is of ticket number n. */
export async function closedTickets(server, from, count, matter = (n) => codes[n % codes.length], more = {}) {
  const rows = Array.from({ length: count }, (_, n) => ({
    said: `${SAID[codes[n % codes.length]]}，反映${(n * 7) % 90}次了，希望解决`,
    matter: matter(n),
    at: BEGAN + from * DAY + n * (DAY / 10),
  }));
  await server.services.psql(`
    with made as (select nextval('ticket_ticket_seq') id, r.*, m.duty from jsonb_to_recordset($json$${JSON.stringify(rows)}$json$::jsonb)
        as r (said text, matter text, at bigint) join matter m using (matter)),
    tickets as (insert into ticket (ticket, number, ver, step, state, kind, urgency, secrecy, channel, matter, region, title, body, dept,
            agent, accepted, changed, closed, master, chain)
        select id, 'T' || id, 3, 3, ${more.state ?? 80}, 3, 0, 0, 1, matter, '232761', left(said, 6), said,
            (select min(d.dept) from department_duty d where ${more.elsewhere ? 'd.duty <> made.duty and d.dept not in (select dept from department_duty y where y.duty = made.duty)' : 'd.duty = made.duty'}),
            (select min(account) from account where role = 1), at, at, at, ${more.master ?? 'null'}, '' from made returning ticket, accepted),
    events (seq, action, was, now, who) as (values (1, 'submit', 0, 20, 1), (2, '${more.action ?? 'finish'}', ${more.edge ?? '40, 50'}, 2), (3, 'rate', 60, 80, 1))
    insert into ticket_event (ticket, seq, action, from_state, to_state, account, at, round, chain)
        select ticket, seq, action, was, now, (select min(account) from account where role = who), accepted + seq, 1, '' from tickets, events`);
}
