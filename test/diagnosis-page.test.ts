import { describe, expect, it } from 'vitest';
import { page } from '../src/cli/diagnosis-page.js';
import { diagnosisJson, redacted } from '../src/kit/diagnosis/index.js';
import { aDiagnosis, aFillingCache, aSuspect } from './support/diagnoses.js';

const NOW = new Date('2026-01-02T03:04:05Z');
const readings = Array.from({ length: 20 }, (_, at) => ({ work: 5000 * at, bytes: 20e6 + 483 * 5000 * at }));
const withTrend = () => aDiagnosis({ trend: { unit: 'request', readings } });

/** The JSON that the page embeds. */
function figuresIn(html: string): unknown {
  return JSON.parse(/<script type="application\/json" id="diagnosis">([^]*?)<\/script>/.exec(html)![1]!);
}

describe('the page of a diagnosis', () => {
  it('has the verdict, the trend, the suspects, the path, the allocation sites and the advice', async () => {
    const html = await page(withTrend(), NOW);
    expect(html).toMatch(/<h1 class="leak">LEAK, 99\.9 % sure<\/h1>/);
    expect(html).toContain('process 4711, Node 22.23.3, http://127.0.0.1:8000/users/random');
    expect(html.match(/<circle class="dot leaky"/g)).toHaveLength(20);
    expect(html).toContain('+483 B per request');
    expect(html).toContain('UsersModule › LeakyUserCache.users (Map, 100,002 entries)');
    expect(html).toContain('97 % of the growth');
    const [picture] = /<svg role="img"[^]*?<\/svg>/.exec(html)!;
    for (const text of ['AppModule', 'UsersModule', 'LeakyUserCache', ' users', '100,002 entries · 48.4 MB'])
      expect(picture).toContain(`>${text}<`);
    expect(html).toContain('src/users.service.ts:34:12');
    expect(html).toContain('Entries are added and never removed.');
    expect(html).toContain('2026-01-02T03:04:05.000Z');
  });

  it('embeds the diagnosis as JSON, even if a key contains markup', async () => {
    const diagnosis = aDiagnosis({
      suspects: [aSuspect({ sampleKeys: ['</script><script>alert(1)', '<!--'] })],
    });
    const html = await page(diagnosis, NOW);
    expect(figuresIn(html)).toEqual(diagnosisJson(diagnosis));
    expect(html.match(/<script/g)).toHaveLength(1);
  });

  it('contains no script and loads no file', async () => {
    const html = await page(withTrend(), NOW);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(html).not.toMatch(
      /<(?:link|img|iframe|script(?! type="application\/json"))|\bon\w+=|(?:src|href)="(?!#)/,
    );
  });

  it('shows the growth between two snapshots, without a chart', async () => {
    const files = ['/tmp/a.heapsnapshot', '/tmp/b.heapsnapshot'];
    const html = await page(
      aDiagnosis({
        target: { pid: null, urls: [], files, nodeVersion: null },
        verdict: null,
        triage: null,
        suspects: [aSuspect({ gainedBytes: 1_000_000, bytesPerWork: null, entriesPerWork: null })],
        notes: [{ code: 'two-snapshots', beforeBytes: 1e6, afterBytes: 2e6 }],
      }),
      NOW,
    );
    expect(html).toContain('leak-lab diagnosis of a.heapsnapshot → b.heapsnapshot');
    expect(html).not.toContain('<svg class="chart"');
    expect(html).toContain('<td class="number">+1.0 MB</td></tr>');
  });

  it('lists a filling cache as ruled out and has no suspects when the verdict is bounded', async () => {
    const verdict = { ...aDiagnosis().verdict!, kind: 'bounded' as const };
    const html = await page(aDiagnosis({ verdict, suspects: [], ruledOut: [aFillingCache()] }), NOW);
    expect(html).toMatch(/<h1 class="bounded">BOUNDED/);
    expect(html).toMatch(/Ruled out[^]*50 % of its bound, max \(10,000\)/);
    expect(html).not.toContain('Suspects');
  });

  it('shows no key of a redacted diagnosis, neither in the text nor in the JSON', async () => {
    expect(await page(redacted(aDiagnosis()), NOW)).not.toMatch(/af01|be22/);
  });
});
