/* The files of an exercise that are the same for every pattern, or nearly so. */

/** Starts the service. Nest injects what the pattern needs. */
export function mainFile(hasInterceptor: boolean, providers: readonly string[]): string {
  const imported = ['OrdersService', ...(hasInterceptor ? ['OrdersInterceptor'] : []), ...providers];
  const nest = ['Controller', 'Get', 'Module', 'Param', ...(hasInterceptor ? ['UseInterceptors'] : [])];
  return `import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { ${nest.join(', ')} } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ${imported.toSorted().join(', ')} } from './service.js';

@Controller('orders')
${hasInterceptor ? '@UseInterceptors(OrdersInterceptor)\n' : ''}class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  /** A new id for each request. */
  @Get('random')
  random(): Promise<object> {
    return this.orders.handle(randomBytes(32).toString('hex'));
  }

  @Get(':id')
  one(@Param('id') id: string): Promise<object> {
    return this.orders.handle(id);
  }
}

@Module({ controllers: [OrdersController], providers: [${['OrdersService', ...providers].join(', ')}] })
class OrdersModule {}

const app = await NestFactory.create<NestFastifyApplication>(OrdersModule, new FastifyAdapter(), {
  logger: ['warn', 'error', 'fatal'],
});
app.enableShutdownHooks(['SIGINT', 'SIGTERM'], { useProcessExit: true });
await app.listen(Number(process.env['PORT'] ?? 8000), '127.0.0.1');
console.log(\`\${await app.getUrl()}/orders/random (pid \${process.pid}), Ctrl-C stops it\`);
`;
}

export const TSCONFIG = `${JSON.stringify(
  {
    compilerOptions: {
      target: 'es2023',
      module: 'nodenext',
      outDir: 'dist',
      strict: true,
      noEmitOnError: true,
      sourceMap: true,
      isolatedModules: true,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      skipLibCheck: true,
      types: ['node'],
    },
    include: ['*.ts'],
  },
  null,
  2,
)}\n`;

/** What a folder was made from, in its package.json. */
export interface Made {
  seed: number;
  /** Digest of its files, by which a later version of leak-lab sees that its own are others. */
  source: string;
}

export function packageJson(made: Made): string {
  return `${JSON.stringify(
    {
      name: `mystery-${made.seed}`,
      private: true,
      type: 'module',
      scripts: { start: 'tsc && exec node --enable-source-maps dist/main.js' },
      mystery: made,
    },
    null,
    2,
  )}\n`;
}
