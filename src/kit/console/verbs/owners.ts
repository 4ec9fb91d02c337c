import { resolve } from 'node:path';
import type { ModulesContainer } from '@nestjs/core';
import { censusOf } from '../../census/index.js';
import { adviceFor } from '../../advice/index.js';
import {
  type Drawing,
  formatBytes,
  formatCount,
  type ObjectReport,
  printNeighbours,
  writePicture,
} from '../../heap/index.js';
import { Problem } from '../../problem.js';
import { drawLivePath } from '../draw-live-path.js';
import { Examinations } from '../examinations.js';
import type { LiveHeapOptions } from '../live-heap.js';
import { livePath, type LivePath } from '../live-path.js';
import { entriesOf, kindOf } from './live.js';
import { printedBy, type Verb } from './verb.js';

/** V8's name for what the running functions hold. */
const STACK = '(Stack roots)';
const NOBODY = 'nothing holds it but this console';

interface Asked {
  /** Look although it does not fit. */
  force?: boolean;
  /** Take a new snapshot of an object that was looked at before. */
  fresh?: boolean;
}

/** Who holds an object, wherever that was found out. */
export interface Owner {
  text: string;
  name: string;
  owner: string;
  /** How each step is reached from the one before, from the top. */
  steps: { via: string; className: string }[];
  found: 'in the live objects' | 'in a heap snapshot';
}

export interface WhyAlive extends Owner {
  /** Null for what is no container. */
  entries: number | null;
  /** In bytes; null where a snapshot would be too dear. */
  retainedBytes: number | null;
  advice: string;
}

/** What is asked of one object: who holds it, what it holds. */
export function ownerVerbs({
  modules,
  say,
  own,
  prompts,
}: LiveHeapOptions & { modules: ModulesContainer }): Verb[] {
  const live = (target: object): LivePath | undefined => livePath(target, modules, [modules, ...own().roots]);

  const examinations = new Examinations();
  const ask = (target: object, verb: string, asked: Asked): Promise<ObjectReport> => {
    mustBeObject(target, verb);
    return examinations.of(target, { say, verb, prompts, ...asked, ...containerOf(target) });
  };

  const path = (target: object, asked: Asked = {}): Promise<Owner | null> => {
    mustBeObject(target, 'path');
    const here = live(target);
    if (here) return Promise.resolve(ownerOf(here));
    say('no provider holds it in its properties: a heap snapshot tells');
    return ask(target, 'path', asked).then((report) => pathIn(report));
  };

  const showPath = (target: object, file = 'path.svg', asked: Asked = {}): Promise<string> => {
    mustBeObject(target, 'showPath');
    const here = live(target);
    if (here) return draw(file, drawLivePath(here));
    return ask(target, 'showPath', asked).then((report) => {
      const { drawings } = report;
      if (drawings.path && pathIn(report)) return draw(file, drawings.path);
      throw new Problem('LEAK_LAB_CONSOLE', 'nothing holds it: there is no path to draw');
    });
  };

  /** What a snapshot tells; undefined where it would be too dear, and the owner is known without. */
  const askIfCheap = (target: object, known: boolean, asked: Asked): Promise<ObjectReport | undefined> => {
    try {
      return ask(target, 'whyAlive', asked);
    } catch (error) {
      if (!known || !(error instanceof Problem) || error.code !== 'LEAK_LAB_TOO_EXPENSIVE') throw error;
      say(error.message);
      return Promise.resolve(undefined);
    }
  };

  return [
    {
      usage: 'path(x)',
      help: 'who holds a live object: the way to it from its Nest module, or its file',
      call: (target: object, asked?: Asked) =>
        path(target, asked).then((found) => (found ? printedBy(found, ({ text }) => text) : NOBODY)),
    },
    {
      usage: 'whyAlive(x)',
      help: 'path, owner, entries, retained size and advice, in one answer',
      call: (target: object, asked: Asked = {}) => {
        mustBeObject(target, 'whyAlive');
        const found = live(target);
        const here = found && ownerOf(found);
        const entries = entriesOf(target) ?? null;
        const container = found?.steps.findLast(({ object }) => entriesOf(object) !== undefined)?.object;
        const bound = censusOf(modules).find((one) => one.container === container)?.bound ?? null;
        const advice = adviceFor({ kind: container || entries !== null ? 'container' : 'objects', bound });
        return askIfCheap(target, here !== undefined, asked).then((report) => {
          const owner = here ?? (report && pathIn(report));
          if (!owner) return NOBODY;
          const retainedBytes = report?.facts.retainedBytes ?? null;
          return printedBy({ ...owner, entries, retainedBytes, advice } satisfies WhyAlive, printWhyAlive);
        });
      },
    },
    {
      usage: 'retainers(x)',
      help: 'what refers to an object, from a heap snapshot',
      call: (target: object, asked: Asked = {}) =>
        ask(target, 'retainers', asked).then(({ retainers: { list, ...rest } }) =>
          printedBy({ ...rest, list: list.filter(({ className }) => className !== STACK) }, (shown) =>
            printNeighbours(shown, 'retainers'),
          ),
        ),
    },
    {
      usage: 'references(x)',
      help: 'what an object refers to, from a heap snapshot',
      call: (target: object, asked: Asked = {}) =>
        ask(target, 'references', asked).then(({ references }) =>
          printedBy(references, (shown) => printNeighbours(shown, 'references')),
        ),
    },
    { usage: "showPath(x, 'a.svg')", help: 'the path as a picture: .svg, .png or .dot', call: showPath },
    {
      usage: "showRetainers(x, 'a.svg')",
      help: 'what refers to it, two steps far, as a picture',
      call: (target: object, file = 'retainers.svg', asked: Asked = {}) =>
        ask(target, 'showRetainers', asked).then(({ drawings }) =>
          draw(file, withoutStack(drawings.retainers)),
        ),
    },
    {
      usage: "showReferences(x, 'a.svg')",
      help: 'what it refers to, two steps far, as a picture',
      call: (target: object, file = 'references.svg', asked: Asked = {}) =>
        ask(target, 'showReferences', asked).then(({ drawings }) => draw(file, drawings.references)),
    },
  ];
}

