import { demoSession, demoTokens } from '../demo.js';

/**
 * @typedef {import('../../widget/teatime-chat.ts').TeatimeChat} TeatimeChat
 * @typedef {import('../../widget/diagnose/diagnosis.ts').Check} Check
 */

const chat = /** @type {TeatimeChat} */ (document.querySelector('teatime-chat'));
const $ = (id) => document.getElementById(id);
const buttons = /** @type {HTMLButtonElement[]} */ (['run', 'devices', 'copy'].map($));
const [run, devices, copy] = buttons;

/** What each check is about, for people. */
const titles = {
  server: 'Server',
  origin: 'This page’s origin',
  clock: 'Clock',
  session: 'Sign-in',
  cookies: 'Cookies',
  storage: 'Storage on this device',
  csp: 'Content-Security-Policy',
  socket: 'WebSocket',
  ice: 'Servers for calls',
  stun: 'STUN',
  'turn-udp': 'TURN over UDP',
  'turn-tcp': 'TURN over TCP',
  'permissions-policy': 'Permissions-Policy',
  microphone: 'Microphone',
  camera: 'Camera',
};
const words = { pass: 'Good', warn: 'Not quite', fail: 'Fails', skip: 'Skipped' };

/** @type {readonly Check[]} */
let diagnosis = [];

run.addEventListener('click', () => look());
devices.addEventListener('click', () => look({ devices: true }));
copy.addEventListener('click', copyAll);
void start();

async function start() {
  // As one of the demo people there is more to look at; without them the chat's own form serves.
  const session = await demoSession('mia').catch(() => undefined);
  if (session) chat.tokenProvider = demoTokens('mia');
  await look();
}

/** @param {{ devices?: boolean }} [options] */
async function look(options) {
  for (const button of buttons) button.disabled = true;
  $('verdict').textContent = 'Looking…';
  $('verdict').dataset.status = '';
  try {
    await customElements.whenDefined('teatime-chat');
    await chat.ready;
    diagnosis = await chat.diagnose(options);
    $('checks').replaceChildren(...diagnosis.map(row));
    $('hint').hidden = !diagnosis.some(({ code }) => code === 'signed-out');
    tell();
  } catch (error) {
    $('verdict').dataset.status = 'fail';
    $('verdict').textContent = `That could not be looked at: ${error.message}`;
  } finally {
    for (const button of buttons) button.disabled = false;
    copy.disabled = diagnosis.length === 0;
  }
}

function tell() {
  const count = (status) => diagnosis.filter((check) => check.status === status).length;
  const [fails, warnings] = [count('fail'), count('warn')];
  $('verdict').dataset.status = fails ? 'fail' : warnings ? 'warn' : 'pass';
  $('verdict').textContent = fails
    ? `${fails} of ${diagnosis.length} checks ${fails === 1 ? 'fails' : 'fail'}.`
    : warnings
      ? `It works, with ${warnings} ${warnings === 1 ? 'thing' : 'things'} to know of.`
      : 'Everything that was looked at is good.';
}

/** @param {Check} check */
function row({ check, status, code, message, fix }) {
  const item = document.createElement('li');
  item.dataset.check = check;
  item.dataset.status = status;
  const head = element('h2', 'title', titles[check] ?? check);
  const state = element('span', 'state', words[status]);
  const name = element('code', 'code', code);
  const seen = element('p', 'seen', message === code ? '' : message);
  item.append(head, state, name, seen);
  if (fix) item.append(element('p', 'fix', fix));
  return item;
}

/**
 * @param {string} tag
 * @param {string} className
 * @param {string} textContent
 */
function element(tag, className, textContent) {
  return Object.assign(document.createElement(tag), { className, textContent });
}

async function copyAll() {
  const lines = diagnosis.map(({ check, status, code, message, fix }) =>
    [`${status.toUpperCase().padEnd(4)} ${check} (${code}): ${message}`, fix && `     ${fix}`]
      .filter(Boolean)
      .join('\n'),
  );
  const text = [`TeaTime on ${location.origin}, ${navigator.userAgent}`, ...lines].join('\n');
  try {
    await navigator.clipboard.writeText(text);
    copy.textContent = 'Copied';
  } catch {
    // Browsers give the clipboard to secure pages only: show the text selected, so that a key press copies it.
    const shown = document.querySelector('pre') ?? document.querySelector('main').appendChild(element('pre', '', ''));
    shown.textContent = text;
    getSelection().selectAllChildren(shown);
    copy.textContent = 'Press Ctrl+C';
  }
  setTimeout(() => (copy.textContent = 'Copy as text'), 2000);
}
