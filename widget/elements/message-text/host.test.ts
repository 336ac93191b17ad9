import { expect } from 'chai';
import fc from 'fast-check';
import { showLink } from './host.ts';

const shown = (written: string): string =>
  showLink(written, new URL(/^www\./i.test(written) ? `https://${written}` : written).href);

describe('showLink', () => {
  it('shows hosts of one script, and of those that are written together, as they were written', () => {
    for (const written of [
      'https://müller.example/straße?q=tee#ä',
      'www.smørrebrød.example',
      'https://кремль.example/чай',
      'https://президент.рф',
      'https://ελλάδα.example:8080/',
      'https://日本語ドメイン.example',
      'https://お茶tea.example',
      'https://한국어.example',
      'https://例子.example',
      'https://مثال.example',
      'https://דוגמה.example',
      'https://उदाहरण.example',
      'https://example.org/аррӏе.com',
    ])
      expect(shown(written), written).to.equal(written);
  });

  it('shows hosts that look like others as the network knows them', () => {
    for (const [written, host] of [
      // All Cyrillic, and all of it like Latin letters.
      ['https://аррӏе.com/', 'xn--80ak6aa92e.com'],
      ['https://www.роса.com/', 'www.xn--80a1aff.com'],
      // One letter among others.
      ['https://pаypal.com/login', 'xn--pypal-4ve.com'],
      ['https://gооgle.com/', 'xn--ggle-55da.com'],
      ['https://googlе.com/', 'xn--googl-3we.com'],
      ['https://αpple.com/', 'xn--pple-zld.com'],
      ['https://twıtter.com/', 'xn--twtter-q9a.com'],
      ['https://bank丶example.com/', undefined],
      ['https://аррӏе.com/xn--80ak6aa92e.com', 'xn--80ak6aa92e.com'],
    ] as const) {
      const { host: real } = new URL(written);
      if (host) expect(real, written).to.equal(host);
      expect(shown(written), written).to.equal(new URL(written).href);
      expect(shown(written))
        .to.contain('//')
        .and.to.match(/^https:\/\/[\x21-\x7e]+/);
    }
  });

  it('shows what parsing makes of a host that is not what it seems', () => {
    for (const written of [
      'https://ｂａｎｋ.example/',
      'https://ba\u00adnk.example/',
      'https://%62ank.example/',
      'https://bank.example\\@evil.example/',
      'https://bank.example:x@evil.example/',
      'https://bank。example/',
    ])
      expect(shown(written), written).to.equal(new URL(written).href);
  });

  it('shows nothing but what was written or where it leads, and plain letters for what mixes scripts', () => {
    const letter = fc.constantFrom(...'aoeпсоеαο日本คםa1-.ーıß');
    fc.assert(
      fc.property(fc.string({ unit: letter, minLength: 1, maxLength: 12 }), (name) => {
        const written = `https://${name}.example/x`;
        if (!URL.canParse(written)) return;
        const is = shown(written);
        expect([written, new URL(written).href]).to.contain(is);
        for (const label of name.split('.'))
          if (/[a-z]/.test(label) && /[псоеαο]/.test(label)) expect(is).to.equal(new URL(written).href);
      }),
      { numRuns: 500 },
    );
  });
});
