import type { About } from '../command/help.js';
import { readOptions, toggle } from '../command/options.js';
import { interruptible } from '../command/run.js';
import { Problem } from '../kit/problem.js';

export const mcpOptions = {
  showData: toggle({
    why: 'show keys, strings and answers of the programs that are examined, which may be personal data; without it, no tool does',
  }),
};

export const about: About = {
  usage: 'npm run --silent mcp --',
  purpose:
    'Serves leak-lab to a coding agent over the Model Context Protocol, on standard input and output. An agent starts it: register the command "npx leak-lab mcp". Needs the package @modelcontextprotocol/sdk.',
  options: mcpOptions,
  examples: ['npm run --silent mcp', 'npm run --silent mcp -- --show-data'],
  exits: { 0: 'the agent left', 2: 'could not serve', 130: 'interrupted' },
};

export async function work(argv: string[]): Promise<number> {
  const { showData } = readOptions(mcpOptions, argv);
  return interruptible(async (signal) => {
    const { serve } = await loaded();
    await serve({ showData, signal });
    signal.throwIfAborted();
    return 0;
  });
}

async function loaded(): Promise<typeof import('../mcp/server.js')> {
  try {
    return await import('../mcp/server.js');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes('@modelcontextprotocol/sdk')) throw cause;
    throw new Problem(
      'LEAK_LAB_PACKAGE',
      'serving an agent needs the package @modelcontextprotocol/sdk: npm install --save-dev @modelcontextprotocol/sdk',
      { cause },
    );
  }
}
