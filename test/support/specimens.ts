import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { PatternName } from '../../src/specimens/names.js';
import { Specimen } from '../../src/specimens/specimen.js';
import { SpecimensModule } from '../../src/specimens/specimens.module.js';
import { collectAfterTurn } from './collect-garbage.js';

export type Half = 'leaky' | 'fixed';

/** A service with one half of a pair and nothing else. */
export interface SpecimenApp {
  /** Requests these ids one after the other. @returns status and body of each */
  ask(ids: string[]): Promise<string[]>;
  /** The half, if one instance serves all requests. */
  specimen(): Specimen;
  /** How many of the objects that were sent as answers are still alive. */
  alive(): number;
  close(): Promise<void>;
}

export async function specimenApp(name: PatternName, half: Half): Promise<SpecimenApp> {
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
    specimen: () => app.get(Specimen),
    alive: () => new Set(answered.map((ref) => ref.deref()).filter(Boolean)).size,
    close: () => app.close(),
  };
}

const PATIENCE_MS = 20_000;

/**
 * Collects at least `fewest` times, and until the measured value is at most `enough`: finalizers and microtasks release
 * memory only after some turns of the event loop.
 *
 * @returns the last measured value; after 20 s also one that is larger than `enough`
 */
export async function afterCollection(
  measure: () => number,
  { fewest = 2, enough = Infinity } = {},
): Promise<number> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let collections = 1; ; collections += 1) {
    await collectAfterTurn();
    const value = measure();
    if ((collections >= fewest && value <= enough) || Date.now() > deadline) return value;
  }
}
