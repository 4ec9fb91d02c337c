import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The compiled kit reads the page from the source folder, because the compiler copies only code. */
const PAGE = new URL(
  import.meta.url.endsWith('.ts')
    ? 'dashboard.html'
    : '../../../../../src/kit/memory/dashboard/dashboard.html',
  import.meta.url,
);

/** The page, and a policy that allows its own style, its own script and its events, and nothing else. */
export interface Page {
  html: string;
  contentSecurityPolicy: string;
}

/** Reads the page. The policy allows its style and script by their hashes, so injected ones do not run. */
export function readPage(): Page {
  const html = readFileSync(PAGE, 'utf8');
  const hashOf = (tag: string): string => {
    const content = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(html)?.[1] ?? '';
    return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
  };
  return {
    html,
    contentSecurityPolicy: [
      "default-src 'none'",
      `style-src ${hashOf('style')}`,
      `script-src ${hashOf('script')}`,
      "connect-src 'self'",
      'img-src data:', // the empty icon, without which a browser requests /favicon.ico
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  };
}
