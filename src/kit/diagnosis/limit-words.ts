import { count, megabytes } from './figures.js';
import type { Note } from './model/notes.js';

type NearLimit = Extract<Note, { code: 'near-limit' }>;

/** What is limited, who sets the limit, and what is done against it. */
const LIMITS: Record<NearLimit['limit'], { used: string; by: string; raise: string }> = {
  'open-files': { used: 'open files', by: 'ulimit -n', raise: 'raise it' },
  'address-space': { used: 'of address space', by: 'ulimit -v', raise: 'raise it' },
  'container-memory': { used: 'of memory', by: 'the memory limit of its container', raise: 'raise it' },
  'container-processes': {
    used: 'processes and threads',
    by: 'the pids limit of its container',
    raise: 'raise it',
  },
  'user-processes': { used: 'processes and threads', by: 'ulimit -u', raise: 'raise it' },
  'machine-memory': {
    used: 'of memory',
    by: 'the memory of the machine',
    raise: 'measure on a machine with more',
  },
  'machine-processes': {
    used: 'processes and threads',
    by: 'kernel.threads-max and kernel.pid_max',
    raise: 'raise them',
  },
  ports: {
    used: 'sockets',
    by: 'net.ipv4.ip_local_port_range: connections to one address need a port each',
    raise: 'widen it',
  },
};

/** Why the load was ended before a limit, and how to measure longer. */
export function nearLimitText({ limit, used, free }: NearLimit): string {
  const { used: what, by, raise } = LIMITS[limit];
  const figure = limit.endsWith('memory') || limit === 'address-space' ? megabytes : count;
  return `The load was ended early, before the process came to a limit (${by}): it had ${figure(used)} ${what}, and could have ${figure(free)} more. The verdict is of what was seen until then; to measure longer, ${raise}.`;
}
