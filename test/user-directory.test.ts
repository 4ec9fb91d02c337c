import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { UserDirectory } from '../src/service/user-directory.js';

const directory = new UserDirectory({ latencyMs: 0 });
const ID = 'bef76936c7d22e98f3d7b4c7e1aeef524da4ec1b48f871926fee43c5ec071a2d';

// Pinned: a new version of Faker or of the generator may change every user, which has to be a decision.
const pinned = await directory.find(ID);

it('the directory gives the same user for the same id, whatever was looked up in between', async () => {
  const before = await directory.find('somebody');
  await directory.find('somebody else');
  expect(await directory.find('somebody')).toEqual(before);
});

it('the directory gives the user that this test has recorded', () => {
  expect(pinned).toMatchInlineSnapshot(`
    User {
      "address": "5944 Theo Crossing
    Kelvinstad, NV 89147",
      "desc": "Shemar is the data administrator behind the triple-buffered user-facing local area network. Can tell you everything about one little scaffold. Would sign the whole yarmulke for one good steak.",
      "email": "Shemar_MacGyver@gmail.com",
      "name": "Shemar MacGyver",
      "user_id": "bef76936c7d22e98f3d7b4c7e1aeef524da4ec1b48f871926fee43c5ec071a2d",
    }
  `);
});

it('the directory gives the same user in another process', async () => {
  const script = `
    const { UserDirectory } = await import('./dist/src/service/user-directory.js');
    console.log(JSON.stringify(await new UserDirectory({ latencyMs: 0 }).find(${JSON.stringify(ID)})));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(stdout.trim()).toBe(JSON.stringify(pinned));
});

it('the directory gives different users for similar ids', async () => {
  const ids = Array.from({ length: 2_000 }, (_, index) => `user-${index}`);
  const descriptions = new Set<string>();
  for (const id of ids) descriptions.add((await directory.find(id)).desc);
  expect(descriptions.size).toBe(ids.length);
});

const letters = (text: string): string => text.replaceAll(/[^a-z]/gi, '').toLowerCase();

it('the email address and the description of a user match the name', async () => {
  for (let index = 0; index < 500; index += 1) {
    const { name, email, address, desc } = await directory.find(`person ${index}`);
    const [firstName = '', lastName = ''] = name.split(' ');
    const mailbox = letters(email.replace(/@.*$/, ''));
    expect(
      mailbox.includes(letters(firstName)) || mailbox.includes(letters(lastName)),
      `${name} ${email}`,
    ).toBe(true);
    expect(address).toMatch(/^\d+ [^\n]+\n[^\n]+, [A-Z]{2} \d{5}$/);
    expect(desc).toMatch(/^(?:[A-Z][^.]+\.(?: |$)){3}$/);
    expect(desc.startsWith(firstName)).toBe(true);
  }
});

it('a look-up takes at least as long as latencyMs says', async () => {
  const start = performance.now();
  await new UserDirectory({ latencyMs: 50 }).find('somebody');
  expect(performance.now() - start).toBeGreaterThan(45);
});
