import { isLauncherScript } from './family.js';
import { below, type ProcessRow } from './process-table.js';
import { scriptOf } from './script.js';

/**
 * The table with this tool as if it were no process of Node, so that it is never a part of a service: it may run below
 * the process that is named, such as a shell or the service itself. Measuring itself, it would wait for itself for ever.
 *
 * What it started counts as it, and so does what only started it: `npm run`, or leak-lab again.
 *
 * @param own the process that asks
 * @param named the process that the user named, which stays what it is
 */
export function withoutOurselves(
  table: readonly ProcessRow[],
  own: number,
  named: number | null,
): ProcessRow[] {
  const ours = new Set([own, ...below(own, table).map(({ pid }) => pid)]);
  const rowOf = (pid: number | undefined): ProcessRow | undefined => table.find((row) => row.pid === pid);
  const self = rowOf(own);
  const seen = new Set([own]);
  for (let above = rowOf(self?.parent); above && above.pid !== named; above = rowOf(above.parent)) {
    if (seen.has(above.pid)) break;
    seen.add(above.pid);
    const script = scriptOf(above.args);
    if (isLauncherScript(script) || (self && script === scriptOf(self.args))) ours.add(above.pid);
  }
  return table.map((row) => (ours.has(row.pid) ? Object.assign({}, row, { isNode: false }) : row));
}
