// Elements are made here only, and text is only ever text: names and posts are whatever people have written.

/** @param content strings, numbers and elements; null and undefined are left out. */
export function element(name, { className, share, ...attributes } = {}, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (share !== undefined) made.style.setProperty('--share', `${Math.round(100 * share)}%`);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...content.flat().filter((part) => part !== null && part !== undefined));
  return made;
}

/**
 * Replaces what a box holds by a table, or by what it says of itself when there are no rows.
 * @param columns `{ title, of(row), number?, share?(row) }`; `of` gives text or elements.
 */
export function fillTable(box, columns, rows, caption) {
  if (rows.length === 0) {
    box.replaceChildren(element('p', { className: 'empty' }, box.dataset.empty));
    return;
  }
  const heads = columns.map(({ title, number }) =>
    element('th', { scope: 'col', className: number ? 'number' : '' }, title),
  );
  box.replaceChildren(
    element(
      'table',
      {},
      caption ? element('caption', {}, caption) : null,
      element('thead', {}, element('tr', {}, heads)),
      element(
        'tbody',
        {},
        rows.map((row) => rowOf(columns, row)),
      ),
    ),
  );
}

function rowOf(columns, row) {
  return element(
    'tr',
    {},
    columns.map(({ of, number, share }) => {
      const classes = [number ? 'number' : '', share ? 'share' : ''].join(' ').trim();
      return element('td', { className: classes, share: share?.(row) ?? undefined }, of(row));
    }),
  );
}
