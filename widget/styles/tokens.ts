import { unsafeCSS, type CSSResult } from 'lit';

/**
 * The public design tokens in three tiers, each with its default. A page sets `--teatime-<name>` on the element or on anything
 * around it; elements read `--tt-<name>`, which is the page's value or this default. Whatever is derived from another token
 * follows it, so that a single `--teatime-accent` recolours everything, in light and in dark.
 */
export const tokens = {
  // Brand: what a site sets first.
  accent: 'oklch(0.46 0.085 162)',
  font: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif',
  'font-mono': 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  'font-size': '15px',
  radius: '14px',
  density: '1',

  // Semantic: what a colour or size means.
  surface: 'light-dark(oklch(0.993 0.003 95), oklch(0.215 0.006 95))',
  'surface-raised': 'light-dark(oklch(1 0 0), oklch(0.255 0.007 95))',
  'surface-sunken': 'light-dark(oklch(0.969 0.005 95), oklch(0.185 0.006 95))',
  'surface-hover': 'light-dark(oklch(0.3 0.02 95 / 0.05), oklch(0.95 0.02 95 / 0.06))',
  'surface-active': 'light-dark(oklch(0.3 0.02 95 / 0.09), oklch(0.95 0.02 95 / 0.1))',
  text: 'light-dark(oklch(0.255 0.012 95), oklch(0.945 0.006 95))',
  'text-muted': 'light-dark(oklch(0.48 0.014 95), oklch(0.745 0.01 95))',
  border: 'light-dark(oklch(0.3 0.02 95 / 0.12), oklch(0.95 0.02 95 / 0.13))',
  'border-strong': 'light-dark(oklch(0.6 0.014 95), oklch(0.55 0.012 95))',
  'accent-fill': 'light-dark(var(--tt-accent), oklch(from var(--tt-accent) max(l, 0.72) c h))',
  // Away from the colour of the text on it, so that this can be read still.
  'accent-hover':
    'light-dark(oklch(from var(--tt-accent) calc(l + clamp(-0.045, (l - 0.57) * 1000, 0.045)) c h), oklch(from var(--tt-accent) calc(max(l, 0.72) + 0.045) c h))',
  'accent-active':
    'light-dark(oklch(from var(--tt-accent) calc(l + clamp(-0.08, (l - 0.57) * 1000, 0.08)) c h), oklch(from var(--tt-accent) calc(max(l, 0.72) + 0.08) c h))',
  'accent-subtle':
    'light-dark(oklch(from var(--tt-accent) 0.945 calc(c * 0.3) h), oklch(from var(--tt-accent) 0.33 calc(c * 0.5) h))',
  'accent-text':
    'light-dark(oklch(from var(--tt-accent) min(l, 0.46) c h), oklch(from var(--tt-accent) max(l, 0.82) min(c, 0.13) h))',
  // White on what is darker than middle grey, near black on what is lighter: the lightness at which both reach WCAG's 4.5.
  'on-accent':
    'light-dark(oklch(from var(--tt-accent) clamp(0.18, (0.57 - l) * 1000, 0.995) 0.008 h), oklch(from var(--tt-accent) 0.19 0.02 h))',
  danger: 'light-dark(oklch(0.5 0.17 27), oklch(0.77 0.12 27))',
  'danger-subtle': 'light-dark(oklch(0.955 0.022 27), oklch(0.31 0.05 27))',
  warning: 'light-dark(oklch(0.48 0.1 70), oklch(0.84 0.11 80))',
  'warning-subtle': 'light-dark(oklch(0.957 0.035 85), oklch(0.32 0.045 75))',
  online: 'light-dark(oklch(0.62 0.15 152), oklch(0.72 0.15 152))',
  away: 'light-dark(oklch(0.72 0.14 75), oklch(0.78 0.13 80))',
  focus: 'var(--tt-accent-text)',
  shadow: '0 12px 40px -8px light-dark(oklch(0.25 0.02 95 / 0.22), oklch(0 0 0 / 0.6))',
  'radius-small': 'calc(var(--tt-radius) * 0.57)',
  duration: '160ms',

  // Component: one part of the interface.
  'panel-width': '400px',
  'panel-height': '680px',
  'panel-radius': 'calc(var(--tt-radius) + 2px)',
  'inline-height': '560px',
  'list-width': '320px',
  'details-width': '320px',
  'bubble-radius': '16px',
  'bubble-own':
    'light-dark(oklch(from var(--tt-accent) 0.93 calc(c * 0.4) h), oklch(from var(--tt-accent) 0.38 calc(c * 0.55) h))',
  'bubble-own-text': 'var(--tt-text)',
  'bubble-own-accent': 'var(--tt-accent-text)',
  'bubble-other': 'light-dark(oklch(0.955 0.006 95), oklch(0.285 0.008 95))',
  'bubble-other-text': 'var(--tt-text)',
  'composer-background': 'var(--tt-surface-raised)',
  'badge-background': 'var(--tt-accent-fill)',
  'badge-text': 'var(--tt-on-accent)',
} as const;

/** Goes into the shadow root that the tokens start from: the public element's, or a test's. */
export const tokenStyles: CSSResult = unsafeCSS(`
  :host {
    color-scheme: light dark;
    ${Object.entries(tokens)
      .map(([name, value]) => `--tt-${name}: var(--teatime-${name}, ${value});`)
      .join('\n')}
  }
  /* Fingers need the room. */
  @media (pointer: coarse) {
    :host { --tt-density: max(1, var(--teatime-density, 1)); }
  }
  :host([theme='light']) { color-scheme: light; }
  :host([theme='dark']) { color-scheme: dark; }
`);
