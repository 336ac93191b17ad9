// A back end with a login of its own, whose people chat by TeaTime without another account. How to run it: README.md
import { createHmac, randomUUID } from 'node:crypto';
import cookieSession from 'cookie-session';
import express from 'express';

const { CHAT_SERVER = 'http://localhost:8080', SITE = 'teashop', KID, SECRET, PORT = '3000' } = process.env;
if (!KID || !SECRET) {
  console.error('KID and SECRET are missing: npx teatime key add shows both');
  process.exit(1);
}

// What your product knows of its people.
const people = new Map([
  ['ada', { id: 'u-1815', name: 'Ada Byron', password: 'earl grey' }],
  ['grace', { id: 'u-1906', name: 'Grace Hopper', password: 'assam' }],
]);

/** The token that says who this is: docs/sso.md tells of each claim. */
const tokenFor = ({ id, name }) => {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const expiresAt = Math.floor(Date.now() / 1000) + 300;
  const claims = { iss: SITE, aud: 'teatime', sub: id, name, jti: randomUUID(), exp: expiresAt };
  const text = `${part({ alg: 'HS256', typ: 'JWT', kid: KID })}.${part(claims)}`;
  return `${text}.${createHmac('sha256', SECRET).update(text).digest('base64url')}`;
};

const app = express();
app.use(cookieSession({ name: 'teashop', keys: [randomUUID()], sameSite: 'lax', httpOnly: true }));
app.use(express.urlencoded({ extended: false }));
app.use(express.static(new URL('public', import.meta.url).pathname));

app.get('/', ({ session }, response) => {
  const person = people.get(session.user);
  response.send(page(person ? home(person) : login(session.refused)));
});

app.post('/login', ({ body, session }, response) => {
  const person = people.get(body.user);
  session.user = person?.password === body.password ? body.user : undefined;
  session.refused = session.user === undefined;
  response.redirect('/');
});

app.post('/logout', (request, response) => {
  request.session = null;
  response.redirect('/');
});

// The one address that the chat needs of this server.
app.get('/chat-token', ({ session }, response) => {
  const person = people.get(session.user);
  if (!person) return response.sendStatus(401);
  return response.set('Cache-Control', 'no-store').json({ token: tokenFor(person) });
});

app.listen(Number(PORT), 'localhost', () => console.log(`The tea shop is open: http://localhost:${PORT}/`));

const page = (main) => `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
  <title>Tea shop</title>
  <link rel="stylesheet" href="/shop.css">
  <main>${main}</main>
</html>`;

const login = (refused) => `
  <h1>Tea shop</h1>
  <p>Sign in as <code>ada</code> with <code>earl grey</code>, or as <code>grace</code> with <code>assam</code>.</p>
  ${refused ? '<p role="alert">That name and password do not go together.</p>' : ''}
  <form method="post" action="/login">
    <label>Name <input name="user" autocomplete="username" required></label>
    <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
    <button>Sign in</button>
  </form>`;

// The chat is ended with the session: signing out here signs out there.
const home = ({ name }) => `
  <h1>Good day, ${name}</h1>
  <p>You are signed in to the tea shop, and so to its chat.</p>
  <form method="post" action="/logout"><button>Sign out</button></form>
  <script type="module" src="${CHAT_SERVER}/teatime-chat.js"></script>
  <script type="module">
    const chat = document.querySelector('teatime-chat');
    document.querySelector('form').addEventListener('submit', async (event) => {
      event.preventDefault();
      await chat.signOut();
      event.target.submit();
    });
  </script>
  <teatime-chat server="${CHAT_SERVER}" site="${SITE}" token-url="/chat-token"></teatime-chat>`;
