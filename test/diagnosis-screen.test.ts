import { describe, expect, it } from 'vitest';
import { screen } from '../src/cli/diagnosis-screen.js';
import { redacted } from '../src/kit/diagnosis/index.js';
import { aDiagnosis, aFillingCache, aSuspect } from './support/diagnoses.js';

const text = (...args: Parameters<typeof screen>): string => screen(...args).join('\n');

describe('the screen of a diagnosis', () => {
  it('shows verdict, interval, suspect, share, retaining path, allocation site, keys and advice', () => {
    const shown = text(aDiagnosis());
    expect(shown).toMatch(/^LEAK, 99\.9 % sure\nMemory grew by 483 bytes per request \(481 to 485\)/);
    expect(shown).toContain('1. UsersModule › LeakyUserCache.users (Map, 100,002 entries)\n');
    expect(shown).toContain('   97 % of the growth, 48.4 MB retained, 1 entry and 469 B per request\n');
    expect(shown).toContain(
      '   retained by  AppModule\n                └ UsersModule\n                  └ LeakyUserCache\n',
    );
    expect(shown).toContain('   allocated at src/users.service.ts:34:12  load\n');
    expect(shown).toContain('   keys         "af01" "be22"\n');
    expect(shown).toMatch(/ {3}advice {7}Entries are added and never removed\./);
    expect(shown).toContain('\nThe other 3.0 % of the growth is not explained.');
  });

  it('uses the singular when the rate is rounded to one entry per request', () => {
    const [suspect] = aDiagnosis().suspects;
    const shown = text(aDiagnosis({ suspects: [{ ...suspect!, entriesPerWork: 0.998 }] }));
    expect(shown).toMatch(/retained, 1 entry and 469 B per request/);
  });

  it('fits 80 columns', () => {
    for (const line of screen(aDiagnosis())) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('shows the first step and the last steps of a long path', () => {
    const path = Array.from({ length: 16 }, (_, at) => `.step${at} (Class)`);
    const shown = text(aDiagnosis({ suspects: [aSuspect({ path })] }));
    expect(shown).toMatch(/retained by {2}\.step0 \(Class\)\n +└ … 10 steps …\n +└ \.step11 \(Class\)/);
    expect(shown).toContain('└ .step15 (Class)');
    expect(shown).not.toContain('.step5 ');
  });

  it('lists a filling cache as ruled out, with its bound', () => {
    const verdict = { ...aDiagnosis().verdict!, kind: 'bounded' as const };
    const shown = text(aDiagnosis({ verdict, suspects: [], ruledOut: [aFillingCache()] }));
    expect(shown).toMatch(/^BOUNDED/);
    expect(shown).toMatch(
      /Ruled out[^]*FixedUserCache\.users \(LRUCache, 5,000 entries\): it is at 50 % of\s+its bound, max \(10,000\)/,
    );
    expect(shown).not.toContain('not explained');
  });

  it.each([
    [
      'NO GROWTH between two snapshots',
      2,
      [{ code: 'nothing-grew' as const, beforeBytes: 4e6, afterBytes: 4e6 }],
    ],
    ['GROWTH WITHOUT A KNOWN OWNER over 2 snapshots', 2, []],
    ['GROWTH WITHOUT A KNOWN OWNER over 3 snapshots', 3, []],
    [
      'NOTHING GOES ON GROWING over 3 snapshots',
      3,
      [{ code: 'growth-ended' as const, beforeBytes: 4e6, afterBytes: 4e6 }],
    ],
  ])('says %s', (said, count, notes) => {
    const target = {
      ...aDiagnosis().target,
      files: Array.from({ length: count }, (_, at) => `${at}.heapsnapshot`),
    };
    expect(text(aDiagnosis({ verdict: null, target, suspects: [], notes }))).toMatch(new RegExp(`^${said}`));
  });

  it('shows the same advice once', () => {
    const two = [aSuspect({ growthShare: 0.5 }), aSuspect({ rank: 2, growthShare: 0.4 })];
    expect(text(aDiagnosis({ suspects: two })).match(/Entries are added/g)).toHaveLength(1);
    expect(text(aDiagnosis({ suspects: two }))).toContain('   advice       As for 1.');
  });

  it('has colours only when it is given a function that adds them', () => {
    expect(text(aDiagnosis())).not.toContain('\u001B');
    expect(text(aDiagnosis(), (tone, line) => `<${tone}>${line}`)).toMatch(/^<leak>LEAK/);
  });

  it('shows no key of a redacted diagnosis', () => {
    const inside = aSuspect({
      path: ['rooms["lobby"]', 'members'],
      name: 'rooms["lobby"].members (Set, 9 entries)',
    });
    const shown = text(redacted(aDiagnosis({ suspects: [inside] })));
    expect(shown).not.toMatch(/af01|lobby/);
    expect(shown).toContain('rooms[…].members (Set, 9 entries)');
  });
});
