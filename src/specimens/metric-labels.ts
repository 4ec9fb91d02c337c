import { Injectable } from '@nestjs/common';
import { findOrder } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Metric label per user
 *
 * Met: requests are counted with a label for the user, or for the path as it was sent, ids included. A metrics client
 * keeps one series for each set of label values until the process ends, because the next scrape must report it. Labels
 * whose values clients choose are an unbounded Map.
 * Case: ministryofjustice/hmpps-template-typescript#364, where each prisoner's page had a path of its own;
 * authup/authup#3253, where an attacker could add series by requesting paths that do not exist.
 * Shows: the heap grows by one series per label value, times the buckets of a histogram. `/metrics` grows with it, and
 * so does the memory of the Prometheus server that reads it.
 * Fix: use labels with few values that are known beforehand: the route's pattern, the method, the class of the status.
 * The number of series is then at most the product of their numbers.
 * Cost: the metric does not say which user it was. Logs and traces do.
 */

type Labels = Record<string, string>;

/** A metrics client, reduced: one series for each set of label values, until the process ends. */
class Counter {
  private readonly series = new Map<string, { labels: Labels; value: number }>();

  inc(labels: Labels): void {
    const key = Object.entries(labels).join();
    const series = this.series.get(key);
    if (series) series.value += 1;
    else this.series.set(key, { labels, value: 1 });
  }
}

@Injectable()
export class LeakyMetricLabels extends Specimen {
  private readonly requests = new Counter();

  async handle(id: string): Promise<object> {
    const order = await findOrder(id);
    const visit = { route: '/orders/:id', customer: order.note };
    this.requests.inc(visit); // ← the bug: each customer adds a series that is never removed
    return visit;
  }
}

@Injectable()
export class FixedMetricLabels extends Specimen {
  private readonly requests = new Counter();

  async handle(id: string): Promise<object> {
    const order = await findOrder(id);
    const visit = { route: '/orders/:id', customer: order.note };
    this.requests.inc({ route: visit.route });
    return visit;
  }
}

export const metricLabels: Pair = { leaky: LeakyMetricLabels, fixed: FixedMetricLabels };
