import * as z from 'zod';

/** Unicode Cc but newline and tab, and halves of surrogate pairs. */
const FORBIDDEN = /[^\P{Cc}\n\t]|\p{Cs}/u;
const LONE_SURROGATE = /\p{Cs}/u;
const VISIBLE = /\P{White_Space}/u;

interface Length {
  readonly min: number;
  readonly max: number;
}

/** Text that people read: `length` counts code points, as sent. */
export function readableText(length: Length) {
  return z.string().superRefine((value, ctx) => {
    checkLength(value, length, ctx);
    if (FORBIDDEN.test(value)) refuse(ctx, 'forbidden_character', 'holds a control character or half a character');
    else if (value !== '' && !VISIBLE.test(value)) refuse(ctx, 'blank', 'holds nothing but white space');
  });
}

/** A secret that is never shown: anything that has a UTF-8 form. */
export function secretText(length: Length) {
  return z.string().superRefine((value, ctx) => {
    checkLength(value, length, ctx);
    if (LONE_SURROGATE.test(value)) refuse(ctx, 'forbidden_character', 'holds half a character');
  });
}

function checkLength(value: string, { min, max }: Length, ctx: z.RefinementCtx): void {
  const count = codePointsUpTo(value, max);
  if (count < min) refuse(ctx, 'too_short', `must have ${min} characters or more`);
  if (count > max) refuse(ctx, 'too_long', `must have ${max} characters or fewer`);
}

/** Exact up to `max`, something above `max` beyond it. */
function codePointsUpTo(value: string, max: number): number {
  if (value.length > 2 * max) return max + 1;
  let count = 0;
  for (const _ of value) count++;
  return count;
}

/** Adds an issue with a code of its own. */
export function refuse(ctx: z.RefinementCtx, code: string, message: string, path: string[] = []): void {
  ctx.addIssue({ code: 'custom', message, path, params: { code } });
}
