import { EventEmitter, on } from 'node:events';

/** A suspended function that waits for the next item, with all earlier items in a local variable. */
const jobs = new EventEmitter();
let next = 0;

async function collect() {
  const results = [];
  for await (const [job] of on(jobs, 'job')) results.push({ job, text: `result of ${job}` });
  return results;
}
void collect();

export function request() {
  jobs.emit('job', next++);
}
