/** A large table that never changes, and beside it a small leak. */
const table = Array.from({ length: 40_000 }, (_, at) => ({ at, name: `row ${at}` }));
class Visits {
  log = new Map();
}
const visits = new Visits();
let next = 0;

export function request() {
  const row = table[next % table.length];
  visits.log.set(`visit-${next++}`, { row, at: [next] });
}
