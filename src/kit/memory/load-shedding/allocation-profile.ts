import type { HeapProfiler } from 'node:inspector';
import { ownSession, type InspectorSession } from '../../process/session.js';

/** One sample for so many bytes: fine enough for the last megabytes before a limit, and not to be felt. */
const SAMPLING_BYTES = 128 * 1024;

/** V8's sampled allocations: where in the code was allocated what is still alive. */
export class AllocationProfile {
  private session: InspectorSession | undefined;

  get running(): boolean {
    return this.session !== undefined;
  }

  async start(): Promise<void> {
    if (this.session) return;
    this.session = ownSession();
    await this.session.post('HeapProfiler.startSampling', { samplingInterval: SAMPLING_BYTES });
  }

  /** What it has seen since it was started, in the form that Chrome DevTools load; undefined when it was not. */
  async stop(): Promise<HeapProfiler.SamplingHeapProfile | undefined> {
    const { session } = this;
    if (!session) return undefined;
    this.session = undefined;
    const { profile } = await session.post('HeapProfiler.stopSampling');
    await session.close();
    return profile;
  }
}
