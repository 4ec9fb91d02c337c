import type { CodePosition, ContainerValue, Edge } from './walk-result.js';

/** Takes what is found at the object that the walk is visiting. */
export interface EdgeSink {
  /**
   * Something to visit, unless it was or will be reached at a lower cost.
   *
   * @param weight how many objects like it this one stands for
   */
  offer(value: unknown, edge: Edge, cost: number, weight: number): void;
  /** What it costs to reach the visited object. */
  costSoFar(): number;
  /** From the visited object upwards: the nearest value of a variable. */
  nearestVariable(): { edge: Edge; value: object } | null;
  /** The visited object is a container. */
  addContainer(value: ContainerValue, entries: number): void;
  /** The visited object is an arrow function that uses the `this` around it. */
  addArrow(position: CodePosition): void;
}
