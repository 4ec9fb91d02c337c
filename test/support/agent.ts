import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';

export interface Said {
  text: string;
  isError: boolean;
}

/** A client of the real server, as a coding agent starts it. */
export interface Agent {
  client: Client;
  /** Of the server. */
  pid: number | null;
  /** The answer of a tool, also where it takes longer than one call, unless `withinSeconds` is given. */
  call(name: string, given: Record<string, unknown>, onProgress?: (message: string) => void): Promise<Said>;
  close(): Promise<void>;
}

/**
 * @param answers what the user says to each question; without it, the client cannot ask
 * @param flags of the server
 */
export async function startAgent(
  answers?: (question: string) => boolean,
  flags: readonly string[] = [],
): Promise<Agent> {
  const client = new Client(
    { name: 'test', version: '1.0.0' },
    { capabilities: answers ? { elicitation: {} } : {} },
  );
  if (answers)
    client.setRequestHandler(ElicitRequestSchema, ({ params: { message } }) => ({
      action: 'accept',
      content: { confirm: answers(message) },
    }));
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ['dist/src/cli/main.js', 'mcp', ...flags],
  });
  await client.connect(transport);
  const call: Agent['call'] = async (name, given, onProgress) => {
    const { content, isError } = await client.callTool({ name, arguments: given }, undefined, {
      timeout: 500_000,
      ...(onProgress && { onprogress: ({ message = '' }) => onProgress(message) }),
    });
    const [first] = content as { text: string }[];
    const said = { text: first?.text ?? '', isError: isError === true };
    const [, handle] = /^\w+ is still running.*handle "(w\d+)"/.exec(said.text) ?? [];
    return handle && given['withinSeconds'] === undefined ? call('ask_again', { handle }, onProgress) : said;
  };
  return {
    client,
    pid: transport.pid,
    call,
    close: () => client.close(),
  };
}
