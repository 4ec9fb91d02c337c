import { expect, it } from 'vitest';
import { startService } from '../load/service.js';
import { captureThis } from '../src/kit/diagnosis/walk/capture-this.js';
import { nameOf, SourceMaps } from '../src/kit/diagnosis/naming/index.js';
import { scriptsOf } from '../src/kit/process/scripts.js';
import { openProbe } from '../src/kit/diagnosis/probe/index.js';
import { attach } from '../src/kit/process/attach.js';

const ASKED = 60;

it('a Map of a Nest provider is named by its modules, which only arrow functions of Nest refer to', async () => {
  const service = await startService(['leaky'], ['--inspect-port=0']);
  const ask = async (): Promise<void> => {
    for (let at = 0; at < ASKED; at += 1) await (await fetch(`${service.url}/users/random`)).text();
  };
  try {
    await ask();
    const session = await attach(service.pid);
    const scripts = await scriptsOf(session);
    const probe = await openProbe({ session, scripts: async () => scripts });
    if ((await probe.scout()).nestModules === 0) {
      expect(await captureThis(session, probe, ask)).toBeGreaterThan(0);
      expect((await probe.scout()).nestModules).toBeGreaterThan(1);
    }
    await probe.first();
    await ask();
    const { grown } = await probe.second();
    await probe.release();
    await session.close();
    const users = grown.find(({ route }) => route.at(-1)!.edge.name === 'users')!;
    expect(users).toMatchObject({ kind: 'Map', gained: ASKED });
    expect(
      nameOf(users.route, { scripts, maps: new SourceMaps(), sources: new Map(), folder: '' }),
    ).toMatchObject({
      owner: 'UsersModule › LeakyUserCache',
      text: 'UsersModule › LeakyUserCache.users',
      path: ['AppModule', 'UsersModule', 'LeakyUserCache', '.users (Map)'],
    });
  } finally {
    await service.stop();
  }
});
