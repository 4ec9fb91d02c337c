import { type GrowthCode, LedgerSeries } from '../kit/outside/index.js';
import { sampleAfterCollection } from '../kit/process/remote-sample.js';
import type { Verdict } from '../kit/verdict/index.js';
import { openVersion, type OpenOptions, type VersionCommand } from './open.js';

export interface OutsideOptions extends OpenOptions {
  /** How long to measure while the verdict is not settled. */
  limitMs: number;
  onProgress?: (text: string) => void;
}

const ROUND = 500;
/** Fewer readings are mostly warm-up. */
const FEWEST_ROUNDS = 16;

/** Starts a version, sends it load, and judges something outside V8's heap. @throws Problem as `openVersion` does */
export async function measureOutside(
  command: VersionCommand,
  code: GrowthCode,
  options: OutsideOptions,
): Promise<Verdict> {
  options.onProgress?.(`measuring the version ${command.name} outside V8's heap`);
  const opened = await openVersion(command, options);
  const { version } = opened;
  try {
    const { session, pid } = version.target;
    const ledgers = new LedgerSeries(session, pid);
    const end = Date.now() + options.limitMs;
    for (let rounds = 0; ; rounds += 1) {
      const { externalBytes } = await sampleAfterCollection(session, pid);
      await ledgers.read(rounds * ROUND, externalBytes);
      const verdict = ledgers.verdictOn(code, 'request');
      const isSettled = rounds >= FEWEST_ROUNDS && verdict.kind !== 'unsettled';
      if (isSettled || Date.now() > end) return verdict;
      options.signal.throwIfAborted();
      await version.target.mustRun();
      await version.send(rounds * ROUND, ROUND);
    }
  } finally {
    await opened.close();
  }
}
