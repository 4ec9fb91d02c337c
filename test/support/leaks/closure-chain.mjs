/** Each function keeps the one before it, through the scope that both were made in. */
let current = null;

export function request() {
  const previous = current;
  const _unused = () => previous && _unused;
  current = { text: 'x'.repeat(100) + Math.random(), method() {} };
}
