/**
 * Where `leak-lab load` finds the samples of a service: a global of this process, which it reads by the inspector. It
 * therefore sends the service no request that nobody named. `load/published-sample.ts` is the other end.
 */
const PLACE = Symbol.for('leak-lab.memory');

interface Sampler {
  sample(): Promise<object>;
}

/** Weak, so that a global neither keeps an application alive nor is a path to what it retains. */
interface Place {
  [PLACE]?: WeakRef<Sampler> | undefined;
}

const place = globalThis as Place;

/** The newest application of a process is the published one. */
export function publish(sampler: Sampler): void {
  place[PLACE] = new WeakRef(sampler);
}

export function withdraw(sampler: Sampler): void {
  if (place[PLACE]?.deref() === sampler) delete place[PLACE];
}
