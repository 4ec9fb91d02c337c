/** Native code retains a port with a listener until it is closed. */
export function request() {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', () => {});
  port1.unref();
  port2.unref();
}
