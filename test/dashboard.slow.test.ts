import { createHistogram } from 'node:perf_hooks';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRound } from '../load/round.js';
import { startService, type Service } from '../load/service.js';
import { program } from './support/programs.js';

const executablePath = program('chromium');
/** V8 collects a small heap often enough for a verdict within a minute. */
const SMALL_HEAP = ['--max-old-space-size=80'];
const ROUND = 4_000;
/** More rounds would not fit into a heap of this size. */
const MAX_ROUNDS = 30;

// Expressions are evaluated in the page. They are strings, because there is no `document` in this process.
const shown = (page: Page) => page.evaluate<number>('Number(document.body.dataset.samples ?? 0)');
const POLL = { timeout: 30_000 };
const shows = (page: Page, more: number) => expect.poll(() => shown(page), POLL).toBeGreaterThan(more);

describe.skipIf(!executablePath)('the dashboard in Chromium (skipped if it is not installed)', () => {
  let browser: Browser;
  let service: Service;
  let page: Page;
  /** Problems that the browser reports: blocked resources, violations of the policy, errors of the page. */
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
    service = await startService(['leaky'], SMALL_HEAP);
    page = await browser.newPage({ viewport: { width: 375, height: 800 } });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('request', (request) => {
      if (!request.url().startsWith(service.url) && !request.url().startsWith('data:'))
        complaints.push(`requested ${request.url()}`);
    });
    await page.goto(`${service.url}/dashboard`);
  });
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  it('shows that the leaky service grows, changes the verdict to leak, and names the suspect', async () => {
    await shows(page, 1);
    expect(await page.textContent('#kind')).toContain('Unsettled');
    const entries = () => page.textContent('tbody tr:first-child td:nth-child(3)');
    const entriesBefore = await entries();
    const dots: number[] = [];
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const load = { url: `${service.url}/users/random`, requests: ROUND, connections: 20 };
      const { signal } = new AbortController();
      expect((await sendRound({ ...load, latencies: createHistogram(), signal })).errors).toBe(0);
      // At most one reading per second is stored, so each round waits for a sample, however fast the machine is.
      await shows(page, await shown(page));
      dots.push(await page.locator('circle.dot').count());
      if ((await page.textContent('#kind'))!.includes('Leak')) break;
    }
    expect(await page.textContent('#kind')).toContain('Leak');
    expect(await page.textContent('#reason')).toMatch(/Memory grew by \d+ bytes per request/);
    expect(await page.textContent('#suspect')).toContain('UsersModule › LeakyUserCache.users');
    expect(await entries()).not.toBe(entriesBefore);
    expect(dots.at(-1)).toBeGreaterThan(5);
    // In SVG a higher position has a smaller y.
    const ys = await page
      .locator('circle.dot')
      .evaluateAll((circles) => circles.map((dot) => Number(dot.getAttribute('cy'))));
    expect(ys.at(-1)).toBeLessThan(ys[0]!);
    expect(await page.locator('line.trend').count()).toBe(1);
  });

  it('fits a screen 375 pixels wide, and requests nothing from other origins', async () => {
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
    expect(complaints).toEqual([]);
  });

  it('can be read by keyboard and by a screen reader', async () => {
    await page.focus('#memory');
    await page.keyboard.press('Home');
    const first = await page.textContent('#reading');
    expect(first).toMatch(/resident set \d+\.\d MB, heap used \d+\.\d MB/);
    await page.keyboard.press('End');
    expect(await page.textContent('#reading')).not.toBe(first);
    expect(await page.getAttribute('#memory', 'aria-label')).toMatch(/resident set now \d/);
    expect(await page.locator('#kind').getAttribute('role')).toBe('status');
  });

  it('does not change while it is paused, and continues with the samples of the pause', async () => {
    await page.click('#pause');
    const before = await shown(page);
    // It still receives samples.
    await expect.poll(() => page.evaluate('points.length'), POLL).toBeGreaterThan(before);
    expect(await shown(page)).toBe(before);
    await page.click('#pause');
    await shows(page, before);
  });

  it('reconnects after a restart, keeps the earlier points, and marks the restart', async () => {
    const before = await shown(page);
    const { port } = new URL(service.url);
    await service.stop();
    await expect.poll(() => page.textContent('#connection'), POLL).toContain('reconnecting');
    service = await startService(['fixed', '--port', port]);
    await expect.poll(() => page.textContent('#connection'), POLL).toBe('live');
    await shows(page, before);
    expect(await page.locator('#memory line.mark').count()).toBe(1);
    expect(await page.locator('#memory line.mark + text').textContent()).toBe('now fixed');
    expect(await page.textContent('#process')).toContain('fixed');
    expect(await page.textContent('#kind')).toContain('Unsettled');
  });
});
