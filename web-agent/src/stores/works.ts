// 承办单, 督办 and 预警 that this desk may see: asked once a page needs them, kept up by the feed.
import { defineStore } from 'pinia';
import { shallowReactive, shallowRef } from 'vue';
import { ask } from '@/rpc/desk';
import { sentenceOf } from '@/rpc/errors';
import type { AlertCard, OrderCard, PartCard } from '@/rpc/wire';
import { useTickets } from './tickets';

export const useWorks = defineStore('works', () => {
  const parts = shallowReactive(new Map<number, PartCard>());
  const orders = shallowReactive(new Map<number, OrderCard>());
  const alerts = shallowReactive(new Map<number, AlertCard>());
  const loading = shallowRef(false);
  const error = shallowRef('');

  function takePart(part: PartCard): void {
    parts.set(part.part, part);
    if (part.ticket_card) useTickets().merge(part.ticket_card);
  }

  function takeOrder(order: OrderCard): void {
    orders.set(order.order, order);
    if (order.ticket_card) useTickets().merge(order.ticket_card);
  }

  function takeAlert(alert: AlertCard): void {
    alerts.set(alert.alert, alert);
  }

  async function load(what: () => Promise<void>): Promise<void> {
    loading.value = true;
    error.value = '';
    try {
      await what();
    } catch (failure) {
      error.value = sentenceOf(failure);
    } finally {
      loading.value = false;
    }
  }

  const loadParts = () =>
    load(async () => {
      for (const view of ['open', 'done', 'sent'] as const)
        for (const row of (await ask('part.list', { view })).rows) takePart(row);
    });
  const loadOrders = () =>
    load(async () => {
      for (const view of ['open', 'closed'] as const)
        for (const row of (await ask('order.list', { view })).rows) takeOrder(row);
    });
  const loadAlerts = () =>
    load(async () => {
      for (const view of ['open', 'closed'] as const)
        for (const row of (await ask('alert.list', { view })).rows) takeAlert(row);
    });

  return { parts, orders, alerts, loading, error, takePart, takeOrder, takeAlert, loadParts, loadOrders, loadAlerts };
});
