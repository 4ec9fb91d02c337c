import type { Given } from './tool.js';

/** The flags of a command, from the values that an agent gave: `maxPauseMs` is `--max-pause-ms`. */
export function flags(given: Given): string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === false || value === undefined) return [];
    if (value === true) return [flag];
    return (Array.isArray(value) ? value : [value]).flatMap((one) => [flag, String(one)]);
  });
}
