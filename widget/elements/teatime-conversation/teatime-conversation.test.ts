import { expect } from 'chai';
import { atom, type WritableAtom } from 'nanostores';
import type { ConversationView } from '../../model/types.ts';
import '../teatime-message-actions/teatime-message-actions.ts';
import { expectAccessibleInBothThemes, once } from '../../testing/mount.ts';
import { aConversationState, aGroup, anItem } from '../../testing/pane.ts';
import { showPane } from '../../testing/show-pane.ts';
import { aChatError, aConversation, aUser } from '../../testing/states.ts';

const point = (message: Element) => message.dispatchEvent(new PointerEvent('pointerenter', { pointerType: 'mouse' }));

describe('teatime-conversation', () => {
  it('puts the focus into the composer', async () => {
    const pane = await showPane(aConversationState());
    pane.mounted.element.focus();
    expect(pane.find('teatime-composer').shadowRoot!.activeElement?.localName).to.equal('textarea');
  });

  it('puts the focus there as soon as it is known whom one writes to', async () => {
    const state = aConversationState();
    const pane = await showPane(state);
    const $view = state.conversation.$conversation as WritableAtom<ConversationView | undefined>;
    const view = $view.get();
    $view.set(undefined);
    await pane.mounted.until(() => pane.all('teatime-composer').length === 0);
    pane.mounted.element.focus();
    $view.set(view);
    await pane.mounted.until(() => pane.all('teatime-composer').length > 0);
    await pane.settled();
    expect(pane.find('teatime-composer').shadowRoot!.activeElement?.localName).to.equal('textarea');
  });

  it('says in words what went wrong, until it is dismissed', async () => {
    const state = aConversationState([anItem(1)], undefined, {
      react: () => Promise.reject(aChatError({ code: 'rate_limited', message: 'raw text' })),
    });
    const pane = await showPane(state);
    point(pane.find('teatime-timeline', 'teatime-message'));
    await pane.settled();
    pane.find('teatime-timeline', 'teatime-message', 'teatime-message-actions', '.action').click();
    await pane.settled();
    const notice = pane.find('[role=status]');
    expect(notice.innerText.trim()).to.equal('That was a lot at once. Wait a moment and try again.');
    pane.find('.notice .icon-button').click();
    await pane.settled();
    expect(notice.innerText.trim()).to.equal('');
  });

  it('has a way back where the list is not beside it, and one to the details', async () => {
    const pane = await showPane(aConversationState());
    expect(pane.all('teatime-conversation-header', '[aria-label="Back to conversations"]')).to.have.length(0);
    pane.mounted.element.narrow = true;
    await pane.settled();
    const back = once(pane.mounted.element, 'back');
    pane.find('teatime-conversation-header', '[aria-label="Back to conversations"]').click();
    await back;
    const details = once(pane.mounted.element, 'toggle-details');
    pane.find('teatime-conversation-header', '[aria-label=Details]').click();
    await details;
  });

  it('loads all members of a group of which only the first are known', async () => {
    const asked: string[] = [];
    const methods = { loadMembers: async (id: string) => void asked.push(id) };
    await showPane(aConversationState([], aGroup('member', { memberCount: 40 })), { methods });
    expect(asked).to.deep.equal(['conversation-tea']);
  });

  it('offers to unblock instead of writing', async () => {
    const unblocked: unknown[] = [];
    const pane = await showPane(aConversationState(), {
      methods: { block: async (...call: unknown[]) => void unblocked.push(call) },
    });
    (pane.chat.chat.$blocked as ReturnType<typeof atom<ReadonlySet<string>>>).set(new Set(['user-mia']));
    await pane.settled();
    expect(pane.all('teatime-composer')).to.have.length(0);
    expect(pane.find('.blocked').innerText).to.contain('You blocked Mia Tanaka.');
    await expectAccessibleInBothThemes(pane.mounted);
    pane.find('.blocked .button').click();
    expect(unblocked).to.deep.equal([['user-mia', false]]);
  });

  it('says that a conversation is closed instead of letting one write, until it is opened again', async () => {
    const pane = await showPane(aConversationState([anItem(1)], aGroup('member', { closed: true })));
    expect(pane.all('teatime-composer')).to.have.length(0);
    await pane.mounted.until(() => pane.find('.blocked').innerText === 'This conversation is closed.');
    await expectAccessibleInBothThemes(pane.mounted);
    pane.state.$conversation.set(aGroup());
    await pane.mounted.until(() => pane.all('teatime-composer').length === 1);
  });

  it('reports what somebody else said, for the reason that one chooses', async () => {
    const reported: unknown[] = [];
    const pane = await showPane(aConversationState([anItem(1)]), {
      methods: { report: async ({ id }: { id: string }, reason: string) => void reported.push([id, reason]) },
    });
    const message = ['teatime-timeline', 'teatime-message'] as const;
    const actions = [...message, 'teatime-message-actions'] as const;
    point(pane.find(...message));
    await pane.settled();
    pane.find(...actions, '[aria-haspopup=menu]').click();
    await pane.settled();
    const choose = async (name: string) => {
      pane
        .all(...actions, '[role=menuitem]')
        .find((item) => item.innerText.trim() === name)!
        .click();
      await pane.settled();
    };
    await choose('Report');
    expect(pane.find(...actions, '[role=menu]').getAttribute('aria-label')).to.equal(
      'What is wrong with this message?',
    );
    await expectAccessibleInBothThemes(pane.mounted);
    await choose('Spam');
    await pane.mounted.until(() => pane.find('[role=status]').innerText.trim() === 'Thank you. It has been reported.');
    expect(reported).to.deep.equal([['message-1', 'spam']]);
  });

  it('draws no message anew when only receipts of members change', async () => {
    const pane = await showPane(aConversationState([anItem(1)], aGroup()));
    const { scene } = pane.find<HTMLElementTagNameMap['teatime-timeline']>('teatime-timeline');
    const view = pane.state.$conversation.get()!;
    pane.state.$conversation.set({ ...view, members: view.members.map((member) => ({ ...member, readSeq: 1 })) });
    await pane.settled();
    expect(pane.find<HTMLElementTagNameMap['teatime-timeline']>('teatime-timeline').scene).to.equal(scene);
  });
});

