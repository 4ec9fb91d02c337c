import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Project } from './packed.js';

/** The two services that install the package, each with its adapter. */
export const hosts = [
  {
    name: 'Nest 12 on Fastify, ES modules',
    folder: 'nest-12',
    type: 'module',
    packages: ['@nestjs/common@12', '@nestjs/core@12', '@nestjs/platform-fastify@12'],
    imports: `import { FastifyAdapter } from '@nestjs/platform-fastify';`,
    adapter: 'new FastifyAdapter()',
    compiler: '--module nodenext',
  },
  {
    name: 'Nest 11 on Express, CommonJS',
    folder: 'nest-11',
    type: 'commonjs',
    packages: ['@nestjs/common@11', '@nestjs/core@11', '@nestjs/platform-express@11'],
    imports: `import { ExpressAdapter } from '@nestjs/platform-express';`,
    adapter: 'new ExpressAdapter()',
    // As early Nest 11 projects have it: module resolution by `main` and `types` alone.
    compiler: '--module commonjs --moduleResolution node10 --ignoreDeprecations 6.0',
  },
] as const;

export const hostSource = ({ imports, adapter }: { imports: string; adapter: string }): string => `
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
${imports}
import { AppModule } from './app.module.js';
import { OrdersService } from './orders.service.js';

@Controller()
class ShopController {
  constructor(private readonly orders: OrdersService) {}

  private readonly visits: object[] = [];

  @Get('orders/random')
  order() {
    return this.orders.find(String(Math.random()));
  }

  @Get('visit')
  visit() {
    this.visits.push({ note: 'x'.repeat(300) + Math.random() });
    return { visits: this.visits.length };
  }
}

@Module({ imports: [AppModule], controllers: [ShopController] })
class HostModule {}

async function main() {
  const app = await NestFactory.create(HostModule, ${adapter}, { logger: ['error'] });
  app.enableShutdownHooks([], { useProcessExit: true });
  await app.listen(0, '127.0.0.1');
  console.log(await app.getUrl());
}
void main();
`;

export interface Host {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** Starts a compiled service, and waits until it prints its URL. */
export async function startHost(project: Project, file: string): Promise<Host> {
  const child: ChildProcess = spawn(process.execPath, [file], {
    cwd: project.root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const printed = await Promise.race([once(child.stdout!, 'data'), ended.then(() => undefined)]);
  if (!printed) throw new Error(`${file} ended with exit code ${child.exitCode} before it printed its URL`);
  return {
    url: String(printed[0]).trim(),
    pid: child.pid!,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}
