import { register } from './teatime-chat.ts';

register();

export * from './element.ts';
