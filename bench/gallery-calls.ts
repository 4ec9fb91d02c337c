import 'reflect-metadata';
import { type CallHandler, type ExecutionContext, Scope } from '@nestjs/common';
import { defer, lastValueFrom } from 'rxjs';
import type { Tested } from '../src/kit/testing/index.js';
import type { Pair } from '../src/specimens/specimen.js';

export type Half = 'leaky' | 'fixed';

/** A half of a pair as a function, wired as Nest wires it: a request-scoped provider is created at each call. */
export function callOf(pair: Pair, half: Half): Tested {
  const given = (pair.providers ?? []).map((provider) => new (provider as new () => object)());
  const make = (type: object): never => new (type as new (...args: object[]) => never)(...given);
  const type = pair[half];
  const isOfRequest =
    (Reflect.getMetadata('scope:options', type) as { scope?: Scope } | undefined)?.scope === Scope.REQUEST;
  const one = isOfRequest ? null : make(type);
  const handle = (call: number): Promise<object> =>
    ((one ?? make(type)) as InstanceType<typeof type>).handle(idOf(call));
  if (!pair.interceptors) return handle;

  const interceptor = make(pair.interceptors[half]) as InstanceType<(typeof pair.interceptors)[Half]>;
  return async (call) => {
    const next: CallHandler<object> = { handle: () => defer(() => handle(call)) };
    return lastValueFrom(await interceptor.intercept({} as ExecutionContext, next));
  };
}

function idOf(call: number): string {
  return `order-${call}`;
}
