import type { NestInterceptor, Provider, Type } from '@nestjs/common';

/** What the service does with a request, in one half of a pair: the contract of both, and the token to inject it by. */
export abstract class Specimen {
  /** The same answer for the same id, in both halves and at any time. */
  abstract handle(id: string): Promise<object>;
}

/** A leak and its fix. They differ where the comment in the leaky half says so, and in nothing else that matters. */
export interface Pair {
  leaky: Type<Specimen>;
  fixed: Type<Specimen>;
  /** For a pattern that lives in an interceptor: the half is then this, around a handler that is the same in both. */
  interceptors?: { leaky: Type<NestInterceptor>; fixed: Type<NestInterceptor> };
  /** What both halves have injected. */
  providers?: Provider[];
}
