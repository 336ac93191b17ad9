import { demoSession, demoTokens } from '../demo.js';
import { contrast, paint, pairs } from './contrast.js';

/** @typedef {import('../../widget/teatime-chat.ts').TeatimeChat} TeatimeChat */

const chat = /** @type {TeatimeChat} */ (document.getElementById('chat'));
const form = /** @type {HTMLFormElement} */ (document.getElementById('look'));
const $ = (id) => document.getElementById(id);
const defaults = Object.fromEntries(new FormData(form));
/** The tokens that the chat has on. @type {[name: string, value: string][]} */
let worn = [];
const units = { radius: 'px', 'font-size': 'px' };

chat.tokenProvider = demoTokens('mia');
chat.strings = { panel: { label: 'A chat in this look' } };
restore();
apply();
form.addEventListener('input', apply);
form.addEventListener('submit', (event) => event.preventDefault());
// The fields have their defaults again only after the event.
form.addEventListener('reset', () => setTimeout(apply));
for (const idea of form.querySelectorAll('[data-accent]')) {
  idea.style.setProperty('--tea', idea.dataset.accent);
  idea.addEventListener('click', () => {
    form.elements.namedItem('accent').value = idea.dataset.accent;
    apply();
  });
}
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', apply);
$('copy').addEventListener('click', copy);
void customElements.whenDefined('teatime-chat').then(() => chat.ready.then(apply, apply));
void start();

/** Puts the look on the chat, and everything that is said of it on the page. */
function apply() {
  const chosen = Object.fromEntries(new FormData(form));
  const tokens = tokensOf(chosen);
  for (const [name] of worn) chat.style.removeProperty(name);
  for (const [name, value] of tokens) chat.style.setProperty(name, value);
  worn = tokens;
  chat.theme = chosen.theme;
  document.documentElement.dataset.theme = chosen.theme;
  for (const field of form.querySelectorAll('label.field')) {
    const [output] = field.getElementsByTagName('output');
    const input = field.querySelector('input');
    if (output && input) output.value = input.value + (units[input.name] ?? '');
  }
  for (const name of ['surface', 'text']) form.elements.namedItem(name).disabled = !chosen['own-colors'];
  $('css').textContent = cssOf(tokens, chosen.theme);
  const changed = Object.entries(chosen).filter(([name, value]) => value !== defaults[name]);
  history.replaceState(null, '', changed.length > 0 ? `?${new URLSearchParams(changed)}` : location.pathname);
  showContrast();
}

/**
 * The tokens that differ from their defaults.
 * @param {Record<string, FormDataEntryValue>} chosen
 * @returns {[name: string, value: string][]}
 */
function tokensOf(chosen) {
  const tokens = ['accent', 'radius', 'density', 'font-size', 'font']
    .filter((name) => chosen[name] !== defaults[name])
    .map((name) => [`--teatime-${name}`, chosen[name] + (units[name] ?? '')]);
  if (chosen.bubbles === 'filled') {
    // What is readable on the accent is so in a bubble of that colour, too.
    const text = contrast(rgb(chosen.accent), [255, 255, 255]) >= 4.5 ? '#fff' : '#161616';
    tokens.push(
      ['--teatime-bubble-own', chosen.accent],
      ['--teatime-bubble-own-text', text],
      ['--teatime-bubble-own-accent', text],
    );
  }
  if (chosen['own-colors']) {
    tokens.push(
      ['--teatime-surface', chosen.surface],
      ['--teatime-surface-raised', chosen.surface],
      ['--teatime-surface-sunken', `color-mix(in oklab, ${chosen.surface} 96%, ${chosen.text})`],
      ['--teatime-text', chosen.text],
      ['--teatime-text-muted', `color-mix(in oklab, ${chosen.text} 78%, ${chosen.surface})`],
      ['--teatime-bubble-other', `color-mix(in oklab, ${chosen.surface} 92%, ${chosen.text})`],
    );
  }
  return tokens;
}

/** @param {string} hex */
function rgb(hex) {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

/**
 * @param {[name: string, value: string][]} tokens
 * @param {string} theme
 */
function cssOf(tokens, theme) {
  const lines = tokens.map(([name, value]) => `  ${name}: ${value};`);
  const css = lines.length > 0 ? ['teatime-chat {', ...lines, '}'] : ['/* Nothing differs from the defaults. */'];
  if (theme !== 'auto') css.push(`/* and in the markup: <teatime-chat theme="${theme}"> */`);
  return css.join('\n');
}

/** Measures what is read on what in both themes, and says which is too faint. */
function showContrast() {
  // Before the chat has its style sheets there is nothing to measure.
  if (!getComputedStyle(chat).getPropertyValue('--tt-surface')) return;
  let faults = 0;
  const rows = pairs.map(([words, on, behind, least]) => {
    const row = document.createElement('tr');
    row.append(Object.assign(document.createElement('th'), { scope: 'row', textContent: words }));
    for (const theme of /** @type {const} */ (['light', 'dark'])) {
      const back = paint(chat, theme, 'surface', behind);
      const front = paint(chat, theme, 'surface', behind, on);
      const ratio = contrast(front, back);
      const good = ratio >= least;
      if (!good) faults++;
      const cell = document.createElement('td');
      const sample = Object.assign(document.createElement('span'), { className: 'sample', textContent: 'Aa' });
      sample.ariaHidden = 'true';
      sample.style.color = `rgb(${front.slice(0, 3).join(' ')})`;
      sample.style.backgroundColor = `rgb(${back.slice(0, 3).join(' ')})`;
      const figure = document.createElement('span');
      figure.className = good ? 'good' : 'faint';
      figure.textContent = good ? floor(ratio) : `${floor(ratio)}, too faint: needs ${least}`;
      cell.append(sample, figure);
      row.append(cell);
    }
    return row;
  });
  $('contrast').replaceChildren(...rows);
  const verdict = faults === 0 ? 'All of it' : faults === 1 ? 'One is too faint' : `${faults} are too faint`;
  if ($('verdict').textContent !== verdict) $('verdict').textContent = verdict;
  $('verdict').className = faults === 0 ? 'good' : 'faint';
}

/** Never more than there is: 4.49 is not 4.5. @param {number} ratio */
function floor(ratio) {
  return (Math.floor(ratio * 10) / 10).toFixed(1);
}

/** Settings in the address win over the defaults, so that a look can be linked to. */
function restore() {
  for (const [name, value] of new URLSearchParams(location.search)) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement && field.type === 'checkbox') field.checked = value === 'on';
    else if (field instanceof RadioNodeList ? [...field].some((radio) => radio.value === value) : field)
      field.value = value;
  }
}

/** @param {Event} event */
async function copy({ currentTarget }) {
  const button = /** @type {HTMLButtonElement} */ (currentTarget);
  try {
    await navigator.clipboard.writeText($('css').textContent);
    button.textContent = 'Copied';
  } catch {
    // Browsers give the clipboard to secure pages only: select the text, so that a key press copies it.
    getSelection().selectAllChildren($('css'));
    button.textContent = 'Press Ctrl+C';
  }
  setTimeout(() => (button.textContent = 'Copy'), 2000);
}

async function start() {
  const say = (/** @type {string} */ text) => Object.assign($('notice'), { textContent: text, hidden: false });
  try {
    const noor = await demoSession('noor');
    if (noor) chat.withUser = noor.user.id;
    else {
      say('This server runs without its demo people. Sign in with an account of your own.');
      chat.tokenProvider = undefined;
    }
  } catch {
    say('The server cannot be reached, or is too busy for the demo. Reload the page in a moment.');
  }
}
