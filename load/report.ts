import { existsSync } from 'node:fs';
import { access, constants, mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Problem } from '../src/kit/problem.js';
import { growthName, growthValue } from '../src/kit/outside/index.js';
import { chart, type Series } from './chart.js';
import { escape } from './escape.js';
import type { Measurement } from './measurement.js';
import { sentences } from './sentence.js';
import { type Column, columns, outsideColumns } from './table.js';

/**
 * Writes `report.html`, a self-contained page, and `samples.csv` beside it.
 *
 * @param findings for each measurement further lines, such as the first suspect
 * @returns the path of the page
 */
export async function writeReport(
  directory: string,
  measurements: Measurement[],
  findings: string[][] = [],
): Promise<string> {
  const page = join(directory, 'report.html');
  await writeFiles({
    [page]: html(measurements, findings),
    [join(directory, 'samples.csv')]: csv(measurements),
  });
  return page;
}

/**
 * Checks before the work that its result can be written to a directory. Creates nothing.
 *
 * @throws Problem LEAK_LAB_WRITE.
 */
export async function mustBeWritable(directory: string): Promise<void> {
  try {
    let folder = resolve(directory);
    while (!existsSync(folder)) folder = dirname(folder);
    await access(`${folder}/.`, constants.W_OK); // the dot: a folder, not a file
  } catch (cause) {
    throw new Problem('LEAK_LAB_WRITE', `cannot write to ${directory}: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** As `mustBeWritable`, for one file, which may exist already. */
export async function mustBeWritableFile(path: string): Promise<void> {
  if (!existsSync(path)) return mustBeWritable(dirname(path));
  try {
    await (await open(path, 'a')).close(); // leaves the file unchanged; fails for a folder
  } catch (cause) {
    throw new Problem('LEAK_LAB_WRITE', `cannot write ${path}: ${(cause as Error).message}`, { cause });
  }
}

export async function writeFiles(files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    } catch (cause) {
      throw new Problem('LEAK_LAB_WRITE', `cannot write ${path}: ${(cause as Error).message}`, { cause });
    }
  }
}

export function memoryChart(measurements: Measurement[]): string {
  const series = measurements.flatMap((one): Series[] => {
    // Named by the mode if there is one: two curves of one page must differ, even if their verdicts do not.
    const name = one.target.mode ?? (one.verdict.kind === 'leak' ? 'leaky' : 'fixed');
    const tone = name === 'leaky' ? 'leaky' : 'fixed';
    const named = one.target.mode === null ? '' : `, ${one.target.mode}`;
    return [
      {
        name: `RSS${named}`,
        tone,
        dashed: true,
        points: one.samples.map((sample) => [sample.requests, sample.rssBytes]),
      },
      {
        name: `heap${named}`,
        tone,
        points: one.samples.map((sample) => [sample.requests, sample.heapUsedBytes]),
      },
    ];
  });
  return chart(series, 'Memory by requests: resident set (dotted) and post-GC heap (solid)');
}

function html(measurements: Measurement[], findings: string[][]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>leak-lab: memory under load</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  .scroll { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
  h2 { overflow-wrap: anywhere; } h2 .note { font-size: 1rem; font-weight: normal; }
  th, td { text-align: right; padding: .25rem .5rem; border-bottom: 1px solid #8884; white-space: nowrap; }
  .verdict { font-size: 1.15rem; font-weight: 600; } .note { opacity: .75; }
</style>
<h1>Memory under load</h1>
<figure style="margin: 0">${memoryChart(measurements)}
<figcaption class="note">Solid: post-GC heap, the live bytes of the program. Dotted: resident set, the memory that the operating system reports.</figcaption></figure>
${measurements.map((one, at) => section(one, findings[at] ?? [])).join('\n')}
<p class="note">Written by leak-lab on ${new Date().toISOString()}. samples.csv beside this page has every sample.</p>
</html>
`;
}

function section(measurement: Measurement, findings: string[]): string {
  const { target, rows, problem } = measurement;
  const shown: Column[] = [...Object.values(columns), ...Object.values(outsideColumns)];
  const [verdict, ...rest] = sentences(measurement);
  return `<h2>${escape(target.mode ?? 'service')} <span class="note">${escape(target.url)}, process ${target.pid}</span></h2>
<p class="verdict">${escape(verdict!)}</p>
${[...rest, ...findings].map((text) => `<p>${escape(text)}</p>`).join('\n')}
${problem ? `<p class="verdict">Ended early: ${escape(problem.message)}</p>` : ''}
<div class="scroll"><table>
${cells(
  'th',
  shown.map((column) => column.title),
)}
${rows
  .map((row) =>
    cells(
      'td',
      shown.map((column) => column.cell(row)),
    ),
  )
  .join('\n')}
</table></div>
${outsideTable(measurement)}`;
}

/** What is outside V8's memory, each with its verdict; empty where nothing was read. */
function outsideTable({ outside: { growths } }: Measurement): string {
  if (growths.length === 0) return '';
  const body = growths.map(({ code, first, last, verdict: { kind, growthRate } }) =>
    cells('td', [
      growthName(code),
      kind,
      growthValue(code, first),
      growthValue(code, last),
      growthRate ? Number(growthRate.estimate.toPrecision(3)).toLocaleString('en') : '–',
    ]),
  );
  return `<h3>Outside V8's memory</h3>
<div class="scroll"><table>
${cells('th', ['', 'verdict', 'first', 'last', 'per request'])}
${body.join('\n')}
</table></div>`;
}

function cells(tag: 'th' | 'td', texts: string[]): string {
  return `<tr>${texts.map((text) => `<${tag}>${escape(text)}</${tag}>`).join('')}</tr>`;
}

const CSV_COLUMNS = [
  'requests',
  'vszBytes',
  'rssBytes',
  'heapUsedBytes',
  'codeBytes',
  'heapTotalBytes',
  'externalBytes',
  'arrayBuffersBytes',
  'cacheEntries',
  'nativeBytes',
] as const;
const OUTSIDE_COLUMNS = ['openFiles', 'threads', 'children', 'anonymousBytes'] as const;

function csv(measurements: Measurement[]): string {
  const lines = measurements.flatMap(({ target, samples }) =>
    samples.map((sample) =>
      [
        target.mode ?? '',
        target.pid,
        ...CSV_COLUMNS.map((column) => sample[column] ?? ''),
        ...OUTSIDE_COLUMNS.map((column) => sample.outside?.[column] ?? ''),
      ].join(','),
    ),
  );
  return [['mode', 'pid', ...CSV_COLUMNS, ...OUTSIDE_COLUMNS].join(','), ...lines, ''].join('\n');
}
