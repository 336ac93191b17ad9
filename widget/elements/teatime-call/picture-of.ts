import type { DirectiveResult } from 'lit/directive.js';
import { guard } from 'lit/directives/guard.js';

/** A stream for `srcObject`, set only when it is another one: Lit sets objects with each drawing, and a video would begin anew. */
export function pictureOf(stream: MediaStream): DirectiveResult {
  return guard([stream], () => stream);
}
