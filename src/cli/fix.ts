import { mustBeWritableFile, writeFiles } from '../../load/report.js';
import type { About } from '../command/help.js';
import { readOptions, text, toggle, type Values, whole } from '../command/options.js';
import { interruptible } from '../command/run.js';
import { StatusLine } from '../command/screen.js';
import { type Fixed, fixJson, fixSuspects, projectRoot, shownFrom } from '../kit/fix/index.js';
import { Problem } from '../kit/problem.js';
import { ScratchCopies } from '../versions/index.js';
import { PatchChecker } from './fix-check.js';
import { suspectsIn } from './fix-input.js';
import { fixScreen } from './fix-screen.js';
import { replaceFiles } from './replace-files.js';

export const fixOptions = {
  diagnosis: {
    ...text({
      default: undefined,
      placeholder: 'FILE',
      why: 'the diagnosis, as leak-lab diagnose --json writes it',
    }),
    positional: true as const,
  },
  folder: text({
    default: undefined,
    placeholder: 'DIR',
    why: 'the folder of the service’s package.json (default: the one above the current folder)',
  }),
  suspect: whole({
    default: undefined,
    min: 1,
    max: 100,
    placeholder: 'RANK',
    why: 'the suspect to mend (default: all of them)',
  }),
  maxEntries: whole({
    default: 1_000,
    min: 1,
    max: 100_000_000,
    why: 'the bound that a patch gives a cache or a log; it is written as a constant',
  }),
  test: text({
    default: undefined,
    placeholder: 'CMD',
    why: 'the shell command that a patch has to pass (default: npm test, if package.json has one)',
  }),
  noTest: toggle({ why: 'offer patches without running tests' }),
  write: toggle({ why: 'apply the patches; without it, they are only printed' }),
  json: text({ default: undefined, placeholder: 'FILE', why: 'write the patches and the reasons as JSON' }),
} as const;

export const about: About = {
  usage: 'npm run fix --',
  purpose:
    'Writes the patch for a leak that was diagnosed, or says why it writes none. A patch has to parse, compile and pass the tests of the project.',
  options: fixOptions,
  examples: ['npm run fix -- diagnosis.json', 'npm run fix -- diagnosis.json --write'],
  exits: {
    0: 'a patch was made for at least one suspect',
    1: 'no patch: each reason is printed',
    2: 'the diagnosis cannot be read, names no suspect, or is of no project here',
    130: 'interrupted; no file was changed',
  },
};

type FixSettings = Values<typeof fixOptions>;

export async function work(argv: string[]): Promise<number> {
  const settings = readOptions(fixOptions, argv);
  return interruptible(async (signal) => {
    if (settings.json) await mustBeWritableFile(settings.json);
    const suspects = await suspectsIn(settings);
    const root = projectRoot(settings.folder ?? process.cwd());
    if (root === null)
      throw new Problem(
        'LEAK_LAB_SETTINGS',
        `there is no package.json in ${settings.folder ?? process.cwd()} or above: pass the folder of the service with --folder`,
      );
    const fixed = await fixedIn(root, suspects, { settings, signal });
    signal.throwIfAborted();
    const shown = shownFrom(root);
    const written = settings.write && fixed.some((one) => 'patch' in one);
    if (written) await replaceFiles(fixed.flatMap((one) => ('patch' in one ? [one.patch] : [])));
    console.log(fixScreen(fixed, { shown, written }).join('\n'));
    if (settings.json)
      await writeFiles({
        [settings.json]: `${JSON.stringify(fixJson(fixed, { folder: root, written, shown }), null, 2)}\n`,
      });
    return fixed.some((one) => 'patch' in one) ? 0 : 1;
  });
}

interface Run {
  settings: FixSettings;
  signal: AbortSignal;
}

async function fixedIn(
  root: string,
  suspects: Awaited<ReturnType<typeof suspectsIn>>,
  { settings, signal }: Run,
): Promise<Fixed[]> {
  const status = new StatusLine();
  const copies = await ScratchCopies.of(root);
  try {
    const checker = new PatchChecker(copies, {
      root,
      test: settings.test,
      skipTest: settings.noTest,
      signal,
      onProgress: (text) => status.show(text),
    });
    return await fixSuspects(suspects, {
      root,
      maxEntries: settings.maxEntries,
      check: (patch) => checker.check(patch),
    });
  } finally {
    status.clear();
    await copies.remove();
  }
}
