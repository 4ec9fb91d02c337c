import type { Answer, Page } from './answer.js';
import { type Argument, QueryError, type Question } from './question.js';
import { questionNamed, questions } from './questions.js';
import type { QuerySession } from './session.js';

const TRACKED =
  'DevTools writes one with "Allocations on timeline" and "allocation stack traces", the inspector with HeapProfiler.startTrackingHeapObjects {trackAllocations: true}';

/** A question as a person types it: `histogram package`, `path @123`, `search property userId`. */
export function ask(session: QuerySession, words: readonly string[], page: Page): Answer {
  const [name = '', ...values] = words;
  const question = questionNamed(name);
  if (question.stacks && session.heap.graph.traces === null) {
    throw new QueryError(
      `${name} needs a snapshot that was written while allocations were tracked, which this one was not: ${TRACKED}`,
    );
  }
  return question.ask(session, argumentsOf(question, values), page);
}

/** The values by the names of the arguments, in their order. The last text takes the rest of the words. */
function argumentsOf(question: Question, values: readonly string[]): Record<string, string> {
  const { takes, name } = question;
  const last = takes.at(-1);
  const given =
    last?.kind === 'text' && values.length > takes.length
      ? [...values.slice(0, takes.length - 1), values.slice(takes.length - 1).join(' ')]
      : values;
  if (given.length > takes.length) {
    throw new QueryError(
      `${name} takes ${takes.length === 0 ? 'nothing' : usageOf(question)}, not ${JSON.stringify(values.join(' '))}`,
    );
  }
  const missing = takes.find((one, at) => one.required && given[at] === undefined);
  if (missing) throw new QueryError(`${name} needs ${missing.name}, ${missing.why}: ${usageOf(question)}`);
  return Object.fromEntries(given.map((value, at) => [takes[at]?.name ?? '', value]));
}

/** `path ID [program|engine]` */
export function usageOf({ name, takes }: Question): string {
  return [name, ...takes.map((one) => argumentText(one))].join(' ');
}

function argumentText({ name, kind, choices, required }: Argument): string {
  const text = kind === 'choice' ? (choices ?? []).join('|') : kind === 'id' ? '@ID' : name.toUpperCase();
  return required ? text : `[${text}]`;
}

/** What may come next after some words: questions, or the choices of the argument. */
export function completions(words: readonly string[]): readonly string[] {
  if (words.length <= 1) return questions.map(({ name }) => name);
  const question = questions.find(({ name }) => name === words[0]);
  return question?.takes[words.length - 2]?.choices ?? [];
}
