/** A cache in a variable that only closures reach. */
function makeMemo() {
  const results = new Map();
  return (key) => {
    if (!results.has(key)) results.set(key, { key, value: [key] });
    return results.get(key);
  };
}
const memo = makeMemo();
let next = 0;

export function request() {
  return memo(`key-${next++}`);
}
