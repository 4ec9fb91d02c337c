import type { Pattern } from '../pattern.js';
import { abortAny } from './abort-any.js';
import { boundedCache } from './bounded-cache.js';
import { boundedLog } from './bounded-log.js';
import { copiedSlice } from './copied-slice.js';
import { copiedView } from './copied-view.js';
import { deleteInFinally } from './delete-in-finally.js';
import { endedAfterAnswer } from './ended-after-answer.js';
import { endedHandle } from './ended-handle.js';
import { endedResource } from './ended-resource.js';
import { finalizerHeld } from './finalizer-held.js';
import { hoisted } from './hoisted.js';
import { racedPromise } from './raced-promise.js';
import { requestScoped } from './request-scoped.js';
import { sharedScope } from './shared-scope.js';
import { subscriptionInPipe } from './subscription-in-pipe.js';

/** The first that knows the code decides. What is particular comes first: a Map of loads under way is no cache. */
export const PATTERNS: readonly Pattern[] = [
  deleteInFinally,
  copiedSlice,
  copiedView,
  requestScoped,
  racedPromise,
  finalizerHeld,
  sharedScope,
  hoisted,
  endedAfterAnswer,
  endedHandle,
  abortAny,
  subscriptionInPipe,
  endedResource,
  boundedLog,
  boundedCache,
];
