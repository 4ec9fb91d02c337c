import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { DeclinedReason, Patch } from '../kit/fix/index.js';
import { Problem } from '../kit/problem.js';
import { runStep, type ScratchCopies } from '../versions/index.js';

/** What npm writes into a package.json that has no tests. */
const NO_TESTS = /no test specified/;

interface CheckOptions {
  /** The folder of the author's package.json. */
  root: string;
  /** The test command; undefined for the project's own. */
  test: string | undefined;
  skipTest: boolean;
  signal: AbortSignal;
  onProgress: (text: string) => void;
}

/** Tries patches in one copy of the project: whether they compile as before, and pass the project's own tests. */
export class PatchChecker {
  private copy: string | undefined;
  private errorsBefore: Set<string> | undefined;

  constructor(
    private readonly copies: ScratchCopies,
    private readonly options: CheckOptions,
  ) {}

  async check(patch: Patch): Promise<DeclinedReason | null> {
    const { root, onProgress } = this.options;
    const test = await this.testCommand();
    const isTyped = existsSync(join(root, 'tsconfig.json')) && this.compiler() !== null;
    if (!isTyped && test === undefined) return null;
    this.copy ??= await this.copies.add('check');
    await this.copies.write(this.copy, patch.file, patch.after);
    try {
      if (isTyped) {
        onProgress('checking the types');
        const wrong = await this.typeErrors(patch);
        if (wrong) return wrong;
      }
      if (test === undefined) return null;
      onProgress(`running ${test}`);
      return await this.failedTests(test, patch);
    } finally {
      await this.copies.write(this.copy, patch.file, patch.before);
    }
  }

  private get folder(): string {
    return join(this.copy ?? '', relative(this.copies.root, this.options.root));
  }

  private async typeErrors(patch: Patch): Promise<DeclinedReason | null> {
    const after = await this.compilerErrors();
    if (after.size === 0) return null;
    if (this.errorsBefore === undefined) {
      await this.copies.write(this.copy ?? '', patch.file, patch.before);
      this.errorsBefore = await this.compilerErrors();
      await this.copies.write(this.copy ?? '', patch.file, patch.after);
    }
    const before = this.errorsBefore;
    const added = [...after].filter((one) => !before.has(one));
    return added.length === 0 ? null : { code: 'type-errors', count: added.length, first: added[0] ?? '' };
  }

  /** What the compiler of the project reports, without positions: a patch moves lines. */
  private async compilerErrors(): Promise<Set<string>> {
    const config = await readFile(join(this.folder, 'tsconfig.json'), 'utf8');
    const how = /"references"\s*:/.test(config) ? '-b' : '--noEmit -p .';
    const output = join(this.folder, 'leak-lab-compiler.txt'); // longer than what a step keeps of its output
    await this.ran(`'${process.execPath}' '${this.compiler() ?? ''}' ${how} --pretty false > '${output}'`);
    const lines = (await readFile(output, 'utf8')).split('\n').filter((line) => /\berror TS\d+:/.test(line));
    return new Set(lines.map((line) => line.replace(/\(\d+,\d+\)/, '')));
  }

  /** The compiler that the project has installed; null without one. */
  private compiler(): string | null {
    try {
      const manifest = createRequire(join(this.options.root, 'package.json')).resolve(
        'typescript/package.json',
      );
      return join(dirname(manifest), 'bin/tsc');
    } catch {
      return null;
    }
  }

  private async failedTests(test: string, patch: Patch): Promise<DeclinedReason | null> {
    const output = await this.ran(test);
    if (output === null) return null;
    await this.copies.write(this.copy ?? '', patch.file, patch.before);
    const code = (await this.ran(test)) === null ? 'tests-fail' : 'tests-fail-already';
    return { code, command: test, output: output.split('\n').slice(-12).join('\n') };
  }

  /** Runs a command in the copy. @returns null where it succeeds, else what it printed */
  private async ran(command: string): Promise<string | null> {
    try {
      await runStep('check', command, this.folder, this.options.signal);
      return null;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return error.message.split('\n').slice(1).join('\n');
    }
  }

  private async testCommand(): Promise<string | undefined> {
    const { root, test, skipTest } = this.options;
    if (skipTest) return undefined;
    if (test !== undefined) return test;
    const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      scripts?: Record<string, string>;
    };
    const script = manifest.scripts?.['test'];
    return script === undefined || NO_TESTS.test(script) ? undefined : 'npm test';
  }
}
