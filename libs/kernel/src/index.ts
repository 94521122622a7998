export { BackgroundTasks } from './background-tasks.ts';
export type { Brand } from './brand.ts';
export { type Chance, type Clock, systemClock } from './clock.ts';
export { finishesWithin, withDeadline } from './deadline.ts';
export { AppError, type AppErrorOptions, type ErrorCode, type FieldError } from './errors.ts';
export { errorCatalogue, isAppError, unavailable } from './errors.ts';
export { inSteps } from './in-steps.ts';
export { Limiter } from './limiter.ts';
export { retryUnavailable } from './retry-unavailable.ts';
