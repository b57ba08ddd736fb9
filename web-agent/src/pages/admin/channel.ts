// The words of keys: what a scope allows.
export type Scope = 'submit' | 'read' | 'attach' | 'webhook' | 'open311';

export const SCOPES: Record<string, string> = {
  submit: '提交与补充', read: '查询', attach: '附件', webhook: '回调', open311: 'Open311',
};
