import { demoSession, demoTokens } from './demo.js';
import { followSettings } from './settings.js';

/** @typedef {import('../widget/teatime-chat.ts').TeatimeChat} TeatimeChat */

const people = /** @type {const} */ (['mia', 'noor']);
const [mia, noor] = people.map((id) => /** @type {TeatimeChat} */ (document.getElementById(id)));
const $ = (id) => document.getElementById(id);

const lines = [
  [mia, 'Hello Noor, is the kettle on?'],
  [noor, 'Just now. **Sencha** or oolong?'],
  [mia, 'Sencha, please. 80 °C, not a degree more 🙂'],
  [noor, 'I would never. The recipe: `2 g, 80 °C, 90 s`'],
  [mia, 'That is why I chat with you.'],
  [noor, '🍵'],
];

// This script runs before that of the widget: what is set now is there from the first moment on.
mia.tokenProvider = demoTokens('mia');
noor.tokenProvider = demoTokens('noor');
// Two chats on one page need names of their own, for those who find their way by landmarks.
mia.strings = { panel: { label: 'Mia’s chat' } };
noor.strings = { panel: { label: 'Noor’s chat' } };
followSettings($('settings'), [mia, noor], $('snippet'));
copyOnClick($('copy'), $('snippet'));
listEvents($('events'));
void start();

async function start() {
  let sessions;
  try {
    sessions = await Promise.all(people.map(demoSession));
  } catch {
    say('The server cannot be reached, or is too busy for the demo. Reload the page in a moment.');
    return;
  }
  const [miaSession, noorSession] = sessions;
  if (!miaSession || !noorSession) {
    say('This server runs without its demo people. Sign in with an account of your own.');
    document.documentElement.dataset.demo = 'off';
    noor.closest('section').hidden = true;
    $('play').parentElement.hidden = true;
    noor.remove();
    mia.tokenProvider = undefined;
    return;
  }
  mia.withUser = noorSession.user.id;
  noor.withUser = miaSession.user.id;
  playOnClick($('play'));
}

/** @param {HTMLButtonElement} button */
function playOnClick(button) {
  let next = 0;
  button.addEventListener('click', async () => {
    button.disabled = true;
    try {
      if (mia.mode === 'launcher') await Promise.all([mia.show(), noor.show()]);
      for (let count = 0; count < 2; count++) {
        const [who, text] = lines[next++ % lines.length];
        await who.send({ text });
        await new Promise((resolve) => setTimeout(resolve, 700));
      }
    } finally {
      button.disabled = false;
    }
  });
}

/**
 * @param {HTMLButtonElement} button
 * @param {HTMLElement} code
 */
function copyOnClick(button, code) {
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = 'Copied';
    } catch {
      // Browsers give the clipboard to secure pages only: select the text, so that a key press copies it.
      getSelection().selectAllChildren(code);
      button.textContent = 'Press Ctrl+C';
    }
    setTimeout(() => (button.textContent = 'Copy'), 2000);
  });
}

/** @param {HTMLElement} list */
function listEvents(list) {
  const shown = {
    'teatime-ready': ({ user }) => user?.displayName ?? 'signed out',
    'teatime-auth-required': ({ reason }) => reason,
    'teatime-connection-change': ({ status }) => status,
    'teatime-unread-change': ({ unread }) => String(unread),
    'teatime-open-change': ({ open }) => (open ? 'open' : 'closed'),
    'teatime-conversation-change': ({ conversationId }) => conversationId ?? 'none',
    'teatime-message': ({ message }) => message.text,
    'teatime-error': ({ message }) => message,
  };
  for (const [type, describe] of Object.entries(shown)) {
    document.addEventListener(type, (event) => {
      list.querySelector('.none')?.remove();
      const row = document.createElement('li');
      for (const text of [event.target.id, type, describe(event.detail)]) {
        row.append(Object.assign(document.createElement('span'), { textContent: text }));
      }
      list.prepend(row);
      while (list.children.length > 8) list.lastChild.remove();
    });
  }
}

/** @param {string} text */
function say(text) {
  Object.assign($('notice'), { textContent: text, hidden: false });
}
