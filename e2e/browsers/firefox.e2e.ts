import { describe, expect, test } from 'vitest';
import { drivePuppeteer } from '../support/driver-puppeteer.ts';
import { findFirefox, launchFirefox } from '../support/firefox.ts';
import { aHouse, faultsOf } from './house.ts';
import { chatJourneys, lastingJourneys } from './journeys.ts';

describe.skipIf(findFirefox() === undefined)('in Firefox', () => {
  const house = aHouse(async () => drivePuppeteer(await launchFirefox()));
  chatJourneys(house);
  lastingJourneys(house);

  test('a voice message is recorded, sent, and plays on the other side', async () => {
    const [mia, noa] = await Promise.all([house().arrive('Mia'), house().arrive('Noa')]);
    await mia.writeTo(noa.name);
    await mia.say('Listen');
    await noa.openConversation(mia.name);
    await mia.press('Record a voice message');
    await mia.sees({ role: 'timer', text: ':03' });
    await mia.press('Stop and listen');
    await mia.press('Send the recording');
    const player = { tag: 'teatime-voice-player', in: { tag: 'teatime-timeline' } };
    await noa.press({ role: 'button', name: 'Play', in: player });
    await noa.sees({ role: 'button', name: 'Pause', in: player });
    for (const { tab } of [mia, noa]) expect(await faultsOf(tab)).toEqual([]);
  }, 120_000);
});
