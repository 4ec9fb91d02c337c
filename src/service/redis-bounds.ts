/** A setting that a cache in Redis needs and this Redis lacks, and the command that sets it. */
export interface MissingBound {
  /** The end of the sentence "Redis at ADDRESS …". */
  what: string;
  /** Arguments of `redis-cli`, after the address. */
  command: string;
}

/**
 * The bounds that a Redis lacks, read from its `INFO memory`. Without `maxmemory` it grows until the operating system
 * kills it. With `noeviction`, its default, it refuses every write once it is full. The `volatile-` policies are fine,
 * because every key that this service writes has a time to live.
 */
export function missingBounds(info: string): MissingBound[] {
  const field = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  const missing: MissingBound[] = [];
  if (field('maxmemory') === '0')
    missing.push({
      what: 'has no memory limit (maxmemory 0) and grows until the operating system kills it',
      command: 'config set maxmemory 256mb',
    });
  if (field('maxmemory_policy') === 'noeviction')
    missing.push({
      what: 'evicts nothing (maxmemory-policy noeviction) and refuses writes once it is full',
      command: 'config set maxmemory-policy allkeys-lru',
    });
  return missing;
}

/** The address of a Redis without its password: for a sentence, and as flags of `redis-cli`. */
export function placeOf(url: string): { where: string; flags: string } {
  const [, scheme, credentials, place = ''] = /^(\w+):\/\/(?:(.*)@)?(.*)$/.exec(url) ?? [];
  const login = credentials ? ['--askpass', ...userFlag(credentials)] : [];
  if (scheme === 'unix') {
    const [path] = place.split('?');
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
