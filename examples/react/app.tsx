import { useEffect, useRef, useState } from 'react';
import type { TeatimeChat as TeatimeChatElement, TeatimeMessageEvent } from 'teatime';
import { TeatimeChat } from 'teatime/react';
import { demoSession, demoSides, demoTokens } from '../demo.js';

const sides = demoSides();
// Outside of the component, so that it stays the same. On a page of your own: async () => (await fetch('/chat-token')).text()
const tokenProvider = demoTokens(sides.me);

/** An application with a header that counts unread messages, and a chat in its corner. */
export function App() {
  const chat = useRef<TeatimeChatElement>(null);
  const colleague = useColleague();
  const [me, setMe] = useState<string>();
  const [unread, setUnread] = useState(0);
  const [connection, setConnection] = useState('idle');
  const [open, setOpen] = useState(false);
  const [latest, setLatest] = useState<TeatimeMessageEvent['detail']>();

  const write = async (userId: string) => {
    await chat.current?.show();
    await chat.current?.openConversation({ userId });
    await chat.current?.focusComposer();
  };
  const call = async (userId: string) => {
    await chat.current?.show();
    await chat.current?.startCall({ userId });
  };

  return (
    <>
      <header className="top">
        <a className="brand" href="../">
          <img src="../favicon.svg" alt="" width="32" height="32" />
          <span>TeaTime</span>
        </a>
        <nav aria-label="Example">
          <a href="../">All examples</a>
          <a href={sides.otherSide} target="_blank" rel="noopener">
            Open {sides.otherName}’s side
          </a>
          <button type="button" onClick={() => chat.current?.toggle()} aria-expanded={open}>
            Messages <span className="count">{unread}</span>
          </button>
        </nav>
      </header>
      <main className="host beside-panel">
        <div className="words">
          <h1>React</h1>
          <p>
            The chat is the component <code>&lt;TeatimeChat&gt;</code>. The number in the header, the buttons below and
            the facts below them are this application’s own; they hear the chat’s events and call its methods.
          </p>
          {colleague ? (
            <Person person={colleague} onWrite={write} onCall={call} />
          ) : (
            <p>Sign in by the button in the corner.</p>
          )}
          <section className="card" aria-labelledby="facts">
            <h2 id="facts">What the application knows</h2>
            <dl className="facts">
              <dt>Signed in</dt>
              <dd>{me ?? 'nobody yet'}</dd>
              <dt>Connection</dt>
              <dd>{connection}</dd>
              <dt>Unread</dt>
              <dd>{unread}</dd>
              <dt>The panel is</dt>
              <dd>{open ? 'open' : 'closed'}</dd>
              <dt>Latest message</dt>
              <dd>{latest ? `${latest.sender.displayName}: ${latest.message.text}` : 'none so far'}</dd>
            </dl>
          </section>
        </div>
      </main>
      <TeatimeChat
        ref={chat}
        server="/"
        tokenProvider={tokenProvider}
        onTeatimeReady={({ detail }) => setMe(detail.user?.displayName)}
        onTeatimeConnectionChange={({ detail }) => setConnection(detail.status)}
        onTeatimeUnreadChange={({ detail }) => setUnread(detail.unread)}
        onTeatimeOpenChange={({ detail }) => setOpen(detail.open)}
        onTeatimeMessage={({ detail }) => setLatest(detail)}
      />
    </>
  );
}

interface Colleague {
  readonly id: string;
  readonly displayName: string;
}

interface PersonProps {
  readonly person: Colleague;
  readonly onWrite: (userId: string) => void;
  readonly onCall: (userId: string) => void;
}

/** Somebody of the application's own, with buttons that lead into the chat. */
function Person({ person, onWrite, onCall }: PersonProps) {
  return (
    <div className="person">
      <div>
        <strong>{person.displayName}</strong>
        <span>Your colleague</span>
      </div>
      <div className="actions">
        <button className="main-action" type="button" onClick={() => onWrite(person.id)}>
          Write
        </button>
        <button type="button" onClick={() => onCall(person.id)}>
          Call
        </button>
      </div>
    </div>
  );
}

/** The other demo person; an application of your own knows its people itself. */
function useColleague(): Colleague | undefined {
  const [colleague, setColleague] = useState<Colleague>();
  useEffect(() => {
    let gone = false;
    void demoSession(sides.other).then((session) => {
      if (!gone) setColleague(session?.user);
    });
    return () => {
      gone = true;
    };
  }, []);
  return colleague;
}
