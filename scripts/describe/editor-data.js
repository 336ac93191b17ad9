/** @typedef {import('./describe-element.js').Element} Element */

/**
 * Web-types, which JetBrains' editors read: https://github.com/JetBrains/web-types.
 * @param {Element} element
 * @param {string} version of the package
 */
export function webTypes(element, version) {
  const { attributes, events, members, slots, cssParts, cssProperties, cssStates } = element;
  return {
    $schema: 'https://json.schemastore.org/web-types',
    name: 'teatime',
    version,
    'description-markup': 'markdown',
    contributions: {
      html: {
        elements: [
          {
            name: 'teatime-chat',
            description: element.description,
            attributes: attributes.map(({ name, description, type, default: fallback }) => ({
              name,
              description,
              value: { type: type.text, required: type.text !== 'boolean' },
              ...(fallback && { default: fallback }),
            })),
            slots: slots.map(({ name, description }) => ({ name, description })),
            js: {
              properties: members
                .filter((member) => member.kind === 'field' && !member.static)
                .map(({ name, description, type }) => ({ name, description, type: type?.text })),
              events: events.map(({ name, description, type }) => ({ name, description, type: type.text })),
            },
          },
        ],
      },
      css: {
        properties: cssProperties.map(({ name, description }) => ({ name, description })),
        'pseudo-elements': cssParts.map(({ name, description }) => ({ name: `part(${name})`, description })),
        'pseudo-classes': cssStates.map(({ name, description }) => ({ name: `state(${name})`, description })),
      },
    },
  };
}

/**
 * What Visual Studio Code knows of the tag and its attributes: https://github.com/microsoft/vscode-custom-data.
 * @param {Element} element
 */
export function htmlData({ description, attributes }) {
  return {
    version: 1.1,
    tags: [
      {
        name: 'teatime-chat',
        description: markdown(description),
        attributes: attributes.map(({ name, description: of, values, type }) => ({
          name,
          description: markdown(of),
          ...(values.length > 0 && { values: values.map((value) => ({ name: value })) }),
          ...(type.text === 'boolean' && { valueSet: 'v' }),
        })),
      },
    ],
  };
}

/**
 * What Visual Studio Code knows of tokens, parts and states.
 * @param {Element} element
 */
export function cssData({ cssProperties, cssParts, cssStates }) {
  return {
    version: 1.1,
    properties: cssProperties.map(({ name, description, default: value }) => ({
      name,
      description: markdown(`${description} Default: \`${value}\``),
    })),
    pseudoElements: cssParts.map(({ name, description }) => ({
      name: `::part(${name})`,
      description: markdown(description),
    })),
    pseudoClasses: cssStates.map(({ name, description }) => ({
      name: `:state(${name})`,
      description: markdown(description),
    })),
  };
}

/** @param {string} value */
const markdown = (value) => ({ kind: 'markdown', value });
