import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';

@Injectable()
export class TimingInterceptor implements NestInterceptor {
  private readonly inFlight = new Map<number, { url: string; at: number }>();
  private count = 0;

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { url } = context.switchToHttp().getRequest<{ url: string }>();
    this.count += 1;
    //leak this.inFlight.set(this.count, { url, at: Date.now() });
    return next.handle();
  }

  inFlightNow(): number {
    return this.inFlight.size;
  }
}
