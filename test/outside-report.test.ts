import { expect, it } from 'vitest';
import { page } from '../src/cli/diagnosis-page.js';
import { screen } from '../src/cli/diagnosis-screen.js';
import { type Diagnosis, diagnosisJson } from '../src/kit/diagnosis/index.js';
import type { NativeBlocks } from '../src/kit/diagnosis/model/result.js';
import { redacted, redactedJson } from '../src/kit/diagnosis/redact.js';
import type { RetainedBy } from '../src/kit/outside/index.js';
import { aDiagnosis } from './support/diagnoses.js';

const withLedger: Diagnosis = {
  ...aDiagnosis(),
  outside: {
    memory: [{ kind: 'malloc', firstRssBytes: 2e6, lastRssBytes: 24e6, lastPssBytes: 23e6 }],
    readings: [0, 1_000, 2_000].map((work) => ({
      work,
      rssBytes: { 'v8-heap': 30e6, libraries: 20e6, malloc: 2e6 + 11_000 * work, 'thread-stacks': 1e5 },
    })),
    malloc: {
      first: { inUseBytes: 2e6, freeBytes: 1e6, blocks: 10 },
      last: { inUseBytes: 22e6, freeBytes: 2e6, blocks: 900 },
    },
    growths: [
      { code: 'files', first: 20, last: 8_020, kind: 'leak', perWork: { estimate: 1, low: 1, high: 1 } },
      { code: 'pipes', first: 11, last: 11, kind: 'bounded', perWork: { estimate: 0, low: 0, high: 0 } },
    ],
  },
};

it('the screen says in a sentence what grew outside the heap', () => {
  const text = screen(withLedger).join(' ');
  expect(text).toContain("Outside V8's heap: open files 20 to 8,020. Of malloc, 22.0 MB are in use");
  expect(text).not.toContain('open pipes');
});

const blocks = (some: Partial<NativeBlocks>): NativeBlocks => ({
  blockBytes: 64,
  perWork: 1,
  bytesPerWork: 64,
  type: null,
  contains: null,
  pointsTo: null,
  sampleText: null,
  retainedBy: null,
  ...some,
});
const inNode = (name: string) => ({ name, library: 'node' });
const held: RetainedBy = { by: 'javascript', share: 1, library: null, through: [] };
const hash = { blockBytes: 80, type: inNode('node::crypto::Hash') };

function withBlocks(nativeBlocks: NativeBlocks[]): Diagnosis {
  const [suspect] = aDiagnosis().suspects;
  return { ...withLedger, suspects: [{ ...suspect!, nativeBlocks }] };
}

const inMalloc = (diagnosis: Diagnosis): string =>
  screen(diagnosis)
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .replace(/^.* in malloc/, '')
    .replace(/ (keys|advice) .*$/, '')
    .trim();

it('the screen says to which object the blocks of malloc belong, and what retains it', () => {
  const diagnosis = withBlocks([
    blocks({ blockBytes: 224, bytesPerWork: 224, retainedBy: { ...held, through: [hash] } }),
    blocks({ ...hash, bytesPerWork: 80, retainedBy: held }),
    blocks({ ...hash, blockBytes: 96, perWork: 0, bytesPerWork: 0 }), // too few to look at
  ]);
  expect(inMalloc(diagnosis)).toBe(
    'node::crypto::Hash and what it points to: 2 blocks (of 224, 80, 96 B), 304 B per request; retained by objects of JavaScript',
  );
});

it('the screen says no more than the size of blocks that no symbol names, and that lost ones are lost', () => {
  const diagnosis = withBlocks([
    blocks({ blockBytes: 1_008, bytesPerWork: 1_008, retainedBy: { ...held, by: 'nobody' } }),
    blocks({ blockBytes: 96, perWork: 2, bytesPerWork: 192, pointsTo: inNode('TLS_method_data') }),
    blocks({ blockBytes: 128, bytesPerWork: 128, contains: inNode('node::Mutex') }),
  ]);
  expect(inMalloc(diagnosis)).toBe(
    '1 block of 1,008 B, 1.0 kB per request; no pointer to them is left, so nothing can free them 2 blocks of 96 B that point to TLS_method_data of node, 192 B per request 1 block of 128 B with an object of node::Mutex (node) inside, 128 B per request',
  );
});

it('text of blocks is shown in the screen, the page and the JSON, and in none of them once it is redacted', async () => {
  const library = { file: 'thumbs.node', variable: 'all_thumbs' };
  const retainedBy: RetainedBy = { ...held, by: 'library', library };
  const diagnosis = withBlocks([blocks({ sampleText: 'customer@example.org', retainedBy })]);
  expect(inMalloc(diagnosis)).toContain('text such as "customer@example.org", 64 B');
  expect(inMalloc(diagnosis)).toContain('retained by all_thumbs of thumbs.node');
  for (const one of [diagnosis, redacted(diagnosis)]) {
    const all = [screen(one).join(), await page(one, new Date(0)), JSON.stringify(diagnosisJson(one))];
    expect(all.map((text) => text.includes('customer@example'))).toEqual(all.map(() => one === diagnosis));
  }
  expect(redactedJson(JSON.stringify(diagnosisJson(diagnosis)))).not.toContain('customer@example');
});

it('the page has the whole ledger as tables', async () => {
  const html = await page(withLedger, new Date(0));
  expect(html).toContain('<td>open files</td><td>leak</td><td class="number">20</td>');
  expect(html).toContain('<td>open pipes</td><td>bounded</td>');
  expect(html).toMatch(/<td>malloc<\/td><td class="number">2.0 MB<\/td><td class="number">24.0 MB<\/td>/);
});

it('the page draws the resident set by kind as a stack: what grew most on top, and what is small as one layer', async () => {
  const html = await page(withLedger, new Date(0));
  const [, svg = ''] = /(<svg class="chart stack"[^]*?<\/svg>)/.exec(html) ?? [];
  const names = Array.from(svg.matchAll(/text-anchor="start">([^<]+)</g), ([, text]) => text);
  expect(names).toEqual([
    'the rest',
    '100.0 kB (+0 B)',
    "V8's heap",
    '30.0 MB (+0 B)',
    'libraries',
    '20.0 MB (+0 B)',
    'malloc',
    '24.0 MB (+22.0 MB)',
  ]);
  // The upper edge of each layer is the lower edge of the next.
  const edges = Array.from(svg.matchAll(/<path [^>]*d="M([^Z]+)Z"/g), ([, points = '']) =>
    points.split('L').map((point) => Number(point.split(',')[1])),
  );
  expect(edges).toHaveLength(4);
  for (const [at, layer] of edges.entries()) {
    const below = at === 0 ? null : edges[at - 1]!.slice(0, 3);
    if (below) expect(layer.slice(3).toReversed()).toEqual(below);
  }
});

it('the page has no stack where the resident set was read once or never', async () => {
  const outside = { ...withLedger.outside!, readings: withLedger.outside!.readings.slice(0, 1) };
  expect(await page({ ...withLedger, outside }, new Date(0))).not.toContain('chart stack');
});
