import 'axe-core';
import type { AxeResults, RunOptions } from 'axe-core';

// Loaded as a module, axe has no exports: it sets the global.
const { axe } = globalThis as unknown as { axe: { run(node: Element, options: RunOptions): Promise<AxeResults> } };

/**
 * Fails with the list of faults when axe finds any in the element, its shadow roots included. Rules about whole pages
 * (landmarks, a heading) are left out: an element is a part of somebody's page.
 */
export async function expectAccessible(element: Element, options: RunOptions = {}): Promise<void> {
  const { violations } = await axe.run(element, {
    ...options,
    rules: { region: { enabled: false }, 'page-has-heading-one': { enabled: false }, ...options.rules },
    resultTypes: ['violations'],
  });
  if (violations.length === 0) return;
  const faults = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target.flat().join(' ')}: ${failureSummary ?? ''}`),
  );
  throw new Error(`unable to call the element accessible; ${faults.join('\n')}`);
}
