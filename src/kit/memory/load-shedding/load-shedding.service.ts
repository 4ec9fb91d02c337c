import type { Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { UNCOUNTED } from '../../census/index.js';
import { warn } from '../../problem.js';
import { MemoryService } from '../memory.service.js';
import { GcWatch } from '../watch/gc-watch.js';
import { AllocationProfile } from './allocation-profile.js';
import { suspectContainers, writeCrashEvidence, type Container } from './crash-evidence.js';
import { endProcess } from './end-process.js';
import {
  EXIT_OUT_OF_MEMORY,
  LOAD_SHEDDING_OPTIONS,
  type LoadSheddingOptions,
} from './load-shedding.options.js';
import {
  containerPressure,
  heapPressure,
  percent,
  type Pressure,
  pressureAfterCollection,
  pressureText,
} from './pressure.js';
import { refuse, RequestShedder } from './request-shedder.js';
import { thresholdsOf, type Thresholds } from './thresholds.js';

const DEFAULT_EXEMPT = ['/health', '/memory', '/metrics', '/dashboard'];
/**
 * Memory is measured this long after shedding begins, then at doubling intervals. By then requests in progress have
 * released theirs; what is live after `recoveryMs` is not released by waiting.
 */
const FIRST_CHECK_MS = 250;
const DEFAULT_RECOVERY_MS = 2_000;
const RETRY_AFTER_SECONDS = 5;
/**
 * Minimum time between the first refusal and the exit. A refusal tells its client that the connection closes. If the
 * process exits earlier, a client may just be sending a request on an open connection.
 */
const CLOSE_NOTICE_MS = 1_000;
/** The heap is measured at each major collection; the container has no such event. */
const CONTAINER_INTERVAL_MS = 1_000;

export type LoadSheddingState = 'accepting' | 'shedding' | 'exiting';

/**
 * Sheds load before V8 or the kernel ends the process. Near the limit new requests are refused. If memory does not fall,
 * the process writes crash evidence, answers the requests in progress, and exits with code 75, so that a supervisor
 * restarts it.
 *
 * The heap is measured after collections of the whole heap, so garbage does not cause a refusal.
 */
@Injectable()
export class LoadShedding implements OnApplicationBootstrap, OnModuleDestroy {
  static readonly [UNCOUNTED] = true;
  private current: LoadSheddingState = 'accepting';
  private latest: Pressure | null = null;
  private readonly profile = new AllocationProfile();
  private readonly thresholds: Thresholds;
  private running: { shedder: RequestShedder; gc: GcWatch; timer: NodeJS.Timeout } | undefined;

  constructor(
    @Inject(LOAD_SHEDDING_OPTIONS) private readonly options: LoadSheddingOptions,
    private readonly modules: ModulesContainer,
    private readonly adapters: HttpAdapterHost,
    private readonly memory: MemoryService,
  ) {
    this.thresholds = thresholdsOf(options);
  }

  get state(): LoadSheddingState {
    return this.current;
  }

  onApplicationBootstrap(): void {
    if (this.options.shedAt === undefined) return;
    const shedder = new RequestShedder(this.server, this.options.exempt ?? DEFAULT_EXEMPT);
    this.running = {
      shedder,
      gc: new GcWatch(() => this.check(heapPressure())),
      timer: setInterval(() => {
        const pressure = containerPressure();
        if (pressure) this.check(pressure);
      }, CONTAINER_INTERVAL_MS).unref(),
    };
    this.memory.track('loadShedding', () => ({
      state: this.current,
      refused: shedder.refused,
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
    return this.adapters.httpAdapter.getHttpServer() as Server; // Nest types it as `any`
  }

  private check(pressure: Pressure): void {
    const { shedAt, exitAt, profileFrom, stopProfileBelow } = this.thresholds;
    const { kind, share } = pressure;
    this.latest = pressure;
    if (share >= exitAt) {
      void this.exit(pressure, `the process exits at ${percent(exitAt)}`);
      return;
    }
    if (this.current !== 'accepting') return;
    if (share >= shedAt) void this.shed(pressure);
    else if (kind === 'heap' && share >= profileFrom) void this.profile.start();
    else if (kind === 'heap' && share < stopProfileBelow) void this.profile.stop();
  }

  private async shed(pressure: Pressure): Promise<void> {
    const { recoveryMs = DEFAULT_RECOVERY_MS } = this.options;
    const { acceptBelow } = this.thresholds;
    this.current = 'shedding';
    this.running?.shedder.start(refuseRequest);
    warn(
      'LEAK_LAB_SHEDDING',
      `${pressureText(pressure)}: new requests are refused until it is below ${percent(acceptBelow)}`,
    );
    const last = await this.waitForRecovery(pressure, acceptBelow, recoveryMs);
    if (this.current !== 'shedding') return;
    if (last.share < acceptBelow) this.accept(last);
    else await this.exit(last, `it did not fall below ${percent(acceptBelow)} within ${recoveryMs / 1000} s`);
  }

  /** @returns the last measurement: below the threshold, or when the time has passed or the state has changed. */
  private async waitForRecovery(before: Pressure, threshold: number, recoveryMs: number): Promise<Pressure> {
    let last = before;
    const end = performance.now() + recoveryMs;
    for (let waitMs = FIRST_CHECK_MS; performance.now() < end; waitMs *= 2) {
      await sleep(waitMs, undefined, { ref: false });
      last = await pressureAfterCollection(before);
      this.latest = last;
      if (last.share < threshold || this.current !== 'shedding') break;
    }
    return last;
  }

  private accept(pressure: Pressure): void {
    this.current = 'accepting';
    this.running?.shedder.stop();
    process.stderr.write(`leak-lab: ${pressureText(pressure)}: new requests are accepted again\n`);
  }

  private async exit(pressure: Pressure, reason: string): Promise<void> {
    if (this.current === 'exiting') return;
    const closeNoticeMs = this.current === 'accepting' ? CLOSE_NOTICE_MS : 0;
    this.current = 'exiting';
    this.running?.shedder.start(refuseRequest);
    const containers = suspectContainers(this.modules);
    const facts = [
      `${pressureText(pressure)}, and ${reason}: exiting with code ${EXIT_OUT_OF_MEMORY}`,
      ...containers.slice(0, 1).map(largestText),
      ...(await this.crashEvidence(pressure, containers)),
    ];
    warn('LEAK_LAB_EXITING', facts.join('; '));
    await sleep(closeNoticeMs);
    endProcess(this.server);
  }

  /** @returns where the evidence is, or why it is not; nothing without a folder. It must not keep the process from exiting. */
  private async crashEvidence(pressure: Pressure, containers: Container[]): Promise<string[]> {
    const { evidenceDir: folder, snapshot = false } = this.options;
    if (!folder) return [];
    try {
      const profile = await this.profile.stop();
      const path = await writeCrashEvidence({ folder, pressure, containers, profile, snapshot });
      return [`crash evidence: ${path}`];
    } catch (error) {
      return [
        `crash evidence could not be written: ${error instanceof Error ? error.message : String(error)}`,
      ];
    }
  }
}

function largestText({ name, type, entries }: Container): string {
  return `largest container: ${name} (${type}, ${entries.toLocaleString('en')} entries)`;
}

function refuseRequest(response: ServerResponse): void {
  refuse(response, RETRY_AFTER_SECONDS);
}
