import { spawnSync } from 'node:child_process';
import { Linter } from 'eslint';
import { beforeAll, describe, expect, it } from 'vitest';
import { probeSource } from '../src/kit/diagnosis/probe/source.js';

/** What the probe may use besides the language itself. */
const ALLOWED = ['process', 'performance', 'setTimeout', 'clearTimeout', 'require'];

let source: string;
beforeAll(async () => {
  source = await probeSource();
});

function freeVariables(code: string): string[] {
  const messages = new Linter().verify(code, {
    languageOptions: {
      ecmaVersion: 2024,
      sourceType: 'script',
      globals: Object.fromEntries(ALLOWED.map((name) => [name, 'readonly'])),
    },
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    rules: { 'no-undef': ['error', { typeof: true }] },
  });
  return messages.map(({ message }) => message);
}

/** Evaluates code in a new process. @returns the global variables that the code added */
function addedGlobals(code: string): string[] {
  const program = `
    // Node 22 and later load some of their globals when they are first read, and define symbols meanwhile.
    for (const key of Reflect.ownKeys(globalThis)) Object.getOwnPropertyDescriptor(globalThis, key);
    const before = new Set(Reflect.ownKeys(globalThis));
    globalThis.require = require;
    const probe = (0, eval)(${JSON.stringify(code)});
    delete globalThis.require;
    probe.begin({ internal: [], packages: [] });
    while (!probe.step(4).done);
    probe.endScout();
    probe.beginCapture();
    probe.endCapture();
    probe.close();
    console.log(JSON.stringify(Reflect.ownKeys(globalThis).filter((key) => !before.has(key)).map(String)));`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-'], { input: program, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as string[];
}

describe('the probe that is evaluated in a target', () => {
  it('uses the language, process, performance and timers, and no other variable', () => {
    expect(freeVariables(source)).toEqual([]);
    const planted = source.replace('const ', 'const planted = fromAnotherModule; const ');
    expect(freeVariables(planted)).toEqual(["'fromAnotherModule' is not defined."]);
  });

  it('uses no method that Node 18 lacks: a target may be older than the kit', () => {
    // Of Node 20 and later, by the release notes of V8 10.3 to 12.4.
    const newer =
      /\.(toSorted|toReversed|toSpliced|fromAsync|groupBy|withResolvers|isSubsetOf|isSupersetOf|isWellFormed)\b/;
    expect(newer.exec(source)?.[0]).toBeUndefined();
  });

  it('adds no global variable, by a walk and a capture', () => {
    expect(addedGlobals(source)).toEqual([]);
    expect(addedGlobals(`globalThis.planted = 1; ${source}`)).toEqual(['planted']);
  });
});
