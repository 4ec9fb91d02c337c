import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Inject,
  Injectable,
} from '@nestjs/common';
import { isLoopback } from '../process/loopback.js';
import { MEMORY_OPTIONS, type MemoryOptions } from './memory.options.js';

/** The parts of a request that Express and Fastify agree on. */
interface AnyRequest {
  headers: Record<string, unknown>;
  socket: { remoteAddress?: string };
}

/**
 * What tells about the process answers to this machine only, unless the operator says otherwise. Coming from
 * loopback is not enough: a proxy on this machine and a browser on it carry the requests of others, which mostly
 * show by a forwarding header, or by a host that is not this machine's.
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
    const here = isLoopback(socket.remoteAddress ?? '') && (host === 'localhost' || isLoopback(host));
    if (here && !forwarded) return true;
    throw new ForbiddenException(
      'this address answers on the loopback interface only; start the service with --expose-ops to open it',
    );
  }
}
