const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const fine = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });

export const count = (value) => whole.format(value);

export const rate = (value) => (value >= 10_000 ? short : value >= 10 ? whole : fine).format(value);

export const percent = (value) => (value === null ? '–' : `${tenths.format(100 * value)} %`);

export function duration(ms) {
  if (ms === null) return '–';
  return ms < 1000 ? `${fine.format(ms)} ms` : `${fine.format(ms / 1000)} s`;
}

/** How long ago an instant was, by the server's own clock. */
export function since(instant, now) {
  const seconds = Math.max(0, Math.round((Date.parse(now) - Date.parse(instant)) / 1000));
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
