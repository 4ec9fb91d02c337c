import type v8 from 'node:v8';
import type { InspectorSession } from '../process/session.js';

/** What only the process itself can count. */
export interface InsideFigures {
  /** Contexts of V8 (`vm.createContext`), and those that are detached and still alive. */
  contexts: number;
  detachedContexts: number;
  /** Handles and requests that keep the event loop alive, by type. */
  resources: Record<string, number>;
}

/** Evaluated in the target, so it may use nothing but its parameters. */
export function readInside(program: NodeJS.Process, engine: typeof v8): InsideFigures {
  const statistics = engine.getHeapStatistics();
  const resources: Record<string, number> = {};
  for (const type of program.getActiveResourcesInfo?.() ?? []) resources[type] = (resources[type] ?? 0) + 1;
  return {
    contexts: statistics.number_of_native_contexts,
    detachedContexts: statistics.number_of_detached_contexts,
    resources,
  };
}

/** Null where the process does not answer with them. */
export async function insideFigures(session: InspectorSession): Promise<InsideFigures | null> {
  const { result } = await session.post('Runtime.evaluate', {
    expression: `(${readInside.toString()})(process, process.getBuiltinModule?.('v8') ?? require('v8'))`,
    returnByValue: true,
    includeCommandLineAPI: true,
    silent: true,
  });
  return (result.value as InsideFigures | undefined) ?? null;
}
