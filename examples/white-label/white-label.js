import { TeatimeChat } from '/teatime-chat.js';
import { demoSession } from '../demo.js';

/** @typedef {'mia' | 'noor'} Who */

const chat = /** @type {import('../../widget/teatime-chat.ts').TeatimeChat} */ (document.querySelector('teatime-chat'));
const form = /** @type {HTMLFormElement} */ (document.getElementById('sign-in'));
const [submit] = form.getElementsByTagName('button');
const [trouble] = form.getElementsByClassName('trouble');
/** Who is signed in, so that a session that runs out can be renewed. @type {Who | undefined} */
let who;

// Pictures of the page's own, by the names of those that they stand for.
TeatimeChat.icons = {
  coffee: 'M6 3h11a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H6zM6 3v18M10 3v18M14 3v7l1.5-1.6L17 10V3',
  'message-circle': 'M4 5h16v11H11l-4 4v-4H4z',
  'arrow-up': 'M4 12h14M12 6l6 6-6 6',
  'square-pen': 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
};

chat.strings = {
  launcher: { open: 'Ask us', close: 'Close the questions' },
  panel: {
    label: 'Questions about the notebook',
    title: 'Your questions',
    loading: 'One moment…',
    close: 'Close the questions',
    chooseTitle: 'Your questions',
    chooseText: 'Choose one on the left.',
  },
  list: { newMessage: 'Ask something', emptyTitle: 'Nothing asked yet' },
};

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  who = /** @type {Who} */ (new FormData(form).get('who'));
  submit.disabled = true;
  trouble.textContent = '';
  try {
    await signIn(who);
  } catch {
    trouble.textContent = 'That did not work. Try again in a moment.';
  } finally {
    submit.disabled = false;
  }
});

// The form above is all the sign-in there is; a session that has run out is renewed without a word.
chat.addEventListener('teatime-auth-required', (event) => {
  event.preventDefault();
  if (who && event.detail.reason === 'ended') signIn(who).catch(() => undefined);
});

document.getElementById('spec').addEventListener('click', () => write('What size is it, exactly?'));
document.getElementById('ask').addEventListener('click', () => {
  void chat.show();
  void write('Does the paper take fountain pen ink?');
});

/**
 * The page's own server would hand out the token; here the demo does.
 * @param {Who} name
 */
async function signIn(name) {
  const [mine, other] = await Promise.all([demoSession(name), demoSession(name === 'mia' ? 'noor' : 'mia')]);
  if (!mine || !other) {
    // A server without demo people: the chat's own form serves accounts.
    form.remove();
    return;
  }
  await chat.signIn(mine.accessToken);
  await chat.openConversation({ userId: other.user.id });
}

/** @param {string} text */
async function write(text) {
  await chat.setDraft(text);
  await chat.focusComposer();
}
