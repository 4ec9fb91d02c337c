import { Counter, Gauge, Registry } from 'prom-client';
import type { MonitorSample } from '../watch/monitor-sample.js';
import type { RequestWatch } from '../watch/request-watch.js';
import { figures } from './gauges.js';
import { requestMetrics } from './request-metrics.js';

export interface MetricsSource {
  now(): Promise<MonitorSample>;
  readonly requests: RequestWatch | undefined;
}

/**
 * A registry of its own: several applications in one process, and whatever else uses prom-client there, do not meet.
 * Values are read when somebody asks; between two scrapes it holds nothing.
 */
export function registryOf(source: MetricsSource, tags: Record<string, string>): Registry {
  const registry = new Registry();
  registry.setDefaultLabels(tags);
  for (const figure of figures) {
    const { name, help, type, label } = figure;
    const about = { name, help, registers: [registry], labelNames: label ? [label] : [] };
    const metric = type === 'gauge' ? new Gauge(about) : new Counter(about);
    Object.assign(metric, {
      collect: async () => {
        const values = figure.read(await source.now());
        metric.reset();
        // Without labels a reset leaves a zero; what is not known must not be there at all.
        if (!label) metric.remove();
        for (const [of, value] of Array.isArray(values) ? values : [['', values] as const]) {
          if (value !== null) metric.inc(label ? { [label]: of } : {}, value);
        }
      },
    });
  }
  for (const metric of requestMetrics(() => source.requests)) registry.registerMetric(metric);
  return registry;
}
