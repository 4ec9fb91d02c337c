import { formatCount, type Drawing } from '../heap/index.js';
import type { LivePath } from './live-path.js';
import { entriesOf } from './container-entries.js';

/** The path as a picture: the modules at the top, the object at the bottom, names on the lines between. */
export function drawLivePath({ steps, owner }: LivePath): Drawing {
  const boxes = steps.map(({ via, className, object }, at): Drawing['boxes'][number] => {
    const entries = className === 'Module' ? undefined : entriesOf(object);
    const last = at === steps.length - 1;
    return {
      key: String(at),
      title: className === 'Module' ? via : className,
      detail: entries === undefined ? '' : `${formatCount(entries)} ${entries === 1 ? 'entry' : 'entries'}`,
      role: last ? 'subject' : className === owner ? 'owner' : 'plain',
    };
  });
  const lines = steps.slice(1).map(({ via, className }, at) => {
    const isMember = via.startsWith('.') || via.startsWith('[');
    const label = className === 'Module' ? 'imports' : isMember ? via : 'provides';
    return { from: String(at), to: String(at + 1), label, weak: false };
  });
  return { boxes, lines };
}
