import { readFile, readlink } from 'node:fs/promises';
import { Problem } from '../problem.js';

/** Where a process lives that is in another network than this one: a container, as a rule. */
export interface Container {
  /** Its pid inside, where it has a namespace of pids of its own. */
  innerPid: number;
  /** The first digits of the container's id, as `docker ps` prints them; undefined where there is none. */
  id: string | undefined;
  /** Whether Kubernetes runs it. */
  isPod: boolean;
}

/** The container of a process in another network namespace; undefined where it is in this one, or that is not known. */
export async function containerOf(pid: number): Promise<Container | undefined> {
  const [own, other] = await Promise.all([networkOf('self'), networkOf(pid)]);
  if (own === undefined || other === undefined || own === other) return undefined;
  const [status, groups] = await Promise.all([procFile(pid, 'status'), procFile(pid, 'cgroup')]);
  const inner = /^NSpid:.*\s(\d+)$/m.exec(status)?.[1];
  return {
    innerPid: Number(inner ?? pid),
    id: /[/-]([0-9a-f]{64})/.exec(groups)?.[1]?.slice(0, 12),
    isPod: groups.includes('kubepods'),
  };
}

/** @throws Problem LEAK_LAB_OTHER_NETWORK before anything is sent to a process whose inspector could not be reached */
export async function requireSameNetwork(pid: number): Promise<void> {
  const container = await containerOf(pid);
  if (container) throw new Problem('LEAK_LAB_OTHER_NETWORK', otherNetwork(pid, container));
}

function otherNetwork(pid: number, { innerPid, id, isPod }: Container): string {
  const inside = `npx leak-lab diagnose --pid ${innerPid} --watch 300`;
  const ways = [
    `sudo nsenter -t ${pid} -n npx leak-lab diagnose --pid ${pid} --watch 300`,
    ...(isPod
      ? [`kubectl debug -it POD --target=CONTAINER --image=node:22 --profile=general -- ${inside}`]
      : id === undefined
        ? []
        : [`docker exec -it ${id} ${inside}`]),
  ];
  return `process ${pid} is in another network namespace${id === undefined ? '' : ` (container ${id})`}: its inspector can be reached only from inside. Nothing was sent to it. Run: ${ways.join('; or: ')}`;
}

async function networkOf(pid: number | 'self'): Promise<string | undefined> {
  return readlink(`/proc/${pid}/ns/net`).catch(() => undefined); // not Linux, or not allowed
}

function procFile(pid: number, name: string): Promise<string> {
  return readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
}
