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
/** The metrics that an expression uses. */
const metricsIn = (text: string) => text.match(/\b(?:process|nodejs|memory|http_server)_\w+/g) ?? [];

it('the Grafana dashboard uses metrics that exist, and each panel has a title of its own', async () => {
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

it('the alert rules use metrics that exist', async () => {
  const rules = await readFile('ops/rules.yml', 'utf8');
  const expressions = Array.from(rules.matchAll(/expr: (?:\|\n((?: {10}.*\n)+)|(.*))/g), ([all]) => all);
  expect(expressions.length).toBe(rules.match(/- (alert|record):/g)!.length);
  expect(expressions.flatMap(metricsIn).filter((name) => !exposed.has(name))).toEqual([]);
});

describe.skipIf(!promtool)('the alert rules (skipped if promtool is not installed)', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leak-lab-ops-'));
    await cp('ops', folder, { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Runs rules.test.yml on changed rules. @returns the output of a failure; empty if all tests pass. */
  async function testRules(change: (rules: string) => string): Promise<string> {
    const rules = await readFile('ops/rules.yml', 'utf8');
    await writeFile(join(folder, 'rules.yml'), change(rules));
    return run(promtool!, ['test', 'rules', join(folder, 'rules.test.yml')]).then(
      () => '',
      ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
    );
  }

  it('are valid, as is the scrape configuration', async () => {
    const { stdout } = await run(promtool!, ['check', 'config', 'ops/prometheus.yml']);
    expect(stdout).toContain('10 rules found');
  });

  it('pass rules.test.yml', async () => {
    expect(await testRules((rules) => rules)).toBe('');
  });

  it.each([
    ['the age of the process', / +and time\(\) - process_start_time_seconds > 3600\n/, ''],
    ['the exclusion of bounded containers', / +unless memory_container_utilization_ratio\n/, ''],
    ['the five minutes that a verdict must last', /for: 5m\n/, 'for: 0m\n'],
    [
      'the quarter of an hour that a verdict on what is open must last',
      /(memory_outside_leak == 1\n +)for: 15m\n/,
      '$1for: 0m\n',
    ],
  ] as [string, string | RegExp, string][])('fail rules.test.yml without %s', async (_what, part, change) => {
    expect(await testRules((rules) => rules.replace(part, change))).toContain('FAILED');
  });
});
