import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { hasAllPrograms } from './platform.js';

/** The path of a program of the operating system; undefined when it is not installed. @throws Error in CI on Linux */
export function program(name: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not in this folder
    }
  }
  if (hasAllPrograms) throw new Error(`${name} is not installed: run .ci/debian-packages`);
  return undefined;
}
