/** The stages of the load: 10k, 20k, 50k and 100k of 100k. A load that goes on has the further ones. */
const STAGES = [0.1, 0.2, 0.5, 1, 2, 5, 10];
/** Rounds until the planned end. A verdict needs a dozen samples after the warm-up, and each costs a collection. */
const ROUNDS = 20;

/** How many requests to send in each round, and when to stop. */
export class Plan {
  /** How many requests are planned so far. It grows while the verdict is not settled. */
  planned: number;
  private readonly stages: number[];
  private readonly roundSize: number;

  constructor(
    private readonly requests: number,
    private readonly maxRequests: number,
  ) {
    this.planned = requests;
    this.stages = STAGES.map((share) => Math.ceil(share * requests));
    this.roundSize = Math.ceil(requests / ROUNDS);
  }

  /** The size of the next round. A round ends where a stage does, so that each stage has its row. */
  nextRound(sent: number): number {
    const stageEnd = this.stages.find((end) => end > sent) ?? this.planned;
    return Math.min(this.roundSize, this.planned - sent, stageEnd - sent);
  }

  /** Whether the requests that were asked for are sent. */
  isComplete(sent: number): boolean {
    return sent >= this.requests;
  }

  /** Adds a round to a complete load whose verdict is not settled, up to the maximum; ends any other complete load. */
  extend(sent: number, isSettled: boolean): void {
    if (!this.isComplete(sent)) return;
    const goesOn = !isSettled && sent < this.maxRequests;
    this.planned = goesOn ? Math.min(sent + this.roundSize, this.maxRequests) : sent;
  }

  /** Whether the table has a row for this number of requests. */
  endsStage(sent: number): boolean {
    return this.stages.includes(sent) || sent >= this.planned;
  }
}
