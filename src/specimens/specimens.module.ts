import { randomBytes } from 'node:crypto';
import {
  Controller,
  type DynamicModule,
  Get,
  Module,
  Param,
  type Type,
  UseInterceptors,
} from '@nestjs/common';
import type { PatternName } from './names.js';
import { pairs } from './pairs.js';
import { Specimen } from './specimen.js';

/** Serves one half of a specimen at `GET /specimens/NAME/:id`, and at `…/random` with a new id for each request. */
@Module({})
export class SpecimensModule {
  static register(
    name: PatternName,
    mode: 'leaky' | 'fixed',
    path: string = `specimens/${name}`,
  ): DynamicModule {
    const { [mode]: half, interceptors, providers = [] } = pairs[name];
    const controller = controllerAt(path);
    if (interceptors) UseInterceptors(interceptors[mode])(controller);
    return {
      module: SpecimensModule,
      controllers: [controller],
      providers: [...providers, { provide: Specimen, useClass: half }],
    };
  }
}

function controllerAt(path: string): Type<object> {
  @Controller(path)
  class SpecimenController {
    constructor(private readonly specimen: Specimen) {}

    @Get('random')
    random(): Promise<object> {
      return this.specimen.handle(randomBytes(32).toString('hex'));
    }

    @Get(':id')
    one(@Param('id') id: string): Promise<object> {
      return this.specimen.handle(id);
    }
  }
  return SpecimenController;
}
