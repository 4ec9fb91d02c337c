import type { About } from '../command/help.js';
import { many, readOptions, text, toggle, whole } from '../command/options.js';
import { COULD_NOT, INTERRUPTED, interruptible } from '../command/run.js';
import type { Diagnosis } from '../kit/diagnosis/index.js';
import { Problem } from '../kit/problem.js';
import { diagnoseSnapshots } from './diagnose-files.js';
import { mustBePresentable, outputOptions, present } from './diagnosis-output.js';
import { insideNetworkOf } from './enter-network.js';
import { diagnoseLive } from './diagnose-live.js';
import { isUrl, requestOptions, transportOptions } from './request-options.js';

/** A series of snapshots: each one takes seconds to read, and more tell no more. */
const MOST_FILES = 32;

export const diagnoseOptions = {
  files: {
    ...many(
      text({
        default: undefined,
        placeholder: 'FILE',
        why: 'a heap snapshot to diagnose instead of a process; or several of one process, the earliest first',
      }),
      MOST_FILES,
    ),
    positional: true,
  },
  pid: whole({
    default: undefined,
    min: 1,
    max: 2 ** 22,
    example: 4711,
    placeholder: 'PID',
    why: 'the Node process to diagnose (default: the one that listens at --url)',
  }),
  inspect: text({
    default: undefined,
    placeholder: 'HOST:PORT',
    accepts: 'an address of this machine such as 127.0.0.1:9229',
    test: (value) => /^(127(\.\d+){3}|localhost|\[::1\]):\d+$/.test(value),
    why: 'the address of an inspector that is open already; instead of --pid',
  }),
  url: many(
    text({
      default: undefined,
      placeholder: 'URL',
      example: 'http://127.0.0.1:8000/users/{random}',
      accepts: 'an address such as http://127.0.0.1:8000/users/{random}',
      test: isUrl,
      why: 'the URL to send requests to; may be given several times, and then the URLs take turns. {n} is replaced by a running number, {random} by random digits',
    }),
    16,
  ),
  ...requestOptions,
  requests: whole({
    default: undefined,
    min: 100,
    max: 100_000_000,
    example: 20_000,
    why: 'about how many requests the verdict may take; naming a suspect takes more (default: as many as are answered in about 10 s, and in 16 s for a verdict of bounded; at most 80,000)',
  }),
  connections: whole({ default: 20, min: 1, max: 10_000, why: 'the number of concurrent connections' }),
  ...transportOptions,
  watch: whole({
    default: undefined,
    min: 10,
    max: 7 * 86_400,
    example: 120,
    placeholder: 'SECONDS',
    why: 'send no load; measure under existing traffic, for at least this long until the verdict (bounded needs 100 s); naming a suspect takes about as long again; instead of --url',
  }),
  load: text({
    default: undefined,
    placeholder: 'COMMAND',
    why: 'a command of the shell that makes the process work, such as "k6 run script.js" or "npm test"; it runs again if it ends early, and is ended with the diagnosis; instead of --url, with --pid or --inspect (--watch sets the least duration, 100 s without it)',
  }),
  maxPauseMs: whole({
    default: undefined,
    min: 1,
    max: 3_600_000,
    example: 2_000,
    placeholder: 'MS',
    why: 'the longest pause that a collection, a step of the walk or a snapshot may cause; steps that would take longer are skipped and reported (default 8000)',
  }),
  noSnapshot: toggle({ why: 'take no heap snapshots, even if the walk does not explain the growth' }),
  noGc: toggle({
    why: 'do not force GC while measuring; slower and less conclusive. Listing the scripts to name a leak still makes V8 collect',
  }),
  clearSuspect: toggle({
    why: 'clear the first suspect after asking for confirmation, and measure how much memory that frees',
  }),
  yes: toggle({
    why: 'confirm --clear-suspect without asking: the running program loses the entries of the suspect',
  }),
  force: toggle({ why: 'run steps even if their pause or their memory is too expensive' }),
  allowRemote: toggle({ why: 'allow a URL on another machine that you own; needs --pid' }),
  ...outputOptions,
} as const;

export const about: About = {
  usage: 'npm run diagnose --',
  purpose:
    'Decides whether a Node process leaks memory, and names the suspects: owner, retaining path, allocation site, and advice.',
  options: diagnoseOptions,
  examples: [
    'npm run diagnose -- --url http://127.0.0.1:8000/users/random',
    'npm run diagnose -- --pid 4711 --watch 300 --json diagnosis.json',
    'npm run diagnose -- --pid 4711 --load "k6 run script.js"',
    'npm run diagnose -- before.heapsnapshot after.heapsnapshot --report reports',
    'npm run diagnose -- first.heapsnapshot second.heapsnapshot third.heapsnapshot',
  ],
  exits: {
    0: 'bounded; or the snapshots were read',
    1: 'leak',
    2: 'unsettled, or could not measure or read the input',
    130: 'interrupted; what was measured until then is reported',
  },
};

export async function work(argv: string[]): Promise<number> {
  const { files, ...settings } = readOptions(diagnoseOptions, argv);
  const isLive = settings.pid !== undefined || settings.inspect !== undefined || settings.url.length > 0;
  if (files.length === 0 && !isLive) {
    throw new Problem(
      'LEAK_LAB_SETTINGS',
      'nothing to diagnose: pass a process with --pid or --url; or one .heapsnapshot file, or several of one process, the oldest first',
    );
  }
  if (files.length > 0 && (isLive || settings.watch !== undefined)) {
    throw new Problem(
      'LEAK_LAB_SETTINGS',
      'snapshot files are diagnosed without a process: pass either files, or --pid, --inspect, --url and --watch',
    );
  }
  const inside = await insideNetworkOf(settings.pid);
  if (inside !== null) return inside;
  return interruptible(async (signal) => {
    await mustBePresentable(settings);
    const diagnosis = await (files.length > 0
      ? diagnoseSnapshots(files, settings.redact, signal)
      : diagnoseLive(settings, signal));
    await present(diagnosis, settings);
    if (!signal.aborted) return exitCode(diagnosis);
    process.stderr.write('leak-lab: interrupted\n');
    return INTERRUPTED;
  });
}

function exitCode({ verdict }: Diagnosis): number {
  if (verdict === null || verdict.kind === 'bounded') return 0;
  return verdict.kind === 'leak' ? 1 : COULD_NOT;
}
