import type { INestApplicationContext } from '@nestjs/common';

export interface ConsoleOptions {
  /** What the service is called where consoles are listed, and at the prompt. Default `service`. */
  name?: string;
  /** Where the socket goes. Made for its user alone. Default: one directory for each user. */
  directory?: string;
  /** The application, for `app` at the prompt. Without it, `app` can `get` and `resolve` and nothing else. */
  app?: () => INestApplicationContext;
}

export const CONSOLE_OPTIONS = Symbol('CONSOLE_OPTIONS');
