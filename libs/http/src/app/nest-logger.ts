import type { LoggerService } from '@nestjs/common';
import type { Logger } from '#observability';

/** Nest's own lines, into the program's log. What it says of routes and modules at the start is for debugging. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(fieldsOf(rest), String(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(fieldsOf(rest), String(message));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(fieldsOf(rest), String(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn(fieldsOf(rest), String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    if (message instanceof Error) this.logger.error({ ...fieldsOf(rest), err: message }, 'error in the framework');
    else this.logger.error(fieldsOf(rest), String(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.logger.fatal(fieldsOf(rest), String(message));
  }
}

/** The last parameter is the context. */
const fieldsOf = (rest: readonly unknown[]): object => ({ context: rest.at(-1) });
