import { describe, expect, it } from 'vitest';
import { judgeSamples } from '../src/kit/diagnosis/measure/measure.js';
import { growthOutsideV8, triageOf } from '../src/kit/diagnosis/measure/triage.js';
import { steppedGrowth, unevenGrowth } from '../src/kit/diagnosis/measure/uneven-growth.js';
import type { Measured } from '../src/kit/diagnosis/model/context.js';
import { measuredOf } from './support/samples.js';

/** 0.2 MB per round, and 6 MB at every eighth, where a table doubles. */
const doubling = (round: number) => ({ heap: 0.2 * round + 6 * Math.floor(round / 8) });

describe('uneven growth', () => {
  it('of a table that doubles is its average rate, where the slope alone is unsettled', () => {
    const measured = measuredOf(24, doubling);
    expect(measured.verdict.kind).toBe('unsettled');
    expect(unevenGrowth(measured)).toBeCloseTo((19 * 0.2 + 18) * (1e6 / 9_500), -1);
  });

  it('is none where memory falls by more than a tenth of what it gained', () => {
    const measured = measuredOf(24, (round) => ({ heap: doubling(round).heap - (round >= 20 ? 6 : 0) }));
    expect(unevenGrowth(measured)).toBeNull();
  });

  it('is none where the last third grows by less than half of the average', () => {
    expect(unevenGrowth(measuredOf(24, (round) => ({ heap: 10 * (1 - Math.exp(-round / 5)) })))).toBeNull();
  });

  it('is none of a verdict that is settled, or of too few samples', () => {
    expect(unevenGrowth(measuredOf(24, (round) => ({ heap: round })))).toBeNull();
    expect(unevenGrowth(measuredOf(9, doubling))).toBeNull();
  });
});

/** A table of numbers doubles after so many rounds, to so many megabytes. */
const tableOfNumbers = (round: number) => ({
  heap: 0.33 * 2 ** Math.floor(Math.log2(Math.max(1, round / 8))),
});

/** The same, emptied once at a reading. */
const emptied = (round: number) => ({ heap: tableOfNumbers(round).heap - (round === 26 ? 0.1 : 0) });

describe('growth in a step', () => {
  it('is that of a table that doubles, although the slope between two steps is bounded', () => {
    for (const rounds of [24, 28, 31]) {
      const measured = measuredOf(rounds, tableOfNumbers);
      expect(measured.verdict.kind, `${rounds} rounds`).toBe('bounded');
      expect(steppedGrowth(measured), `${rounds} rounds`).toBeGreaterThan(20);
    }
  });

  it('is none where memory fell by more than a tenth of it', () => {
    expect(measuredOf(31, emptied).verdict.kind).toBe('bounded');
    expect(steppedGrowth(measuredOf(31, emptied))).toBeNull();
  });

  it('is none of what rose once in the first half, of noise, or of a leak', () => {
    expect(steppedGrowth(measuredOf(24, (round) => ({ heap: round > 7 ? 1 : 0 })))).toBeNull();
    expect(steppedGrowth(measuredOf(24, () => ({})))).toBeNull();
    expect(steppedGrowth(measuredOf(24, (round) => ({ heap: round })))).toBeNull();
  });
});

/** 20 rounds of so many seconds, with memory that grows by so many bytes a second. */
function bySeconds(seconds: number, bytesPerSecond: number): Measured['samples'] {
  const { samples } = measuredOf(20, (round) => ({ heap: (round * seconds * bytesPerSecond) / 1e6 }));
  for (const [round, sample] of samples.entries()) sample.work = round * seconds;
  return samples;
}

describe('measured by seconds', () => {
  it('a leak of 29 kB a second is not bounded after ten seconds, and a leak after a minute', () => {
    expect(judgeSamples(bySeconds(0.5, 29_000), 'second')).toMatchObject({
      kind: 'unsettled',
      reason: { code: 'too-little-work', neededWork: 98 },
    });
    expect(judgeSamples(bySeconds(3, 29_000), 'second').kind).toBe('leak');
  });

  it('memory that does not grow is bounded after two minutes, and not before', () => {
    expect(judgeSamples(bySeconds(3, 0), 'second').kind).toBe('unsettled');
    expect(judgeSamples(bySeconds(6, 0), 'second').kind).toBe('bounded');
  });
});

describe('triage', () => {
  it.each([
    ['heap', { heap: 1 }],
    ['array buffers', { buffers: 1 }],
    ['external', { external: 1 }],
  ] as const)('says that %s grows, by the second half of the samples', (grows, perRound) => {
    const [[kind, rate]] = Object.entries(perRound) as [[string, number]];
    const triage = triageOf(
      measuredOf(20, (round) => ({ [kind]: rate * round })),
      'V8',
    );
    expect(triage.grows).toBe(grows);
    expect(triage.rssBytes).toBeCloseTo(10e6, -3);
    expect(triage.heapBytes + triage.arrayBuffersBytes + triage.externalBytes).toBeCloseTo(10e6, -3);
  });

  it('says that nothing grows where nothing is to be explained', () => {
    expect(
      triageOf(
        measuredOf(20, () => ({})),
        null,
      ),
    ).toMatchObject({ grows: 'nothing', heapBytes: 0 });
  });
});

describe('growth outside V8', () => {
  it('is unsettled, with its rate, where live bytes are bounded and the resident set grows steadily', () => {
    const outside = growthOutsideV8(
      measuredOf(40, (round) => ({ rss: 3 * round })),
      'request',
    );
    expect(outside).toMatchObject({ kind: 'unsettled', confidence: 0, reason: { code: 'grows-outside-v8' } });
    expect(outside!.growthRate!.estimate).toBeCloseTo(6_000, -1);
  });

  it('is not reported below the slack that the resident set has of its own', () => {
    expect(
      growthOutsideV8(
        measuredOf(40, (round) => ({ rss: round })),
        'request',
      ),
    ).toBeNull();
  });

  it('is not asked for where live bytes grow', () => {
    expect(
      growthOutsideV8(
        measuredOf(40, (round) => ({ heap: round, rss: 3 * round })),
        'request',
      ),
    ).toBeNull();
  });
});
