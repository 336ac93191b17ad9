import { post, startServer } from './start-server.js';

const password = 'a bench is not a place to sit';
const group = 'Bench group';
const names = ['Bench Ada', 'Bench Ben', 'Bench Cleo', 'Bench Dan'];

/** Starts the real server with four people in it: a direct message of the first two, and a group of all. */
export async function startTeaTime() {
  const { url, stop } = await startServer();
  try {
    await fill(url);
    return { url, close: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param {string} url */
async function fill(url) {
  const people = [];
  for (const displayName of names)
    people.push(await post(url, '/auth/register', { username: usernameOf(displayName), displayName, password }));
  const [{ accessToken }, ...others] = people;
  const ids = others.map(({ user }) => user.id);
  await post(url, '/conversations', { kind: 'dm', userId: ids[0] }, accessToken);
  await post(url, '/conversations', { kind: 'group', title: group, userIds: ids }, accessToken);
}

/**
 * Signs the nth person in on a page.
 * @param {import('playwright-core').Page} page
 * @param {string} url
 * @param {number} n
 */
export async function signIn(page, url, n) {
  await page.goto(`${url}/examples/page/`);
  await page.getByLabel(/^User name/).fill(usernameOf(names[n]));
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('teatime-conversation-list').waitFor();
}

/**
 * One call in the direct message, from the click on "Accept with video" of the second page, which has heard it ring.
 * @param {readonly import('playwright-core').Page[]} pages whose first two people are those of the direct message
 * @param {readonly number[]} who they are
 * @param {(page: import('playwright-core').Page) => Promise<void>} watch
 */
export async function callTeaTime([one, other], [, callee], watch) {
  await dial(one, names[callee]);
  const accept = await rings(other);
  await one.getByText('Ringing…').waitFor();
  await watch(other);
  await accept.click();
  return async () => {
    await button(other, 'Leave the call').click();
    await one.getByText('The call has ended.').waitFor();
    for (const page of [one, other]) await dismiss(page);
  };
}

/**
 * A call of all pages in the group.
 * @param {readonly import('playwright-core').Page[]} pages
 */
export async function meetTeaTime(pages) {
  const [first, ...others] = pages;
  await dial(first, group);
  for (const page of others) await (await rings(page)).click();
  return async () => {
    for (const page of pages) await page.evaluate(() => document.querySelector('teatime-chat').hangUp());
    // The end of a call goes away by itself.
    for (const page of pages)
      await page.locator('teatime-call .bar, teatime-call-stage').waitFor({ state: 'detached' });
  };
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} title
 */
async function dial(page, title) {
  await page.locator('teatime-conversation-item').filter({ hasText: title }).click();
  await button(page, 'Video call').click();
  // One looks at oneself first where the browser has not allowed the camera for good.
  const begin = button(page, 'Call with video');
  await begin.or(button(page, 'Leave the call')).waitFor();
  if (await begin.isVisible()) await begin.click();
}

/** @param {import('playwright-core').Page} page */
async function rings(page) {
  const accept = button(page, 'Accept with video');
  await accept.waitFor();
  // Nobody answers at once: what a call is made of is fetched by then.
  await page.waitForLoadState('networkidle');
  return accept;
}

/** @param {import('playwright-core').Page} page */
async function dismiss(page) {
  await page.locator('teatime-call').getByRole('button', { name: 'Dismiss', exact: true }).click();
  await page.locator('teatime-call .bar').waitFor({ state: 'detached' });
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} name
 */
function button(page, name) {
  return page.getByRole('button', { name, exact: true });
}

/** @param {string} displayName */
function usernameOf(displayName) {
  return displayName.toLowerCase().replace(' ', '-');
}
