/**
 * Names of files as V8 gives them: a path (`/srv/app.js`, `C:\srv\app.js`), a URL (`file:///srv/app.js`) or `node:fs`.
 * Only this module shortens them and tells to whom they belong, so that a live process and a snapshot agree.
 */

const IN_PACKAGE = /[\\/]node_modules[\\/]/;

/** Whether a file belongs to an installed package. */
export function isPackageFile(script: string): boolean {
  return IN_PACKAGE.test(script);
}

/** Whether a file belongs to Node itself. */
export function isNodeFile(script: string): boolean {
  return script.startsWith('node:');
}

/** Whether a file belongs to the program: neither to Node nor to a package. */
export function isOwnFile(script: string): boolean {
  return !isNodeFile(script) && !isPackageFile(script);
}

/** The package that a file belongs to, such as `lru-cache` or `@nestjs/core`; null for any other file. */
export function packageOf(script: string): string | null {
  return /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(script)?.[1]?.replace('\\', '/') ?? null;
}

/**
 * The short name of a file, with forward slashes: from the last `node_modules/` on for a package, relative to the working
 * directory where the file is below it, otherwise the last two segments of the path.
 *
 * @param folder working directory of the process
 */
export function shortFile(script: string, folder?: string): string {
  const path = script.replace(/^file:\/\/(?:\/(?=[A-Za-z]:))?/, '').replaceAll('\\', '/');
  const inPackage = path.lastIndexOf('/node_modules/');
  if (inPackage >= 0) return path.slice(inPackage + 1);
  const base = folder?.replaceAll('\\', '/').replace(/\/$/, '');
  if (base !== undefined && path.startsWith(`${base}/`)) return path.slice(base.length + 1);
  if (!path.startsWith('/') && !/^[A-Za-z]:\//.test(path)) return path;
  return path.split('/').slice(-2).join('/');
}
