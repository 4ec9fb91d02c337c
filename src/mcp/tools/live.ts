import { type Result, printedBy, resultOf } from '../run-command.js';
import { FILES, type Given, type Parameter, type Tool, ToolError } from '../tool.js';

const pid: Parameter = {
  type: 'number',
  minimum: 1,
  description: 'the process id of a Node process of this user',
};

/** The flags of a command, from the values that an agent gave: `maxPauseMs` is `--max-pause-ms`. */
function flags(given: Given): string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === false || value === undefined) return [];
    if (value === true) return [flag];
    return (Array.isArray(value) ? value : [value]).flatMap((one) => [flag, String(one)]);
  });
}

/** @param keep stores a result as a resource @returns its address */
export function liveTools(keep: (name: string, json: string) => string): Tool[] {
  const said = (name: string, { text, json }: Result): string =>
    `${text}\n\nAll figures: ${keep(name, json)}`;
  const diagnose: Tool = {
    name: 'diagnose',
    title: 'Diagnose a running process',
    description:
      'Decides whether a running Node process leaks memory (leak, bounded or unsettled, with a confidence), and names the suspects: owner, retaining path, allocation site in the author\'s file, and advice. The process needs no preparation. Pass url to send requests to it (best; on this machine), or watchSeconds to measure under the traffic that it has already. Takes 30 s to 3 min. "unsettled" means that it could not tell: say so, and follow its advice instead of guessing. Verdict first, then the first suspect; a suspect is not a proof of a fix.',
    takes: {
      url: {
        type: 'array',
        items: { type: 'string' },
        description:
          'URLs to request in turns, such as http://127.0.0.1:3000/orders/{n}; {n} is a running number, {random} random digits',
      },
      pid: { ...pid, description: `${pid.description}; by default the one that listens at url` },
      watchSeconds: {
        type: 'number',
        minimum: 10,
        description: 'instead of url: measure existing traffic for at least so many seconds',
      },
      method: { type: 'string', description: 'the HTTP method of the requests, GET by default' },
      header: {
        type: 'array',
        items: { type: 'string' },
        description: 'headers such as authorization:Bearer …',
      },
      body: { type: 'string', description: 'the body of each request; {n} and {random} as in url' },
      showKeys: {
        type: 'boolean',
        description: 'show keys of containers, which may be personal data; hidden by default',
      },
      noSnapshot: {
        type: 'boolean',
        description: 'take no heap snapshots, which stop the process for seconds',
      },
    },
    readOnly: false, // it sends requests, and forces collections
    run: async ({ watchSeconds, showKeys, ...given }, running) => {
      if (given['url'] === undefined && watchSeconds === undefined)
        throw new ToolError('pass url to send load, or pid and watchSeconds to measure existing traffic');
      return said(
        'diagnosis',
        await resultOf(
          ['diagnose', ...flags({ ...given, watch: watchSeconds, redact: showKeys !== true })],
          running,
        ),
      );
    },
  };
  const snapshots: Tool = {
    name: 'diagnose_snapshots',
    title: 'Diagnose heap snapshot files',
    description:
      'Names what retains most memory in one .heapsnapshot file, or what grew between several of one process (the oldest first). Three with work in between tell most: what goes on growing, and what stops, as a cache does that is full. One shows what is large, not what grows.',
    takes: { files: FILES },
    required: ['files'],
    readOnly: true,
    run: async ({ files }, running) =>
      said('diagnosis', await resultOf(['diagnose', '--redact', ...(files as string[])], running)),
  };
  const take: Tool = {
    name: 'take_snapshot',
    title: 'Take a heap snapshot of a running process',
    description:
      'Writes a heap snapshot of a running Node process. The process stops for seconds and needs about 15 times its heap in memory, which can end it: call it without file first, which only estimates the cost, and ask the user if the pause matters. A diagnosis rarely needs a snapshot; call diagnose first.',
    takes: {
      pid,
      file: { type: 'string', description: 'the file to write; without it, only the cost is estimated' },
      maxPauseMs: {
        type: 'number',
        minimum: 1,
        description: 'the longest pause that is accepted, 8000 by default',
      },
    },
    required: ['pid'],
    readOnly: false,
    run: ({ file, ...given }, running) =>
      printedBy(
        ['snapshot', ...flags(given), ...(file === undefined ? ['--cost'] : [file as string])],
        running,
      ),
  };
  const compare: Tool = {
    name: 'compare',
    title: 'Compare two versions of a service',
    description:
      'Starts two versions of a service, sends both the same requests in turns, and judges the difference: fixed, improved, regressed, unchanged or unsettled, with its interval; whether every answer is equal; latency and CPU time of both. The proof of a fix. Takes one to three minutes. Pass before and after, the commands that start the versions (each gets a free port as PORT and for {port}); or beforeRef and start for two commits of the repository.',
    takes: {
      before: { type: 'string', description: 'the shell command that starts the old version' },
      after: { type: 'string', description: 'the shell command that starts the new version' },
      beforeRef: { type: 'string', description: 'instead of before: a git branch, tag or commit' },
      afterRef: { type: 'string', description: 'instead of after: HEAD by default' },
      build: { type: 'string', description: 'with refs: the shell command that builds a version' },
      start: { type: 'string', description: 'with refs: the shell command that starts a version' },
      url: {
        type: 'array',
        items: { type: 'string' },
        description: 'what to request, such as http://127.0.0.1:{port}/orders/{n}',
      },
      ignoreField: {
        type: 'array',
        items: { type: 'string' },
        description: 'fields of JSON answers that may differ, such as timestamp',
      },
    },
    required: ['url'],
    readOnly: false, // it starts processes, and ends them
    run: async (given, running) => said('comparison', await resultOf(['compare', ...flags(given)], running)),
  };
  return [diagnose, compare, snapshots, take];
}
