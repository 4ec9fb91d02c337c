import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The compiled kit reads the page from beside its source: the compiler copies nothing but code. */
const PAGE = new URL(
  import.meta.url.endsWith('.ts')
    ? 'dashboard.html'
    : '../../../../../src/kit/memory/dashboard/dashboard.html',
  import.meta.url,
);

/** A page that asks for nothing but itself and its events, and a policy that lets it do nothing else. */
export interface Page {
  html: string;
  contentSecurityPolicy: string;
}

/** Reads the page. Its style and its script are let through by their hashes: whatever else gets into it is inert. */
export function readPage(): Page {
  const html = readFileSync(PAGE, 'utf8');
  const hashOf = (tag: string): string => {
    const content = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(html)![1]!;
    return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
  };
  return {
    html,
    contentSecurityPolicy: [
      "default-src 'none'",
      `style-src ${hashOf('style')}`,
      `script-src ${hashOf('script')}`,
      "connect-src 'self'",
      'img-src data:', // the empty icon, which keeps a browser from asking for one
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  };
}
