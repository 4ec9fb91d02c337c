import { type Jobs, USUAL_BUDGET_S } from '../jobs.js';
import { type Tool, WITHIN } from '../tool.js';

/** The answer of work that took longer than its call. */
export function askAgainTool(jobs: Jobs): Tool {
  return {
    name: 'ask_again',
    title: 'Ask again for an answer',
    description: 'Waits for the answer of a call that ended with a handle.',
    takes: {
      handle: { type: 'string', description: 'such as w1' },
      withinSeconds: WITHIN,
      stop: { type: 'boolean', description: 'end the work instead' },
    },
    required: ['handle'],
    readOnly: true,
    run: async ({ handle, withinSeconds = USUAL_BUDGET_S, stop }, { signal, progress }) =>
      stop === true
        ? jobs.stop(String(handle))
        : jobs.answerOf(String(handle), { signal, progress, budgetSeconds: Number(withinSeconds) }),
  };
}
