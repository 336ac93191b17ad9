import { counter, lasting } from '../count.ts';
import type { enCalls } from '../en-calls.ts';
import type { Phrase } from '../strings.ts';

const count = counter('ru');
const duration = lasting('ru');

const accusative = { microphone: 'микрофон', camera: 'камеру', screen: 'экран' };
const access = { microphone: 'микрофону', camera: 'камере', screen: 'экрану' };
const missing = { microphone: 'Микрофон не найден', camera: 'Камера не найдена', screen: 'Экран не найден' };

/** Russian for calls. */
export const calls: Phrase<typeof enCalls> = {
  calls: {
    audioCall: 'Аудиозвонок',
    videoCall: 'Видеозвонок',
    hold: 'Удерживайте, чтобы сначала проверить камеру и микрофон',
    join: 'Присоединиться',
    joinCall: (n) =>
      count(n, {
        one: 'Присоединиться к звонку: # человек',
        few: 'Присоединиться к звонку: # человека',
        many: 'Присоединиться к звонку: # человек',
        other: 'Присоединиться к звонку: # человека',
      }),
    busyHere: 'Вы уже в другом звонке.',
    incoming: {
      audio: 'звонит вам',
      video: 'звонит вам по видео',
      inGroup: (title) => `в группе «${title}»`,
      accept: 'Ответить',
      acceptVideo: 'Ответить с видео',
      acceptAudio: 'Ответить без видео',
      decline: 'Отклонить',
      check: 'Сначала проверить камеру и микрофон',
    },
    setup: {
      title: (name) => `Позвонить: ${name}`,
      joinTitle: (name) => `Присоединиться к звонку: ${name}`,
      start: 'Позвонить',
      startVideo: 'Позвонить по видео',
      join: 'Присоединиться',
      starting: 'Звоним…',
      cancel: 'Отмена',
      preview: 'Ваша камера',
      waiting: 'Ждём камеру и микрофон…',
      cameraOff: 'Камера выключена',
      level: 'Уровень микрофона',
      notify: 'Сообщать о звонках, когда эта страница в фоне',
    },
    devices: {
      microphone: 'Микрофон',
      camera: 'Камера',
      speaker: 'Динамик',
      nth: (kind, n) => `${kind} ${n}`,
    },
    stage: {
      label: (title) => `Звонок: ${title}`,
      you: 'Вы',
      controls: 'Управление звонком',
      mute: 'Выключить микрофон',
      unmute: 'Включить микрофон',
      cameraOn: 'Включить камеру',
      cameraOff: 'Выключить камеру',
      switchCamera: 'Другая камера',
      share: 'Показать экран',
      stopSharing: 'Не показывать экран',
      devices: 'Устройства',
      leave: 'Выйти из звонка',
      grid: 'Показать всех одинаково',
      speaker: 'Показать говорящего',
      pictureInPicture: 'Показать изображение в отдельном окне',
      pictureBack: 'Вернуть изображение в звонок',
      larger: 'Звонок на весь чат',
      smaller: 'Показать и сообщения',
      fold: 'Свернуть звонок',
      unfold: 'Показать звонок',
      ownPicture: 'Ваше изображение. Его можно двигать стрелками.',
      muted: 'микрофон выключен',
      sharing: 'показывает экран',
      quality: ['Нет соединения', 'Плохое соединение', 'Среднее соединение', 'Хорошее соединение'],
      paused: 'Без видео, пока соединение плохое',
      listen: 'Включить звук',
      listenWhy: 'Браузер не включает звук этой страницы, пока вы не щёлкнете.',
      dismiss: 'Скрыть',
    },
    person: {
      ringing: 'Вызов…',
      connecting: 'Соединение…',
      reconnecting: 'Восстановление связи…',
    },
    state: {
      outgoing: 'Звоним…',
      connecting: 'Соединение…',
      connected: 'В звонке',
      alone: 'Ждём остальных…',
      reconnecting: 'Восстановление связи…',
      elsewhere: 'Вы в звонке в другой вкладке или на другом устройстве.',
      rejoin: 'До обновления страницы вы были в этом звонке.',
      moveHere: 'Перенести сюда',
      comeBack: 'Вернуться',
      open: (title) => `Назад к звонку: ${title}`,
      joined: (name) => `${name} теперь в звонке.`,
      left: (name) => `${name} больше не в звонке.`,
      shares: (name) => `${name} показывает экран.`,
      speaking: (name) => `${name} говорит`,
    },
    ended: {
      completed: 'Звонок завершён.',
      missed: 'Нет ответа.',
      missedOwn: 'Пропущенный звонок.',
      declined: (name) => `Звонок отклонён: ${name}.`,
      declinedGroup: 'Все отклонили звонок.',
      declinedOwn: 'Вы отклонили звонок.',
      cancelled: 'Звонок отменён.',
      busy: (name) => `${name} в другом звонке.`,
      failed: 'Не удалось соединиться. Проверьте соединение и повторите попытку.',
      left: 'Вы вышли из звонка. Остальные ещё в нём.',
      moved: 'Звонок продолжается в другой вкладке или на другом устройстве.',
      full: 'В звонке нет мест. Сейчас присоединиться нельзя.',
      unavailable: 'Звонок не получился. Повторите попытку чуть позже.',
      again: 'Позвонить снова',
      rejoin: 'Вернуться',
      dismiss: 'Скрыть',
    },
    problem: {
      noMicrophone: 'Другие вас не слышат.',
      denied: {
        chromium: (device) =>
          `Доступ к ${access[device]} для этой страницы закрыт. Разрешите его значком слева от адреса и повторите попытку.`,
        firefox: (device) =>
          `Доступ к ${access[device]} для этой страницы закрыт. Разрешите его зачёркнутым значком рядом с адресом и повторите попытку.`,
        safari: (device) =>
          `Доступ к ${access[device]} для этой страницы закрыт. Разрешите его в настройках сайта, в меню рядом с адресом.`,
      },
      screenDenied: 'Экран не показывается. Если вопроса не было, разрешите в системе браузеру запись экрана.',
      missing: (device) => `${missing[device]}. Подключите устройство и повторите попытку.`,
      'in-use': (device) => `Другая программа использует ${accusative[device]}. Закройте её и повторите попытку.`,
      blocked: (device) =>
        `Эта страница не даёт чату использовать ${accusative[device]}. Её владелец может это разрешить (allow="${device === 'screen' ? 'display-capture' : device}").`,
      insecure: 'Камеры и микрофоны работают только на защищённых страницах (https).',
      failed: (device) => `Не удалось включить ${accusative[device]}. Повторите попытку.`,
    },
    entry: {
      text: ({ kind, outcome, durationMs }, own) => {
        const what = kind === 'video' ? 'Видеозвонок' : 'Звонок';
        if (outcome === 'completed') return `${what}, ${duration(durationMs)}`;
        if (outcome === 'failed') return `${what}, не удалось соединиться`;
        if (outcome === 'declined') return `${what}, отклонён`;
        if (!own) return `Пропущенный ${what.toLowerCase()}`;
        return `${what}, ${{ missed: 'нет ответа', cancelled: 'отменён', busy: 'занято' }[outcome]}`;
      },
      callBack: 'Перезвонить',
      again: 'Позвонить снова',
    },
    launcher: {
      ringing: (name) => `${name} звонит`,
      inCall: 'Вы в звонке',
    },
  },
};
