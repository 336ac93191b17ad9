import { noChange, type PropertyPart } from 'lit';
import { Directive, directive } from 'lit/directive.js';
import { setCommittedValue } from 'lit/directive-helpers.js';

/** Sets a property when it differs from what the element holds now, rather than from what was set before: what people type changes it too. */
class Live extends Directive {
  override render(value: unknown): unknown {
    return value;
  }

  override update(part: PropertyPart, [value]: [unknown]): unknown {
    if (value === (part.element as unknown as Record<string, unknown>)[part.name]) return noChange;
    // Lit would otherwise not set what it thinks is there already.
    setCommittedValue(part);
    return value;
  }
}

/** For property bindings of fields that people write in. Lit's own `live` knows other bindings too, which nothing here has. */
export const live = directive(Live);
