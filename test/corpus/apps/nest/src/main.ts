import 'reflect-metadata';
import { Controller, Get, Module, Param } from '@nestjs/common';
import { APP_INTERCEPTOR, NestFactory } from '@nestjs/core';
import { TimingInterceptor } from './timing.interceptor.js';

@Controller('items')
class ItemsController {
  @Get(':id')
  item(@Param('id') id: string): { id: string; text: string } {
    return { id, text: 'an item'.repeat(10) };
  }
}

@Module({
  controllers: [ItemsController],
  providers: [{ provide: APP_INTERCEPTOR, useClass: TimingInterceptor }],
})
class AppModule {}

declare const process: { env: Record<string, string | undefined> };
async function bootstrap(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: false });
  await app.listen(Number(process.env['PORT']), '127.0.0.1');
}
void bootstrap();
