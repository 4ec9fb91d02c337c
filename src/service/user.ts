import { BadRequestException } from '@nestjs/common';

/** A user in the directory and in the response: the same five fields in the same order. */
export class User {
  constructor(
    readonly user_id: string,
    readonly name: string,
    readonly email: string,
    readonly address: string,
    readonly desc: string,
  ) {}
}

const text = { type: 'string' } as const;

/** JSON Schema of the response. Fastify compiles it into a serializer, several times faster than `JSON.stringify`. */
export const userSchema = {
  type: 'object',
  properties: { user_id: text, name: text, email: text, address: text, desc: text },
} as const;

export const LONGEST_USER_ID = 256;

/**
 * Checks the id that a client sent: 1 to 256 characters of Unicode. Characters are code points, so an emoji counts once;
 * `length` would count it twice.
 *
 * @throws BadRequestException (400) with a sentence for the client.
 */
export function toUserId(id: string): string {
  // A short string needs no count: it has at least as many code units as code points.
  const characters = id.length <= LONGEST_USER_ID ? id.length : Array.from(id).length;
  if (characters >= 1 && characters <= LONGEST_USER_ID) return id;
  throw new BadRequestException(
    characters === 0
      ? 'a user id is missing: request /users/{id}, or /users/random for a new user'
      : `a user id has at most ${LONGEST_USER_ID} characters; this one has ${characters}`,
  );
}
