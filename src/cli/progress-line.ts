import type { Progress } from '../../load/measure.js';
import { loadVerdictText } from '../../load/outside-words.js';
import { count } from '../command/format.js';
import { bar, StatusLine } from '../command/screen.js';

/** The progress of the load, in a line below the table. */
export class ProgressLine {
  private readonly status = new StatusLine();

  constructor(private readonly title = '') {}

  show({ sent, planned, unsettled }: Progress): void {
    const why = unsettled ? `  not settled yet: ${loadVerdictText(unsettled)}` : '';
    this.status.show(`${this.title}${bar(sent, planned)} ${count(sent)} of ${count(planned)}${why}`);
  }

  /** A line that stays. */
  print(text: string): void {
    this.status.clear();
    console.log(text);
  }

  clear(): void {
    this.status.clear();
  }
}
