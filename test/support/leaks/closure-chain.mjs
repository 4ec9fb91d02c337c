/** Each function retains the previous one, through the scope that both were created in. */
let current = null;

export function request() {
  const previous = current;
  const _unused = () => previous && _unused;
  current = { text: 'x'.repeat(100) + Math.random(), method() {} };
}
