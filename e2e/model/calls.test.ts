import { describe, expect, test } from 'vitest';
import { ageCall } from '../../backend/features/calls/test-callers.ts';
import { useCallHouse } from './call-house.ts';
import {
  accept,
  aCaller,
  act,
  aDevice,
  aTab,
  arrived,
  call,
  callIs,
  callOn,
  hangUp,
  mediaFlows,
  openTracks,
  showsThem,
  type Caller,
} from './call-pages.ts';

const house = useCallHouse();

const two = (): Promise<[Caller, Caller]> =>
  Promise.all([aCaller(house.pages, house.server), aCaller(house.pages, house.server)]);

/** Two pages in a call with each other. */
const talking = async (video = true): Promise<[Caller, Caller]> => {
  const [ida, jon] = await two();
  await call(ida, jon, video);
  await callIs(jon, 'incoming');
  await accept(jon, video);
  for (const each of [ida, jon]) await callIs(each, 'connected');
  return [ida, jon];
};

describe('a call of two', () => {
  test('lets them see and hear each other, and opens nothing before the answer', async () => {
    const [ida, jon] = await two();
    await call(ida, jon);
    await callIs(ida, 'outgoing');
    await callIs(jon, 'incoming');
    const opened = await jon.page.evaluate(() => [
      window.witness.asked,
      window.witness.links.filter(({ localDescription, remoteDescription }) => localDescription ?? remoteDescription)
        .length,
    ]);
    expect(opened).toEqual([0, 0]);
    await accept(jon);
    for (const each of [ida, jon]) await callIs(each, 'connected');
    for (const each of [ida, jon]) await mediaFlows(each);
    for (const [each, other] of [
      [ida, jon],
      [jon, ida],
    ] as const) {
      await showsThem(each, each, { state: 'connected', audio: true, video: true });
      await showsThem(each, other, { state: 'connected', audio: true, video: true });
    }
    // Chromium's fake microphone beeps.
    await showsThem(ida, jon, { speaking: true });
  });

  test('ends when one hangs up, and lets go of all devices at once', async () => {
    const [ida, jon] = await talking();
    for (const each of [ida, jon]) expect(await openTracks(each)).toBeGreaterThan(1);
    await hangUp(ida);
    expect(await openTracks(ida)).toBe(0);
    await callIs(jon, 'ended');
    expect(await openTracks(jon)).toBe(0);
    expect(await callOn(jon)).toMatchObject({ reason: 'completed' });
    await act(jon, 'dismiss');
    expect(await callOn(jon)).toBeUndefined();
  });

  test('begins with sound, and takes pictures, screens and silence as they come and go, on the same connection', async () => {
    const [ida, jon] = await talking(false);
    await mediaFlows(jon, { pictures: false });
    expect((await arrived(jon)).frames).toBe(0);
    await act(ida, 'setCamera', true);
    await showsThem(jon, ida, { video: true, screen: false });
    await mediaFlows(jon);
    await act(ida, 'share', true);
    await showsThem(jon, ida, { screen: true });
    await mediaFlows(jon);
    await act(ida, 'setMuted', true);
    await showsThem(jon, ida, { audio: false });
    // One's own voice is muted; what is shared is heard all the same.
    await mediaFlows(jon);
    await act(ida, 'share', false);
    await act(ida, 'setCamera', false);
    await showsThem(jon, ida, { audio: false, video: false, screen: false });
    await act(ida, 'setMuted', false);
    await showsThem(jon, ida, { audio: true });
    await mediaFlows(jon, { pictures: false });
    const links = await jon.page.evaluate(
      () => window.witness.links.filter(({ remoteDescription }) => remoteDescription !== null).length,
    );
    expect(links).toBe(1);
  });
});

describe('a call that is not answered', () => {
  test('ends on both sides when it is declined', async () => {
    const [ida, jon] = await two();
    await call(ida, jon);
    await callIs(jon, 'incoming');
    await act(jon, 'decline');
    await callIs(ida, 'ended');
    expect(await callOn(ida)).toMatchObject({ reason: 'declined' });
    await callIs(jon, undefined);
    expect([await openTracks(ida), await openTracks(jon)]).toEqual([0, 0]);
  });

  test('sounds in one tab of several, until it is answered in another, which the first shows', async () => {
    const [ida, jon] = await two();
    const tab = await aTab(jon, house.server);
    await call(ida, jon);
    for (const each of [jon, tab]) await callIs(each, 'incoming');
    const sounding = () => Promise.all([jon, tab].map(({ page }) => page.evaluate(() => window.witness.notes > 0)));
    await expect.poll(async () => (await sounding()).filter(Boolean).length).toBe(1);
    const [first] = await sounding();
    const [loud, quiet] = first ? [jon, tab] : [tab, jon];
    await accept(quiet);
    await callIs(loud, 'elsewhere');
    await callIs(ida, 'connected');
    // A ring that had gone on would have passed to the other tab by now.
    expect(await quiet.page.evaluate(() => window.witness.notes)).toBe(0);
    await act(loud, 'leave');
    await callIs(quiet, 'ended');
    await callIs(loud, undefined);
  });

  test('stops ringing when the caller hangs up', async () => {
    const [ida, jon] = await two();
    await call(ida, jon);
    await callIs(jon, 'incoming');
    await hangUp(ida);
    await callIs(jon, undefined);
    expect(await openTracks(ida)).toBe(0);
  });

  test('ends as missed after 45 seconds', async () => {
    const [ida, jon] = await two();
    await call(ida, jon);
    await callIs(jon, 'incoming');
    await ageCall(house.server, (await callOn(ida))!.id, 45);
    await callIs(ida, 'ended');
    expect(await callOn(ida)).toMatchObject({ reason: 'missed' });
    await callIs(jon, undefined);
  });
});

test('two who call each other at once are in one call', async () => {
  const [ida, jon] = await two();
  await Promise.all([call(ida, jon), call(jon, ida)]);
  for (const each of [ida, jon]) await callIs(each, 'connected');
  for (const each of [ida, jon]) await mediaFlows(each);
  expect((await callOn(ida))?.id).toBe((await callOn(jon))?.id);
});

test('of two devices the first answer wins; the other shows where the call is, and can bring it over', async () => {
  const [ida, jon] = await two();
  const tablet = await aDevice(house.pages, house.server, jon);
  await call(ida, jon);
  for (const each of [jon, tablet]) await callIs(each, 'incoming');
  await accept(jon);
  await callIs(tablet, 'elsewhere');
  expect(await callOn(tablet)).toMatchObject({ rejoin: false });
  await callIs(ida, 'connected');
  await accept(tablet);
  await callIs(jon, 'elsewhere');
  expect(await openTracks(jon)).toBe(0);
  await callIs(tablet, 'connected');
  for (const each of [ida, tablet]) await mediaFlows(each);
});
