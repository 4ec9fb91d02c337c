import { ModulesContainer } from '@nestjs/core';
import { verbsOf } from '../src/kit/console/verbs/index.js';
import { table } from './tables.js';

/** The page that lists the verbs of the console, written from the code. */
export function consolePage(): string {
  const verbs = verbsOf({
    modules: new ModulesContainer(),
    notify: () => {},
    own: () => ({ roots: [], program: [] }),
    prompts: () => [],
  });
  return `# Console

\`npm run console\` opens a Node prompt inside a running service that imports \`ConsoleModule\`. Variables, history, tab completion, several lines, \`await\` and Ctrl-C work as in any Node prompt. Ctrl-C also ends an endless loop, and the service goes on. \`npm run console -- -e 'containers()'\` runs one line and prints the result.

\`app\`, \`get(UsersService)\`, the class of every provider and these verbs are in scope. \`.help\` lists them.

${table(
  ['verb', 'answer'],
  verbs.map(({ usage, help }) => [`\`${usage}\``, help]),
)}

A verb that stops the service first prints for how long, estimated from the size of the heap. It refuses to start if it would need more memory than is free or more than 10 s; \`{ force: true }\` as its last argument starts it anyway. The console retains none of the objects that it inspected.

[A session](../story-console.md) finds the leak of the demo service with these verbs. Options of the command: [console](commands.md#console). Who may open the console: [SECURITY](../../SECURITY.md).
`;
}
