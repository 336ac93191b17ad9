import { describe } from 'vitest';
import { drivePuppeteer } from '../support/driver-puppeteer.ts';
import { findFirefox, launchFirefox } from '../support/firefox.ts';
import { chatJourneys } from './journeys.ts';

describe.skipIf(findFirefox() === undefined)('in Firefox', () => {
  chatJourneys(async () => drivePuppeteer(await launchFirefox()));
});
