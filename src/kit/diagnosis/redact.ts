import type { Diagnosis, Suspect } from './model/result.js';

/** A diagnosis without the program's data: without keys, and without the entries that names and paths mention. */
export function redacted(diagnosis: Diagnosis): Diagnosis {
  const { clearResult } = diagnosis;
  return {
    ...withoutEntries(diagnosis),
    suspects: diagnosis.suspects.map((suspect) => withoutKeys(suspect)),
    ruledOut: diagnosis.ruledOut.map((one) => withoutKeys(one)),
    ...(clearResult && { clearResult: withoutEntries(clearResult) }),
  };
}

function withoutKeys<S extends Suspect>(suspect: S): S {
  const shown = withoutEntries(suspect);
  delete shown.sampleKeys;
  return shown;
}

/** The same value, with `["…"]` in every string replaced by `[…]`. */
function withoutEntries<Value>(value: Value): Value {
  const json = JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'string' ? one.replaceAll(/\["(?:[^"\\]|\\.)*"\]/g, '[…]') : one,
  );
  return JSON.parse(json) as Value;
}
