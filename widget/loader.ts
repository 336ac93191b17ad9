// Runs as a classic script too, where what is declared out here would be global. The server that renders a page has no document.
((page: Document | undefined) => {
  if (!page) return;
  const chat = page.createElement('teatime-chat');
  for (const { name, value } of page.currentScript?.attributes ?? [])
    if (name.startsWith('data-')) chat.setAttribute(name.slice(5), value);

  /** A tag with `data-` attributes stands for an element with these attributes, unless the page has one. */
  const put = (): void => {
    if (chat.hasAttributes() && !page.querySelector('teatime-chat')) page.body.append(chat);
  };
  if (page.readyState === 'loading') page.addEventListener('DOMContentLoaded', put);
  else put();
  void import('./teatime-chat.ts').then(({ register }) => register());
})(globalThis.document);
