/** A usual story, which the user of an agent can start by its name. */
export interface Story {
  name: string;
  description: string;
  takes: readonly { name: string; description: string; required: boolean }[];
  text(given: Readonly<Record<string, string>>): string;
}

const HOW = `Work in this order. 1. The verdict: call diagnose once. If it is "bounded", say so and stop. If it is "unsettled", say why in its own words and what would settle it; do not guess. 2. The name: report the first suspect with its owner, path, allocation site and share of the growth. 3. The fix: call fix with the folder of the service, which prints a patch or says why there is none. Without one, read the file of the allocation site, and make the smallest change that follows the advice. A Map that is the only copy of its data must not become a cache: ask the user. 4. The proof: compare the old with the new version under the same requests, which has to say "fixed"; or start the changed program and call diagnose again with the same url, which has to say "bounded". Ask before anything that stops or restarts a process that you did not start.`;

export const stories: readonly Story[] = [
  {
    name: 'find-the-leak',
    description: 'Find the memory leak of a service that runs on this machine',
    takes: [
      {
        name: 'service',
        description: 'its port, such as 3000, or a URL of it, such as http://127.0.0.1:3000/orders/{n}',
        required: true,
      },
    ],
    text: ({ service = '' }) =>
      /^\d+$/.test(service)
        ? `Find out whether the service on port ${service} leaks memory, and what leaks. Call list_processes to see what it is. Look in its source for the routes that do its work, and diagnose with their URLs, such as http://127.0.0.1:${service}/orders/{n}; ask the user if you do not know one, or if requests would change data that matters.\n\n${HOW}`
        : `Find out whether the service at ${service} leaks memory, and what leaks.\n\n${HOW}`,
  },
  {
    name: 'is-this-pull-request-worse',
    description: 'Find out whether a change makes a service leak, or leak more',
    takes: [
      {
        name: 'before',
        description: 'the branch, tag or commit to compare with, such as main',
        required: true,
      },
      {
        name: 'start',
        description: 'the command that starts the service, with {port} for its port',
        required: true,
      },
      { name: 'url', description: 'what to request, with {port} for the port', required: true },
      { name: 'build', description: 'the command that builds the service', required: false },
    ],
    text: ({ before = '', start = '', url = '', build }) =>
      `Find out whether this pull request is worse than ${before}: call compare with beforeRef ${JSON.stringify(before)}, start ${JSON.stringify(start)}, ${build === undefined ? '' : `build ${JSON.stringify(build)}, `}and url ${JSON.stringify(url)}; only what is committed is compared. Report the verdict on the difference with its interval. "regressed" is worse: name what grew and the file of its allocation site. "unchanged" is not worse by more than the interval says; a leak that was there before may still be there. "unsettled" is neither: say what it left open, and do not approve or reject because of it. Say as well if answers differ, or if it is slower.`,
  },
  {
    name: 'prove-my-fix',
    description: 'Prove that a change ended a memory leak, and that it broke nothing',
    takes: [
      { name: 'before', description: 'the command that starts the old version', required: true },
      { name: 'after', description: 'the command that starts the new version', required: true },
      { name: 'url', description: 'what to request, with {port} for the port', required: true },
    ],
    text: ({ before = '', after = '', url = '' }) =>
      `Prove that the change fixed the leak: call compare with before ${JSON.stringify(before)}, after ${JSON.stringify(after)} and url ${JSON.stringify(url)}. Report the verdict on the difference with its interval, whether every answer is equal, and what happened to latency and CPU. Only "fixed" is a fix; "improved" leaves a leak. Say what "unsettled" left open.`,
  },
  {
    name: 'read-a-snapshot',
    description: 'Find what retains the memory in heap snapshot files',
    takes: [
      { name: 'files', description: 'paths of .heapsnapshot files, the earliest first', required: true },
    ],
    text: ({ files = '' }) =>
      `Find what retains the memory in ${files}. Call diagnose_snapshots first. If its first suspect does not explain most of it, call open_snapshot and ask: summary, then dominators and path of the largest. One snapshot shows what is large, not what grows: say so.`,
  },
];
