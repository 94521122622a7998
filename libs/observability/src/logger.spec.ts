import { createLogger } from './logger.ts';

function record(level = 'info') {
  const lines: string[] = [];
  const logger = createLogger({ level, service: 'test', destination: { write: (line) => void lines.push(line) } });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') as Record<string, unknown> };
}

describe('createLogger', () => {
  it('writes JSON lines with a UTC time, and children that carry fields', () => {
    const { logger, last } = record();
    logger.child({ requestId: 'r1' }).info({ port: 1 }, 'listening');
    expect(last()).toMatchObject({ level: 'info', service: 'test', requestId: 'r1', port: 1, msg: 'listening' });
    expect(last().time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('keeps to its level', () => {
    const { logger, lines } = record('warn');
    logger.info({}, 'no');
    logger.warn({}, 'yes');
    expect(lines).toHaveLength(1);
    expect([logger.isLevelEnabled('info'), logger.isLevelEnabled('error')]).toEqual([false, true]);
  });

  it('leaves secrets out', () => {
    const { logger, lines } = record();
    logger.info({ password: 'hunter2', token: 'hunter2', body: { password: 'hunter2', handle: 'ann' } }, 'x');
    logger.info({ headers: { authorization: 'Bearer hunter2' } }, 'x');
    expect(lines.join('')).not.toContain('hunter2');
    expect(lines[0]).toContain('ann');
  });

  it('writes an error with its causes, and nothing that a library hung on it', () => {
    const { logger, last } = record();
    const error = new Error('outer', { cause: new TypeError('inner') });
    logger.error({ err: Object.assign(error, { code: 'E1', command: { args: ['hunter2'] } }) }, 'failed');
    expect(last().err).toMatchObject({ type: 'Error', message: 'outer', code: 'E1', cause: { message: 'inner' } });
    expect(JSON.stringify(last())).not.toContain('hunter2');
    logger.error({ err: 'hunter2' }, 'failed');
    expect(last().err).toEqual({ message: 'string' });
  });
});
