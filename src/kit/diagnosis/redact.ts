import type { Diagnosis, Suspect } from './model/result.js';

/** A diagnosis without the program's data: without keys, text of native blocks, entries that names and paths mention, and paths of open files. */
export function redacted(diagnosis: Diagnosis): Diagnosis {
  const { clearResult } = diagnosis;
  return {
    ...withoutEntries(diagnosis),
    suspects: diagnosis.suspects.map((suspect) => withoutKeys(suspect)),
    ruledOut: diagnosis.ruledOut.map((one) => withoutKeys(one)),
    ...(clearResult && { clearResult: withoutEntries(clearResult) }),
  };
}

/** The JSON of a diagnosis without the same. */
export function redactedJson(json: string): string {
  return JSON.stringify(
    JSON.parse(json, (key, one: unknown) => {
      if (key === 'sampleKeys') return undefined;
      return key === 'sampleText' ? null : withoutEntry(one);
    }),
  );
}

function withoutKeys<S extends Suspect>(suspect: S): S {
  const shown = withoutEntries(suspect);
  delete shown.sampleKeys;
  const { nativeBlocks } = shown;
  return nativeBlocks
    ? { ...shown, nativeBlocks: nativeBlocks.map((one) => Object.assign({}, one, { sampleText: null })) }
    : shown;
}

const ENTRY = /\["(?:[^"\\]|\\.)*"\]/g;
const OPEN_FILE = /(\bmost of )"(?:[^"\\]|\\.)*"/g;

/** The same value, with `["…"]` in every string replaced by `[…]`, and the path of an open file by `[…]`. */
function withoutEntries<Value>(value: Value): Value {
  const json = JSON.stringify(value, (_, one: unknown) => withoutEntry(one));
  return JSON.parse(json) as Value;
}

const withoutEntry = (one: unknown): unknown =>
  typeof one === 'string' ? one.replaceAll(ENTRY, '[…]').replaceAll(OPEN_FILE, '$1[…]') : one;
