import type { INestApplicationContext } from '@nestjs/common';

export interface ConsoleOptions {
  /** The name of the service at the prompt and in the list of consoles. Default `service`. */
  name?: string;
  /** The directory of the socket, which is made private to the user. Default: one directory per user. */
  directory?: string;
  /** The application, for `app` at the prompt. Without it, `app` has only `get` and `resolve`. */
  app?: () => INestApplicationContext;
}

export const CONSOLE_OPTIONS = Symbol('CONSOLE_OPTIONS');
