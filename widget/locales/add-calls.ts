import { enCalls } from './en-calls.ts';
import { addPhrases } from './phrases.ts';

// Imported by each view of calls, for its phrases.
addPhrases(enCalls);