async function draw(file: string, drawing: Drawing): Promise<string> {
  const path = resolve(file);
  await writePicture(path, drawing);
  return path;
}

function mustBeObject(target: unknown, verb: string): void {
  if ((typeof target === 'object' && target !== null) || typeof target === 'function') return;
  throw new Problem(
    'LEAK_LAB_CONSOLE',
    `${verb} wants a live object, such as largest('Map'); a ${target === null ? 'null' : typeof target} has no owner of its own: ask for the object that it is in`,
  );
}

function containerOf(target: object) {
  const entries = entriesOf(target);
  const kind = kindOf(target);
  return entries === undefined || kind === undefined
    ? {}
    : { container: { kind, entries, precision: 'exact' as const } };
}

function ownerOf(path: LivePath | NonNullable<ObjectReport['path']>): Owner {
  const { text, name, owner } = path;
  const steps = path.steps.map(({ via, className }) => ({ via: via.trim(), className }));
  return { text, name, owner, steps, found: 'origin' in path ? 'in a heap snapshot' : 'in the live objects' };
}

/** The path to the object; null where only the call that asks for it holds it, on the stack. */
function pathIn({ path }: ObjectReport): Owner | null {
  return path === null || path.text.startsWith(STACK) ? null : ownerOf(path);
}

/** The call that asks holds the object as well, and is not what was asked about. */
function withoutStack({ boxes, lines }: Drawing): Drawing {
  const roots = new Set(
    boxes.filter(({ title }) => /^\((?:Stack|GC) roots\)$/.test(title)).map(({ key }) => key),
  );
  return {
    boxes: boxes.filter(({ key }) => !roots.has(key)),
    lines: lines.filter(({ from, to }) => !roots.has(from) && !roots.has(to)),
  };
}

function printWhyAlive({ text, owner, entries, retainedBytes, advice }: WhyAlive): string {
  return [
    text,
    `  owner     ${owner}`,
    ...(entries === null ? [] : [`  entries   ${formatCount(entries)}`]),
    ...(retainedBytes === null ? [] : [`  retained  ${formatBytes(retainedBytes)}`]),
    `  advice    ${advice}`,
  ].join('\n');
}
