import { Injectable } from '@nestjs/common';
import { findOrder } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Metric label per user
 *
 * Met: requests are counted "by user" or by the path as it came, ids and all. A metrics client keeps one series for
 * each set of label values that it has seen, for the next scrape, and never drops one: labels that clients choose
 * are an unbounded Map.
 * Case: ministryofjustice/hmpps-template-typescript#364, where each prisoner's page was a path of its own;
 * authup/authup#3253, where an attacker could do the same with paths that do not exist.
 * Shows: heap, by a series a label value, times the buckets of a histogram; and on `/metrics`, which grows with it
 * and takes the Prometheus that reads it along.
 * Fix: labels with few values, known beforehand: the route's pattern, the method, the class of the status. It holds
 * because the number of series is the product of those.
 * Cost: who it was is no longer in the metric. That is what logs and traces are for.
 */

type Labels = Record<string, string>;

/** What every metrics client has inside: a series for each set of label values, until the end. */
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
    this.requests.inc(visit); // ← the bug: as many series as customers
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
