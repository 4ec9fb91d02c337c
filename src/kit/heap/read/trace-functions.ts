import { HeapSnapshotError } from '../errors.js';
import { resized } from './columns.js';
import { SnapshotLayout } from './meta.js';
import { RowSink } from './number-section.js';

const MAX_UINT32 = 0xff_ff_ff_ff;
/** name, script, line, column */
const COLUMNS = 4;

/** The functions that allocated something while allocations were tracked. */
export class TraceFunctions implements RowSink {
  count = 0;
  #facts = new Uint32Array(COLUMNS * 64);

  constructor(private readonly layout: NonNullable<SnapshotLayout['traces']>) {}

  row(row: Float64Array, offset: number): void {
    const { name, script, line, column } = this.layout;
    const at = COLUMNS * this.count++;
    if (at === this.#facts.length) this.#facts = resized(this.#facts, 2 * at);
    for (const [field, from] of [name, script, line, column].entries()) {
      const value = row[from]!;
      if (value < 0 || value > MAX_UINT32)
        throw new HeapSnapshotError('HEAP_RANGE', `${value} in a function that allocates`, offset);
      this.#facts[at + field] = value;
    }
  }

  /** Where V8 has the start of a function: name and script are strings; lines and columns are from 1, 0 for unknown. */
  of(index: number): { name: number; script: number; line: number; column: number } {
    const [name = 0, script = 0, line = 0, column = 0] = this.#facts.subarray(COLUMNS * index);
    return { name, script, line, column };
  }

  /** The strings that name functions and scripts. */
  *nameIndexes(): Generator<number> {
    for (let index = 0; index < this.count; index++) {
      yield this.#facts[COLUMNS * index]!;
      yield this.#facts[COLUMNS * index + 1]!;
    }
  }
}
