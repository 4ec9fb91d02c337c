import { Injectable } from '@nestjs/common';
import { userBytes } from './user-bytes.js';
import { UserCache } from './user-cache.js';
import type { User } from './user.js';

/** The leak: every user that was ever requested. The case's service has a dict here. */
@Injectable()
export class LeakyUserCache extends UserCache {
  private readonly users = new Map<string, User>();
  private bytes = 0;

  set(user: User): void {
    this.users.set(user.user_id, user); // ← the bug: no code deletes this entry
    this.bytes += userBytes(user);
  }

  protected read(id: string): User | undefined {
    return this.users.get(id);
  }

  protected size() {
    return { entries: this.users.size, bytes: this.bytes, maxEntries: null, maxBytes: null, evictions: 0 };
  }
}
