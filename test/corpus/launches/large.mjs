// Three gigabytes of data that stays, and a service beside it.
globalThis.data = Array.from({ length: 3_000 }, (_, at) =>
  Array.from({ length: 16_000 }, (_, row) => ({ at, row, tag: row % 7 })),
);
await import('./orders.mjs');
