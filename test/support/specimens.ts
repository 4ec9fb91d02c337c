import { setTimeout as sleep } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { SpecimenName } from '../../src/specimens/names.js';
import { SpecimensModule } from '../../src/specimens/specimens.module.js';

export type Half = 'leaky' | 'fixed';

/** One half of a pair behind its route, with nothing else in the service. */
export interface SpecimenApp {
  /** The answers to these ids, one after the other. */
  ask(ids: string[]): Promise<string[]>;
  /** How many of the objects that were answered a collection leaves alive: sent, they are of no use to anybody. */
  alive(): number;
  close(): Promise<void>;
}

export async function specimenApp(name: SpecimenName, half: Half): Promise<SpecimenApp> {
  const app = await NestFactory.create<NestFastifyApplication>(
    SpecimensModule.register(name, half),
    new FastifyAdapter(),
    { logger: false },
  );
  const answered: WeakRef<object>[] = [];
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('preSerialization', async (_request, _reply, payload) => {
    answered.push(new WeakRef(payload as object));
    return payload;
  });
  await app.init();
  await fastify.ready();
  return {
    ask: async (ids) => {
      const answers: string[] = [];
      for (const id of ids) {
        const { statusCode, body } = await app.inject(`/specimens/${name}/${id}`);
        answers.push(`${statusCode} ${body}`);
      }
      return answers;
    },
    alive: () => new Set(answered.map((ref) => ref.deref()).filter(Boolean)).size,
    close: () => app.close(),
  };
}

const PATIENCE_MS = 20_000;
/** What finalizers and microtasks let go of takes some turns of the event loop. */
const FEWEST_COLLECTIONS = 2;

/** Collects a few times, and goes on while more than this is left. @returns what is left. */
export async function leftAfterCollection(measure: () => number, most = Infinity): Promise<number> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let collections = 0; ; collections += 1) {
    const left = measure();
    const enough = collections >= FEWEST_COLLECTIONS && left <= most;
    if (enough || Date.now() > deadline) return left;
    await sleep(1); // a target that was looked at stays until the next turn
    globalThis.gc!();
  }
}
