import { errorCatalogue, type ErrorCode } from '#kernel';

export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

interface Body {
  readonly code: ErrorCode;
  readonly errors?: readonly { readonly field: string; readonly code: string; readonly detail: string }[];
}

/** Checks that an answer is a well-formed problem that gives nothing away; returns its code, and its fields with theirs. */
export function problemIn({ statusCode, headers, body }: Answer): string[] {
  const problem = JSON.parse(body) as Body;
  const { status, title } = errorCatalogue[problem.code];
  expect(problem).toMatchObject({
    type: expect.any(String) as string,
    title,
    status,
    detail: expect.any(String) as string,
  });
  expect(statusCode).toBe(status);
  expect(headers['content-type']).toMatch(/^application\/problem\+json\b/);
  expect(headers['cache-control']).toBe('no-store');
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(problem).toMatchObject({ requestId: headers['x-request-id'] });
  expect(body).not.toMatch(/node_modules|\.ts:|\bat \w+\s*\(/);
  expect(Boolean(problem.errors?.length)).toBe(problem.code === 'validation_failed');
  return [problem.code, ...(problem.errors ?? []).map((error) => `${error.field} ${error.code}`)];
}
