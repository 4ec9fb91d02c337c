import type { NestInterceptor, Provider, Type } from '@nestjs/common';

/** How one half of a pair handles a request. It is the contract of both halves and the injection token. */
export abstract class Specimen {
  /** Gives the same answer for the same id, in both halves and at any time. */
  abstract handle(id: string): Promise<object>;
}

/** A leak and its fix: two halves of one shape that differ at the marked line and in nothing else that matters. */
export interface Pair {
  leaky: Type<Specimen>;
  fixed: Type<Specimen>;
  /** Set where the pattern is about an interceptor. Each half is then an interceptor, and both have the same handler. */
  interceptors?: { leaky: Type<NestInterceptor>; fixed: Type<NestInterceptor> };
  /** Providers that both halves need. */
  providers?: Provider[];
}
