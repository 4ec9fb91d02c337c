import { readFileSync } from 'node:fs';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import {
  CallToolRequestSchema,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { stories } from './prompts.js';
import { mustFit, schemaOf, type Tool, ToolError } from './tool.js';
import { liveTools } from './tools/live.js';
import { snapshotTools } from './tools/snapshots.js';

/** The newest results stay readable as resources. */
const MOST_RESULTS = 20;

const INSTRUCTIONS =
  'leak-lab finds memory leaks of Node services. Call diagnose for a running process; it answers with a verdict (leak, bounded, unsettled), the owner of the leak, the line that allocates it, and advice. "unsettled" is an answer: it says what could not be told and why.';

/** Serves the tools on standard input and output until the client leaves. */
export async function serve(signal: AbortSignal): Promise<void> {
  const results = new Map<string, string>();
  const tools = [...liveTools((name, json) => keepIn(results, name, json)), ...snapshotTools()];
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const server = new Server(
    { name: 'leak-lab', version },
    { capabilities: { tools: {}, resources: {}, prompts: {} }, instructions: INSTRUCTIONS },
  );
  answerTools(server, tools);
  answerPrompts(server);
  answerResources(server, results);
  const ended = new Promise<void>((resolve) => {
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK has a property and no events
    server.onclose = resolve;
    // A client that is gone closes our input, and may send nothing before.
    process.stdin.once('end', resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await server.connect(new StdioServerTransport());
  await ended;
  await server.close();
}

function keepIn(results: Map<string, string>, name: string, json: string): string {
  const uri = `leak-lab://results/${name}-${Date.now().toString(36)}`;
  results.set(uri, json);
  for (const old of [...results.keys()].slice(0, -MOST_RESULTS)) results.delete(old);
  return uri;
}

function answerTools(server: Server, tools: readonly Tool[]): void {
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: tools.map((tool) => ({
      name: tool.name,
      title: tool.title,
      description: tool.description,
      inputSchema: schemaOf(tool),
      annotations: { readOnlyHint: tool.readOnly, destructiveHint: false, openWorldHint: false },
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal, sendNotification, _meta }) => {
    const token = _meta?.progressToken;
    let step = 0;
    const progress = (message: string): void => {
      if (token === undefined) return;
      void sendNotification({
        method: 'notifications/progress',
        params: { progressToken: token, progress: ++step, message },
      }).catch(() => {}); // the client may be gone; the tool is then cancelled
    };
    try {
      const tool = tools.find(({ name }) => name === params.name);
      if (!tool)
        throw new ToolError(
          `there is no tool ${params.name}; there are ${tools.map(({ name }) => name).join(', ')}`,
        );
      const given = params.arguments ?? {};
      mustFit(tool, given);
      return { content: [{ type: 'text', text: await tool.run(given, { signal, progress }) }] };
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      return { isError: true, content: [{ type: 'text', text: error.message }] };
    }
  });
}

function answerPrompts(server: Server): void {
  server.setRequestHandler(ListPromptsRequestSchema, () => ({
    prompts: stories.map(({ name, description, takes }) => ({ name, description, arguments: [...takes] })),
  }));
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) => {
    const story = stories.find(({ name }) => name === params.name);
    if (!story)
      throw new Error(
        `there is no prompt ${params.name}; there are ${stories.map(({ name }) => name).join(', ')}`,
      );
    return {
      messages: [{ role: 'user', content: { type: 'text', text: story.text(params.arguments ?? {}) } }],
    };
  });
}

function answerResources(server: Server, results: ReadonlyMap<string, string>): void {
  server.setRequestHandler(ListResourcesRequestSchema, () => ({
    resources: [...results.keys()].map((uri) => ({
      uri,
      name: uri.split('/').at(-1) ?? uri,
      mimeType: 'application/json',
    })),
  }));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }) => {
    const text = results.get(params.uri);
    if (text === undefined)
      throw new Error(`there is no result ${params.uri}; only the newest ${MOST_RESULTS} are kept`);
    return { contents: [{ uri: params.uri, mimeType: 'application/json', text }] };
  });
}
