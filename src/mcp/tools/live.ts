import { flags } from '../flags.js';
import type { Results } from '../results.js';
import { type Result, printedBy, resultOf } from '../run-command.js';
import {
  FILES,
  type Given,
  type Parameter,
  type Running,
  type Shown,
  type Tool,
  texts,
  ToolError,
  WITHIN,
  withinBudget,
} from '../tool.js';

const pid: Parameter = {
  type: 'number',
  minimum: 1,
  description: 'the process id of a Node process of this user',
};

const LONGEST_LIST = 40;

/** An agent has to know what reading it takes. */
const sizeOf = (text: string): string => `${Math.ceil(Buffer.byteLength(text) / 1_000)} kB`;

/** @param results keeps what the tools found, as resources */
export function liveTools(results: Results, { showData }: Shown): Tool[] {
  const redact = flags({ redact: !showData });
  const said = (name: string, { text, json, page }: Result): string => {
    const address = results.keep(name, json, page);
    const figures = `All figures (JSON, ${sizeOf(json)}): ${address}`;
    const forPeople =
      page === null ? '' : `\nA page for people (HTML, ${sizeOf(page)}): ${address}/report.html`;
    return `${withinBudget(text, `read ${address}`)}\n\n${figures}${forPeople}`;
  };
  const list: Tool = {
    name: 'list_processes',
    title: 'List the Node processes',
    description:
      'Lists the Node processes of this user: what each runs, its ports, memory and age, and whether it can be diagnosed. Call it first if you know neither the pid nor the port.',
    takes: {},
    readOnly: true,
    run: async (_, running) => {
      const lines = (await printedBy(['ps'], running))
        .split('\n')
        .filter((line) => Number.parseInt(line, 10) !== process.pid);
      const more = lines.length - 1 - LONGEST_LIST;
      const shown = lines.slice(0, 1 + LONGEST_LIST).join('\n');
      const rest = more > 0 ? `\n… ${more} more: npx leak-lab ps` : '';
      return `${withinBudget(shown, 'npx leak-lab ps')}${rest}`;
    },
  };
  /** What the last diagnosis was asked with. */
  let last: Given | null = null;
  const diagnose: Tool = {
    name: 'diagnose',
    title: 'Diagnose a running process',
    description:
      'Decides whether a running Node process leaks memory (leak, bounded or unsettled, with a confidence), and names suspects: owner, retaining path, allocation site in the author\'s file, and advice. The process needs no preparation. Pass url to send requests (best), or pid and watchSeconds to measure its own traffic. Takes 30 s to 3 min; after 50 s, the answer is a handle for ask_again. "unsettled" means that it could not tell: say so, and follow its advice instead of guessing.',
    takes: {
      url: texts(
        'URLs to request in turns, such as http://127.0.0.1:3000/orders/{n}; {n} is a running number, {random} random digits',
      ),
      pid: { ...pid, description: 'by default the process that listens at url' },
      watchSeconds: {
        type: 'number',
        minimum: 10,
        description: 'instead of url: measure existing traffic for at least so many seconds',
      },
      method: { type: 'string', description: 'the HTTP method, GET by default' },
      header: texts('such as authorization:Bearer …'),
      body: { type: 'string', description: 'the body of each request; {n} and {random} as in url' },
      noSnapshot: {
        type: 'boolean',
        description: 'take no heap snapshots, which stop the process for seconds',
      },
      withinSeconds: WITHIN,
    },
    readOnly: false, // it sends requests, and forces collections
    isLong: true,
    run: async (given, running) => {
      const found = await diagnosed({ ...given, redact: !showData }, running);
      last = given;
      return said('diagnosis', found);
    },
  };
  const clear: Tool = {
    name: 'clear_suspect',
    title: 'Clear the first suspect',
    description:
      'Repeats the last diagnose, then empties the container of the first suspect and measures how much memory that frees: the test whether the name is right. The program loses the entries; the user is asked first.',
    takes: {},
    readOnly: false,
    destructive: true,
    isLong: true,
    run: async (_, running) => {
      if (running.confirm === null) {
        throw new ToolError(
          'clear_suspect needs the confirmation of the user, and this client cannot ask for it (it has no elicitation). Nothing was done. The user can run it in a terminal: npx leak-lab diagnose --url URL --clear-suspect',
        );
      }
      if (last === null)
        throw new ToolError('call diagnose first: clear_suspect repeats it, and clears what it names');
      return said('diagnosis', await diagnosed({ ...last, redact: !showData, clearSuspect: true }, running));
    },
  };
  const snapshots: Tool = {
    name: 'diagnose_snapshots',
    title: 'Diagnose heap snapshot files',
    description:
      'Names what retains most memory in one .heapsnapshot file, or what grew between several of one process (the oldest first). Three with work in between tell most: what goes on growing, and what stops, as a full cache does. One shows what is large, not what grows.',
    takes: { files: FILES },
    required: ['files'],
    readOnly: true,
    isLong: true,
    run: async ({ files }, running) =>
      said(
        'diagnosis',
        await resultOf(['diagnose', ...redact, ...(files as string[])], running, { withPage: true }),
      ),
  };
  const take: Tool = {
    name: 'take_snapshot',
    title: 'Take a heap snapshot of a running process',
    description:
      'Writes a heap snapshot of a running Node process, which stops for seconds and needs about 15 times its heap in memory: that can end it. Call it without file first, which only estimates the cost, and ask the user if the pause matters. A diagnosis rarely needs one.',
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
    isLong: true,
    run: ({ file, ...given }, running) =>
      printedBy(
        ['snapshot', ...flags(given), ...(file === undefined ? ['--cost'] : [file as string])],
        running,
      ).catch(asArguments),
  };
  const compare: Tool = {
    name: 'compare',
    title: 'Compare two versions of a service',
    description:
      'Starts two versions of a service, sends both the same requests in turns, and judges the difference: fixed, improved, regressed, unchanged or unsettled, with its interval; whether every answer is equal; latency and CPU time. The proof of a fix. Takes one to three minutes. Pass before and after, commands that start the versions (each gets a free port as PORT and for {port}); or beforeRef and start for two commits.',
    takes: {
      before: { type: 'string', description: 'the shell command that starts the old version' },
      after: { type: 'string', description: 'the shell command that starts the new version' },
      beforeRef: { type: 'string', description: 'instead of before: a git branch, tag or commit' },
      afterRef: { type: 'string', description: 'instead of after: HEAD by default' },
      build: { type: 'string', description: 'with refs: the shell command that builds a version' },
      start: { type: 'string', description: 'with refs: the shell command that starts a version' },
      url: texts('what to request, such as http://127.0.0.1:{port}/orders/{n}'),
      ignoreField: texts('fields of JSON answers that may differ, such as timestamp'),
    },
    required: ['url'],
    isLong: true,
    readOnly: false, // it starts processes, and ends them
    run: async (given, running) =>
      said('comparison', await resultOf(['compare', ...redact, ...flags(given)], running)),
  };
  return [list, diagnose, clear, compare, snapshots, take];
}

async function diagnosed({ watchSeconds, ...given }: Given, running: Running): Promise<Result> {
  if (given['url'] === undefined && watchSeconds === undefined) {
    throw new ToolError(
      'pass url to send load, or pid and watchSeconds to measure existing traffic; list_processes says what runs',
    );
  }
  const args = flags({ ...given, watch: watchSeconds });
  return resultOf(['diagnose', ...args], running, { withPage: true });
}

/** A person may force it; an agent can only accept a longer pause. */
function asArguments(error: unknown): never {
  if (!(error instanceof ToolError)) throw error;
  const message = error.message
    .replace('--max-pause-ms or --force', 'maxPauseMs')
    .replace('; --force does it anyway', '');
  throw new ToolError(message, { cause: error });
}
