import { resolve } from 'node:path';
import type { ModulesContainer } from '@nestjs/core';
import { adviceFor } from '../../advice/index.js';
import { censusOf } from '../../census/index.js';
import { type Drawing, type ObjectReport, writePicture } from '../../heap/index.js';
import { Problem } from '../../problem.js';
import { entriesOf } from '../container-entries.js';
import { drawLivePath } from '../draw-live-path.js';
import { Examinations } from '../examinations.js';
import type { LiveHeapOptions } from '../live-heap.js';
import { livePath, type LivePath } from '../live-path.js';
import { containerOf, type Owner, ownerIn, ownerOf, requireObject, type WhyAlive } from './owner.js';

export interface OwnerOptions {
  /** Do it although it is too expensive. */
  force?: boolean;
  /** Take a new snapshot even if an earlier one has this object. */
  fresh?: boolean;
}

/**
 * Who owns an object and what it references: from the live objects where they show it, otherwise from a snapshot. No
 * method is an async function: those retain their arguments while they wait, and a snapshot would show that.
 */
export class OwnerAnswers {
  private readonly examinations = new Examinations();

  constructor(private readonly options: LiveHeapOptions & { modules: ModulesContainer }) {}

  /** What a snapshot shows of an object. */
  report(target: object, verb: string, asked: OwnerOptions): Promise<ObjectReport> {
    requireObject(target, verb);
    const { notify, prompts } = this.options;
    return this.examinations.of(target, { notify, verb, prompts, ...asked, ...containerOf(target) });
  }

  /** @returns null where only the console retains the object */
  path(target: object, asked: OwnerOptions): Promise<Owner | null> {
    requireObject(target, 'path');
    const live = this.livePath(target);
    if (live) return Promise.resolve(ownerOf(live));
    this.options.notify('No provider retains it through its properties, so a heap snapshot is taken.');
    return this.report(target, 'path', asked).then((report) => ownerIn(report));
  }

  /** @returns null where only the console retains the object */
  whyAlive(target: object, asked: OwnerOptions): Promise<WhyAlive | null> {
    requireObject(target, 'whyAlive');
    const live = this.livePath(target);
    const known = live && ownerOf(live);
    const entries = entriesOf(target) ?? null;
    const container = live?.steps.findLast(({ object }) => entriesOf(object) !== undefined)?.object;
    const bound = censusOf(this.options.modules).find((one) => one.container === container)?.bound ?? null;
    const advice = adviceFor({ kind: container || entries !== null ? 'container' : 'objects', bound });
    return this.reportIfCheap(target, known !== undefined, asked).then((report) => {
      const owner = known ?? (report && ownerIn(report));
      if (!owner) return null;
      return { ...owner, entries, retainedBytes: report?.facts.retainedBytes ?? null, advice };
    });
  }

  /** @returns the absolute path of the picture */
  drawPath(target: object, file: string, asked: OwnerOptions): Promise<string> {
    requireObject(target, 'showPath');
    const live = this.livePath(target);
    if (live) return draw(file, drawLivePath(live));
    return this.report(target, 'showPath', asked).then((report) => {
      const { drawings } = report;
      if (drawings.path && ownerIn(report)) return draw(file, drawings.path);
      throw new Problem(
        'LEAK_LAB_CONSOLE',
        'there is no path to draw: only this console retains the object. Choose an object of the program.',
      );
    });
  }

  private livePath(target: object): LivePath | undefined {
    const { modules, own } = this.options;
    return livePath(target, modules, [modules, ...own().roots]);
  }

  /** Undefined where a snapshot would be too expensive and the owner is known without one. */
  private reportIfCheap(
    target: object,
    isKnown: boolean,
    asked: OwnerOptions,
  ): Promise<ObjectReport | undefined> {
    try {
      return this.report(target, 'whyAlive', asked);
    } catch (error) {
      if (!isKnown || !(error instanceof Problem) || error.code !== 'LEAK_LAB_TOO_EXPENSIVE') throw error;
      this.options.notify(error.message);
      return Promise.resolve(undefined);
    }
  }
}

/** Writes a picture. @returns its absolute path */
export async function draw(file: string, drawing: Drawing): Promise<string> {
  const path = resolve(file);
  await writePicture(path, drawing);
  return path;
}
