import { panelSlots, type TeatimePanel } from './elements/teatime-panel/teatime-panel.ts';
import type { TeatimeChat } from './teatime-chat.ts';

/** Hands the slots that the page fills on to the panel. An empty one is left out: it would hide what stands there by default. */
export function fillSlots(host: TeatimeChat, panel: TeatimePanel): void {
  const filled = new Set(panelSlots.filter((name) => host.querySelector(`:scope > [slot="${name}"]`)));
  if (filled.size === panel.slotted.size && [...filled].every((name) => panel.slotted.has(name))) return;
  panel.replaceChildren(
    ...[...filled].map((name) => {
      const slot = document.createElement('slot');
      slot.name = slot.slot = name;
      return slot;
    }),
  );
  panel.slotted = filled;
}
