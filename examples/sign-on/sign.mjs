import { createHmac, randomUUID } from 'node:crypto';

const { SITE, KID, SECRET } = process.env;
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

function tokenFor(user, jti = randomUUID(), exp = Math.floor(Date.now() / 1000) + 300) {
  const header = { alg: 'HS256', typ: 'JWT', kid: KID };
  const claims = { iss: SITE, aud: 'teatime', sub: user.id, name: user.name, jti, exp };
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${createHmac('sha256', SECRET).update(text).digest('base64url')}`;
}

const [jti, exp] = process.argv.slice(2);
console.log(tokenFor({ id: 'user-42', name: 'Ada Byron' }, jti, exp && Number(exp)));
