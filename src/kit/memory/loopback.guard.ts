import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Inject,
  Injectable,
} from '@nestjs/common';
import { isLoopback } from '../process/loopback.js';
import { MEMORY_OPTIONS, type MemoryOptions } from './memory.options.js';

/** The part of a request that Express and Fastify have in common. */
interface AnyRequest {
  headers: Record<string, unknown>;
  socket: { remoteAddress?: string };
}

/**
 * Answers requests of this machine only, unless the module is registered with `exposed: true`. A connection from
 * loopback is not enough: a proxy on this machine and a browser on it carry requests of others. A forwarding header, or
 * a `Host` that is not a name of loopback (DNS rebinding), identifies most of them.
 */
@Injectable()
export class LoopbackGuard implements CanActivate {
  constructor(@Inject(MEMORY_OPTIONS) private readonly options: MemoryOptions) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.options.exposed) return true;
    const request = context.switchToHttp().getRequest<AnyRequest>();
    const { headers, socket } = request;
    const forwarded = 'x-forwarded-for' in headers || 'forwarded' in headers;
    const host = String(headers['host']).replace(/:\d+$/, '').replaceAll(/[[\]]/g, '');
    const isLocal = isLoopback(socket.remoteAddress ?? '') && (host === 'localhost' || isLoopback(host));
    if (isLocal && !forwarded) return true;
    throw new ForbiddenException(
      'this address answers requests from the loopback interface only; to open it, start the service with --expose-ops, or register the module with exposed: true',
    );
  }
}
