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
 * What tells about the process answers to this machine only, unless the operator says otherwise.
 * A request that a proxy on this machine passed on comes from loopback too: its forwarding header gives it away.
 */
@Injectable()
export class LoopbackGuard implements CanActivate {
  constructor(@Inject(MEMORY_OPTIONS) private readonly options: MemoryOptions) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.options.exposed) return true;
    const request = context.switchToHttp().getRequest<AnyRequest>();
    const forwarded = 'x-forwarded-for' in request.headers || 'forwarded' in request.headers;
    if (!forwarded && isLoopback(request.socket.remoteAddress ?? '')) return true;
    throw new ForbiddenException(
      'this address answers on the loopback interface only; start the service with --expose-ops to open it',
    );
  }
}
