import { figures } from '../src/kit/memory/metrics/gauges.js';
import { requestFigures } from '../src/kit/memory/metrics/request-metrics.js';
import { table } from './tables.js';

/** The page that lists every metric, written from the code. */
export function metricsPage(): string {
  const rows = [...figures, ...requestFigures].map(({ name, type, label, help }) => [
    `\`${name}\``,
    type,
    label ? `\`${label}\`` : '',
    help,
  ]);
  return `# Metrics

What \`GET /metrics\` answers, in Prometheus' text format. Every metric also carries the tags that \`MemoryModule.register\` was given (here: the mode). Values of labels come from code, never from a request, and there are at most 100 containers.

The heap after a major collection is what a leak shows in first: it is read when V8 collects by itself, and nothing here ever makes it collect. In a busy service that is every few seconds, in an idle one hardly ever.

${table(['metric', 'type', 'label', 'meaning'], rows)}
`;
}
