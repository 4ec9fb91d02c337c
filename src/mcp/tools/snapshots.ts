import {
  type Answer,
  ask,
  openSession,
  type Page,
  printAnswer,
  QueryError,
  type QuerySession,
  questions,
  usageOf,
} from '../../kit/heap/query/index.js';
import { HeapSnapshotError } from '../../kit/heap/index.js';
import { FILES, type Shown, texts, type Tool, ToolError, withinBudget } from '../tool.js';

/** Each takes about as much memory as its file. */
const MOST_OPEN = 3;
const USUAL_ROWS = 10;

export interface SnapshotTools {
  tools: Tool[];
  /** Asks a snapshot that is open. @throws ToolError with what there is */
  ask: (snapshot: string, words: readonly string[]) => string;
}

const printed = (one: Answer): string => printAnswer(one, (offset) => `ask_snapshot with offset ${offset}`);

/** Tools over snapshots that stay open between questions. */
export function snapshotTools({ showData }: Shown): SnapshotTools {
  const open = new Map<string, QuerySession>();
  let opened = 0;
  const sessionNamed = (name: unknown): QuerySession => {
    const session = open.get(String(name));
    if (session) return session;
    const names = [...open.keys()].join(', ');
    throw new ToolError(
      `no snapshot ${JSON.stringify(name)} is open; ${names ? `open are ${names}` : 'call open_snapshot first'}`,
    );
  };
  const answer = (snapshot: unknown, words: readonly string[], page: Page): string => {
    const session = sessionNamed(snapshot);
    try {
      return printed(ask(session, words, page));
    } catch (error) {
      return explain(error);
    }
  };
  const tools: Tool[] = [
    {
      name: 'open_snapshot',
      title: 'Open a heap snapshot',
      description:
        'Reads a .heapsnapshot file (also .gz, .zst, .br), or several of one process, for ask_snapshot. Returns its name and where memory has accumulated.',
      takes: { files: FILES },
      required: ['files'],
      readOnly: true,
      isLong: true,
      run: async ({ files }, { signal, progress }) => {
        if (open.size >= MOST_OPEN)
          throw new ToolError(
            `${MOST_OPEN} snapshots are open: close one of ${[...open.keys()].join(', ')} first`,
          );
        const session = await openSession(files as string[], {
          signal,
          showData,
          onProgress: (at, of) => progress(`reading snapshot ${at} of ${of}`),
        }).catch(explain);
        const name = `s${++opened}`;
        open.set(name, session);
        return `snapshot ${name} is open\n\n${withinBudget(printed(ask(session, ['summary'], { offset: 0, limit: USUAL_ROWS })), 'ask summary for fewer rows with limit')}`;
      },
    },
    {
      name: 'ask_snapshot',
      title: 'Ask an open heap snapshot',
      description: `Answers one question about an open snapshot with a table, ${USUAL_ROWS} rows a page. Questions, with what they take:\n${questions
        .map((question) => `${usageOf(question)}: ${question.purpose}`)
        .join('\n')}`,
      takes: {
        snapshot: { type: 'string', description: 'the name that open_snapshot gave, such as s1' },
        question: { type: 'string', description: 'the name of the question' },
        takes: texts('what the question takes, in order, such as ["@123"]'),
        offset: { type: 'number', minimum: 0, description: 'the number of rows to skip' },
        limit: { type: 'number', minimum: 1, description: `the number of rows, ${USUAL_ROWS} by default` },
      },
      required: ['snapshot', 'question'],
      readOnly: true,
      run: async ({ snapshot, question, takes = [], offset = 0, limit = USUAL_ROWS }) => {
        const words = [String(question), ...(takes as string[])];
        const text = answer(snapshot, words, { offset: Number(offset), limit: Number(limit) });
        return Number(limit) > USUAL_ROWS ? text : withinBudget(text, 'ask for fewer rows with limit');
      },
    },
    {
      name: 'close_snapshot',
      title: 'Close a heap snapshot',
      description: 'Frees the memory of an open snapshot.',
      takes: { snapshot: { type: 'string', description: 'the name that open_snapshot gave' } },
      required: ['snapshot'],
      readOnly: true,
      run: async ({ snapshot }) => {
        sessionNamed(snapshot);
        open.delete(String(snapshot));
        return `snapshot ${String(snapshot)} is closed`;
      },
    },
  ];
  return {
    tools,
    ask: (snapshot, words) => answer(snapshot, words, { offset: 0, limit: USUAL_ROWS }),
  };
}

/** @throws ToolError for what the agent can mend, any other error as it is */
function explain(error: unknown): never {
  if (error instanceof QueryError || error instanceof HeapSnapshotError)
    throw new ToolError(error.message, { cause: error });
  throw error;
}
