// Opens a snapshot as the prompt of `leak-lab query` does, and asks its questions in turn. Arguments: the file, and a
// constructor, a property and a text that it has.
import { ask, openSession, printAnswer } from '../src/kit/heap/query/index.js';

/** What one answer took. */
export interface Asked {
  question: string;
  cpuMs: number;
  wallMs: number;
}

export interface QueryResult {
  nodes: number;
  fileBytes: number;
  /** From the start to the first answer. */
  load: Asked;
  loadPeakBytes: number;
  peakBytes: number;
  asked: Asked[];
}

const [file = '', constructor = '', property = '', text = ''] = process.argv.slice(2);
const clock = () => ({ cpu: process.cpuUsage(), wall: performance.now() });
const peak = () => process.resourceUsage().maxRSS * 1024;

function since(question: string, start: ReturnType<typeof clock>): Asked {
  const { user, system } = process.cpuUsage(start.cpu);
  return { question, cpuMs: (user + system) / 1000, wallMs: performance.now() - start.wall };
}

const begin = clock();
const session = await openSession([file]);
ask(session, ['summary'], { offset: 0, limit: 20 });
const load = since('load', begin);
const loadPeakBytes = peak();

const beginContainers = clock();
const [largest] = ask(session, ['containers', 'Map', 'retained'], { offset: 0, limit: 20 }).rows;
const containers = since('containers Map retained', beginContainers);
const id = `@${String(largest?.['id'])}`;
const asked = [
  'histogram',
  'histogram package',
  'histogram file',
  'histogram kind',
  'containers Set',
  'dominators',
  `dominators ${id}`,
  `object ${id}`,
  `object ${id} engine`,
  `retainers ${id}`,
  `path ${id}`,
  `path ${id} engine`,
  `alive ${constructor}`,
  'alive Array',
  `cut ${id}`,
  `cut ${id} table`,
  'closures',
  'listeners',
  'timers',
  'promises',
  'strings',
  'duplicates',
  'pins',
  'buffers',
  `search constructor ${constructor}`,
  `search property ${property}`,
  `search string ${text}`,
  `search regexp ^${text}.?`,
  `search value ${text}`,
  'strings --limit 3000',
  `search constructor ${constructor} --limit 3000`,
].map((question) => {
  const [words = '', limit = '20'] = question.split(' --limit ');
  const start = clock();
  const answer = ask(session, words.split(' '), { offset: 0, limit: Number(limit) });
  if (printAnswer(answer).length === 0) throw new Error(`no answer to ${question}`);
  return since(question.replaceAll(id, '@ID'), start);
});
const { nodeCount, snapshotBytes } = session.heap.graph;
const result: QueryResult = {
  nodes: nodeCount,
  fileBytes: snapshotBytes,
  load,
  loadPeakBytes,
  peakBytes: peak(),
  asked: [containers, ...asked],
};
process.stdout.write(JSON.stringify(result));
