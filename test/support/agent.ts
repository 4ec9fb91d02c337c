import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

export interface Said {
  text: string;
  isError: boolean;
}

/** A client of the real server, as a coding agent starts it. */
export interface Agent {
  client: Client;
  call(name: string, given: Record<string, unknown>): Promise<Said>;
  close(): Promise<void>;
}

export async function startAgent(): Promise<Agent> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: ['dist/src/cli/main.js', 'mcp'] }),
  );
  return {
    client,
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
