/** A port that listens is held by native code until it is closed. */
export function request() {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', () => {});
  port1.unref();
  port2.unref();
}
