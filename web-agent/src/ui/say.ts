// Short messages at the top of the page.
import { ElMessage } from 'element-plus';
import 'element-plus/es/components/message/style/css';
import { sentenceOf } from '@/rpc/errors';

export function sayDone(text: string): void {
  ElMessage({ type: 'success', message: text, grouping: true, customClass: 'say-done' });
}

export function sayWrong(error: unknown): void {
  const message = typeof error === 'string' ? error : sentenceOf(error);
  ElMessage({ type: 'error', message, grouping: true, duration: 6000, customClass: 'say-wrong' });
}
