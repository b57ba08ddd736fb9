// Refusals of the server as errors that pages can show and fields can point at.

export interface RefusalData {
  name?: string;
  retry?: boolean;
  fields?: Record<string, string>;
  [key: string]: unknown;
}

/** The server said no; message is its sentence, made for people. */
export class Refusal extends Error {
  readonly code: number;
  readonly refusal: string;
  readonly retry: boolean;
  readonly data: RefusalData;

  constructor(code: number, message: string, data: RefusalData = {}) {
    super(message);
    this.code = code;
    this.refusal = data.name ?? '';
    this.retry = data.retry === true;
    this.data = data;
  }

  /** What is wrong with which field; empty when the refusal is about something else. */
  get fields(): Record<string, string> {
    return this.data.fields ?? {};
  }
}

/** The desk gave up waiting; nothing is known to have happened. */
export class NoAnswer extends Error {
  constructor() {
    super('服务器没有及时回应，请重试');
  }
}

/** The session is over; whatever waited for an answer will not get one. */
export class LoggedOut extends Error {
  constructor() {
    super('登录已失效，请重新登录');
  }
}

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : '出现未知错误，请重试';
}
