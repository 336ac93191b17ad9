import { enLater } from './en-later.ts';
import { addPhrases } from './phrases.ts';

// Imported by each view that is loaded later, for its phrases.
addPhrases(enLater);
