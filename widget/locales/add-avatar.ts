import { enAvatar } from './en-avatar.ts';
import { addPhrases } from './phrases.ts';

// Imported by each view that changes pictures of people and groups, for its phrases.
addPhrases({ avatar: enAvatar });
