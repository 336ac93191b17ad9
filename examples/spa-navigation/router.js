/**
 * A router of the History API: shows the view that the address names, follows links between views without loading a page, and follows Back.
 * @param {(view: string) => void} render called once now, and whenever the view changes
 * @param {string} first the view of an address that names none
 */
export function route(render, first) {
  let shown = '';
  const show = () => {
    const view = new URLSearchParams(location.search).get('view') ?? first;
    // On phones the chat takes a step of Back for itself, and the view stays.
    if (view === shown) return;
    shown = view;
    render(view);
  };
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href*="view="]') : null;
    // Whoever asks for a new tab or window gets one.
    if (!(link instanceof HTMLAnchorElement) || link.target || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (link.href === location.href) return;
    history.pushState(null, '', link.href);
    show();
  });
  window.addEventListener('popstate', show);
  show();
}
