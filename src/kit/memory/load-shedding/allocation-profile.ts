import type { HeapProfiler } from 'node:inspector';
import { ownSession, type InspectorSession } from '../../process/session.js';

/** Average bytes per sample: enough samples in the last megabytes before a limit, at a cost that does not show. */
const SAMPLING_BYTES = 128 * 1024;

/** V8's sampled allocation profile: the allocation sites of objects that are still alive. */
export class AllocationProfile {
  private session: InspectorSession | undefined;

  /** Does nothing if the profile is already running. */
  async start(): Promise<void> {
    if (this.session) return;
    this.session = ownSession();
    await this.session.post('HeapProfiler.startSampling', { samplingInterval: SAMPLING_BYTES });
  }

  /** @returns the profile since the start, in the format of Chrome DevTools; undefined if it was not started. */
  async stop(): Promise<HeapProfiler.SamplingHeapProfile | undefined> {
    const { session } = this;
    if (!session) return undefined;
    this.session = undefined;
    const { profile } = await session.post('HeapProfiler.stopSampling');
    await session.close();
    return profile;
  }
}
