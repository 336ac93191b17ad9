/** @typedef {import('./describe-element.js').Element} Element */

const path = 'dist/widget/element.js';

/**
 * The custom elements manifest, schema 2.1.0: https://github.com/webcomponents/custom-elements-manifest.
 * @param {Element} element
 */
export function customElementsManifest(element) {
  const { attributes, events, cssProperties, members } = element;
  const declaration = {
    kind: 'class',
    customElement: true,
    name: 'TeatimeChat',
    tagName: 'teatime-chat',
    superclass: { name: 'HTMLElement' },
    description: element.description,
    attributes: attributes.map(({ values: _values, ...attribute }) => attribute),
    members,
    events: events.map(({ name, description, type }) => ({ name, description, type })),
    slots: element.slots,
    cssParts: element.cssParts,
    cssStates: element.cssStates,
    cssProperties: cssProperties.map(({ tier: _tier, ...property }) => property),
  };
  return {
    schemaVersion: '2.1.0',
    readme: 'docs/element.md',
    modules: [
      {
        kind: 'javascript-module',
        path,
        declarations: [declaration],
        exports: [{ kind: 'js', name: 'TeatimeChat', declaration: { name: 'TeatimeChat', module: path } }],
      },
      {
        kind: 'javascript-module',
        path: 'dist/widget/teatime-chat.js',
        declarations: [],
        exports: [
          { kind: 'js', name: 'TeatimeChat', declaration: { name: 'TeatimeChat', module: path } },
          {
            kind: 'custom-element-definition',
            name: 'teatime-chat',
            declaration: { name: 'TeatimeChat', module: path },
          },
        ],
      },
    ],
  };
}
