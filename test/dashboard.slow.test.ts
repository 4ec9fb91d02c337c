import { createHistogram } from 'node:perf_hooks';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRound } from '../load/round.js';
import { startService, type Service } from '../load/service.js';
import { program } from './support/programs.js';

const executablePath = program('chromium');
/** A small heap has the collector come by often enough for a verdict within a minute. */
const SMALL_HEAP = ['--max-old-space-size=80'];
const ROUND = 4_000;
/** Of what a heap of this size has room for. */
const MOST_ROUNDS = 30;

// Evaluated in the page, hence texts: here nothing is known of a document.
const shown = (page: Page) => page.evaluate<number>('Number(document.body.dataset.looks ?? 0)');
const PATIENCE = { timeout: 30_000 };
const shows = (page: Page, more: number) => expect.poll(() => shown(page), PATIENCE).toBeGreaterThan(more);

describe.skipIf(!executablePath)('the dashboard, in Chromium (skipped where it is not installed)', () => {
  let browser: Browser;
  let service: Service;
  let page: Page;
  /** Whatever the browser complains of: a blocked asset, a broken policy, an error of the page. */
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
    service = await startService(['leaky'], SMALL_HEAP);
    page = await browser.newPage({ viewport: { width: 375, height: 800 } });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('request', (request) => {
      if (!request.url().startsWith(service.url) && !request.url().startsWith('data:'))
        complaints.push(`asks for ${request.url()}`);
    });
    await page.goto(`${service.url}/dashboard`);
  });
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  it('shows the curve of the leaky service rise and the verdict change, and names the suspect', async () => {
    await shows(page, 1);
    expect(await page.textContent('#kind')).toContain('Not settled');
    const entries = () => page.textContent('tbody tr:first-child td:nth-child(3)');
    const entriesBefore = await entries();
    const kept: number[] = [];
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const load = { url: `${service.url}/users/random`, requests: ROUND, connections: 20 };
      const { signal } = new AbortController();
      expect((await sendRound({ ...load, latencies: createHistogram(), signal })).errors).toBe(0);
      // Readings of the collector count once a second: as many looks as rounds, however fast the machine.
      await shows(page, await shown(page));
      kept.push(await page.locator('circle.dot').count());
      if ((await page.textContent('#kind'))!.includes('Leak')) break;
    }
    expect(await page.textContent('#kind')).toContain('Leak');
    expect(await page.textContent('#reason')).toMatch(/Memory grew by \d+ bytes a request/);
    expect(await page.textContent('#suspect')).toContain('UsersModule › LeakyUserCache.users');
    expect(await entries()).not.toBe(entriesBefore);
    expect(kept.at(-1)).toBeGreaterThan(5);
    // What is higher on the screen has the smaller y.
    const ys = await page
      .locator('circle.dot')
      .evaluateAll((dots) => dots.map((dot) => Number(dot.getAttribute('cy'))));
    expect(ys.at(-1)).toBeLessThan(ys[0]!);
    expect(await page.locator('line.trend').count()).toBe(1);
  });

  it('fits a phone, and asks for nothing but itself', async () => {
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
    expect(complaints).toEqual([]);
  });

  it('is read by keyboard, and says what it shows', async () => {
    await page.focus('#memory');
    await page.keyboard.press('Home');
    const first = await page.textContent('#reading');
    expect(first).toMatch(/resident set \d+\.\d MB, heap in use \d+\.\d MB/);
    await page.keyboard.press('End');
    expect(await page.textContent('#reading')).not.toBe(first);
    expect(await page.getAttribute('#memory', 'aria-label')).toMatch(/resident set now \d/);
    expect(await page.locator('#kind').getAttribute('role')).toBe('status');
  });

  it('stands still while it is paused', async () => {
    await page.click('#pause');
    const before = await shown(page);
    // It goes on listening.
    await expect.poll(() => page.evaluate('points.length'), PATIENCE).toBeGreaterThan(before);
    expect(await shown(page)).toBe(before);
    await page.click('#pause');
    await shows(page, before);
  });

  it('connects again after a restart, keeps the past, and marks the restart', async () => {
    const before = await shown(page);
    const { port } = new URL(service.url);
    await service.stop();
    await expect.poll(() => page.textContent('#connection'), PATIENCE).toContain('trying');
    service = await startService(['fixed', '--port', port]);
    await expect.poll(() => page.textContent('#connection'), PATIENCE).toBe('live');
    await shows(page, before);
    expect(await page.locator('#memory line.mark').count()).toBe(1);
    expect(await page.locator('#memory line.mark + text').textContent()).toBe('now fixed');
    expect(await page.textContent('#process')).toContain('fixed');
    expect(await page.textContent('#kind')).toContain('Not settled');
  });
});
