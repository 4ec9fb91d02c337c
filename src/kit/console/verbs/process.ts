import { statSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { resolve } from 'node:path';
import { inspect } from 'node:util';
import { writeHeapSnapshot } from 'node:v8';
import type { ModulesContainer } from '@nestjs/core';
import { censusOf, type CensusEntry } from '../../census/index.js';
import { formatBytes, formatCount } from '../../heap/index.js';
import { moreLine, table } from '../../heap/print/format.js';
import { sampleOwnMemory, type Sample } from '../../process/sample.js';
import { announceCost } from '../cost.js';
import { printedBy, type Verb } from './verb.js';

interface Context {
  modules: ModulesContainer;
  notify: (note: string) => void;
}

const ROWS = 20;

/** The verbs about the process as a whole. */
export function processVerbs({ modules, notify }: Context): Verb[] {
  return [
    {
      usage: 'containers()',
      help: 'the containers of all providers, with their entries and bounds; causes no pause',
      call: () =>
        printedBy(
          censusOf(modules).toSorted((a, b) => b.entries - a.entries),
          printCensus,
        ),
    },
    {
      usage: 'memory()',
      help: 'a sample of the memory of the process',
      call: async () => printedBy(await sampleOwnMemory(), printSample),
    },
    {
      usage: 'gc()',
      help: 'forces a collection and prints what it freed',
      call: async ({ force }: { force?: boolean } = {}) => {
        announceCost('collection', { notify, verb: 'gc', force });
        const before = process.memoryUsage().heapUsed;
        await collect();
        const after = process.memoryUsage().heapUsed;
        const freed = { beforeBytes: before, afterBytes: after, freedBytes: before - after };
        return printedBy(
          freed,
          () => `heap ${formatBytes(before)} → ${formatBytes(after)}, freed ${formatBytes(before - after)}`,
        );
      },
    },
    {
      usage: 'snapshot(file)',
      help: 'writes a heap snapshot, for Chrome DevTools or leak-lab diagnose',
      call: (file: string, { force }: { force?: boolean } = {}) => {
        if (typeof file !== 'string' || !file.endsWith('.heapsnapshot'))
          throw new TypeError(
            `snapshot takes a file name that ends in .heapsnapshot, and got ${inspect(file)}: snapshot('leak.heapsnapshot')`,
          );
        announceCost('snapshot', { notify, verb: 'snapshot', force });
        const path = writeHeapSnapshot(resolve(file));
        const { size } = statSync(path);
        return printedBy({ path, bytes: size }, () => `${path}, ${formatBytes(size)}`);
      },
    },
  ];
}

/** V8 collects once nothing runs, and answers then, so `SelfInspection`, which is synchronous, cannot ask for it. */
async function collect(): Promise<void> {
  const session = new Session();
  session.connect();
  try {
    await session.post('HeapProfiler.collectGarbage');
  } finally {
    session.disconnect();
  }
}

function printCensus(entries: CensusEntry[]): string {
  const shown = entries.slice(0, ROWS);
  return (
    table<CensusEntry>(
      [
        { title: 'entries', align: 'right', cell: (one) => formatCount(one.entries) },
        {
          title: 'bound',
          align: 'left',
          cell: ({ bound }) => (bound ? `${bound.declaredBy} ${formatCount(bound.limit)}` : '–'),
        },
        { title: 'type', align: 'left', cell: ({ type }) => type },
        { title: 'name', align: 'left', cell: ({ name }) => name },
      ],
      shown,
    ) + moreLine(entries.length - shown.length, 'containers')
  );
}

function printSample(sample: Sample): string {
  const { rssBytes, heapUsedBytes, heapTotalBytes, heapLimitBytes, externalBytes } = sample;
  return table<[string, number]>(
    [
      { title: '', align: 'left', cell: ([name]) => name },
      { title: '', align: 'right', cell: ([, bytes]) => formatBytes(bytes) },
    ],
    [
      ['resident set', rssBytes],
      ['heap used', heapUsedBytes],
      ['heap total', heapTotalBytes],
      ['heap limit', heapLimitBytes],
      ['external', externalBytes],
    ],
  ).trimStart();
}
