type Method = (...args: unknown[]) => unknown;

/** A port's methods, bound to it. Ports have methods only; an engine's own fields are reached through its own object. */
export function methodsOf(port: object): Map<string, Method> {
  const methods = new Map<string, Method>();
  for (let level: object | null = port; level && level !== Object.prototype;) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level)))
      if (name !== 'constructor' && typeof value === 'function' && !methods.has(name))
        methods.set(name, (value as Method).bind(port));
    level = Object.getPrototypeOf(level) as object | null;
  }
  return methods;
}
