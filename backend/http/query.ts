import { Problem, type Issue } from '../problem.ts';

/** Reads a query string strictly: each name once, percent-encoding that is whole. Throws `validation_failed`. */
export const readQuery = (text: string): Record<string, string> => {
  const values = new Map<string, string>();
  const issues: Issue[] = [];
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const name = decode(at === -1 ? pair : pair.slice(0, at));
    if (values.has(name)) issues.push({ path: name.slice(0, 100), message: 'must be given once' });
    values.set(name, at === -1 ? '' : decode(pair.slice(at + 1)));
  }
  if (issues.length > 0)
    throw new Problem('validation_failed', 'unable to read the query; a value was given twice', {
      issues: issues.slice(0, 20),
    });
  return Object.fromEntries(values);
};

/** Refuses URLs that carry a token: URLs end up in histories and in logs of others. */
export const refuseTokensInUrl = (url: string): void => {
  const at = url.indexOf('?');
  if (at === -1) return;
  const carries = url
    .slice(at + 1)
    .split('&')
    .some(
      (pair) =>
        /^[^=]*(?:token|jwt|authorization|password|secret)[^=]*=/i.test(pair) ||
        /(?:^|[=.%])eyJ[\w-]{5,}(?:\.|%2e)[\w-]+/i.test(pair) ||
        /(?:^|=)tt[bs]_[\w-]{20}/.test(pair),
    );
  if (carries) throw new Problem('validation_failed', 'unable to take the request; tokens must not travel in a URL');
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new Problem('validation_failed', 'unable to read the query; its percent-encoding is malformed');
  }
};
