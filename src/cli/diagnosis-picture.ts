import { size } from '../command/format.js';
import type { Suspect } from '../kit/diagnosis/index.js';
import { toSvg, type Drawing } from '../kit/heap/index.js';
import { shortPath } from './diagnosis-words.js';

/** A suspect's retaining path as SVG for a page, without file names and without ids that a second picture would repeat. */
export async function pathPicture(suspect: Suspect): Promise<string> {
  const svg = await toSvg(drawing(suspect));
  return svg
    .slice(svg.indexOf('<svg'))
    .replaceAll(/<!--[^]*?-->\s*/g, '')
    .replaceAll(/ id="[^"]*"/g, '')
    .replaceAll(/<title>[^<]*<\/title>\s*/g, '')
    .replace(/<svg width="(\d+)pt" height="(\d+)pt"/, '<svg role="img" width="$1" height="$2"');
}

/** A step may end with the class of its object: `.users (Map)`. */
const STEP = /^(.*\S)\s+\(([^()]+)\)$/;

/** One box per object on the path, one line per property. The last box is the suspect. */
function drawing({ path, type, entries, retainedBytes, owner }: Suspect): Drawing {
  const facts = [
    entries === null ? '' : `${entries.toLocaleString('en')} entries`,
    retainedBytes === null ? '' : size(retainedBytes),
  ];
  const steps = shortPath(path).map((step) => {
    const [, name = step, className = null] = STEP.exec(step) ?? [];
    return { name, className };
  });
  const boxes = steps.map(({ name, className }, at): Drawing['boxes'][number] => {
    const title = className ?? name;
    if (at === steps.length - 1)
      return { key: String(at), title: type, detail: facts.filter(Boolean).join(' · '), role: 'subject' };
    return { key: String(at), title, detail: '', role: owner.endsWith(title) ? 'owner' : 'plain' };
  });
  const lines = steps.slice(1).map(({ name, className }, at) => ({
    from: String(at),
    to: String(at + 1),
    // A box without a class name shows the property name itself, so its line does not repeat it.
    label: className === null && at + 2 < steps.length ? '' : name,
    weak: false,
  }));
  return { boxes, lines };
}
