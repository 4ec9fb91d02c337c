import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../src/app.js';
import { readSettings } from '../../src/settings.js';

/** The real service in this process, ready for supertest. */
export async function appWith(...flags: string[]): Promise<NestFastifyApplication> {
  const app = await createApp(readSettings(['--no-console', ...flags]));
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}
