// The edge of the link under test: a WebSocket whose other end the test plays.
export interface Frame {
  id: number;
  method: string;
  params: Record<string, unknown>;
}

export class TestSocket {
  static all: TestSocket[] = [];

  static newest(): TestSocket {
    const socket = TestSocket.all[TestSocket.all.length - 1];
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }

  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: Frame[] = [];
  closed = false;

  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {
    TestSocket.all.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Frame);
  }

  close(): void {
    this.closed = true;
  }

  last(method: string): Frame {
    const found = this.sent.filter((frame) => frame.method === method).pop();
    if (!found) throw new Error(`${method} was not sent`);
    return found;
  }

  count(method: string): number {
    return this.sent.filter((frame) => frame.method === method).length;
  }

  give(message: object): void {
    this.onmessage?.({ data: JSON.stringify({ jsonrpc: '2.0', ...message }) });
  }

  answer(method: string, result: unknown): void {
    this.give({ id: this.last(method).id, result });
  }

  refuse(method: string, code: number, data: object = {}): void {
    this.give({ id: this.last(method).id, error: { code, message: '不行', data } });
  }

  lose(code = 1006): void {
    this.onclose?.({ code });
  }
}
