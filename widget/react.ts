import { createComponent, type EventName } from '@lit/react';
import * as react from 'react';
import type { Setting } from './attributes.ts';
import type { TeatimeChatEventMap } from './events.ts';
import { TeatimeChat as TeatimeChatElement } from './index.ts';

/** `teatime-open-change` as the name of a prop: `onTeatimeOpenChange`. */
type PropOf<Type extends string> = `on${Capitalize<CamelCase<Type>>}`;
type CamelCase<Type extends string> = Type extends `${infer Word}-${infer Rest}`
  ? `${Word}${Capitalize<CamelCase<Rest>>}`
  : Type;

const events = {
  onTeatimeReady: 'teatime-ready',
  onTeatimeError: 'teatime-error',
  onTeatimeOpenChange: 'teatime-open-change',
  onTeatimeUnreadChange: 'teatime-unread-change',
  onTeatimeConnectionChange: 'teatime-connection-change',
  onTeatimeAuthRequired: 'teatime-auth-required',
  onTeatimeConversationChange: 'teatime-conversation-change',
  onTeatimeMessageSend: 'teatime-message-send',
  onTeatimeMessage: 'teatime-message',
  onTeatimeFileReject: 'teatime-file-reject',
  onTeatimePermissionNeeded: 'teatime-permission-needed',
  onTeatimeCallIncoming: 'teatime-call-incoming',
  onTeatimeCallStateChange: 'teatime-call-state-change',
  onTeatimeNotification: 'teatime-notification',
  onTeatimeLinkClick: 'teatime-link-click',
} as const satisfies { [Type in keyof TeatimeChatEventMap as PropOf<Type>]: Type };

type Events = { [Prop in keyof typeof events]: EventName<TeatimeChatEventMap[(typeof events)[Prop]]> };

/** What the component takes beside what every element does: its attributes and properties in camel case, and listeners. */
export type TeatimeChatProps = react.HTMLAttributes<TeatimeChatElement> & {
  [Name in Exclude<Setting, 'lang' | 'dir'>]?: TeatimeChatElement[Name] | undefined;
} & {
  [Prop in keyof typeof events]?: ((event: TeatimeChatEventMap[(typeof events)[Prop]]) => void) | undefined;
};

/**
 * `<teatime-chat>` as a component, for React 16.8 to 18, which give elements neither objects nor listeners: attributes and properties are props, events
 * are `onTeatimeReady` and so on, and `ref` is the element with its methods. React 19 needs no wrapper.
 */
export const TeatimeChat: react.ForwardRefExoticComponent<TeatimeChatProps & react.RefAttributes<TeatimeChatElement>> =
  createComponent({
    // On a server React complains of effects that wait for a layout, and runs none.
    react: globalThis.document ? react : { ...react, useLayoutEffect: react.useEffect },
    tagName: 'teatime-chat',
    elementClass: TeatimeChatElement,
    events: events as unknown as Events,
    displayName: 'TeatimeChat',
  }) as react.ForwardRefExoticComponent<TeatimeChatProps & react.RefAttributes<TeatimeChatElement>>;
