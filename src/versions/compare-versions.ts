import { type CompareOptions, compare, type Comparison } from '../kit/compare/index.js';
import { openVersion, type OpenOptions, type OpenVersion, type VersionCommand } from './open.js';

export type CompareVersionsOptions = OpenOptions & CompareOptions;

/**
 * Starts two versions of a service, compares them under the same load, and ends both.
 *
 * @throws Problem when a version does not start, ends or does not answer
 */
export async function compareVersions(
  before: VersionCommand,
  after: VersionCommand,
  options: CompareVersionsOptions,
): Promise<Comparison> {
  const opened: OpenVersion[] = [];
  try {
    // One after the other: a free port is taken before the next one is asked for.
    for (const version of [before, after]) {
      options.onProgress?.(`starting the version ${version.name}`, 0);
      opened.push(await openVersion(version, options));
    }
    const [first, second] = opened;
    if (!first || !second) throw new Error('both versions are open');
    return await compare(first.version, second.version, options);
  } finally {
    await Promise.all(opened.map((one) => one.close()));
  }
}
