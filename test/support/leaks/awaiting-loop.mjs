import { EventEmitter, on } from 'node:events';

/** A function that waits for the next item, and keeps those before in a variable. */
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
