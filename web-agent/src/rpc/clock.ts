// The server's clock as the desk knows it: deadlines must not depend on a wrong PC clock.

let offset = 0;

/** Set from session.hello: server time at about the middle of the round trip. */
export function clockSet(serverNow: number, sentAt: number, receivedAt: number): void {
  offset = serverNow - (sentAt + receivedAt) / 2;
}

export function serverNow(): number {
  return Date.now() + offset;
}
