const POINTS = 120;
const WIDTH = 600;
const HEIGHT = 120;
const SVG = 'http://www.w3.org/2000/svg';

/** Lines over the last two minutes, all on one scale: what stays flat while another climbs is the point of it. */
export class Chart {
  #lines = new Map();

  constructor(svg, names) {
    for (const name of names) {
      const line = document.createElementNS(SVG, 'polyline');
      line.setAttribute('class', name);
      svg.append(line);
      this.#lines.set(name, { line, values: [] });
    }
  }

  /** @param values one a name. */
  add(values) {
    for (const [name, { values: kept }] of this.#lines) {
      kept.push(values[name]);
      if (kept.length > POINTS) kept.shift();
    }
    const all = [...this.#lines.values()];
    const top = Math.max(1, ...all.flatMap(({ values: kept }) => kept));
    for (const { line, values: kept } of all)
      line.setAttribute('points', kept.map(pointOf(kept.length, top)).join(' '));
  }
}

const pointOf = (length, top) => (value, i) => {
  const x = WIDTH - ((length - 1 - i) * WIDTH) / (POINTS - 1);
  return `${x.toFixed(1)},${(HEIGHT - 3 - ((HEIGHT - 6) * value) / top).toFixed(1)}`;
};
