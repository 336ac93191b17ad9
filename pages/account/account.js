// What the pages share: the site's name, the language of the browser, the form and what becomes of it.
import { phrasesFor } from './phrases.js';

const api = new URL('../api/v1/', import.meta.url);
const site = new URLSearchParams(location.search).get('site') ?? 'default';
const { lang, phrases } = phrasesFor(navigator.languages);

/**
 * What the link in the mail carried. It leaves the address bar, so that neither the history nor a shared screen keeps it.
 * @returns {string}
 */
export const takeToken = () => {
  const token = location.hash.slice(1);
  history.replaceState(null, '', location.pathname + location.search);
  return token;
};

/**
 * Puts the page into words, and sends its form when that is asked for.
 * @param {{
 *   path: string,
 *   done: string,
 *   read(form: HTMLFormElement): { body: object } | { fault: string, field: HTMLInputElement },
 *   usable?: boolean,
 * }} page
 */
export const run = ({ path, done, read, usable = true }) => {
  const form = /** @type {HTMLFormElement} */ (document.querySelector('form'));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
  let busy = false;
  speak();
  if (!usable) return finish(form, 'link_invalid', true);

  form.addEventListener('input', () => say(''));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (busy) return;
    const given = read(form);
    if ('fault' in given) {
      given.field.setAttribute('aria-invalid', 'true');
      given.field.focus();
      return say(given.fault, true);
    }
    busy = true;
    button.setAttribute('aria-disabled', 'true');
    const fault = await send(path, given.body);
    busy = false;
    button.setAttribute('aria-disabled', 'false');
    if (fault === undefined) finish(form, done);
    else if (fault === 'link_invalid') finish(form, fault, true);
    else say(fault, true);
  });
  // Before this a click would have gone nowhere: the policy lets no form be sent.
  button.disabled = false;
};

const speak = () => {
  document.documentElement.lang = lang;
  document.documentElement.dir = lang === 'ar' || lang === 'he' ? 'rtl' : 'ltr';
  for (const element of document.querySelectorAll('[data-phrase]'))
    element.textContent = phrases[element.getAttribute('data-phrase') ?? ''] ?? '';
  document.title = document.querySelector('h1')?.textContent ?? '';
  void showSite();
};

const showSite = async () => {
  const response = await fetch(new URL('config', api), { headers: { 'TeaTime-Site': site } }).catch(() => undefined);
  if (!response?.ok) return;
  const config = await response.json();
  const place = document.querySelector('#site');
  if (place) place.textContent = config.site.name;
};

/**
 * Undefined when it worked, or else what was wrong.
 * @param {string} path
 * @param {object} body
 * @returns {Promise<string | undefined>}
 */
const send = async (path, body) => {
  try {
    const response = await fetch(new URL(path, api), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'TeaTime-Site': site },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
    if (response.ok) return undefined;
    const { code } = await response.json();
    return typeof code === 'string' && code in phrases ? code : 'failed';
  } catch {
    return 'network';
  }
};

/**
 * @param {string} name
 * @param {boolean} [isFault]
 */
const say = (name, isFault = false) => {
  const note = /** @type {HTMLElement} */ (document.querySelector('#note'));
  note.textContent = phrases[name] ?? '';
  note.classList.toggle('fault', isFault);
  if (name === '') document.querySelector('[aria-invalid="true"]')?.removeAttribute('aria-invalid');
};

/**
 * There is nothing left to do here but to read this.
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {boolean} [isFault]
 */
const finish = (form, name, isFault = false) => {
  form.hidden = true;
  form.reset();
  say(name, isFault);
  document.querySelector('h1')?.focus();
};
