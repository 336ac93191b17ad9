import { expect } from 'chai';
import fc from 'fast-check';
import { directionOf } from './direction.ts';
import { countOnlyEmoji, parse, type Span } from './parse.ts';

const names = new Set(['mia', 'ken.ito']);
const shown = (text: string): Span[] => parse(text, names).filter(({ kind }) => kind !== 'mark');
const links = (text: string) => shown(text).flatMap(({ kind, text, href }) => (kind === 'link' ? [[text, href]] : []));
const brief = (text: string) =>
  shown(text)
    .map(({ kind, text, strong, em }) => `${kind}${strong ? '+strong' : ''}${em ? '+em' : ''}:${text}`)
    .join('|');

describe('parse', () => {
  it('finds bold, italic and code', () => {
    expect(brief('a **b** *c* _d_ `e` ***f***')).to.equal(
      'text:a |text+strong:b|text: |text+em:c|text: |text+em:d|text: |code:e|text: |text+strong+em:f',
    );
  });

  it('leaves asterisks and underscores alone that mean something else', () => {
    for (const text of ['2*3*4', 'snake_case_name', '* item', 'a ** b', '_', '****', '*\nnext*', '__init__']) {
      expect(brief(text), text).to.equal(`text:${text}`);
    }
  });

  it('takes nothing apart inside of code', () => {
    expect(brief('`*a* https://b.example`')).to.equal('code:*a* https://b.example');
    expect(brief('see\n```js\nlet *a* = 1;\n```\nend')).to.equal('text:see|block:let *a* = 1;|text:end');
    expect(shown('``` ```').map(({ kind }) => kind)).to.not.include('block');
    expect(brief('open ``` only')).to.equal('text:open ``` only');
  });

  it('links web, mail and phone addresses without the punctuation around them', () => {
    expect(links('Look (https://a.example/b_(c)), now: HTTP://d.example.')).to.deep.equal([
      ['https://a.example/b_(c)', 'https://a.example/b_(c)'],
      ['HTTP://d.example', 'http://d.example/'],
    ]);
    expect(links('www.a.example, mia@b.example tel:+441632960000 mailto:c@d.example')).to.deep.equal([
      ['www.a.example', 'https://www.a.example/'],
      ['mia@b.example', 'mailto:mia@b.example'],
      ['tel:+441632960000', 'tel:+441632960000'],
      ['mailto:c@d.example', 'mailto:c@d.example'],
    ]);
    expect(links('**https://a.example/x*y**')).to.deep.equal([['https://a.example/x*y', 'https://a.example/x*y']]);
  });

  it('never links a scheme that could run something', () => {
    const schemes = ['javascript:alert(1)', 'JaVa\tScript:alert(1)', 'data:text/html,<script>1</script>', 'vbscript:x'];
    for (const text of [...schemes, 'blob:https:x', 'file:///etc/passwd', 'intent:x#Intent;end', '\u0001javascript:x'])
      expect(links(text), text).to.deep.equal([]);
    expect(links('view-source:https://a.example')).to.deep.equal([['https://a.example', 'https://a.example/']]);
  });

  it('keeps bidi controls out of links', () => {
    expect(links('https://a.example/\u202egpj.exe')).to.deep.equal([['https://a.example/', 'https://a.example/']]);
  });

  it('mentions those who are there, and nobody else', () => {
    expect(brief('@mia, @Ken.Ito. @nobody x@mia @mia')).to.equal(
      'mention:@mia|text:, |mention:@Ken.Ito|text:. @nobody x@mia |mention:@mia',
    );
  });

  it('keeps every character of any text, in order', () => {
    const piece = fc.constantFrom(
      '*',
      '**',
      '_',
      '`',
      '```',
      '\n',
      ' ',
      'a',
      '@mia',
      '@',
      'https://a.example',
      '(',
      ')',
      'b@c.example',
      '👍',
      '\ud83d',
      '\u202e',
      '.',
      'www.',
      'js\n', // prettier-ignore
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const spans = parse(text, names);
        expect(spans.map((span) => span.text).join('')).to.equal(text);
        for (const { kind, href } of spans) {
          expect(href !== undefined).to.equal(kind === 'link');
          if (href) expect(href).to.match(/^(?:https?|mailto|tel):/u);
        }
      }),
      { numRuns: 1_500 },
    );
  });

  it('reads the longest and the meanest texts in linear time', function () {
    this.timeout(60_000);
    const mean = [
      '*a ',
      '**a',
      '_*',
      '`',
      '` ',
      '```a',
      '``` ',
      '@a',
      'a@b.c ',
      'http://a.b ',
      '((',
      '>',
      '\u200f',
      '*a_ ',
      'www.',
      'a.',
    ];
    // Eight times the text takes about eight times as long, where a squared cost would be 64 times; the floor swallows the clock's grain.
    for (const unit of mean) {
      const time = (length: number) => {
        const text = unit.repeat(Math.ceil(length / unit.length));
        const runs = Array.from({ length: 2 }, () => {
          const start = performance.now();
          parse(text, names);
          return performance.now() - start;
        });
        return Math.min(...runs);
      };
      const short = time(5_000);
      expect(time(40_000), unit).to.be.below(Math.max(200, short * 32));
    }
  });
});

describe('countOnlyEmoji', () => {
  it('counts what is seen as one', () => {
    expect(['👍', '👨‍👩‍👧‍👦 🇩🇪', '🧑🏽‍🚀', '1️⃣', '❤️ ❤️ ❤️'].map(countOnlyEmoji)).to.deep.equal([1, 2, 1, 1, 3]);
  });

  it('counts nothing when there is anything else', () => {
    expect(['', '  ', '12', 'a👍', '#', '\ud83d'].map(countOnlyEmoji)).to.deep.equal([0, 0, 0, 0, 0, 0]);
  });
});

describe('directionOf', () => {
  it('goes by the first letter, whatever stands before it', () => {
    expect(['hello שלום', 'שלום hello', '(1) مرحبا', '👍 12', '', '𐤀'].map(directionOf)).to.deep.equal(
      ['ltr', 'rtl', 'rtl', undefined, undefined, 'rtl'], // prettier-ignore
    );
  });

  it('is what the browser finds by itself', () => {
    const element = document.createElement('div');
    element.dir = 'auto';
    document.body.append(element);
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'é', 'ש', 'م', '1', '٣', ' ', '.', '👍', '日', 'ހ') }),
        (text) => {
          element.textContent = text;
          expect(directionOf(text) ?? 'ltr').to.equal(getComputedStyle(element).direction);
        },
      ),
    );
    element.remove();
  });
});
