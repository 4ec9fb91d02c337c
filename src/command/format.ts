/* Rounded figures for people. JSON has the exact ones. */

/** `400.3 MB`, with 1 MB = 1,000,000 bytes. */
export function size(bytes: number): string {
  const magnitude = Math.abs(bytes);
  if (magnitude < 1e3) return `${round(bytes)} B`;
  if (magnitude < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return magnitude < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

export const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

export const count = (number: number): string => Math.round(number).toLocaleString('en');

export const milliseconds = (ms: number): string => (ms < 10 ? ms.toFixed(1) : count(ms));

export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 2 * 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 48 * 3_600_000 ? `${Math.round(ms / 3_600_000)} h` : `${count(ms / 86_400_000)} days`;
}

/** Two significant digits below 100, whole numbers above: the statistics are not more exact. */
export function round(number: number): string {
  return Math.abs(number) >= 100 ? count(number) : String(Number(number.toPrecision(2)));
}
