/** Questions about a heap snapshot. Each returns a page of a table, as data. */
export type { Answer, AnswerColumn, Cell, CellKind, Page, Row } from './answer.js';
export { printAnswer } from './print.js';
export { type Argument, type Arguments, type Question, QueryError } from './question.js';
export { QuerySession } from './session.js';
export { questions, questionNamed } from './questions.js';
export { ask, completions, usageOf } from './ask.js';
export { askAllocationProfile, isAllocationProfile } from './allocation-profile.js';
export { openSession } from './open.js';
