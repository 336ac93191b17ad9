import { enErrors } from './en-errors.ts';
import { enNotices } from './en-notices.ts';
import { addPhrases } from './phrases.ts';

// Imported by the view that speaks of the line to the server, which every panel loads as soon as the page has time.
addPhrases({ ...enNotices, errors: enErrors });
