import { abortSignals } from './abort-signals.js';
import { asyncContext } from './async-context.js';
import { auditLog } from './audit-log.js';
import { bufferPool } from './buffer-pool.js';
import { childProcesses } from './child-processes.js';
import { fileHandles } from './file-handles.js';
import { finalizers } from './finalizers.js';
import { inFlight } from './in-flight.js';
import { lazyTtl } from './lazy-ttl.js';
import { listeners } from './listeners.js';
import { metricLabels } from './metric-labels.js';
import type { PatternName } from './names.js';
import { offlineQueue } from './offline-queue.js';
import { promiseRace } from './promise-race.js';
import { requestScope } from './request-scope.js';
import { sharedBuffers } from './shared-buffers.js';
import { sharedScope } from './shared-scope.js';
import { slicedStrings } from './sliced-strings.js';
import type { Pair } from './specimen.js';
import { subscriptions } from './subscriptions.js';
import { timers } from './timers.js';
import { tlsContexts } from './tls-contexts.js';
import { udpSockets } from './udp-sockets.js';
import { unboundedMap } from './unbounded-map.js';
import { unequalKeys } from './unequal-keys.js';
import { wasmMemory } from './wasm-memory.js';
import { weakRefs } from './weak-refs.js';
import { workerThreads } from './worker-threads.js';
import { zlibStreams } from './zlib-streams.js';

/** The pair of every pattern, in the order of `patternNames`. */
export const pairs: Record<PatternName, Pair> = {
  'unbounded-map': unboundedMap,
  'in-flight': inFlight,
  listeners,
  'abort-signals': abortSignals,
  timers,
  'shared-scope': sharedScope,
  'promise-race': promiseRace,
  finalizers,
  'weak-refs': weakRefs,
  'async-context': asyncContext,
  subscriptions,
  'request-scope': requestScope,
  'metric-labels': metricLabels,
  'buffer-pool': bufferPool,
  'sliced-strings': slicedStrings,
  'audit-log': auditLog,
  'offline-queue': offlineQueue,
  'unequal-keys': unequalKeys,
  'lazy-ttl': lazyTtl,
  'worker-threads': workerThreads,
  'child-processes': childProcesses,
  'file-handles': fileHandles,
  'udp-sockets': udpSockets,
  'zlib-streams': zlibStreams,
  'tls-contexts': tlsContexts,
  'shared-buffers': sharedBuffers,
  'wasm-memory': wasmMemory,
};
