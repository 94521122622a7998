const DEFAULT_PORT = 9042;

export interface ContactPoints {
  /** Each with its port. */
  readonly hosts: string[];
  /** The driver learns the addresses of the other nodes from the first, but not their ports. */
  readonly port: number;
}

/** The port is that of the first point that names one; points without take it too. */
export function contactPointsOf(points: readonly string[]): ContactPoints {
  const parsed = points.map((point) => /^(.*?)(?::(\d+))?$/.exec(point)?.slice(1) ?? [point]);
  const named = parsed.find(([, port]) => port !== undefined)?.[1];
  const port = named === undefined ? DEFAULT_PORT : Number(named);
  return { hosts: parsed.map(([host, own]) => `${host ?? ''}:${own ?? port}`), port };
}
