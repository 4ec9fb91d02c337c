import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { mustBeWritableFile, writeFiles } from '../../load/report.js';
import type { About } from '../command/help.js';
import { many, readOptions, text, toggle, type Values, whole } from '../command/options.js';
import { COULD_NOT, interruptible } from '../command/run.js';
import { bar, colour, StatusLine } from '../command/screen.js';
import {
  type Comparer,
  type Comparison,
  comparisonJson,
  FIELD,
  redactedComparison,
} from '../kit/compare/index.js';
import { Problem } from '../kit/problem.js';
import { compareVersions } from '../versions/index.js';
import { comparisonMarkdown } from './comparison-markdown.js';
import { comparisonScreen } from './comparison-screen.js';
import { versionsOf, refOptions } from './version-refs.js';
import { trafficOptions, requestSource } from './version-options.js';

export const compareOptions = {
  before: text({
    default: undefined,
    placeholder: 'CMD',
    example: 'node old.js',
    why: 'the shell command that starts the old version; it gets a free port as PORT, and for {port} in the command',
  }),
  after: text({
    default: undefined,
    placeholder: 'CMD',
    example: 'node new.js',
    why: 'the shell command that starts the new version',
  }),
  ...refOptions,
  ...trafficOptions,
  ignoreField: many(
    text({
      default: undefined,
      placeholder: 'PATH',
      example: 'user.seen',
      accepts: 'a path in JSON such as time, user.seen, items[].id or *.updated',
      test: (value) => FIELD.test(value),
      why: 'a field of JSON answers that may differ; may be given several times',
    }),
    64,
  ),
  ignoreHeader: many(
    text({
      default: undefined,
      placeholder: 'NAME',
      accepts: 'the name of a header',
      test: (value) => /^[\w-]+$/.test(value),
      why: 'a header of answers that may differ; may be given several times. The date, the length and those of the connection are never compared',
    }),
    64,
  ),
  comparer: text({
    default: undefined,
    placeholder: 'FILE',
    example: 'compare.mjs',
    why: 'a module whose default export (request, before, after) => boolean decides whether two answers count as the same; status, headers and body (a Buffer) of each are given',
  }),
  maxSlowdown: whole({
    default: 50,
    min: 1,
    max: 10_000,
    placeholder: 'PERCENT',
    why: 'by how much latency and CPU time per request may rise',
  }),
  maxSeconds: whole({
    default: 40,
    min: 10,
    max: 86_400,
    placeholder: 'SECONDS',
    why: 'how long to measure while the verdict is not settled, and up to three times as long while a version has answered fewer than 20,000 requests; naming suspects takes longer',
  }),
  allowLeak: toggle({ why: 'exit with 0 where both versions leak alike' }),
  redact: toggle({ why: 'leave out what answers contain, and keys and entries, which may be personal data' }),
  json: text({ default: undefined, placeholder: 'FILE', why: 'write the comparison as JSON' }),
  markdown: text({
    default: undefined,
    placeholder: 'FILE',
    example: 'comparison.md',
    why: 'write a summary as Markdown, for the page of a pull request or a job',
  }),
} as const;

export const about: About = {
  usage: 'npm run compare --',
  purpose:
    'Starts two versions of a service, sends both the same requests, and judges the difference: memory, answers, latency and CPU time.',
  options: compareOptions,
  examples: [
    "npm run compare -- --before 'node old.js' --after 'node new.js' --url 'http://127.0.0.1:{port}/orders/{n}'",
    "npm run compare -- --before-ref main --after-ref HEAD --build 'npm run build' --start 'node dist/main.js' --url 'http://127.0.0.1:{port}/orders/{n}'",
  ],
  exits: {
    0: 'not worse: fixed, improved, or unchanged and bounded',
    1: 'worse: memory regressed, answers differ or it is too slow; or both versions leak alike',
    2: 'could not tell, or could not measure',
    130: 'interrupted',
  },
};

export type CompareSettings = Values<typeof compareOptions>;

export async function work(argv: string[]): Promise<number> {
  const settings = readOptions(compareOptions, argv);
  return interruptible(async (signal) => {
    for (const file of [settings.json, settings.markdown]) if (file) await mustBeWritableFile(file);
    const found = await compared(settings, signal);
    const comparison = settings.redact ? redactedComparison(found) : found;
    console.log(comparisonScreen(comparison, (style, line) => colour([...style], line)).join('\n'));
    await writeFiles({
      ...(settings.json && { [settings.json]: `${JSON.stringify(comparisonJson(comparison), null, 2)}\n` }),
      ...(settings.markdown && { [settings.markdown]: comparisonMarkdown(comparison) }),
    });
    return exitCode(comparison, settings.allowLeak);
  });
}

async function compared(settings: CompareSettings, signal: AbortSignal): Promise<Comparison> {
  const requests = await requestSource(settings);
  const comparer = settings.comparer === undefined ? undefined : await comparerIn(settings.comparer);
  const status = new StatusLine();
  const onProgress = (text: string, share: number): void => status.show(`${bar(share, 1)} ${text}`);
  const versions = await versionsOf(settings, { signal, onProgress });
  try {
    return await compareVersions(versions.before, versions.after, {
      requests,
      connections: settings.connections,
      startWithinMs: settings.startTimeout * 1_000,
      urls: settings.url,
      repeatsAfter: requests.repeatsAfter,
      answers: {
        ignoreFields: settings.ignoreField,
        ignoreHeaders: settings.ignoreHeader.map((name) => name.toLowerCase()),
        comparer,
      },
      mostSlowdown: 1 + settings.maxSlowdown / 100,
      limitMs: settings.maxSeconds * 1_000,
      signal,
      onProgress,
    });
  } finally {
    status.clear();
    await versions.remove();
  }
}

async function comparerIn(file: string): Promise<Comparer> {
  let found: { default?: unknown };
  try {
    found = (await import(pathToFileURL(resolve(file)).href)) as { default?: unknown };
  } catch (cause) {
    throw new Problem('LEAK_LAB_SETTINGS', `cannot load the comparer ${file}: ${String(cause)}`, { cause });
  }
  if (typeof found.default !== 'function')
    throw new Problem(
      'LEAK_LAB_SETTINGS',
      `the comparer ${file} has no default export that is a function: export default (request, before, after) => …`,
    );
  return found.default as Comparer;
}

/** Not worse is 0. Two versions that leak alike are not worse either, but a gate must not pass a leak unasked. */
export function exitCode({ verdict }: Comparison, allowLeak: boolean): number {
  if (verdict.kind === 'unsettled') return COULD_NOT;
  if (verdict.kind === 'regressed') return 1;
  return verdict.reason.code === 'same-leak' && !allowLeak ? 1 : 0;
}
