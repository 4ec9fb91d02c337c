import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { figures } from '../src/kit/memory/metrics/gauges.js';
import { requestFigures } from '../src/kit/memory/metrics/request-metrics.js';
import { program } from './support/programs.js';

const promtool = program('promtool');
const run = promisify(execFile);

const exposed = new Set(
  [...figures, ...requestFigures].flatMap(({ name, type }) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  ),
);
/** The metrics that an expression asks for. */
const metricsIn = (text: string) => text.match(/\b(?:process|nodejs|memory|http_server)_\w+/g) ?? [];

it('the Grafana dashboard asks for metrics that exist, each expression of which Prometheus can read', async () => {
  const dashboard = JSON.parse(await readFile('ops/grafana.json', 'utf8')) as {
    panels: { title: string; targets: { expr: string }[] }[];
    annotations: { list: { expr: string }[] };
  };
  const expressions = [
    ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...dashboard.annotations.list.map(({ expr }) => expr),
  ];
  expect(expressions.length).toBeGreaterThan(10);
  for (const expression of expressions) {
    expect(metricsIn(expression), expression).not.toEqual([]);
    expect(metricsIn(expression).filter((name) => !exposed.has(name))).toEqual([]);
  }
  expect(new Set(dashboard.panels.map(({ title }) => title)).size).toBe(dashboard.panels.length);
});

it('the alerts ask for metrics that exist', async () => {
  const rules = await readFile('ops/rules.yml', 'utf8');
  const expressions = Array.from(rules.matchAll(/expr: (?:\|\n((?: {10}.*\n)+)|(.*))/g), ([all]) => all);
  expect(expressions.length).toBe(rules.match(/- (alert|record):/g)!.length);
  expect(expressions.flatMap(metricsIn).filter((name) => !exposed.has(name))).toEqual([]);
});

describe.skipIf(!promtool)('the alerts (skipped where promtool is not installed)', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leak-lab-ops-'));
    await cp('ops', folder, { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Runs the rules' own tests on rules that were changed. @returns what failed */
  async function testRules(change: (rules: string) => string): Promise<string> {
    const rules = await readFile('ops/rules.yml', 'utf8');
    await writeFile(join(folder, 'rules.yml'), change(rules));
    return run(promtool!, ['test', 'rules', join(folder, 'rules.test.yml')]).then(
      () => '',
      ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
    );
  }

  it('and the scrape config are valid', async () => {
    const { stdout } = await run(promtool!, ['check', 'config', 'ops/prometheus.yml']);
    expect(stdout).toContain('6 rules found');
  });

  it('notice what they must and nothing else', async () => {
    expect(await testRules((rules) => rules)).toBe('');
  });

  it.each([
    ['takes a deployment for growth', / +and time\(\) - process_start_time_seconds > 3600\n/, ''],
    ['blames a container that fills', / +unless memory_container_utilization_ratio\n/, ''],
    ['does not wait for a verdict to last', /for: 5m\n/, 'for: 0m\n'],
  ] as [string, string | RegExp, string][])(
    'whose change %s fail their tests',
    async (_what, part, change) => {
      expect(await testRules((rules) => rules.replace(part, change))).toContain('FAILED');
    },
  );
});
