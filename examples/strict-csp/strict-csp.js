import { demoSession, demoSides, demoTokens } from '../demo.js';

/** Why the chat, or this page, needs each part of the policy. */
const reasons = {
  'default-src': 'Whatever is not named below is forbidden: frames, workers, plug-ins, fonts.',
  'script-src': 'The chat’s script and the chunks that it loads when they are needed.',
  'style-src': 'This page’s own style sheets. The chat needs none: its styles are constructed by script.',
  'img-src': 'Pictures and avatars; blob: shows a picture before it has been sent.',
  'media-src': 'Voice messages, sounds and videos; blob: plays a recording before it has been sent.',
  'connect-src': 'The API, and the socket, which needs its own ws: or wss: address in some browsers.',
  'require-trusted-types-for': 'No string may become markup or script: the browser refuses it.',
  'trusted-types': 'The one policy for markup that there may be is the one of Lit, which renders the chat.',
  'base-uri': 'Nobody turns the page’s relative addresses elsewhere.',
  'form-action': 'No form is sent anywhere; the chat’s own are answered by script.',
  'frame-ancestors': 'No page may put this one into a frame.',
};

const $ = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const { me, other, otherName, otherSide } = demoSides();
const chat = /** @type {import('../../widget/teatime-chat.ts').TeatimeChat} */ (document.querySelector('teatime-chat'));

// This module runs before that of the widget: from here on nothing is missed.
let violations = 0;
document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
  violations += 1;
  $('violations').textContent = String(violations);
  const row = document.createElement('li');
  row.textContent = `${effectiveDirective} ${blockedURI}`;
  $('broken').prepend(row);
  while ($('broken').children.length > 5) $('broken').lastElementChild?.remove();
});

chat.tokenProvider = demoTokens(me);
chat.addEventListener(
  'teatime-ready',
  async () => {
    const session = await demoSession(other);
    if (session) await chat.openConversation({ userId: session.user.id });
  },
  { once: true },
);
Object.assign($('other-side'), { href: otherSide, textContent: `Open ${otherName}’s side` });
// A style attribute in markup is what such a policy exists to refuse; the page stays as it is.
$('break').addEventListener('click', () => document.body.setAttribute('style', 'rotate: 2deg'));
void showPolicy();

/** Lists the policy as the server has sent it with this page. */
async function showPolicy() {
  const { headers } = await fetch(location.href, { method: 'HEAD' });
  for (const directive of (headers.get('Content-Security-Policy') ?? '').split(/;\s*/)) {
    const [name] = directive.split(' ');
    const term = document.createElement('dt');
    term.textContent = directive;
    const reason = document.createElement('dd');
    reason.textContent = reasons[/** @type {keyof typeof reasons} */ (name)] ?? '';
    const part = document.createElement('div');
    part.append(term, reason);
    $('policy').append(part);
  }
}
