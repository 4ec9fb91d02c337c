import { crc32 } from 'node:zlib';
import { User } from './user.js';

const CHECK_DIGITS = 8;

/** A user as one line of text, behind a check of it: what comes back from another machine may be anything. */
export function toText({ user_id, name, email, address, desc }: User): string {
  const fields = JSON.stringify([user_id, name, email, address, desc]);
  return check(fields) + fields;
}

/** The user with this id that `toText` wrote; undefined for every other text, one changed by a bit included. */
export function fromText(text: string, id: string): User | undefined {
  const fields = text.slice(CHECK_DIGITS);
  if (text.slice(0, CHECK_DIGITS) !== check(fields)) return undefined;
  const [user_id, name, email, address, desc] = parse(fields);
  const user = [user_id, name, email, address, desc];
  if (user_id !== id || !user.every((field) => typeof field === 'string')) return undefined;
  return new User(...(user as [string, string, string, string, string]));
}

function check(fields: string): string {
  return crc32(fields).toString(16).padStart(CHECK_DIGITS, '0');
}

function parse(fields: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(fields);
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}
