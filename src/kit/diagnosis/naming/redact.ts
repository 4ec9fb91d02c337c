import type { Diagnosis, Suspect } from '../result.js';

/** A diagnosis without what the program's data shows in it: keys, and entries on the way down. */
export function redacted(diagnosis: Diagnosis): Diagnosis {
  const { verdict, notes } = diagnosis;
  return {
    ...diagnosis,
    verdict: verdict && { ...verdict, reason: withoutEntries(verdict.reason) },
    notes: notes.map(withoutEntries),
    suspects: diagnosis.suspects.map(withoutKeys),
    filling: diagnosis.filling.map(withoutKeys),
  };
}

function withoutKeys(suspect: Suspect): Suspect {
  return {
    ...suspect,
    sampleKeys: undefined,
    name: withoutEntries(suspect.name),
    path: suspect.path.map(withoutEntries),
  };
}

function withoutEntries(text: string): string {
  return text.replaceAll(/\["(?:[^"\\]|\\.)*"\]/g, '[…]');
}
