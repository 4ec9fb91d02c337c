import { type DynamicModule, Module } from '@nestjs/common';
import { CONSOLE_OPTIONS, type ConsoleOptions } from './console.options.js';
import { ConsoleService } from './console.service.js';

/** A console inside the application that imports this module, on a socket that only the user of the process can reach. */
@Module({})
export class ConsoleModule {
  static register(options: ConsoleOptions = {}): DynamicModule {
    return {
      module: ConsoleModule,
      providers: [ConsoleService, { provide: CONSOLE_OPTIONS, useValue: options }],
    };
  }
}
