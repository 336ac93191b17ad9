import type { enNotices } from '../en-notices.ts';
import type { Phrase } from '../strings.ts';

/** Russian for what is said of the line to the server. */
export const notices: Phrase<typeof enNotices> = {
  notices: {
    dismiss: 'Скрыть',
    offline: 'Вы не в сети. Сообщения уйдут, когда связь вернётся.',
    connecting: 'Подключение…',
    waiting: (seconds) => `Чат недоступен. Новая попытка через ${seconds}\u00a0с.`,
    unreachable: 'Чат недоступен. Скоро попробуем снова.',
    tryNow: 'Попробовать сейчас',
    connected: 'Связь восстановлена.',
    memoryOnly: 'Браузер не может сохранить неотправленные сообщения. Не закрывайте страницу, пока они не уйдут.',
    unauthorized: 'Вы больше не в системе. Войдите снова, чтобы продолжить.',
    sessionRevoked: 'Этот сеанс завершён. Войдите снова, чтобы продолжить.',
    siteDisabled: 'Чат на этом сайте отключён.',
    unsupportedVersion: 'Чат обновился. Обновите страницу, чтобы продолжить.',
    protocolError: 'Между страницей и чатом что-то пошло не так. Обновите страницу.',
    reload: 'Обновить',
  },
};
