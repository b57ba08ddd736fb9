// 承办单, 督办 and 预警 that this desk may see: asked once a page needs them, kept up by the feed.
import { defineStore } from 'pinia';
import { computed, shallowReactive, shallowRef, watch } from 'vue';
import { ask } from '@/rpc/desk';
import { sentenceOf } from '@/rpc/errors';
import type { AlertCard, Card, OrderCard, PartCard } from '@/rpc/wire';
import { useTickets } from './tickets';

/** A card carries the ticket as it was then: what is older than the known one is ignored. */
function isOlder(card: { ticket_card?: Card }, known: { ticket_card?: Card } | undefined): boolean {
  return (card.ticket_card?.ver ?? 0) < (known?.ticket_card?.ver ?? 0);
}

export const useWorks = defineStore('works', () => {
  const parts = shallowReactive(new Map<number, PartCard>());
  const orders = shallowReactive(new Map<number, OrderCard>());
  const alerts = shallowReactive(new Map<number, AlertCard>());
  const running = shallowRef(0);
  const loading = computed(() => running.value > 0);
  const error = shallowRef('');
  const wanted = new Set<() => Promise<void>>();

  function takePart(part: PartCard): void {
    if (!isOlder(part, parts.get(part.part))) parts.set(part.part, part);
    if (part.ticket_card) useTickets().merge(part.ticket_card);
  }

  function takeOrder(order: OrderCard): void {
    if (!isOlder(order, orders.get(order.order))) orders.set(order.order, order);
    if (order.ticket_card) useTickets().merge(order.ticket_card);
  }

  function takeAlert(alert: AlertCard): void {
    alerts.set(alert.alert, alert);
  }

  /** Early warning; what a unit did wrong stands beside 督办. */
  const warnings = computed(() => [...alerts.values()].filter((one) => one.kind !== 'fault' && one.kind !== 'overdue'));
  const openWarnings = computed(() => warnings.value.filter((one) => !one.closed).length);

  async function load(what: () => Promise<void>): Promise<void> {
    wanted.add(what);
    running.value++;
    error.value = '';
    try {
      await what();
    } catch (failure) {
      error.value = sentenceOf(failure);
    } finally {
      running.value--;
    }
  }

  async function askParts(): Promise<void> {
    for (const view of ['open', 'done', 'sent'] as const)
      for (const row of (await ask('part.list', { view })).rows) takePart(row);
  }

  async function askOrders(): Promise<void> {
    for (const view of ['open', 'closed'] as const)
      for (const row of (await ask('order.list', { view })).rows) takeOrder(row);
  }

  async function askAlerts(): Promise<void> {
    for (const view of ['open', 'closed'] as const)
      for (const row of (await ask('alert.list', { view })).rows) takeAlert(row);
  }

  const loadParts = () => load(askParts);
  const loadOrders = () => load(askOrders);
  const loadAlerts = () => load(askAlerts);

  // What was missed cannot be replayed: ask anew for what the desk has been looking at.
  watch(
    () => useTickets().emptied,
    () => wanted.forEach((what) => void load(what)),
  );

  /** Another person may see other ones. */
  function empty(): void {
    parts.clear();
    orders.clear();
    alerts.clear();
    error.value = '';
    wanted.clear();
  }

  return { parts, orders, alerts, warnings, openWarnings, loading, error, takePart, takeOrder, takeAlert, loadParts, loadOrders, loadAlerts, empty };
});
