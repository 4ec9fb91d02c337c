import type { Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { UNCOUNTED } from '../../census/index.js';
import { warn } from '../../problem.js';
import { ownSession } from '../../process/session.js';
import { MemoryService } from '../memory.service.js';
import { GcWatch } from '../watch/gc-watch.js';
import { AllocationProfile } from './allocations.js';
import { LOAD_SHEDDING_OPTIONS, type LoadSheddingOptions } from './load-shedding.options.js';
import { suspects, writeEvidence, type Container } from './evidence.js';
import { endProcess } from './end-process.js';
import { Gate, refuse } from './gate.js';
import { containerPressure, heapPressure, type Pressure } from './pressure.js';

const DEFAULT_EXIT_AT = 0.9;
const DEFAULT_EXEMPT = ['/health', '/memory', '/metrics', '/dashboard'];
/** Open again only when so much of the limit has become free: at one threshold the gate would flap. */
const GAP = 0.1;
/** Allocations are sampled from here on, as a part of `shedAt`: what was allocated before is not what grows now. */
const PROFILE_FROM = 0.75;
/**
 * While requests are refused, what is left is looked at after this time, and again after twice as long. What requests
 * under way held is free by then; what is still there when patience ends is kept, and no waiting will free it.
 */
const FIRST_LOOK_MS = 250;
const DEFAULT_PATIENCE_MS = 2_000;
const RETRY_AFTER_SECONDS = 5;
/**
 * From the closing of the gate to the end at least. A refusal tells its client that the connection ends; one that is
 * cut without a word, a client may just be using.
 */
const FAREWELL_MS = 1_000;
/** The heap tells by its collections. The container is asked this often. */
const CONTAINER_LOOK_MS = 1_000;

export type LoadSheddingState = 'open' | 'shedding' | 'leaving';

/**
 * Ends a leak before V8 or the kernel does. Near the limit new requests are refused; when what is left after a
 * collection is still too much, the process keeps evidence, answers what it has accepted, and leaves with a code of
 * its own, for a supervisor to start it again.
 *
 * It goes by what is left after collections of the whole heap, so that garbage refuses nobody.
 */
@Injectable()
export class LoadShedding implements OnApplicationBootstrap, OnModuleDestroy {
  static readonly [UNCOUNTED] = true;
  private current: LoadSheddingState = 'open';
  private latest: Pressure | null = null;
  private readonly profile = new AllocationProfile();
  private running: { gate: Gate; gc: GcWatch; timer: NodeJS.Timeout } | undefined;

  constructor(
    @Inject(LOAD_SHEDDING_OPTIONS) private readonly options: LoadSheddingOptions,
    private readonly modules: ModulesContainer,
    private readonly adapters: HttpAdapterHost,
    private readonly memory: MemoryService,
  ) {}

  get state(): LoadSheddingState {
    return this.current;
  }

  onApplicationBootstrap(): void {
    if (this.options.shedAt === undefined) return;
    const gate = new Gate(this.server, this.options.exempt ?? DEFAULT_EXEMPT);
    this.running = {
      gate,
      gc: new GcWatch(() => this.feel(heapPressure())),
      timer: setInterval(() => {
        const pressure = containerPressure();
        if (pressure) this.feel(pressure);
      }, CONTAINER_LOOK_MS).unref(),
    };
    this.memory.track('loadShedding', () => ({
      state: this.current,
      refused: gate.refused,
      pressure: this.latest,
    }));
  }

  async onModuleDestroy(): Promise<void> {
    if (!this.running) return;
    this.running.gc.stop();
    clearInterval(this.running.timer);
    await this.profile.stop();
  }

  private get server(): Server {
    return this.adapters.httpAdapter.getHttpServer() as Server;
  }

  private feel(pressure: Pressure): void {
    const { shedAt = 1 } = this.options;
    this.latest = pressure;
    if (pressure.share >= Math.max(shedAt, this.options.exitAt ?? DEFAULT_EXIT_AT)) {
      void this.leave(pressure);
      return;
    }
    if (this.current !== 'open') return;
    if (pressure.share >= shedAt) void this.shed(pressure, shedAt);
    else if (pressure.of === 'heap') void this.profileNear(pressure.share / shedAt);
  }

  private async profileNear(nearness: number): Promise<void> {
    if (nearness >= PROFILE_FROM) await this.profile.start();
    else if (nearness < PROFILE_FROM - GAP) await this.profile.stop();
  }

  private async shed(pressure: Pressure, shedAt: number): Promise<void> {
    this.current = 'shedding';
    this.running!.gate.close(refusal);
    warn('LEAK_LAB_SHEDDING', `${inWords(pressure)}: new requests are refused until there is less`);
    let now = pressure;
    const end = performance.now() + (this.options.patienceMs ?? DEFAULT_PATIENCE_MS);
    for (let waitMs = FIRST_LOOK_MS; performance.now() < end; waitMs *= 2) {
      await sleep(waitMs, undefined, { ref: false });
      await collect();
      now = pressure.of === 'heap' ? heapPressure() : (containerPressure() ?? pressure);
      this.latest = now;
      if (this.current !== 'shedding') return;
      if (now.share < shedAt - GAP) {
        this.open(now);
        return;
      }
    }
    await this.leave(now);
  }

  private open(pressure: Pressure): void {
    this.current = 'open';
    this.running!.gate.open();
    process.stderr.write(`leak-lab: ${inWords(pressure)}: requests are answered again\n`);
  }

  private async leave(pressure: Pressure): Promise<void> {
    if (this.current === 'leaving') return;
    const farewell = this.current === 'open' ? FAREWELL_MS : 0;
    this.current = 'leaving';
    this.running!.gate.close(refusal);
    const containers = suspects(this.modules);
    const evidence = await this.keepEvidence(pressure, containers);
    const [largest] = containers;
    const suspect = largest
      ? `; the largest container is ${largest.name} (${largest.type}, ${largest.entries.toLocaleString('en')} entries)`
      : '';
    warn(
      'LEAK_LAB_EXITING',
      `${inWords(pressure)}, and it does not become less: leaving, to be started again${suspect}${evidence}`,
    );
    await sleep(farewell);
    endProcess(this.server);
  }

  /** @returns what to say of it. Whatever goes wrong with it, the process has to leave. */
  private async keepEvidence(pressure: Pressure, containers: Container[]): Promise<string> {
    const { evidenceDir: folder, snapshot = false } = this.options;
    if (!folder) return '';
    try {
      const profile = await this.profile.stop();
      return `; evidence is in ${await writeEvidence({ folder, pressure, containers, profile, snapshot })}`;
    } catch (error) {
      return `; evidence could not be written: ${(error as Error).message}`;
    }
  }
}

function refusal(response: ServerResponse): void {
  refuse(response, RETRY_AFTER_SECONDS);
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function inWords({ of, usedBytes, limitBytes, share }: Pressure): string {
  const what = of === 'heap' ? 'of the heap are in use after a collection' : 'of the container are in use';
  return `${megabytes(usedBytes)} ${what}, ${Math.round(share * 100)} % of the ${megabytes(limitBytes)} there are`;
}

/** Collects everything: nobody is served meanwhile, and what is left must not be a guess. */
async function collect(): Promise<void> {
  const session = ownSession();
  await session.post('HeapProfiler.collectGarbage');
  await session.close();
}
