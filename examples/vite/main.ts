import type { TeatimeChat } from 'teatime';
import { demoSession, demoSides, demoTokens } from '../demo.js';
import { countUnread } from './count-unread.ts';

const { me, other, otherName, otherSide } = demoSides();
// On a page of your own: async () => (await fetch('/chat-token')).text()
const tokenProvider = demoTokens(me);
const server = location.origin;

const $ = (id: string): HTMLElement => document.getElementById(id)!;
const show = (id: string, text: string): void => void ($(id).textContent = text);

const link = $('other-side') as HTMLAnchorElement;
link.href = otherSide;
link.textContent = `Open ${otherName}’s side`;

const headless = countUnread({
  server,
  tokenProvider,
  onUnread: (unread) => show('count', String(unread)),
  onUser: (name) => show('me', name),
  onConnection: (status) => show('connection', status),
  onMessage: (sender, text) => show('latest', `${sender}: ${text}`),
});

let chat: TeatimeChat | undefined;
const button = $('messages') as HTMLButtonElement;
button.addEventListener('click', async () => {
  button.disabled = true;
  chat ??= await openChat();
  const colleague = await demoSession(other);
  if (colleague) await chat.openConversation({ userId: colleague.user.id });
  button.disabled = false;
});

/** Loads the element, which counts from now on, and puts it into its box. */
async function openChat(): Promise<TeatimeChat> {
  await import('teatime');
  headless.stop();
  const element = document.createElement('teatime-chat');
  Object.assign(element, { server, mode: 'inline', tokenProvider });
  element.addEventListener('teatime-unread-change', ({ detail }) => show('count', String(detail.unread)));
  element.addEventListener('teatime-connection-change', ({ detail }) => show('connection', detail.status));
  element.addEventListener('teatime-message', ({ detail }) =>
    show('latest', `${detail.sender.displayName}: ${detail.message.text}`),
  );
  $('box').classList.remove('waiting');
  $('box').replaceChildren(element);
  show('counted-by', 'the element');
  button.setAttribute('aria-expanded', 'true');
  await element.ready;
  return element;
}
