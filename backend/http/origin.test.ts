import { describe, expect, test } from 'vitest';
import { normaliseAllowedOrigin, normaliseOrigin, siteAllowsOrigin } from './origin.ts';

describe('origins that a site lists', () => {
  test.each([
    ['https://www.example.com', 'https://www.example.com'],
    ['HTTPS://WWW.Example.COM:443/', 'https://www.example.com'],
    ['https://*.example.com', 'https://*.example.com'],
    ['HTTPS://*.EXAMPLE.com:443', 'https://*.example.com'],
    ['http://*.example.com:8080', 'http://*.example.com:8080'],
    ['https://*.bücher.example', 'https://*.xn--bcher-kva.example'],
    ['https://*.a.b.example.com', 'https://*.a.b.example.com'],
    ['https://*.acme.internal', 'https://*.acme.internal'],
  ])('%s is taken as %s', (text, normal) => expect(normaliseAllowedOrigin(text)).toBe(normal));

  test.each([
    'https://*',
    'https://*.com',
    'https://*.co.uk',
    'https://*.localhost',
    'https://*.github.io',
    'https://*.s3.amazonaws.com',
    'https://*.example.com.',
    'https://*.*.example.com',
    'https://a.*.example.com',
    'https://a*.example.com',
    'https://*a.example.com',
    'https://*example.com',
    '*.example.com',
    '*://*.example.com',
    'https://*.example.com/path',
    'https://*.example.com?x',
    'https://*.example.com:*',
    'https://user@*.example.com',
    'https://*@example.com',
    'https://*.user@example.com',
    'https://*.127.0.0.1',
    'https://*.[::1]',
    'ftp://*.example.com',
    'null',
    '*',
    '',
  ])('%s is not taken', (text) => expect(normaliseAllowedOrigin(text)).toBeUndefined());
});

describe('a wildcard', () => {
  const allows = (listed: string, origin: string): boolean =>
    siteAllowsOrigin({ allowedOrigins: [listed] }, origin, { demo: false });

  test.each([
    ['https://*.example.com', 'https://shop.example.com'],
    ['https://*.example.com', 'https://SHOP.example.com:443'],
    ['https://*.example.com', 'https://xn--bcher-kva.example.com'],
    ['https://*.example.com', 'https://bücher.example.com'],
    ['https://*.bücher.example', 'https://a.xn--bcher-kva.example'],
    ['https://*.example.com:8443', 'https://shop.example.com:8443'],
    ['http://*.example.com', 'http://shop.example.com'],
  ])('%s lets in %s', (listed, origin) => expect(allows(listed, origin)).toBe(true));

  test.each([
    ['https://*.example.com', 'https://example.com'],
    ['https://*.example.com', 'https://a.b.example.com'],
    ['https://*.example.com', 'https://shopexample.com'],
    ['https://*.example.com', 'https://example.com.evil.test'],
    ['https://*.example.com', 'https://shop.example.com.evil.test'],
    ['https://*.example.com', 'https://shop.example.com.'],
    ['https://*.example.com', 'https://shop.example.org'],
    ['https://*.example.com', 'https://.example.com'],
    ['https://*.example.com', 'https://*.example.com'],
    ['https://*.example.com', 'http://shop.example.com'],
    ['https://*.example.com', 'https://shop.example.com:8443'],
    ['https://*.example.com:8443', 'https://shop.example.com'],
    ['https://*.example.com', 'https://evil.test/.example.com'],
    ['https://*.example.com', 'https://evil.test#.example.com'],
    ['https://*.example.com', 'https://evil.test?.example.com'],
    ['https://*.example.com', 'https://shop.example.com@evil.test'],
    ['https://*.example.com', 'https://evil@shop.example.com'],
    ['https://*.example.com', 'https://evil.test\\.example.com'],
    ['https://*.example.com', 'null'],
    ['https://*.example.com', ''],
    // However it came into the table.
    ['https://*.com', 'https://example.com'],
    ['https://*.co.uk', 'https://example.co.uk'],
    ['*', 'https://example.com'],
  ])('%s does not let in %s', (listed, origin) => expect(allows(listed, origin)).toBe(false));

  test('in an Origin header means nothing', () => expect(normaliseOrigin('https://*.example.com')).toBeUndefined());
});
