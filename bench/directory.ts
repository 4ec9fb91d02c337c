import { UserDirectory } from '../src/service/user-directory.js';
import { median } from './median.js';
import type { Outcome } from './outcome.js';

const SLICES = 21;
const USERS = 5_000;
const MOST_MICROSECONDS = 15;

/** CPU time that the user directory takes to make one user: the median of slices, after a warm-up. */
export async function directoryBench(): Promise<Outcome> {
  const directory = new UserDirectory({ latencyMs: 0 });
  const slices: number[] = [];
  for (let slice = 0; slice < SLICES; slice += 1) {
    const before = process.cpuUsage();
    for (let user = 0; user < USERS; user += 1) await directory.find(`${slice} ${user}`);
    const { user, system } = process.cpuUsage(before);
    slices.push((user + system) / USERS);
  }
  const each = median(slices.slice(SLICES / 3));
  console.log(
    `One user of the directory: ${each.toFixed(1)} µs of CPU time (limit: ${MOST_MICROSECONDS} µs)`,
  );
  return { figures: { cpuMicrosecondsPerUser: each }, passed: each <= MOST_MICROSECONDS };
}
