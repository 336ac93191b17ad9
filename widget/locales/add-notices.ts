import { enNotices } from './en-notices.ts';
import { addPhrases } from './phrases.ts';

// Imported by the view that speaks of the line to the server.
addPhrases(enNotices);
