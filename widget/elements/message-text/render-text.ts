import { html, nothing, type TemplateResult } from 'lit';
import { TeatimeLinkClickEvent } from '../../chat-events.ts';
import { parse, type Span } from './parse.ts';

/**
 * A message's text as templates: links, bold, italic, code and mentions; never as HTML. A click on a link first asks the
 * page, by the cancelable `teatime-link-click`.
 */
export function renderText(text: string, usernames?: ReadonlySet<string>): TemplateResult[] {
  const shown: TemplateResult[] = [];
  for (const span of parse(text, usernames)) if (span.kind !== 'mark') shown.push(renderSpan(span));
  return shown;
}

// No line breaks between the tags: white space is kept in messages, so it would show.
// prettier-ignore
function renderSpan(span: Span): TemplateResult {
  const inner = renderKind(span);
  if (span.strong && span.em) return html`<strong><em>${inner}</em></strong>`;
  if (span.strong) return html`<strong>${inner}</strong>`;
  if (span.em) return html`<em>${inner}</em>`;
  return html`${inner}`;
}

// prettier-ignore
function renderKind({ kind, text, href }: Span): TemplateResult | string {
  switch (kind) {
    case 'code':
      return html`<code>${text}</code>`;
    case 'block':
      return html`<pre dir="ltr" tabindex="0"><code>${text}</code></pre>`;
    case 'mention':
      return html`<bdi class="mention">${text}</bdi>`;
    case 'link':
      return html`<a href=${href ?? nothing} target="_blank" rel="noopener noreferrer nofollow ugc" dir="ltr" @click=${askPage}>${shownLink(text, href)}</a>`;
    default:
      return text;
  }
}

/** A host in other letters is shown as it leads the browser, `xn--…`, until it is known that it looks like no other. */
function shownLink(text: string, href = ''): string | Text {
  if (!href.startsWith('http') || /^(?:\w+:\/\/)?[\w.-]+(?::\d+)?(?:[/?#]|$)/.test(text)) return text;
  const shown = new Text(href);
  import('./host.ts').then(
    ({ showLink }) => (shown.data = showLink(text, href)),
    () => {},
  );
  return shown;
}

function askPage(event: Event): void {
  const link = event.currentTarget;
  if (!(link instanceof HTMLAnchorElement)) return;
  if (!link.dispatchEvent(new TeatimeLinkClickEvent(link.href))) event.preventDefault();
}
