type Pattern = readonly string[];

/** Which methods a path has: asked only when the router found nothing, to tell 405 from 404. */
export class RouteTable {
  readonly #methods = new Map<string, { pattern: Pattern; methods: Set<string> }>();

  /** @param url with `:name` for a segment that may be anything. */
  add(method: string | readonly string[], url: string): void {
    const route = this.#methods.get(url) ?? { pattern: url.split('/'), methods: new Set() };
    for (const name of [method].flat()) route.methods.add(name);
    this.#methods.set(url, route);
  }

  /** @param url of a request, with or without a query. */
  methodsOf(url: string): string[] {
    const segments = (url.split('?', 1)[0] ?? '').split('/');
    const found = [...this.#methods.values()].filter(({ pattern }) => matches(pattern, segments));
    return [...new Set(found.flatMap(({ methods }) => [...methods]))].sort();
  }
}

function matches(pattern: Pattern, segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, i) => (part.startsWith(':') ? segments[i] !== '' : part === segments[i]))
  );
}
