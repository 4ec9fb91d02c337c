/** What a cell of a table is: it decides how a person reads it. JSON has the exact value. */
export type CellKind = 'bytes' | 'count' | 'share' | 'id' | 'text' | 'flag';

export type Cell = string | number | boolean | null;

export interface AnswerColumn {
  /** The name of the field in JSON. */
  name: string;
  /** The title on the screen. */
  title: string;
  kind: CellKind;
}

export type Row = Record<string, Cell>;

/** A page of an answer. */
export interface Answer {
  question: string;
  /** What was answered, in one sentence. */
  title: string;
  columns: readonly AnswerColumn[];
  rows: Row[];
  /** The number of rows of all pages. */
  total: number;
  /** The number of rows before this page. */
  offset: number;
  /** What a reader has to know: what is not counted, and what to ask next. */
  notes: string[];
}

export interface Page {
  offset: number;
  limit: number;
}

export const column = (name: string, kind: CellKind, title: string = name): AnswerColumn => ({
  name,
  title,
  kind,
});

/** The columns that rows about single objects have in common. */
export const OBJECT_COLUMNS: readonly AnswerColumn[] = [
  column('id', 'id'),
  column('shallowBytes', 'bytes', 'shallow'),
  column('retainedBytes', 'bytes', 'retained'),
  column('type', 'text'),
  column('what', 'text'),
];
