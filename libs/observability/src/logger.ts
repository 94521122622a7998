import { pino, stdTimeFunctions, type DestinationStream } from 'pino';

/** What the program writes about itself. Fields first, then a constant message, so that lines can be counted. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  fatal(fields: object, message: string): void;
  /** A logger whose lines carry these fields, too. */
  child(fields: object): Logger;
  isLevelEnabled(level: string): boolean;
}

export interface LoggerOptions {
  /** A level of pino, or `silent`. */
  readonly level: string;
  /** Who writes: the name of the app. */
  readonly service: string;
  /** Standard output unless given. */
  readonly destination?: DestinationStream;
}

const SECRETS = ['password', 'passwordHash', 'secret', 'token', 'authorization'];

/** JSON lines with the time in UTC. Fields that are named like a secret are left out, at the top and one level down. */
export function createLogger({ level, service, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { service, pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), remove: true },
    serializers: { err: describeError },
  };
  return destination ? pino(options, destination) : pino(options);
}

const CAUSES_MAX = 5;

/** An error's own text and nothing that a library hangs on it, such as the arguments of a failed command. */
function describeError(error: unknown, causes = 0): unknown {
  if (!isError(error)) return error === undefined ? undefined : { message: typeof error };
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...('code' in error && { code: error.code }),
    ...(error.cause !== undefined && causes < CAUSES_MAX && { cause: describeError(error.cause, causes + 1) }),
  };
}

const isError = (value: unknown): value is Error =>
  typeof value === 'object' && value !== null && 'message' in value && 'stack' in value;
