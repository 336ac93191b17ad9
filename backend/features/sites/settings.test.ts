import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api, aServerKey, startTestBackend, type TestBackend, type TestServerKey } from '../../testing/index.ts';
import { contrastOn, requireReadable } from './accent.ts';

let server: TestBackend;
let key: TestServerKey;
beforeAll(async () => {
  server = await startTestBackend();
  key = await aServerKey(server);
});
afterAll(() => server.close());

const change = (body: object) => key.api.request('PATCH /admin/site', { body });
const site = async () => (await key.api.call('GET /admin/site')).site;

describe('a site that its own servers change', () => {
  test('keeps what is left out; parts of the policy replace each other', async () => {
    await change({
      name: 'Acme',
      policy: { accounts: { registration: false, guests: true }, retention: { messageDays: 30 } },
    });
    await change({
      policy: { accounts: { passwordSignIn: false } },
      allowedOrigins: ['https://ACME.example', 'https://*.acme.example'],
    });
    expect(await site()).toMatchObject({
      key: 'default',
      name: 'Acme',
      allowedOrigins: ['https://acme.example', 'https://*.acme.example'],
      policy: { accounts: { passwordSignIn: false }, retention: { messageDays: 30 } },
      branding: {},
    });
    expect((await site()).policy.accounts).toEqual({ passwordSignIn: false });
    await change({ policy: { accounts: {}, retention: {} } });
  });

  test('shows its name and branding to whoever asks', async () => {
    await change({ name: 'Acme', branding: { logoUrl: 'https://acme.example/logo.svg', accent: '#0A6C4F' } });
    await expect
      .poll(async () => (await api(server).call('GET /config')).site, { timeout: 20_000 })
      .toEqual({
        key: 'default',
        name: 'Acme',
        branding: { logoUrl: 'https://acme.example/logo.svg', accent: '#0a6c4f' },
      });
    await change({ branding: {} });
    expect((await api(server).call('GET /config')).site.branding).toBeUndefined();
  });

  test.each([
    [{ policy: { accounts: { registrations: false } } }, 'policy.accounts.registrations'],
    [{ policy: { retention: { messageDays: 0 } } }, 'policy.retention.messageDays'],
    [{ policy: { files: { types: ['pictures'] } } }, 'policy.files.types.0'],
    [{ policy: { conversations: { whoMayStartDirect: 'friends' } } }, 'policy.conversations.whoMayStartDirect'],
    [{ branding: { logoUrl: 'javascript:alert(1)' } }, 'branding.logoUrl'],
    [{ branding: { logoUrl: 'http://acme.example/logo.svg' } }, 'branding.logoUrl'],
    [{ branding: { logoUrl: 'https://user:word@acme.example/logo.svg' } }, 'branding.logoUrl'],
    [{ branding: { logoUrl: 'data:image/svg+xml,<svg/>' } }, 'branding.logoUrl'],
    [{ branding: { accent: 'red; background: url(https://evil.example)' } }, 'branding.accent'],
    [{ branding: { accent: '#e60000aa' } }, 'branding.accent'],
    [{ branding: { accent: '#f00000' } }, 'branding.accent'],
    [{ allowedOrigins: ['https://acme.example', 'https://*.co.uk'] }, 'allowedOrigins.1'],
    [{ name: ' \u200b ' }, 'name'],
    [{ enabled: false }, 'enabled'],
  ])('takes nothing that is wrong: %j', async (body, path) => {
    const before = await site();
    const { status, body: problem } = await change(body);
    expect([status, problem]).toEqual([400, expect.objectContaining({ code: 'validation_failed' })]);
    expect((problem as { issues: { path: string }[] }).issues[0]?.path).toBe(path);
    expect(await site()).toEqual(before);
  });

  test('has a row in its audit log for each change, without what it was changed to', async () => {
    await change({ name: 'Acme Chat', policy: { names: { reserved: ['The Secret One'] } } });
    const [entry] = (await key.api.call('GET /admin/audit')).entries;
    expect(entry).toMatchObject({
      act: 'PATCH /admin/site',
      target: 'default',
      outcome: 'done',
      details: { changed: 'name policy' },
    });
    expect(JSON.stringify(entry)).not.toContain('Secret');
    await change({ policy: { names: {} } });
  });

  test('whose policy cannot be read says what holds, and can be mended', async () => {
    await server.db.pool.query(
      `update sites set policy = '{"accounts": {"registraton": false}}' where key = 'default'`,
    );
    expect((await site()).policy.accounts).toEqual({ registration: false, passwordSignIn: false, guests: false });
    await change({ policy: { accounts: {} } });
    expect((await site()).policy).toMatchObject({ accounts: {} });
    expect((await site()).policy.calls).toBeUndefined();
  });
});

describe('a colour', () => {
  test.each([
    ['#ffffff', 18],
    ['#000000', 20],
    ['#0a6c4f', 6],
    ['#ffd400', 12],
    ['#1f4fd8', 6],
  ])('%s can be read on', (accent, least) => {
    expect(contrastOn(accent)).toBeGreaterThan(least);
    requireReadable(accent);
  });

  test('that nothing can be read on is refused, with a darker one that would do', () => {
    let words = '';
    try {
      requireReadable('#f00000');
    } catch (error) {
      words = String(error);
    }
    const [, near = ''] = /; (#[0-9a-f]{6}) would do/.exec(words) ?? [];
    expect(contrastOn('#f00000')).toBeLessThan(4.5);
    expect(contrastOn(near)).toBeGreaterThanOrEqual(4.5);
  });
});
