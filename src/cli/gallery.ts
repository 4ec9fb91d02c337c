import { measure } from '../../load/measure.js';
import type { Measurement } from '../../load/measurement.js';
import { mustBeWritableFile, writeFiles } from '../../load/report.js';
import { startService } from '../../load/service.js';
import { openTarget } from '../../load/target.js';
import { whyNoAddon, withAddon } from '../addon/build.js';
import { startAddonService } from '../addon/start.js';
import type { About } from '../command/help.js';
import { choice, many, readOptions, text, toggle, whole } from '../command/options.js';
import { COULD_NOT, interruptible } from '../command/run.js';
import { Problem } from '../kit/problem.js';
import { diagnoseOptions } from './diagnose.js';
import { diagnoseLive } from './diagnose-live.js';
import {
  ADDON,
  galleryHeader,
  galleryJudgedBy as judgedBy,
  galleryLine,
  galleryNames,
  type GalleryName,
  type GalleryRow,
  galleryRowJson,
  showsIn,
} from './gallery-table.js';
import { ProgressLine } from './progress-line.js';

export const galleryOptions = {
  patterns: {
    ...many(
      choice(galleryNames, {
        default: undefined,
        placeholder: 'NAME',
        why: 'the patterns to run (default: all of them)',
      }),
      galleryNames.length,
    ),
    positional: true as const,
  },
  requests: whole({
    default: 10_000,
    min: 8_000, // fewer are mostly warm-up
    max: 1_000_000,
    why: 'the number of requests for each half; the load goes on until the verdict is settled, up to 8 times as many',
  }),
  diagnose: toggle({
    why: 'also diagnose each leaky half and print its first suspect; takes half a minute more per pattern',
  }),
  json: text({
    default: undefined,
    placeholder: 'FILE',
    why: 'write figures, verdicts and suspects as JSON',
  }),
};

export const about: About = {
  usage: 'npm run gallery --',
  purpose:
    'Runs both halves of every leak pattern under load, each in its own process, and prints their verdicts.',
  options: galleryOptions,
  examples: ['npm run gallery -- listeners timers', 'npm run gallery -- --json gallery.json'],
  exits: {
    0: 'every leaky half is a leak, and every fixed half is bounded',
    1: 'a half has the opposite verdict',
    2: 'unsettled, or could not measure',
    130: 'interrupted',
  },
};

const CONNECTIONS = 50;
/**
 * Both halves are judged by this smallest leak, in bytes per request. V8 gains 10 to 20 bytes per request while it warms
 * up, and the smallest leak of the gallery retains hundreds; a limit between them separates the two.
 */
const SMALLEST_LEAK_BYTES = 50;
/** Where an unsettled load ends, in multiples of --requests: a verdict that is unsettled until then stays so. */
const MOST_TIMES = 8;

interface Options {
  requests: number;
  diagnose: boolean;
  signal: AbortSignal;
  /** The path of the native addon; null where it was not built. */
  addon: string | null;
}

export async function work(argv: string[]): Promise<number> {
  const { patterns, json, ...options } = readOptions(galleryOptions, argv);
  const asked = patterns.length > 0 ? patterns : galleryNames;
  const chosen = asked.filter((pattern) => pattern !== ADDON || whyNoAddon === null);
  return interruptible(async (signal) => {
    if (json) await mustBeWritableFile(json);
    printHead(chosen);
    const rows: GalleryRow[] = [];
    await withAddon(chosen.includes(ADDON), async (addon) => {
      for (const pattern of chosen) {
        const place = `${rows.length + 1}/${chosen.length} `;
        const row = await measurePair(pattern, { ...options, signal, addon }, place);
        rows.push(row);
        console.log(galleryLine(row));
      }
    });
    if (chosen.length < asked.length) console.log(`\n${ADDON} was left out: ${whyNoAddon}.`);
    if (json)
      await writeFiles({
        [json]: `${JSON.stringify(
          rows.map((row) => galleryRowJson(row)),
          null,
          2,
        )}\n`,
      });
    // Who names it wants to know of it.
    return chosen.length < patterns.length ? COULD_NOT : exitCode(rows);
  });
}

function printHead(chosen: readonly GalleryName[]): void {
  console.log(
    `A half is a leak if it grows by ${SMALLEST_LEAK_BYTES} bytes per request or more. It is bounded if such growth would have been detected.\n`,
  );
  if (chosen.some((pattern) => judgedBy(pattern) !== 'live-bytes'))
    console.log(
      'Leaks outside V8 are judged by what they leave: native memory, or the number of threads, files and the like, by more than a warm-up leaves.\n',
    );
  console.log(galleryHeader());
}

async function measurePair(pattern: GalleryName, options: Options, place: string): Promise<GalleryRow> {
  const leaky = await measureHalf(pattern, 'leaky', options, place);
  const fixed = await measureHalf(pattern, 'fixed', { ...options, diagnose: false }, place);
  return {
    pattern,
    judgedBy: judgedBy(pattern),
    showsIn: showsIn(leaky.measurement, judgedBy(pattern)),
    leaky: leaky.measurement.verdict,
    fixed: fixed.measurement.verdict,
    name: leaky.name,
  };
}

async function measureHalf(
  pattern: GalleryName,
  half: 'leaky' | 'fixed',
  { requests, diagnose, signal, addon }: Options,
  place: string,
): Promise<{ measurement: Measurement; name: string | null }> {
  const service = await startHalf(pattern, half, addon);
  const progress = new ProgressLine(`${place}${pattern}, ${half}  `);
  const grows = judgedBy(pattern);
  try {
    const { url } = service;
    const target = await openTarget({ url, pid: service.pid, signal });
    let measurement: Measurement;
    try {
      measurement = await measure(target, {
        requests,
        connections: CONNECTIONS,
        maxRequests: MOST_TIMES * requests,
        smallestLeakBytes: SMALLEST_LEAK_BYTES,
        judgedBy: grows,
        signal,
        onProgress: (now) => progress.show(now),
      });
    } finally {
      await target.release(); // before the service stops: Node does not exit while an inspector session is open
    }
    if (measurement.problem) throw new Problem(measurement.problem.code, measurement.problem.message);
    progress.clear();
    return { measurement, name: diagnose ? await nameOf(url, service.pid, signal) : null };
  } finally {
    progress.clear();
    await service.stop();
  }
}

/** A half in a process of its own, and the address at which it does its work. */
async function startHalf(
  pattern: GalleryName,
  half: 'leaky' | 'fixed',
  addon: string | null,
): Promise<{ url: string; pid: number; stop(): Promise<unknown> }> {
  if (pattern === ADDON) return startAddonService(half, addon!);
  const service = await startService([half, '--specimen', pattern]);
  return { ...service, url: `${service.url}/specimens/${pattern}/random` };
}

/** The first suspect of a diagnosis from outside; null without one. */
async function nameOf(url: string, pid: number, signal: AbortSignal): Promise<string | null> {
  const settings = readOptions(diagnoseOptions, ['--pid', String(pid), '--url', url]);
  const diagnosis = await diagnoseLive(settings, signal);
  return diagnosis.suspects[0]?.name ?? null;
}

function exitCode(rows: GalleryRow[]): number {
  if (rows.some(({ leaky, fixed }) => [leaky.kind, fixed.kind].includes('unsettled'))) return COULD_NOT;
  return rows.every(({ leaky, fixed }) => leaky.kind === 'leak' && fixed.kind === 'bounded') ? 0 : 1;
}
