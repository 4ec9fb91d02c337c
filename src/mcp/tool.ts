/** A value that a tool takes, as a JSON Schema. */
export interface Parameter {
  type: 'string' | 'number' | 'boolean' | 'array';
  description: string;
  enum?: readonly string[];
  items?: { type: 'string' };
  minimum?: number;
}

/** Several texts. */
export const texts = (description: string): Parameter => ({
  type: 'array',
  items: { type: 'string' },
  description,
});

/** Snapshots that a tool reads. */
export const FILES = texts('paths of the files, the earliest first');

export type Given = Readonly<Record<string, unknown>>;

/** What the server gives to a tool that runs. */
export interface Running {
  signal: AbortSignal;
  /** Tells the agent how far it is. */
  progress: (message: string) => void;
  /** Asks the user, through the client, whether something may be done; null where the client cannot ask. */
  confirm: ((question: string) => Promise<boolean>) | null;
}

/** What an agent can do with leak-lab: its description is all that the agent knows of it. */
export interface Tool {
  name: string;
  title: string;
  description: string;
  takes: Readonly<Record<string, Parameter>>;
  required?: readonly string[];
  /** Whether it changes nothing that the agent or its user would have to undo. */
  readOnly: boolean;
  /** Whether something is lost by it, which the user confirms first. */
  destructive?: true;
  /** @returns the answer, in a few hundred words at most. @throws ToolError for what the agent can mend */
  run(given: Given, running: Running): Promise<string>;
}

/** A failure that the agent can do something about: its message says what. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

/** About 2,000 tokens: what an answer may take of an agent's context unless it asks for more. */
const MOST_CHARACTERS = 8_000;

/** Cuts a long answer at the end of a line, and says how to get the rest. */
export function withinBudget(text: string, rest: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const shown = text.slice(0, text.lastIndexOf('\n', MOST_CHARACTERS));
  return `${shown}\n… ${(text.length - shown.length).toLocaleString('en')} more characters are left out: ${rest}`;
}

export const schemaOf = ({ takes, required = [] }: Tool) => ({
  type: 'object' as const,
  properties: takes as Record<string, object>,
  required: [...required],
  additionalProperties: false,
});

/** @throws ToolError for a value that is missing, of the wrong type, or unknown */
export function mustFit({ name, takes, required = [] }: Tool, given: Given): void {
  const missing = required.find((one) => given[one] === undefined);
  if (missing) throw new ToolError(`${name} needs ${missing}: ${takes[missing]?.description ?? ''}`);
  for (const [key, value] of Object.entries(given)) {
    const parameter = takes[key];
    if (!parameter)
      throw new ToolError(`${name} has no ${key}; it takes ${Object.keys(takes).join(', ') || 'nothing'}`);
    if (value !== undefined && !fits(parameter, value)) {
      const wanted = parameter.enum ? `one of ${parameter.enum.join(', ')}` : `of the type ${parameter.type}`;
      throw new ToolError(`${key} must be ${wanted}, not ${JSON.stringify(value)}`);
    }
  }
}

function fits({ type, enum: choices, minimum }: Parameter, value: unknown): boolean {
  if (choices) return typeof value === 'string' && choices.includes(value);
  if (type === 'array') return Array.isArray(value) && value.every((one) => typeof one === 'string');
  return typeof value === type && !(minimum !== undefined && Number(value) < minimum);
}
