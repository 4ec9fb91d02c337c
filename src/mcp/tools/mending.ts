import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { redactedJson } from '../../kit/diagnosis/index.js';
import type { FixJson } from '../../kit/fix/index.js';
import { flags } from '../flags.js';
import type { Results } from '../results.js';
import { inFolder, type Result, resultOf } from '../run-command.js';
import { type Given, type Running, type Shown, texts, type Tool, ToolError, withinBudget } from '../tool.js';

/** A question to the user shows as much of the patch as can be read in a dialogue. */
const PATCH_IN_QUESTION = 4_000;

interface Printed {
  text: string;
  digest: string;
}

/** Tools that change the author's source, when the user agrees. */
export function mendingTools(results: Results, { showData }: Shown): Tool[] {
  /** What was printed for a set of arguments, which the user sees before it is written. */
  const shown = new Map<string, Printed>();
  const fix: Tool = {
    name: 'fix',
    title: 'Write the patch for a suspect',
    description:
      'Prints the patch for the suspects of a diagnosis, in the author\'s source, or says why there is none. A patch states what it assumes, and has to pass the project\'s tests, in a copy; prove also compares the service before and after. No file changes. To apply it, call fix again with the same values and write: the user is asked. "No patch" is an answer: then follow the advice by hand.',
    takes: {
      folder: { type: 'string', description: 'the folder of the service, with its package.json' },
      diagnosis: {
        type: 'string',
        description: 'an address that diagnose gave, or a file; the last diagnosis by default',
      },
      suspect: { type: 'number', minimum: 1, description: 'the rank of the suspect; all of them by default' },
      maxEntries: {
        type: 'number',
        minimum: 1,
        description: 'the bound of a cache or a log, 1000 by default',
      },
      test: { type: 'string', description: 'the command that a patch has to pass, npm test by default' },
      noTest: { type: 'boolean', description: 'run no tests' },
      prove: { type: 'boolean', description: 'compare before and after under load; needs start and url' },
      build: { type: 'string', description: 'with prove: the command that builds the service' },
      start: {
        type: 'string',
        description: 'with prove: the command that starts the service, with {port}',
      },
      url: texts('with prove: what to request, with {port}'),
      write: {
        type: 'boolean',
        description: 'apply the patch that was printed before, when the user agrees',
      },
    },
    required: ['folder'],
    readOnly: false,
    destructive: true,
    isLong: true,
    run: async ({ write, ...asked }, running) => {
      const { diagnosis, ...given } = asked;
      const key = JSON.stringify(Object.entries(asked).toSorted(([a], [b]) => a.localeCompare(b)));
      const confirmed =
        write === true ? { write, digest: await confirmedDigest(given, shown.get(key), running) } : {};
      const { text, json } = await fixed(
        await diagnosisIn(diagnosis, results, showData),
        { ...given, ...confirmed },
        running,
      );
      const { digest, written } = JSON.parse(json) as FixJson;
      shown.clear(); // only the newest patch may be written
      if (digest !== null && !written) shown.set(key, { text, digest });
      const address = results.keep('fix', json, null);
      return `${withinBudget(text.replace('Apply with --write.', 'Call fix again with write to apply it.'), `read ${address}`)}\n\nAll of it: ${address}`;
    },
  };
  return [fix];
}

/**
 * Asks the user. The patch is made anew when it is written, so the digest says which one was agreed to.
 *
 * @throws ToolError where the user was not asked, or did not agree
 */
async function confirmedDigest(
  { folder }: Given,
  patch: Printed | undefined,
  { confirm }: Running,
): Promise<string> {
  if (patch === undefined) {
    throw new ToolError(
      'nothing was written: call fix with the same values and without write first, so that there is a patch to confirm',
    );
  }
  if (confirm === null) {
    throw new ToolError(
      'nothing was written: the user has to confirm, and this client cannot ask (it has no elicitation). Show the patch to the user, and apply it with your own tools if the user agrees',
    );
  }
  const { text, digest } = patch;
  const more = text.length - PATCH_IN_QUESTION;
  const seen = more > 0 ? `${text.slice(0, PATCH_IN_QUESTION)}\n… ${more} more characters` : text;
  if (!(await confirm(`Apply this patch to ${String(folder)}?\n\n${seen}`)))
    throw new ToolError('nothing was written: the user did not confirm. Ask the user what to change');
  return digest;
}

/** The text of a diagnosis: of this session, or of a file, whose data is hidden here. */
async function diagnosisIn(given: unknown, results: Results, showData: boolean): Promise<string> {
  const address = given === undefined ? results.newest('diagnosis') : (given as string);
  if (address === undefined)
    throw new ToolError('there is no diagnosis to mend: call diagnose first, or pass the file of one');
  if (address.startsWith('leak-lab:')) {
    const kept = results.at(address);
    if (kept === undefined) throw new ToolError(results.absent(address));
    return kept.text;
  }
  try {
    const text = await readFile(address, 'utf8');
    return showData ? text : redactedJson(text);
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'it is not JSON' : (cause as Error).message;
    throw new ToolError(`${address} cannot be read as a diagnosis: ${why}`, { cause });
  }
}

async function fixed(text: string, given: Given, running: Running): Promise<Result> {
  return inFolder(async (folder) => {
    const file = join(folder, 'diagnosis.json');
    await writeFile(file, text);
    return resultOf(['fix', file, ...flags(given)], running);
  });
}
