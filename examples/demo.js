/**
 * Somebody to try the chat as. The server hands out sessions of its two demo people as long as it runs on its defaults.
 * @param {'mia' | 'noor'} username
 * @returns {Promise<{ accessToken: string, user: { id: string, displayName: string } } | undefined>} nothing when there is no demo
 */
export async function demoSession(username) {
  const response = await fetch('/api/v1/demo/sessions', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username }),
  });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`unable to start the demo; the server answered ${response.status}`);
  return response.json();
}

/**
 * Hands out access tokens of a demo person, as a page's own server would for the people whom it knows.
 * @param {'mia' | 'noor'} username
 */
export function demoTokens(username) {
  return async () => (await demoSession(username))?.accessToken ?? null;
}

/**
 * Who is at this page and who at the other end: Mia and Noor, or the other way round by `?as=noor`.
 * @returns {{ me: 'mia' | 'noor', other: 'mia' | 'noor', otherName: string, otherSide: string }} `otherSide` is a link to the same page as the other
 */
export function demoSides() {
  return new URLSearchParams(location.search).get('as') === 'noor'
    ? { me: 'noor', other: 'mia', otherName: 'Mia', otherSide: '?as=mia' }
    : { me: 'mia', other: 'noor', otherName: 'Noor', otherSide: '?as=noor' };
}
