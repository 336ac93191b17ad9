import { demoSession, demoSides, demoTokens } from '../demo.js';
import { route } from './router.js';

const $ = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const { me, other, otherName, otherSide } = demoSides();
const chat = /** @type {import('../../widget/teatime-chat.ts').TeatimeChat} */ (document.querySelector('teatime-chat'));

// Made once, with the page; no view makes or removes it.
chat.tokenProvider = demoTokens(me);
chat.addEventListener('teatime-unread-change', ({ detail }) => ($('unread').textContent = String(detail.unread)));

/** Who is at the other end; asked once. */
const colleague = demoSession(other).then((session) => session?.user);

Object.assign($('other-side'), { href: otherSide, textContent: `Open ${otherName}’s side` });
for (const link of $('views').querySelectorAll('a')) link.search += `&as=${me}`;
route(show, 'today');
document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest('button') : null;
  if (button?.dataset.ask) void write(button.dataset.ask);
  else if (button?.dataset.do === 'write') void write();
  else if (button?.dataset.do === 'call') void call();
});

/** @param {string} name */
function show(name) {
  const view = ['today', 'teas', 'messages'].includes(name) ? name : 'today';
  // Out of the way before the old view goes: an element that leaves the page for good would end its session.
  if (view !== 'messages') seat($('dock'), 'launcher');
  const template = /** @type {HTMLTemplateElement} */ ($(view));
  const page = template.content.cloneNode(true);
  if (view === 'messages') {
    const outgoing = $('outlet').firstElementChild;
    $('outlet').append(page);
    seat($('seat'), 'inline');
    outgoing?.remove();
  } else {
    $('outlet').replaceChildren(page);
  }
  tell(view);
}

/**
 * Moves the chat. Session, connection, drafts and a call outlive that by themselves; where a browser can move an element without taking it out of the
 * page first, even its focus and its scroll positions stay.
 * @param {HTMLElement} place
 * @param {'launcher' | 'inline'} mode
 */
function seat(place, mode) {
  if (chat.parentElement === place) return;
  chat.open = false;
  chat.mode = mode;
  if ('moveBefore' in place && chat.isConnected) place.moveBefore(chat, null);
  else place.append(chat);
}

/** Says where one is now: in the title, in the menu, and to those who listen to the page. @param {string} view */
function tell(view) {
  const heading = /** @type {HTMLElement} */ ($('outlet').querySelector('h1'));
  document.title = `TeaTime: ${heading.textContent}`;
  for (const link of $('views').querySelectorAll('a')) {
    if (new URLSearchParams(link.search).get('view') === view) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (view === 'today') $('colleague').textContent = otherName;
  // The first view is there with the page: nothing has been left.
  if (document.readyState === 'complete') heading.focus();
}

/** @param {string} [draft] */
async function write(draft) {
  const user = await colleague;
  if (!user) return chat.show();
  await chat.show();
  await chat.openConversation({ userId: user.id });
  if (draft) await chat.setDraft(draft);
  await chat.focusComposer();
}

async function call() {
  const user = await colleague;
  if (!user) return;
  await chat.show();
  await chat.startCall({ userId: user.id });
}
