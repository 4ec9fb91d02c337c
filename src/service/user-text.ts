import { crc32 } from 'node:zlib';
import { User } from './user.js';

const CHECK_DIGITS = 8;

/** A user as one line of text with a checksum in front, because a shared Redis may return anything. */
export function toText({ user_id, name, email, address, desc }: User): string {
  const fields = JSON.stringify([user_id, name, email, address, desc]);
  return check(fields) + fields;
}

/** The user with this id that `toText` wrote; undefined for any other text, even if only one bit differs. */
export function fromText(text: string, id: string): User | undefined {
  const fields = text.slice(CHECK_DIGITS);
  if (text.slice(0, CHECK_DIGITS) !== check(fields)) return undefined;
  const user = parse(fields);
  if (!isUser(user) || user[0] !== id) return undefined;
  return new User(...user);
}

function isUser(fields: unknown[]): fields is [string, string, string, string, string] {
  return fields.length === 5 && fields.every((field) => typeof field === 'string');
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
