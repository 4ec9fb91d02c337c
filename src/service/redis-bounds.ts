/** A bound that a cache in Redis needs and that this Redis lacks, and the command that gives it one. */
export interface MissingBound {
  what: string;
  /** For `redis-cli`, behind the address. */
  command: string;
}

/**
 * What keeps a Redis from being a cache, by its `INFO memory`. Without `maxmemory` it grows until the system ends
 * it; with `noeviction`, its default, it refuses every write once it is full. The `volatile-` policies do: all
 * that we write has a time to live.
 */
export function missingBounds(info: string): MissingBound[] {
  const field = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  const missing: MissingBound[] = [];
  if (field('maxmemory') === '0')
    missing.push({
      what: 'has no bound on its memory (maxmemory 0): it grows until the system ends it',
      command: 'config set maxmemory 256mb',
    });
  if (field('maxmemory_policy') === 'noeviction')
    missing.push({
      what: 'evicts nothing (maxmemory-policy noeviction): once it is full, it refuses what is new',
      command: 'config set maxmemory-policy allkeys-lru',
    });
  return missing;
}

/** Where a Redis is: for a sentence, without the password, and as flags of `redis-cli`. */
export function placeOf(url: string): { where: string; flags: string } {
  const [, scheme, credentials, place] = /^(\w+):\/\/(?:(.*)@)?(.*)$/.exec(url) ?? [];
  const login = credentials ? ['--askpass', ...userFlag(credentials)] : [];
  if (scheme === 'unix') {
    const [path] = place!.split('?');
    return { where: `Redis at ${path}`, flags: ['-s', path, ...login].join(' ') };
  }
  const { hostname, port, protocol } = new URL(url);
  const tls = protocol === 'rediss:' ? ['--tls'] : [];
  const at = { host: hostname.replaceAll(/[[\]]/g, ''), port: port || '6379' };
  return {
    where: `Redis at ${hostname}:${at.port}`,
    flags: ['-h', at.host, '-p', at.port, ...tls, ...login].join(' '),
  };
}

function userFlag(credentials: string): string[] {
  const [user] = credentials.split(':');
  return user ? ['--user', decodeURIComponent(user)] : [];
}
