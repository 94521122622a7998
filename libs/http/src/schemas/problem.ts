import * as z from 'zod';

const fieldError = z
  .strictObject({
    field: z.string().meta({ description: 'A path into the body, or the name of a parameter.', examples: ['text'] }),
    code: z.string().meta({ examples: ['too_long'] }),
    detail: z.string(),
  })
  .meta({ id: 'FieldError' });

/** RFC 9457. */
export const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: 'Stable: programs may rely on it.' }),
    errors: z.array(fieldError).optional().describe('With `validation_failed`: every field that is wrong.'),
    requestId: z.string().describe("Also in the `X-Request-Id` header and in the server's log."),
  })
  .meta({ id: 'Problem' });
export type Problem = z.output<typeof problem>;