describe('teatime-conversation-header', () => {
  const line = (pane: Awaited<ReturnType<typeof showPane>>) =>
    pane.find('teatime-conversation-header', '.line').innerText;

  it('says whether the other one is there, or was when', async () => {
    const seen = new Date(Date.now() - 5 * 60_000 - 1_000).toISOString();
    const pane = await showPane(aConversationState(), { methods: { lastSeen: () => atom(seen) } });
    expect(line(pane)).to.equal('@mia');
    for (const [presence, words] of [
      ['online', 'Online'],
      ['away', 'Away'],
      ['offline', 'Last seen 5 minutes ago'],
    ] as const) {
      pane.chat.setPresence('user-mia', presence);
      await pane.settled();
      expect(line(pane)).to.equal(words);
    }
  });

  it('counts the members of a group', async () => {
    expect(line(await showPane(aConversationState([], aGroup())))).to.equal('3 members');
  });

  it('says who is writing', async () => {
    const direct = await showPane(aConversationState([], aConversation()));
    direct.state.$typing.set([aUser()]);
    await direct.settled();
    expect(line(direct)).to.equal('typing…');
    const group = await showPane(aConversationState([], aGroup()));
    const ken = aUser({ username: 'ken', displayName: 'Ken Ito' });
    for (const [users, words] of [
      [[ken], 'Ken Ito is typing…'],
      [[ken, aUser()], 'Ken Ito and Mia Tanaka are typing…'],
      [[ken, aUser(), aUser({ username: 'lea' })], 'Several people are typing…'],
    ] as const) {
      group.state.$typing.set(users);
      await group.settled();
      expect(line(group)).to.equal(words);
    }
  });

  it('is silent about presence and typing when the page switched them off', async () => {
    const pane = await showPane(aConversationState(), { off: ['presence', 'typing'] });
    pane.chat.setPresence('user-mia', 'online');
    pane.state.$typing.set([aUser()]);
    await pane.settled();
    expect(line(pane)).to.equal('@mia');
    expect(pane.all('teatime-timeline', '.dots')).to.have.length(0);
  });
});
