import { figures } from '../src/kit/memory/metrics/gauges.js';
import { requestFigures } from '../src/kit/memory/metrics/request-metrics.js';
import { MAX_CONTAINERS } from '../src/kit/memory/watch/container-watch.js';
import { table } from './tables.js';

/** The page that lists all metrics, generated from the code. */
export function metricsPage(): string {
  const rows = [...figures, ...requestFigures].map(({ name, type, label, help }) => [
    `\`${name}\``,
    type,
    label ? `\`${label}\`` : '',
    help,
  ]);
  return `# Metrics

The metrics of \`GET /metrics\`, in Prometheus' text format. Each metric also has the tags of \`MemoryModule.register\` as labels (in the demo service: \`mode\`). Label values come from code, never from a request, and at most ${MAX_CONTAINERS} containers are exported.

A leak shows first in the post-GC heap, \`memory_heap_after_gc_bytes\`. It is measured after each major collection that V8 does by itself; monitoring forces none (load shedding does once, before it decides to exit). A busy service is collected every few seconds, an idle one hardly ever.

${table(['metric', 'type', 'label', 'meaning'], rows)}
`;
}
