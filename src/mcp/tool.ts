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

/** One rule of the whole server, which no call can change. */
export interface Shown {
  /** Whether keys, strings and answers of the programs that are examined are shown, which may be personal data. */
  showData: boolean;
}

export type Given = Readonly<Record<string, unknown>>;

/** What the server gives to a tool that runs. */
export interface Running {
  signal: AbortSignal;
  /** Tells the agent how far it is. */
  progress: (message: string) => void;
  /** Asks the user, through the client, whether something may be done; null where the client cannot ask. */
  confirm: ((question: string) => Promise<boolean>) | null;
}

/** What a call takes that may be asked again: the server reads it, and no tool. */
export const WITHIN: Parameter = {
  type: 'number',
  minimum: 1,
  description: 'the longest wait, 50 by default; the work goes on after it',
};

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
  /** It may take longer than a client waits: it goes on when its call ends, and `ask_again` has its answer. */
  isLong?: true;
  /** @returns the answer, in a few hundred words at most. @throws ToolError for what the agent can mend */
  run(given: Given, running: Running): Promise<string>;
}

/** A failure that the agent can do something about: its message says what. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

/** About 2,000 tokens: what an answer may take of an agent's context unless it asks for more. */
const MOST_CHARACTERS = 8_000;

/** Cuts a long answer at the end of a line, unless a line alone is long, and says how to get the rest. */
export function withinBudget(text: string, rest: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const end = text.lastIndexOf('\n', MOST_CHARACTERS);
  const shown = text.slice(0, end > MOST_CHARACTERS / 2 ? end : MOST_CHARACTERS);
  return `${shown}\n… ${(text.length - shown.length).toLocaleString('en')} more characters are left out: ${rest}`;
}

export const schemaOf = ({ takes, required = [] }: Tool) => ({
  type: 'object' as const,
  properties: takes as Record<string, object>,
  ...(required.length > 0 && { required: [...required] }),
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
      throw new ToolError(`${key} must be ${wanted}, not ${JSON.stringify(value).slice(0, 200)}`);
    }
  }
}

function fits({ type, enum: choices, minimum }: Parameter, value: unknown): boolean {
  if (choices) return typeof value === 'string' && choices.includes(value);
  if (type === 'array') return Array.isArray(value) && value.every((one) => typeof one === 'string');
  return typeof value === type && !(minimum !== undefined && Number(value) < minimum);
}
