import { fileURLToPath } from 'url';

const url = new URL('../../../', import.meta.url);

/** The project's top directory, with a slash at the end. */
export const root = fileURLToPath(url);

/** A module of dist, which may only just have been built. */
export function importBuilt(path) {
  return import(new URL('dist/' + path, url).href);
}
