/** The form that V8 writes (src/profiler/heap-snapshot-generator.cc), and that DevTools expects. */
export const EPHEMERON_NAME =
  /^\d+ \/ part of key \(.*? @\d+\) -> value \(.*? @\d+\) pair in WeakMap \(table @(\d+)\)$/;

/** What stands for a string that may be data: as long, and different for each, such as `x1a2.....`. */
export function hiddenText(index: number, text: string): string {
  return inEphemeron(text) ?? `x${index.toString(36)}`.slice(0, text.length).padEnd(text.length, '.');
}

/** The index of the string that such a text stands for; -1 for any other text. */
export function hiddenIndex(text: string): number {
  const [, digits] = /^x([\da-z]{1,7})\.*$/.exec(text) ?? [];
  return digits === undefined ? -1 : Number.parseInt(digits, 36);
}

/** The name of a WeakMap's edge has the names of its key and value, which may be data. */
function inEphemeron(text: string): string | null {
  if (!EPHEMERON_NAME.test(text)) return null;
  return text.replaceAll(/\((.*?) @(\d+)\)/g, (_all, name: string, id: string) =>
    name === 'table' ? `(table @${id})` : `(${'x'.repeat(name.length)} @${id})`,
  );
}
