// Short messages at the foot of the page, where they cover neither menu nor telephone.
import { ElMessage } from 'element-plus';
import 'element-plus/es/components/message/style/css';
import { sentenceOf } from '@/rpc/errors';

export function sayDone(text: string): void {
  ElMessage({ type: 'success', message: text, grouping: true, placement: 'bottom', appendTo: '#said', customClass: 'say-done' });
  // Good news waits until the reader has finished its sentence: the region around it speaks, not an alert.
  for (const one of document.querySelectorAll('#said [role=alert]')) one.removeAttribute('role');
}

export function sayWrong(error: unknown): void {
  const message = typeof error === 'string' ? error : sentenceOf(error);
  ElMessage({ type: 'error', message, grouping: true, placement: 'bottom', duration: 6000, customClass: 'say-wrong' });
}
