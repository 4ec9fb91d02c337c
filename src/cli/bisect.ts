import { mustBeWritableFile, writeFiles } from '../../load/report.js';
import type { RequestSource } from '../../load/request-source.js';
import type { About } from '../command/help.js';
import { readOptions, text, type Values } from '../command/options.js';
import { COULD_NOT, interruptible } from '../command/run.js';
import { bar, StatusLine } from '../command/screen.js';
import type { Suspect } from '../kit/diagnosis/index.js';
import { bisect, type Bisected, filesOf, type Step, Worktrees } from '../versions/index.js';
import { bisectJson, foundLines, stepLine } from './bisect-words.js';
import { CommitMeasurer } from './bisect-measure.js';
import { trafficOptions, requestSource } from './version-options.js';
import { buildOptions } from './version-refs.js';
import { Problem } from '../kit/problem.js';

export const bisectOptions = {
  good: text({
    default: undefined,
    placeholder: 'REF',
    example: 'v1.4.0',
    why: 'a commit that does not leak; it has to be an ancestor of --bad',
  }),
  bad: text({ default: 'HEAD', placeholder: 'REF', why: 'a commit that leaks' }),
  ...buildOptions,
  ...trafficOptions,
  json: text({ default: undefined, placeholder: 'FILE', why: 'write the steps and the result as JSON' }),
} as const;

export const about: About = {
  usage: 'npm run bisect --',
  purpose:
    'Finds the commit that began to leak: builds and measures as few commits as possible, each in a copy of the repository.',
  options: bisectOptions,
  examples: [
    "npm run bisect -- --good v1.4.0 --bad main --build 'npm run build' --start 'node dist/main.js' --url 'http://127.0.0.1:{port}/orders/{n}'",
  ],
  exits: {
    0: 'the commit was found',
    2: 'could not tell: commits were skipped, an end is not as it was said to be, or nothing could be measured',
    130: 'interrupted',
  },
};

type BisectSettings = Values<typeof bisectOptions>;

export async function work(argv: string[]): Promise<number> {
  const settings = readOptions(bisectOptions, argv);
  const { good, start, json } = settings;
  const missing = [
    ...(good === undefined ? ['--good REF, a commit that does not leak'] : []),
    ...(start === undefined ? ['--start CMD, the command that starts the service'] : []),
  ];
  if (good === undefined || start === undefined)
    throw new Problem('LEAK_LAB_SETTINGS', `bisect needs ${missing.join(' and ')}`);
  const requests = await requestSource(settings);
  return interruptible(async (signal) => {
    if (json) await mustBeWritableFile(json);
    const status = new StatusLine();
    const worktrees = await Worktrees.of(process.cwd());
    try {
      const { bisected, suspects, files } = await searched(
        { ...settings, good, start },
        { worktrees, requests, status, signal },
      );
      status.clear();
      console.log(['', ...foundLines(bisected, suspects, files)].join('\n'));
      if (json)
        await writeFiles({ [json]: `${JSON.stringify(bisectJson(bisected, suspects, files), null, 2)}\n` });
      return bisected.found ? 0 : COULD_NOT;
    } finally {
      status.clear();
      await worktrees.remove();
    }
  });
}

interface Tools {
  worktrees: Worktrees;
  requests: RequestSource;
  status: StatusLine;
  signal: AbortSignal;
}

async function searched(
  settings: BisectSettings & { good: string; start: string },
  { worktrees, requests, status, signal }: Tools,
): Promise<{ bisected: Bisected; suspects: Suspect[]; files: string[] }> {
  const { good, bad, start, build, install, connections, startTimeout } = settings;
  const measurer = new CommitMeasurer(worktrees, {
    start,
    build,
    install,
    requests,
    connections,
    startWithinMs: startTimeout * 1_000,
    urls: settings.url,
    signal,
    onProgress: (text, share) => status.show(`${bar(share, 1)} ${text}`),
  });
  const onStep = (step: Step): void => {
    status.clear();
    console.log(stepLine(step));
  };
  const { repository } = worktrees;
  const measure = (commit: string) => measurer.measure(commit);
  const bisected = await bisect({ repository, good, bad, signal, measure, onStep });
  const { suspects } = measurer;
  const { found } = bisected;
  const files = found ? await filesOf(repository, found.first.commit, found.parent.commit) : [];
  return { bisected, suspects, files };
}
