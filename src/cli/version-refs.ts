import { text } from '../command/options.js';
import { Problem } from '../kit/problem.js';
import { type VersionCommand, Worktrees } from '../versions/index.js';

/** How a commit becomes a service that runs. */
export const buildOptions = {
  build: text({
    default: undefined,
    placeholder: 'CMD',
    example: 'npm run build',
    why: 'the shell command that builds the version of a ref, in its own copy of the repository',
  }),
  start: text({
    default: undefined,
    placeholder: 'CMD',
    why: 'the shell command that starts the version of a ref; it gets a free port as PORT, and for {port} in the command',
  }),
  install: text({
    default: undefined,
    placeholder: 'CMD',
    example: 'npm ci',
    why: 'the shell command that installs the dependencies of a ref whose lock file differs from the one here (default: npm ci, or what its lock file belongs to)',
  }),
} as const;

export const refOptions = {
  beforeRef: text({
    default: undefined,
    placeholder: 'REF',
    why: 'the git branch, tag or commit of the old version, instead of --before',
  }),
  afterRef: text({
    default: undefined,
    placeholder: 'REF',
    example: 'HEAD',
    why: 'that of the new version, instead of --after (default with --before-ref: HEAD)',
  }),
  ...buildOptions,
} as const;

export interface RefSettings {
  before: string | undefined;
  after: string | undefined;
  beforeRef: string | undefined;
  afterRef: string | undefined;
  build: string | undefined;
  start: string | undefined;
  install: string | undefined;
}

export interface Prepared {
  before: VersionCommand;
  after: VersionCommand;
  /** Removes what was made for them. */
  remove(): Promise<void>;
}

interface Running {
  signal: AbortSignal;
  onProgress: (text: string, share: number) => void;
}

/** The commands of both versions; of refs, each in a copy of the repository that is built first. */
export async function versionsOf(settings: RefSettings, running: Running): Promise<Prepared> {
  const { before, after, beforeRef } = settings;
  mustAgree(settings);
  if (beforeRef !== undefined) return refsOf(settings, beforeRef, running);
  const folder = process.cwd();
  if (before === undefined || after === undefined) throw NO_VERSIONS;
  return {
    before: { name: 'before', command: before, folder },
    after: { name: 'after', command: after, folder },
    remove: async () => {},
  };
}

const NO_VERSIONS = new Problem(
  'LEAK_LAB_SETTINGS',
  'two versions are needed: pass --before CMD and --after CMD, or --before-ref REF and --start CMD',
);

function mustAgree({ before, after, beforeRef, afterRef, start, build }: RefSettings): void {
  const refs = beforeRef !== undefined || afterRef !== undefined;
  const mistakes: [isMade: boolean, message: string][] = [
    [
      refs && (before !== undefined || after !== undefined),
      '--before and --after start versions that are there already, and refs are started with --start: pass one or the other',
    ],
    [refs && beforeRef === undefined, '--after-ref needs --before-ref, the version to compare with'],
    [refs && start === undefined, 'refs need --start CMD, the command that starts a version in its folder'],
    [!refs && (start !== undefined || build !== undefined), '--start and --build need --before-ref'],
  ];
  const mistake = mistakes.find(([isMade]) => isMade);
  if (mistake) throw new Problem('LEAK_LAB_SETTINGS', mistake[1]);
}

async function refsOf(
  { afterRef = 'HEAD', build, install, start = '' }: RefSettings,
  beforeRef: string,
  { signal, onProgress }: Running,
): Promise<Prepared> {
  const worktrees = await Worktrees.of(process.cwd());
  const remove = (): Promise<void> => worktrees.remove();
  const add = async (name: string, ref: string): Promise<VersionCommand> => ({
    name,
    command: start,
    folder: await worktrees.add(name, ref, {
      build,
      install,
      signal,
      onProgress: (text) => onProgress(`${text} (${ref})`, 0),
    }),
  });
  try {
    return { before: await add('before', beforeRef), after: await add('after', afterRef), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
