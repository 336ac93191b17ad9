/**
 * Keeps the elements, the page's address and the snippet in step with the form.
 * @param {HTMLFormElement} form
 * @param {HTMLElement[]} elements
 * @param {HTMLElement} snippet
 */
export function followSettings(form, elements, snippet) {
  const defaults = Object.fromEntries(new FormData(form));
  restore(form);
  const apply = () => {
    const chosen = Object.fromEntries(new FormData(form));
    document.documentElement.dataset.theme = chosen.theme;
    document.documentElement.dataset.mode = chosen.mode;
    for (const element of elements) {
      if (element.getAttribute('mode') !== chosen.mode) element.removeAttribute('open');
      for (const name of ['theme', 'mode', 'lang']) element.setAttribute(name, chosen[name]);
      // Left out, it is that of the language.
      if (chosen.dir) element.setAttribute('dir', chosen.dir);
      else element.removeAttribute('dir');
      if (chosen.accent) element.style.setProperty('--teatime-accent', chosen.accent);
      else element.style.removeProperty('--teatime-accent');
    }
    snippet.textContent = html(chosen);
    const changed = Object.entries(chosen).filter(([name, value]) => value !== defaults[name]);
    const query = new URLSearchParams(changed).toString();
    history.replaceState(null, '', query ? `?${query}` : location.pathname);
  };
  form.addEventListener('change', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  apply();
}

/** Settings in the address win over the defaults, so that a look can be linked to. */
function restore(form) {
  for (const [name, value] of new URLSearchParams(location.search)) {
    const field = form.elements.namedItem(name);
    if (field instanceof RadioNodeList && ![...field].some((radio) => radio.value === value)) continue;
    if (field) field.value = value;
  }
}

/** What somebody pastes into a page of their own. */
function html({ theme, mode, dir, lang, accent }) {
  const attributes = [`server="${location.origin}"`, `mode="${mode}"`];
  if (theme !== 'auto') attributes.push(`theme="${theme}"`);
  if (dir) attributes.push(`dir="${dir}"`);
  if (lang !== 'en-US') attributes.push(`lang="${lang}"`);
  const lines = [`<script type="module" src="${location.origin}/teatime-chat.js"></script>`];
  if (accent) lines.push('<style>', `  teatime-chat { --teatime-accent: ${accent}; }`, '</style>');
  lines.push('<teatime-chat', ...attributes.map((attribute) => `  ${attribute}`));
  lines[lines.length - 1] += '></teatime-chat>';
  return lines.join('\n');
}
