import type { FieldError } from '#kernel';
import type * as z from 'zod';
import { FIELD_ERRORS_MAX, unknownField } from './unknown-fields.ts';

type Issue = z.core.$ZodIssue;

/** What is wrong with each field, in words that do not repeat what was sent. `whole` names the value itself. */
export function fieldErrors(issues: readonly Issue[], value: unknown, whole: string): FieldError[] {
  const all = issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => unknownField([...issue.path, key].join('.')));
    const field = issue.path.length > 0 ? issue.path.join('.') : whole;
    return { field, ...describe(issue, at(value, issue.path)) };
  });
  return all.slice(0, FIELD_ERRORS_MAX);
}

function describe(issue: Issue, found: unknown): { code: string; detail: string } {
  if (issue.code === 'custom') return { code: String(issue.params?.code ?? 'invalid'), detail: issue.message };
  if (issue.code !== 'invalid_type') return { code: issue.code, detail: issue.message };
  return found === undefined
    ? { code: 'required', detail: 'is required' }
    : { code: 'wrong_type', detail: `must be of type ${issue.expected}` };
}

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key], value);
