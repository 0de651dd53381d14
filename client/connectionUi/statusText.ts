import type { SoapFigures } from '../../core/soap/soapClient.ts';
import type { ConnectionSettings } from '../connection/connectionSettings.ts';
import { ageText } from '../connection/ageText.ts';
import type { ConnectionState, ModelState } from '../connection/connections.ts';
import { stateText } from '../connection/stateText.ts';

/** What the status bar shows of the active connection. */
export interface StatusText {
  readonly text: string;
  /** Lines. */
  readonly tooltip: readonly string[];
  /** VS Code offers two colours behind an item; production gets one of them. */
  readonly background: 'statusBarItem.warningBackground' | 'statusBarItem.errorBackground' | undefined;
  /** For screen readers: no icons. */
  readonly spoken: string;
}

const tierNames = { development: 'Dev', test: 'Test', staging: 'Staging', production: 'Production' } as const;

/**
 * @param now ms since 1970.
 * @param model what is stored of the data model.
 */
export function toStatusText(
  settings: ConnectionSettings,
  state: ConnectionState,
  figures: SoapFigures,
  isReadOnly: boolean,
  now: number,
  model?: ModelState,
): StatusText {
  const { activeCount, waitingCount, pausedUntil } = figures;
  const waitMs = pausedUntil === undefined ? 0 : pausedUntil - now;
  const [icon, note] =
    state === 'connecting'
      ? ['loading~spin', stateText(state)]
      : figures.held
        ? ['debug-pause', 'paused']
        : waitMs > 0
          ? ['watch', `asked to wait ${Math.ceil(waitMs / 1000)} s`]
          : activeCount > 0
            ? ['sync~spin', waitingCount > 0 ? `busy, ${waitingCount} waiting` : 'busy']
            : state === 'connected'
              ? ['vm-active', '']
              : ['vm-outline', stateText(state)];
  const tier = tierNames[settings.tier];
  const isProduction = settings.tier === 'production';
  const isWritable = isProduction && !isReadOnly;
  const access = isProduction ? (isReadOnly ? ', read-only' : ', writing allowed') : '';
  // What stays for seconds is worth words; a request of 50 ms only turns the icon.
  const words = note === '' || note === 'busy' ? '' : `: ${note}`;
  return {
    text: `$(${icon}) ${settings.name} · ${tier}${isWritable ? ', writable' : ''}${words}`,
    spoken: `Campaign: ${settings.name}, ${tier}${access}, ${note === '' ? stateText(state) : note}`,
    background: !isProduction
      ? undefined
      : isWritable
        ? 'statusBarItem.errorBackground'
        : 'statusBarItem.warningBackground',
    tooltip: [
      settings.name,
      `${settings.url}, ${tier.toLowerCase()}${access}, ${note === '' ? stateText(state) : note}`,
      ...(model === undefined
        ? []
        : [`Data model: ${model.schemaCount} schemas, checked ${ageText(model.checkedAt, now)}`]),
      ...(figures.requestCount === 0 ? [] : figureLines(figures, now)),
    ],
  };
}

function figureLines(figures: SoapFigures, now: number): string[] {
  const { activeCount, waitingCount, lastThrottledAt } = figures;
  const parts = [
    `${figures.requestCount} requests`,
    ...(figures.retryCount > 0 ? [`${figures.retryCount} retries`] : []),
    ...(figures.failedCount > 0 ? [`${figures.failedCount} failed`] : []),
  ];
  return [
    parts.join(', '),
    `${round(figures.sentPerSecond)}/s of ${round(figures.allowedPerSecond)}/s allowed, ${activeCount} under way, ${waitingCount} waiting`,
    ...(lastThrottledAt === undefined
      ? []
      : [`${figures.throttledCount} times told to slow down, last ${toAgo(now - lastThrottledAt)}`]),
  ];
}

function toAgo(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  return seconds < 3600 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3600)} h ago`;
}

function round(perSecond: number): string {
  return perSecond >= 10 ? String(Math.round(perSecond)) : perSecond.toFixed(1);
}
