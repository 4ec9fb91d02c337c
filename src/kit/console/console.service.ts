import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import { runInContext } from 'node:vm';
import { UNCOUNTED } from '../census/index.js';
import { Problem, warn } from '../problem.js';
import { usualDirectory } from './addresses.js';
import { ConsoleServer } from './console-server.js';
import { CONSOLE_OPTIONS, type ConsoleOptions } from './console.options.js';
import { createdByNode } from './node-repl.js';
import { classesOf, find } from './providers.js';
import { verbsOf } from './verbs/index.js';
import { nameOf, type Verb } from './verbs/verb.js';

/** Opens the console when the application has started, and closes it when the application shuts down. */
@Injectable()
export class ConsoleService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  static readonly [UNCOUNTED] = true;
  private server: ConsoleServer | undefined;

  constructor(
    @Inject(CONSOLE_OPTIONS) private readonly options: ConsoleOptions,
    private readonly modules: ModulesContainer,
    private readonly moduleRef: ModuleRef,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { name = 'service', directory = usualDirectory() } = this.options;
    try {
      this.server = await ConsoleServer.open({
        name: name.replaceAll(/[^\w-]+/g, '-'),
        directory,
        scope: (notify) => this.scope(notify),
      });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // The service runs without a console.
      warn(error.code, `no console: ${error.message}`);
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.server?.close();
    this.server = undefined;
  }

  /** The roots of the console's objects, and the objects of the program that it references. */
  private own(app: unknown): { roots: object[]; program: unknown[] } {
    const { options, modules, moduleRef, server } = this;
    return {
      roots: [this, options, ...createdByNode, ...(server ? [server] : [])],
      program: [app, modules, moduleRef, ...(server?.contexts() ?? [])],
    };
  }

  /** A context has two global objects: the one that other code references, and the one that its own code sees. */
  private prompts(): object[] {
    const contexts = this.server?.contexts() ?? [];
    return contexts.flatMap((context) => [context, runInContext('globalThis', context) as object]);
  }

  private scope(notify: (note: string) => void): { names: Record<string, unknown>; verbs: Verb[] } {
    const { modules, moduleRef } = this;
    const app = this.options.app?.() ?? {
      get: (token: never) => moduleRef.get(token, { strict: false }) as unknown,
      resolve: (token: never) => moduleRef.resolve(token, undefined, { strict: false }),
    };
    const get = (provider: unknown): object => find(modules, provider);
    const verbs = verbsOf({ modules, notify, own: () => this.own(app), prompts: () => this.prompts() });
    const calls = Object.fromEntries(verbs.map((verb) => [nameOf(verb), verb.call]));
    return { names: { ...classesOf(modules), app, get, ...calls }, verbs };
  }
}
