/**
 * A router of the History API: shows the view that the address names, follows links between views without loading a page, and follows Back.
 * @param {(view: string) => void} show called once now, and whenever the view changes
 * @param {string} first the view of an address that names none
 */
export function route(show, first) {
  const view = () => new URLSearchParams(location.search).get('view') ?? first;
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href*="view="]') : null;
    // Whoever asks for a new tab or window gets one.
    if (!(link instanceof HTMLAnchorElement) || link.target || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (link.href === location.href) return;
    history.pushState(null, '', link.href);
    show(view());
  });
  window.addEventListener('popstate', () => show(view()));
  show(view());
}
