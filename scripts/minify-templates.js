import MagicString from 'magic-string';

/**
 * Rollup plugin: takes the indentation out of Lit's `html`, `svg` and `css` templates, which minifiers of JavaScript leave
 * alone. In HTML each run of white space becomes one space, which no browser shows differently outside of preformatted text.
 * @returns {import('rollup').Plugin}
 */
export function minifyTemplates() {
  return {
    name: 'minify-templates',
    transform(code, id) {
      if (!/\/widget\/.*\.ts$/.test(id) || !/\b(?:html|svg|css)`/.test(code)) return null;
      const text = new MagicString(code);
      visit(this.parse(code), (node) => {
        if (node.type !== 'TaggedTemplateExpression' || node.tag.type !== 'Identifier') return;
        const shrink = { html: shrinkHtml, svg: shrinkHtml, css: shrinkCss }[node.tag.name];
        if (!shrink) return;
        for (const { start, end, value } of node.quasi.quasis) {
          const short = shrink(value.raw);
          if (start !== end && short !== value.raw) text.update(start, end, short);
        }
      });
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}

/** @param {string} part */
const shrinkHtml = (part) => part.replace(/\s+/g, ' ');

/** @param {string} part */
const shrinkCss = (part) =>
  part
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    // Not before a colon or a parenthesis, where a space means "descendant" or separates values.
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/: /g, ':')
    .replace(/;}/g, '}');

/**
 * @param {unknown} node
 * @param {(node: any) => void} see
 */
function visit(node, see) {
  if (Array.isArray(node)) for (const child of node) visit(child, see);
  else if (node && typeof node === 'object' && 'type' in node) {
    see(node);
    for (const child of Object.values(node)) if (child && typeof child === 'object') visit(child, see);
  }
}
