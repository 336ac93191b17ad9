import { expect } from 'chai';
import { html } from 'lit';
import { expectAccessibleInBothThemes, mount, press, type Mounted } from '../../testing/mount.ts';
import { aPicture } from '../../testing/pictures.ts';
import { aChatState, type ChatState } from '../../testing/states.ts';
import './teatime-avatar-field.ts';
import type { TeatimeAvatarEditor } from './teatime-avatar-editor.ts';
import type { TeatimeAvatarField } from './teatime-avatar-field.ts';

type Field = Mounted<TeatimeAvatarField>;

const show = (state: ChatState, { editable = true, conversationId = '' } = {}): Promise<Field> =>
  mount<TeatimeAvatarField>(
    html`<teatime-avatar-field
      name="Mia Tanaka"
      .editable=${editable}
      .conversationId=${conversationId || undefined}
    ></teatime-avatar-field>`,
    { chat: state.chat },
  );

async function edit(field: Field): Promise<TeatimeAvatarEditor> {
  field.find('button').click();
  await field.until(() => field.all('teatime-avatar-editor').length > 0);
  return field.find<TeatimeAvatarEditor>('teatime-avatar-editor');
}

describe('teatime-avatar-field', () => {
  it('shows a button to those who may change the picture, and only where the server takes files', async () => {
    expect((await show(aChatState(), { editable: false })).all('button')).to.have.length(0);
    const state = aChatState();
    const field = await show(state);
    expect(field.find('button').ariaLabel).to.equal('Add a picture');
    state.$fileLimits.set(undefined);
    await field.settled();
    expect(field.all('button')).to.have.length(0);
  });

  it('opens the editor in place with the focus in it, and gives the focus back', async () => {
    const field = await show(aChatState());
    const editor = await edit(field);
    expect(field.all('teatime-avatar')).to.have.length(0);
    expect(editor.matches(':focus')).to.equal(true);
    press(editor.renderRoot.querySelector('.drop button')!, 'Escape');
    await field.until(() => field.all('teatime-avatar').length > 0);
    expect(field.find('button').matches(':focus')).to.equal(true);
    expect(field.text('[role=status]')).to.equal('');
  });

  it("saves one's own picture or that of the group, and says so", async () => {
    const calls: unknown[] = [];
    const state = aChatState([], {
      setAvatar: async (picture) => void calls.push(['own', picture?.type]),
      setGroupAvatar: async (id, picture) => void calls.push([id, picture?.type]),
    });
    for (const conversationId of ['', 'conversation-tea']) {
      const field = await show(state, { conversationId });
      const data = new DataTransfer();
      data.items.add(await aPicture());
      field.find('.face').dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));
      await field.until(() => field.all('teatime-avatar-editor').length > 0);
      const editor = field.find<TeatimeAvatarEditor>('teatime-avatar-editor');
      await opened(editor);
      editor.renderRoot.querySelector<HTMLElement>('.primary')!.click();
      await field.until(() => field.all('teatime-avatar').length > 0);
      expect(field.text('[role=status]')).to.equal('The picture is saved.');
    }
    expect(calls).to.deep.equal([
      ['own', 'image/webp'],
      ['conversation-tea', 'image/webp'],
    ]);
  });

  it('closes the editor when another group is shown, or the right to edit is gone', async () => {
    const field = await show(aChatState(), { conversationId: 'one' });
    await edit(field);
    field.element.conversationId = 'two';
    await field.settled();
    expect(field.all('teatime-avatar-editor')).to.have.length(0);
    await edit(field);
    field.element.editable = false;
    await field.settled();
    expect(field.all('teatime-avatar-editor, button')).to.have.length(0);
  });

  it('is accessible in light and dark', async () => {
    await expectAccessibleInBothThemes(await show(aChatState()));
  });
});

/** Waits until the editor shows the picture that it was given. */
async function opened({ renderRoot }: TeatimeAvatarEditor): Promise<void> {
  if (renderRoot.querySelector('teatime-avatar-stage')) return;
  await new Promise<void>((resolve) => {
    const observer = new MutationObserver(() => {
      if (!renderRoot.querySelector('teatime-avatar-stage')) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(renderRoot, { subtree: true, childList: true });
  });
}
