import { attach } from '../../src/kit/process/attach.js';
import { liveBytes } from '../../src/kit/process/sample.js';
import { sampleAfterCollection } from '../../src/kit/process/remote-sample.js';

/** Live bytes of a process, after a forced collection. */
export async function liveBytesOf({ pid }: { pid: number }): Promise<number> {
  const session = await attach(pid);
  try {
    return liveBytes(await sampleAfterCollection(session, pid));
  } finally {
    await session.close();
  }
}
