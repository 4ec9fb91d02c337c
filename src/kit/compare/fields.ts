/** Whether the value at this path, a list of keys and indices, is ignored. */
type IsIgnored = (path: readonly string[]) => boolean;

/** A path such as `time`, `user.seen`, `items[].id`, `items[0].id` or `*.updated`: `*` and `[]` stand for any step. */
export const FIELD = /^(\*|[^.[\]*]+|\[\d*\])((\.(\*|[^.[\]*]+))|\[\d*\])*$/;

export function matcherOf(fields: readonly string[]): IsIgnored {
  const paths = fields.map((field) =>
    (field.match(/[^.[\]]+|\[\d*\]/g) ?? []).map((step) => step.replaceAll(/^\[|\]$/g, '') || '*'),
  );
  return (path) =>
    paths.some(
      (steps) => steps.length === path.length && steps.every((step, at) => step === '*' || step === path[at]),
    );
}

/** A value of JSON without the ignored fields. The order of the others stays. */
export function withoutFields(value: unknown, isIgnored: IsIgnored, path: readonly string[] = []): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value)
    .filter(([key]) => !isIgnored([...path, key]))
    .map(([key, inner]) => [key, withoutFields(inner, isIgnored, [...path, key])] as const);
  return Array.isArray(value) ? kept.map(([, inner]) => inner) : Object.fromEntries(kept);
}
