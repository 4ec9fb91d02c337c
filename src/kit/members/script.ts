import { basename } from 'node:path';

/** Options of Node that take their value as the next argument. */
const WITH_VALUE =
  /^(-r|--require|--import|--loader|--experimental-loader|-C|--conditions|--title|--env-file)$/;

/** What a process runs: the path of its script; its title where it has set one; else what Node was told to do. */
export function scriptOf(args: readonly string[]): string {
  const [first = '', ...rest] = args;
  if (rest.length === 0) return titleOf(first);
  for (let at = 0; at < rest.length; at += 1) {
    const arg = rest[at] ?? '';
    if (WITH_VALUE.test(arg)) at += 1;
    else if (/^(-e|--eval|-p|--print|-pe)$/.test(arg)) return '(code of --eval)';
    else if (!arg.startsWith('-')) return arg;
  }
  return first;
}

/** pm2 sets the title `node /path/app.js`. */
function titleOf(title: string): string {
  return /^node\s+(\S+)$/.exec(title)?.[1] ?? title;
}

/** The last part of a script's path; a title as it is. */
export function scriptName(script: string): string {
  return script.includes(' ') ? script : basename(script);
}
