import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Where a program of the operating system is; undefined where it is not installed. CI installs all that the tests
 * need, so there its absence is a mistake and no reason to skip.
 */
export function program(name: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not here
    }
  }
  if (process.env['CI'] === 'true')
    throw new Error(`${name} is not installed: see debian_packages in .ci/run`);
  return undefined;
}
