import { BadRequestException } from '@nestjs/common';

/** A user as the directory knows it and as the route answers it: the same five fields, in this order. */
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
 * The id that a client asks for: 1 to 256 characters, any of Unicode's. Characters are code points, so that an
 * emoji counts once; a `length` counts it twice.
 *
 * @throws BadRequestException (400) with a sentence for the person at the other end.
 */
export function toUserId(id: string): string {
  // Half the answer needs no count: a string has at least as many code units as code points.
  const characters = id.length <= LONGEST_USER_ID ? id.length : Array.from(id).length;
  if (characters >= 1 && characters <= LONGEST_USER_ID) return id;
  throw new BadRequestException(
    characters === 0
      ? 'a user id is missing: ask for /users/{id}, or for /users/random to get somebody new'
      : `a user id has at most ${LONGEST_USER_ID} characters, this one has ${characters}`,
  );
}
