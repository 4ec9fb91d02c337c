import { auditLog } from './audit-log.js';
import { listeners } from './listeners.js';
import type { SpecimenName } from './names.js';
import type { Pair } from './specimen.js';
import { timers } from './timers.js';
import { unboundedMap } from './unbounded-map.js';

/** Every pattern of the gallery. */
export const pairs: Record<SpecimenName, Pair> = {
  'unbounded-map': unboundedMap,
  listeners,
  timers,
  'audit-log': auditLog,
};
