// A program that writes a heap snapshot of itself: a cache of users, with separate strings for each record and key.
// Arguments: how many users, and where to write the snapshot.
import { writeHeapSnapshot } from 'node:v8';

/** A flat string: V8 stores concatenated strings as a rope of their parts. */
const flat = (text: string): string => Buffer.from(text).toString('latin1');

class User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly address: string;
  readonly bio: string;

  constructor(at: number) {
    this.id = flat(`user-${at}`);
    this.name = flat(`Name ${at} Surname`);
    this.email = flat(`user${at}@example.org`);
    this.address = flat(`${at} Some Street, Some Town`);
    this.bio = flat(`About ${at}: ${'some more words about it. '.repeat(12)}`);
  }
}

class LeakyUserCache {
  readonly users = new Map<string, User>();
}

class UsersService {
  constructor(readonly cache: LeakyUserCache) {}
}

const [count, file] = process.argv.slice(2);
const service = new UsersService(new LeakyUserCache());
for (let at = 0; at < Number(count); at++) {
  const user = new User(at);
  service.cache.users.set(flat(user.id), user);
}
Object.assign(globalThis, { useService: () => service });
writeHeapSnapshot(file);
