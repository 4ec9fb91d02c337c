import { childrenOf, descriptorsOf, threadsOf } from '../../src/kit/outside/counters.js';
import { allocatorOf } from '../../src/kit/outside/allocator.js';
import { walkOf } from '../../src/kit/outside/malloc/allocators.js';
import { parseMappings } from '../../src/kit/outside/mappings.js';
import { webAssemblyIn } from '../../src/kit/outside/memory-kinds.js';
import { procText, ProcessMemory } from '../../src/kit/outside/proc.js';

/* What this process holds outside V8, as the ledger reads it of others. */

const mappings = () => parseMappings(procText(process.pid, 'maps') ?? '');

export const threads = (): number =>
  (threadsOf(process.pid) ?? []).reduce((sum, { count }) => sum + count, 0);
export const children = (): number => childrenOf(process.pid)?.count ?? 0;
export const openFiles = (): number => descriptorsOf(process.pid)?.counts.files ?? 0;
export const sockets = (): number => descriptorsOf(process.pid)?.counts.sockets ?? 0;
export const webAssemblyMemories = (): number => webAssemblyIn(mappings()).memories;

const ATTEMPTS = 20;

/** Bytes of malloc in use. Other threads allocate meanwhile, so a walk that loses its place begins again. */
export function mallocInUse(): number {
  const memory = ProcessMemory.open(process.pid);
  const walk = walkOf(allocatorOf(mappings()));
  if (memory === null || walk === null) throw new Error('/proc/self/mem cannot be read');
  try {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const { inUseBytes, lost } = walk(memory, mappings());
      if (lost === 0) return inUseBytes;
    }
  } finally {
    memory.close();
  }
  throw new Error(`malloc was not walked to its end in ${ATTEMPTS} attempts`);
}
