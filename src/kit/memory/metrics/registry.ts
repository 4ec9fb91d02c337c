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
 * A registry for one application. It is separate from prom-client's default registry, so that several applications in
 * one process, and other users of prom-client, do not conflict. Values are read at each scrape and not stored.
 */
export function registryOf(source: MetricsSource, tags: Record<string, string>): Registry {
  const registry = new Registry();
  registry.setDefaultLabels(tags);
  for (const figure of figures) {
    const { name, help, type, label } = figure;
    const configuration = { name, help, registers: [registry], labelNames: label ? [label] : [] };
    const metric = type === 'gauge' ? new Gauge(configuration) : new Counter(configuration);
    Object.assign(metric, {
      collect: async () => {
        const values = figure.read(await source.now());
        metric.reset();
        // Without labels a reset leaves a value of zero; an unknown value must be missing instead.
        if (!label) metric.remove();
        for (const [labelValue, value] of Array.isArray(values) ? values : [['', values] as const]) {
          if (value !== null) metric.inc(label ? { [label]: labelValue } : {}, value);
        }
      },
    });
  }
  for (const metric of requestMetrics(() => source.requests)) registry.registerMetric(metric);
  return registry;
}
