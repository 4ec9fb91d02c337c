import { afterEach, beforeEach, expect, it } from 'vitest';
import { startAgent } from './support/agent.js';
import { DIAGNOSIS, SERVICE, Shop } from './support/fix-shop.js';

let shop: Shop;
beforeEach(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.close());

it('a patch is printed first, and written only when the user has seen it and agrees', async () => {
  const asked: string[] = [];
  let agrees = false;
  const agent = await startAgent((question) => {
    asked.push(question);
    return agrees;
  });
  try {
    const given = { folder: shop.folder, diagnosis: shop.path('diagnosis.json') };
    const printed = await agent.call('fix', given);
    expect(printed).toEqual({ isError: false, text: expect.stringContaining('+const MAX_ENTRIES = 1_000;') });
    expect(printed.text).toContain('Call fix again with write to apply it.');
    expect(asked).toEqual([]);

    const other = await agent.call('fix', { ...given, maxEntries: 5, write: true });
    expect(other).toEqual({ isError: true, text: expect.stringContaining('with the same values') });
    expect(asked).toEqual([]);

    const refused = await agent.call('fix', { ...given, write: true });
    expect(refused).toEqual({ isError: true, text: expect.stringContaining('the user did not confirm') });
    expect(asked).toEqual([expect.stringContaining('+const MAX_ENTRIES = 1_000;')]);
    expect(await shop.text()).toBe(SERVICE);

    agrees = true;
    const written = await agent.call('fix', { ...given, write: true });
    expect(written).toEqual({ isError: false, text: expect.stringContaining('Written.') });
    expect(await shop.text()).toContain('const MAX_ENTRIES = 1_000;');
  } finally {
    await agent.close();
  }
});

it('a patch that became another one after it was printed is not written, and asked for anew', async () => {
  const asked: string[] = [];
  const agent = await startAgent((question) => asked.push(question) > 0);
  try {
    const given = { folder: shop.folder, diagnosis: shop.path('diagnosis.json') };
    await agent.call('fix', given);
    const changed = SERVICE.replaceAll('users', 'people');
    const diagnosis = JSON.stringify(DIAGNOSIS).replaceAll('› users', '› people');
    await shop.write({ 'users.js': changed, 'diagnosis.json': diagnosis });

    const other = await agent.call('fix', { ...given, write: true });
    expect(asked).toEqual([expect.stringMatching(/^ const users = new Map/m)]);
    expect(other.text).toMatch(/^ const people = new Map[^]*Nothing was written: these are not the patches/m);
    expect(await shop.text()).toBe(changed);

    await agent.call('fix', { ...given, write: true });
    expect(asked).toEqual([expect.anything(), expect.stringMatching(/^ const people = new Map/m)]);
    expect(await shop.text()).toMatch(/^const MAX_ENTRIES = 1_000;$/m);
  } finally {
    await agent.close();
  }
});

it('a client that cannot ask its user gets the patch, and writes nothing', async () => {
  const agent = await startAgent();
  try {
    const given = { folder: shop.folder, diagnosis: shop.path('diagnosis.json') };
    await agent.call('fix', given);
    expect(await agent.call('fix', { ...given, write: true })).toEqual({
      isError: true,
      text: expect.stringContaining('this client cannot ask'),
    });
    expect(await shop.text()).toBe(SERVICE);
  } finally {
    await agent.close();
  }
});
