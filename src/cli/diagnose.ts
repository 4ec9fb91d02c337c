import type { About } from '../command/help.js';
import { many, readOptions, text, toggle, whole } from '../command/options.js';
import { COULD_NOT, interruptible } from '../command/run.js';
import type { Diagnosis } from '../kit/diagnosis/index.js';
import { Problem } from '../kit/problem.js';
import { diagnoseSnapshots } from './diagnose-files.js';
import { mustBePresentable, outputOptions, present } from './diagnosis-output.js';
import { diagnoseLive } from './diagnose-live.js';

const isUrl = (value: string): boolean => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);

export const diagnoseOptions = {
  files: {
    ...many(
      text({
        default: undefined,
        placeholder: 'FILE',
        why: 'a heap snapshot, in place of a process; or two of one process, the earlier one first',
      }),
      2,
    ),
    positional: true,
  },
  pid: whole({
    default: undefined,
    min: 1,
    max: 2 ** 22,
    placeholder: 'PID',
    why: 'the Node process to look into (default: the one that listens at --url)',
  }),
  inspect: text({
    default: undefined,
    placeholder: 'HOST:PORT',
    accepts: 'an address of this machine such as 127.0.0.1:9229',
    test: (value) => /^(127(\.\d+){3}|localhost|\[::1\]):\d+$/.test(value),
    why: 'its inspector, where it is open already; in place of --pid',
  }),
  url: many(
    text({
      default: undefined,
      placeholder: 'URL',
      accepts: 'an address such as http://127.0.0.1:8000/users/{random}',
      test: isUrl,
      why: 'what to ask for, again and again; several take turns. {n} stands for a number that counts up, {random} for random digits',
    }),
    16,
  ),
  method: text({
    default: 'GET',
    placeholder: 'METHOD',
    test: (value) => /^[A-Z]+$/.test(value),
    accepts: 'a method such as POST',
    why: 'how to ask',
  }),
  body: text({
    default: undefined,
    placeholder: 'TEXT',
    why: 'what to send along; {n} and {random} as in --url',
  }),
  header: many(
    text({
      default: undefined,
      placeholder: 'NAME:VALUE',
      accepts: 'a header such as content-type:application/json',
      test: (value) => /^[\w-]+:/.test(value),
      why: 'a header to send along',
    }),
    16,
  ),
  requests: whole({
    default: undefined,
    min: 100,
    max: 100_000_000,
    why: 'how many, until the verdict (default: what is answered in some 20 s, 80,000 at most)',
  }),
  connections: whole({ default: 20, min: 1, max: 10_000, why: 'how many at a time' }),
  watch: whole({
    default: undefined,
    min: 10,
    max: 7 * 86_400,
    placeholder: 'SECONDS',
    why: 'send nothing and watch the traffic that is there, for so long; in place of --url',
  }),
  maxPauseMs: whole({
    default: undefined,
    min: 1,
    max: 3_600_000,
    placeholder: 'MS',
    why: 'the longest that the process may be stopped at a time, by a collection, a step of a walk or a snapshot: what would take longer is left out, and the diagnosis says so (default 8000)',
  }),
  noSnapshot: toggle({ why: 'never take a heap snapshot, whatever stays unexplained' }),
  noGc: toggle({
    why: 'force no collection for the verdict, which then takes longer and settles less often; V8 collects where scripts are listed, to name a leak',
  }),
  clearSuspect: toggle({
    why: 'ask whether the first suspect may be cleared, and measure the memory that comes back',
  }),
  yes: toggle({
    why: 'answer yes to what --clear-suspect asks: entries of the running program are then lost',
  }),
  force: toggle({ why: 'look even where the price in time or memory is too high' }),
  allowRemote: toggle({ why: 'let the URL point to another machine, which you own; needs --pid' }),
  ...outputOptions,
} as const;

export const about: About = {
  usage: 'npm run diagnose --',
  purpose:
    'Says whether a Node process leaks and names what holds the memory: its owner, the path that keeps it, and what to try.',
  options: diagnoseOptions,
  examples: [
    'npm run diagnose -- --url http://127.0.0.1:8000/users/random',
    'npm run diagnose -- --pid 4711 --watch 300 --json diagnosis.json',
    'npm run diagnose -- before.heapsnapshot after.heapsnapshot --report reports',
  ],
  exits: {
    0: 'bounded; or the snapshots were read',
    1: 'it leaks',
    2: 'it could not be told, as where only what is outside V8 grows; or not be read',
    130: 'interrupted',
  },
};

export async function work(argv: string[]): Promise<number> {
  const { files, ...settings } = readOptions(diagnoseOptions, argv);
  const isLive = settings.pid !== undefined || settings.inspect !== undefined || settings.url.length > 0;
  if (files.length === 0 && !isLive) {
    throw new Problem(
      'LEAK_LAB_SETTINGS',
      'there is nothing to diagnose: give a process with --pid or --url; or one .heapsnapshot file, or two of one process, the earlier one first',
    );
  }
  if (files.length > 0 && (isLive || settings.watch !== undefined)) {
    throw new Problem(
      'LEAK_LAB_SETTINGS',
      'files are diagnosed without a process: give either files, or --pid, --inspect, --url and --watch',
    );
  }
  return interruptible(async (signal) => {
    await mustBePresentable(settings);
    const diagnosis = await (files.length > 0
      ? diagnoseSnapshots(files, signal)
      : diagnoseLive(settings, signal));
    await present(diagnosis, settings);
    return exitCode(diagnosis);
  });
}

function exitCode({ verdict }: Diagnosis): number {
  if (verdict === null || verdict.kind === 'bounded') return 0;
  return verdict.kind === 'leak' ? 1 : COULD_NOT;
}
