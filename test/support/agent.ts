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
  call(name: string, given: Record<string, unknown>): Promise<Said>;
  close(): Promise<void>;
}

/** @param answers what the user says to each question; without it, the client cannot ask */
export async function startAgent(answers?: (question: string) => boolean): Promise<Agent> {
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
    args: ['dist/src/cli/main.js', 'mcp'],
  });
  await client.connect(transport);
  return {
    client,
    pid: transport.pid,
    call: async (name, given) => {
      const { content, isError } = await client.callTool({ name, arguments: given }, undefined, {
        timeout: 500_000,
      });
      const [first] = content as { text: string }[];
      return { text: first?.text ?? '', isError: isError === true };
    },
    close: () => client.close(),
  };
}
