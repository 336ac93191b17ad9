import { expect } from 'chai';
import { html } from 'lit';
import { expectAccessibleInBothThemes, mount, once, press, type as typeInto } from '../../testing/mount.ts';
import { emojiGroups, emojiOf, findEmoji } from './find-emoji.ts';
import './teatime-emoji-picker.ts';
import type { TeatimeEmojiPicker } from './teatime-emoji-picker.ts';

const picker = () => mount<TeatimeEmojiPicker>(html`<teatime-emoji-picker></teatime-emoji-picker>`);

describe('teatime-emoji-picker', () => {
  it('shows one group at a time', async () => {
    const mounted = await picker();
    expect(mounted.all('.grid button')).to.have.length(emojiOf('smileys').length);
    mounted.find('[aria-label="Food and drink"]').click();
    await mounted.settled();
    expect(mounted.all('.grid button').map(({ title }) => title)).to.include('teacup without handle');
  });

  it('finds emoji by name and by other words, and takes the first on Enter', async () => {
    const mounted = await picker();
    const field = mounted.find<HTMLInputElement>('input');
    typeInto(field, 'thumbs u');
    await mounted.settled();
    const picked = once<CustomEvent<string>>(mounted.element, 'pick');
    press(field, 'Enter');
    expect((await picked).detail.codePointAt(0)).to.equal('👍'.codePointAt(0));
    typeInto(field, 'qqqq');
    await mounted.settled();
    expect(mounted.text('.grid')).to.equal('No emoji found.');
  });

  it('is walked through by arrow keys, with one stop for Tab', async () => {
    const mounted = await picker();
    expect(mounted.all('.grid [tabindex="0"]')).to.have.length(1);
    mounted.element.focus();
    press(mounted.find('input'), 'ArrowDown');
    const at = () => mounted.all('.grid button').indexOf(mounted.element.shadowRoot!.activeElement as HTMLElement);
    expect(at()).to.equal(0);
    for (const [key, place] of [
      ['ArrowRight', 1],
      ['ArrowDown', 9],
      ['ArrowLeft', 8],
    ] as const) {
      press(mounted.element.shadowRoot!.activeElement!, key);
      await mounted.settled();
      expect(at(), key).to.equal(place);
    }
  });

  it('is accessible in both themes', async () => {
    await expectAccessibleInBothThemes(await picker());
  });
});

describe('findEmoji', () => {
  it('puts whole words before beginnings of words', () => {
    const [first, ...others] = findEmoji('tea');
    expect(first?.words).to.match(/ tea(?: |$)/u);
    expect(others.map(({ name }) => name)).to.include('face with tears of joy');
  });

  it('finds the flags of countries by their names', () => {
    expect(findEmoji('kenya').map(({ emoji }) => emoji)).to.deep.equal(['🇰🇪']);
    expect(findEmoji('united kingdom').map(({ emoji }) => emoji)).to.include('🇬🇧');
  });

  it('knows no emoji twice, and only such as the server takes', () => {
    const all = emojiGroups.flatMap((group) => emojiOf(group).map(({ emoji }) => emoji));
    expect(new Set(all).size).to.equal(all.length);
    expect(all.length).to.be.above(1_700);
    const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
    for (const emoji of all) expect([...segmenter.segment(emoji)], emoji).to.have.length(1);
  });
});
