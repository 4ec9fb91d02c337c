import { setTimeout as sleep } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { SpecimenName } from '../../src/specimens/names.js';
import { Specimen } from '../../src/specimens/specimen.js';
import { SpecimensModule } from '../../src/specimens/specimens.module.js';

export type Half = 'leaky' | 'fixed';

/** One half of a pair behind its route, with nothing else in the service. */
export interface SpecimenApp {
  /** The answers to these ids, one after the other. */
  ask(ids: string[]): Promise<string[]>;
  /** What answers, where it is one for all requests. */
  specimen(): Specimen;
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
    specimen: () => app.get(Specimen),
    alive: () => new Set(answered.map((ref) => ref.deref()).filter(Boolean)).size,
    close: () => app.close(),
  };
}

const PATIENCE_MS = 20_000;

/**
 * Collects, twice unless fewer will do, and goes on while more is left than is enough: what finalizers and
 * microtasks let go of takes some turns of the event loop. @returns what is left.
 */
export async function leftAfterCollection(
  measure: () => number,
  { fewest = 2, enough = Infinity } = {},
): Promise<number> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let collections = 1; ; collections += 1) {
    await sleep(1); // a target that was looked at stays until the next turn
    globalThis.gc!();
    const left = measure();
    if ((collections >= fewest && left <= enough) || Date.now() > deadline) return left;
  }
}
