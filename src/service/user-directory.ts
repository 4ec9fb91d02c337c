import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Faker } from '@faker-js/faker';
// Only the US locale: the package's main entry loads every language, takes five times as long and 30 MB more.
import { faker as american } from '@faker-js/faker/locale/en_US';
import { uniformFloat32 } from 'pure-rand/distribution/uniformFloat32';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { ownString } from './own-string.js';
import { User } from './user.js';

export interface UserDirectoryOptions {
  /** How long every look-up takes, to simulate a database on a network. */
  latencyMs: number;
}

/**
 * A simulated database: it has a user for every id, and the user is a function of the id. The same id gives the same
 * user in every mode, process, run and version of Node, so clients cannot see an eviction.
 *
 * Faker draws from a generator that is seeded with the id. Its own generator (Mersenne Twister) takes 25 µs to seed,
 * longer than the rest of the user; xoroshiro128+ is seeded with four words of a hash in 1 µs.
 */
export class UserDirectory {
  private generator = xoroshiro128plusFromState([1, 2, 3, 4]);

  private readonly faker = new (american.constructor as typeof Faker)({
    locale: american.rawDefinitions,
    randomizer: { next: () => uniformFloat32(this.generator), seed: () => {} },
  });

  constructor(private readonly options: UserDirectoryOptions) {}

  async find(id: string): Promise<User> {
    if (this.options.latencyMs > 0) await sleep(this.options.latencyMs);
    return this.compose(id);
  }

  private compose(id: string): User {
    this.restart(id);
    const { person, internet } = this.faker;
    const firstName = person.firstName();
    const lastName = person.lastName();
    const email = internet.email({ firstName, lastName });
    return new User(
      ownString(id),
      ownString(`${firstName} ${lastName}`),
      ownString(email),
      ownString(this.address()),
      ownString(this.description(firstName)),
    );
  }

  private restart(id: string): void {
    const digest = hash('sha1', id, 'buffer');
    this.generator = xoroshiro128plusFromState([0, 4, 8, 12].map((at) => digest.readInt32LE(at)));
  }

  private address(): string {
    const { location, number } = this.faker;
    const state = location.state({ abbreviated: true });
    return `${number.int({ min: 1, max: 9_999 })} ${location.street()}\n${location.city()}, ${state} ${location.zipCode({ state })}`;
  }

  private description(firstName: string): string {
    const { person, word, hacker, company, helpers } = this.faker;
    const work = `${firstName} is the ${person.jobArea().toLowerCase()} ${person.jobType().toLowerCase()} behind the ${company.catchPhrase().toLowerCase()}.`;
    const leisure = helpers.arrayElement([
      `Weekends go to ${hacker.ingverb()} the ${word.adjective()} ${word.noun()}.`,
      `Can tell you everything about one ${word.adjective()} ${word.noun()}.`,
      `Collects every ${word.noun()} that looks ${word.adjective()}.`,
    ]);
    const wish = `Would ${word.verb()} the whole ${word.noun()} for one good ${word.noun()}.`;
    return `${work} ${leisure} ${wish}`;
  }
}
