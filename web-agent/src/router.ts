// Every page with its title and the roles that may open it; the menu is made from the same list.
import { createRouter, createWebHistory, type RouteRecordRaw, type Router } from 'vue-router';
import { Role } from './generated/flow';
import { useSession } from './stores/session';

declare module 'vue-router' {
  interface RouteMeta {
    title: string;
    /** Bits of the roles that may open it; 0 = anyone, without login. */
    roles: number;
  }
}

export const pages: RouteRecordRaw[] = [
  {
    path: '/login',
    component: () => import('./pages/login/LoginPage.vue'),
    meta: { title: '登录', roles: 0 },
  },
  {
    path: '/agent',
    component: () => import('./pages/agent/WorkbenchPage.vue'),
    meta: { title: '受理登记', roles: Role.agent },
  },
  {
    path: '/agent/callback',
    component: () => import('./pages/agent/CallbackPage.vue'),
    meta: { title: '告知与评价', roles: Role.agent },
  },
  {
    path: '/agent/tickets',
    component: () => import('./pages/agent/MinePage.vue'),
    meta: { title: '我的工单', roles: Role.agent },
  },
  {
    path: '/agent/police',
    component: () => import('./pages/police/PolicePage.vue'),
    meta: { title: '110联动', roles: Role.agent },
  },
  {
    path: '/handler',
    component: () => import('./pages/handler/InboxPage.vue'),
    meta: { title: '待办工单', roles: Role.handler },
  },
  {
    path: '/handler/done',
    component: () => import('./pages/handler/DonePage.vue'),
    meta: { title: '已提交', roles: Role.handler },
  },
  {
    path: '/handler/parts',
    component: () => import('./pages/handler/PartsPage.vue'),
    meta: { title: '承办单与督办', roles: Role.handler },
  },
  {
    path: '/supervisor',
    component: () => import('./pages/supervisor/BoardPage.vue'),
    meta: { title: '看板', roles: Role.supervisor },
  },
  {
    path: '/supervisor/pool',
    component: () => import('./pages/supervisor/PoolPage.vue'),
    meta: { title: '派单池', roles: Role.supervisor },
  },
  {
    path: '/supervisor/review',
    component: () => import('./pages/supervisor/ReviewPage.vue'),
    meta: { title: '审核裁定', roles: Role.supervisor },
  },
  {
    path: '/supervisor/warning',
    component: () => import('./pages/supervisor/WarningPage.vue'),
    meta: { title: '预警', roles: Role.supervisor },
  },
  {
    path: '/supervisor/orders',
    component: () => import('./pages/supervisor/OrdersPage.vue'),
    meta: { title: '督办', roles: Role.supervisor },
  },
  {
    path: '/supervisor/police',
    component: () => import('./pages/police/PolicePage.vue'),
    meta: { title: '110联动', roles: Role.supervisor },
  },
  {
    path: '/tickets',
    component: () => import('./pages/search/SearchPage.vue'),
    meta: { title: '工单查询', roles: Role.agent | Role.handler | Role.supervisor },
  },
  {
    path: '/supervisor/seats',
    component: () => import('./pages/supervisor/SeatsPage.vue'),
    meta: { title: '坐席', roles: Role.supervisor },
  },
  {
    path: '/supervisor/quality',
    component: () => import('./pages/supervisor/QualityPage.vue'),
    meta: { title: '质检', roles: Role.supervisor },
  },
  {
    path: '/supervisor/report',
    component: () => import('./pages/supervisor/ReportPage.vue'),
    meta: { title: '报表', roles: Role.supervisor },
  },
  {
    path: '/supervisor/bulletin',
    component: () => import('./pages/bulletin/BulletinPage.vue'),
    meta: { title: '简报', roles: Role.supervisor },
  },
  {
    path: '/supervisor/dispatch',
    component: () => import('./pages/dispatch/DispatchPage.vue'),
    meta: { title: '分派规则', roles: Role.supervisor },
  },
  {
    path: '/cases',
    component: () => import('./pages/cases/CasesPage.vue'),
    meta: { title: '一件事', roles: Role.agent | Role.handler | Role.supervisor },
  },
  {
    path: '/cases/stuck',
    component: () => import('./pages/cases/StuckPage.vue'),
    meta: { title: '堵点', roles: Role.handler | Role.supervisor },
  },
  {
    path: '/exports',
    component: () => import('./pages/export/ExportsPage.vue'),
    meta: { title: '导出记录', roles: Role.agent | Role.handler | Role.supervisor },
  },
  {
    path: '/admin',
    component: () => import('./pages/admin/AccountsPage.vue'),
    meta: { title: '账号', roles: Role.admin },
  },
  {
    path: '/admin/limits',
    component: () => import('./pages/admin/LimitsPage.vue'),
    meta: { title: '时限', roles: Role.admin },
  },
  {
    path: '/admin/calendar',
    component: () => import('./pages/admin/CalendarPage.vue'),
    meta: { title: '日历', roles: Role.admin },
  },
  {
    path: '/admin/channels',
    component: () => import('./pages/admin/ChannelsPage.vue'),
    meta: { title: '接入渠道', roles: Role.admin },
  },
  {
    path: '/admin/erasure',
    component: () => import('./pages/admin/ErasurePage.vue'),
    meta: { title: '个人信息删除', roles: Role.admin },
  },
  {
    path: '/admin/models',
    component: () => import('./pages/admin/ModelsPage.vue'),
    meta: { title: '分派模型', roles: Role.admin },
  },
  {
    path: '/admin/warning',
    component: () => import('./pages/admin/WarningPage.vue'),
    meta: { title: '预警词与计划', roles: Role.admin },
  },
  {
    path: '/admin/police',
    component: () => import('./pages/admin/PolicePage.vue'),
    meta: { title: '110用词', roles: Role.admin },
  },
  {
    path: '/admin/themes',
    component: () => import('./pages/admin/ThemesPage.vue'),
    meta: { title: '一件事清单', roles: Role.admin },
  },
  {
    path: '/admin/exports',
    component: () => import('./pages/export/ExportsPage.vue'),
    meta: { title: '导出记录', roles: Role.admin },
  },
  {
    path: '/admin/server',
    component: () => import('./pages/admin/ServerPage.vue'),
    meta: { title: '服务器', roles: Role.admin },
  },
];

/** The pages of a role in menu order; the first is its home. */
export function pagesOf(role: number): RouteRecordRaw[] {
  return pages.filter((page) => ((page.meta?.roles ?? 0) & role) !== 0);
}

export function homeOf(role: number): string {
  return pagesOf(role)[0]?.path ?? '/login';
}

export function makeRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [...pages, { path: '/:rest(.*)*', redirect: '/login' }],
  });
  router.beforeEach(async (to) => {
    const session = useSession();
    await session.enter();
    if (session.role === 0) {
      return to.meta.roles === 0 ? true : { path: '/login', query: { next: to.fullPath } };
    }
    if ((to.meta.roles & session.role) !== 0) return true;
    return homeOf(session.role);
  });
  router.afterEach((to) => {
    document.title = `${to.meta.title} · 12345 政务服务便民热线`;
  });
  return router;
}
