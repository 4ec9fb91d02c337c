import type { DiagnosisJson } from '../../kit/diagnosis/index.js';
import type { Results } from '../results.js';
import { type Tool, ToolError, withinBudget } from '../tool.js';
import type { SnapshotTools } from './snapshots.js';

const MOST_SHOWN = 5;

/** Why an object is alive, from what was looked at already: the walk of the last diagnosis, or an open snapshot. */
export function whyAliveTool(results: Results, ask: SnapshotTools['ask']): Tool {
  return {
    name: 'why_alive',
    title: 'Say why an object is alive',
    description:
      'The retaining path of an object, from a root of the program. Without snapshot: of what the last diagnosis found (suspects and what was ruled out), by a part of its name, owner or type. With snapshot: of an object by @ID, or of all objects of a constructor.',
    takes: {
      name: { type: 'string', description: 'such as LeakyUserCache.users, User or @123' },
      snapshot: { type: 'string', description: 'the name that open_snapshot gave, such as s1' },
    },
    required: ['name'],
    readOnly: true,
    run: async ({ name, snapshot }) => {
      const asked = String(name);
      const isId = /^@\d+$/.test(asked);
      if (snapshot !== undefined)
        return withinBudget(ask(snapshot as string, [isId ? 'path' : 'alive', asked]), 'call ask_snapshot');
      if (isId) throw new ToolError(`${asked} is an object of a snapshot: pass snapshot as well`);
      return withinBudget(fromDiagnosis(results, asked), 'pass more of the name');
    },
  };
}

interface Known {
  seen: DiagnosisJson['suspects'][number];
  as: string;
}

function fromDiagnosis(results: Results, asked: string): string {
  const address = results.newest('diagnosis');
  const kept = address === undefined ? undefined : results.at(address);
  if (address === undefined || kept === undefined)
    throw new ToolError('nothing was looked at yet: call diagnose first, or pass snapshot (open_snapshot)');
  const { suspects, ruledOut } = JSON.parse(kept.text) as DiagnosisJson;
  const all: Known[] = [
    ...suspects.map((seen) => ({ seen, as: `suspect ${seen.rank}` })),
    ...ruledOut.map((seen) => ({ seen, as: `ruled out: ${seen.reason.text}` })),
  ];
  const wanted = asked.toLowerCase();
  const found = all.filter(({ seen: { name, owner, type, path } }) =>
    [name, owner, type, ...path].some((text) => text.toLowerCase().includes(wanted)),
  );
  if (found.length === 0) {
    const names = all.map(({ seen }) => seen.name).slice(0, MOST_SHOWN);
    throw new ToolError(
      `the last diagnosis (${address}) looked at nothing called ${JSON.stringify(asked)}; it knows ${names.length > 0 ? names.join('; ') : 'no container that grows'}. For any other object: take_snapshot, open_snapshot, then why_alive with snapshot`,
    );
  }
  const more = found.length - MOST_SHOWN;
  return [
    ...found.slice(0, MOST_SHOWN).map((one) => described(one)),
    ...(more > 0 ? [`… ${more} more: pass more of the name`] : []),
  ].join('\n\n');
}

function described({ seen, as }: Known): string {
  const sites = seen.allocatedAt.map(
    ({ function: made, file, line }) => `  allocated at  ${made} ${file}:${line}`,
  );
  return [
    `${seen.name} (${as})`,
    ...seen.path.map((step, at) => `  ${at === 0 ? 'root' : '  › '}  ${step}`),
    ...sites,
    ...(seen.bound === null ? ['  bound         none was found'] : []),
    `  advice        ${seen.advice}`,
  ].join('\n');
}
