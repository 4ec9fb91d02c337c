/** Figures by name. Each name says what is measured and in which unit. */
export type Figures = Record<string, number>;

/** What one bench measured. */
export interface Outcome {
  figures: Figures;
  /** False when a figure exceeds its limit. */
  passed: boolean;
}
