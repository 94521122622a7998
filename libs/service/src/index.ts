export { isMain, runService } from './run-service.ts';
export { type RunningService, startService } from './start-service.ts';
