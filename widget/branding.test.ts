import { expect } from 'chai';
import { wear } from './branding.ts';

describe('the colour of a site', () => {
  it('is below what the page says, and nothing but a colour', () => {
    const host = document.createElement('div');
    const root = host.attachShadow({ mode: 'open' });
    document.body.append(host);
    const accent = (): string => getComputedStyle(host).getPropertyValue('--tt-accent').trim();
    wear(root, { accent: '#a0305a' });
    expect(accent()).to.equal('#a0305a');
    host.style.setProperty('--teatime-accent', 'rgb(1, 2, 3)');
    expect(accent()).to.equal('rgb(1, 2, 3)');
    host.style.removeProperty('--teatime-accent');
    wear(root, { accent: 'red;} * { display: none' });
    expect([accent(), root.adoptedStyleSheets.length]).to.deep.equal(['', 1]);
    host.remove();
  });
});
