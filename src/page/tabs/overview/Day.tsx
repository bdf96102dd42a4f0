// Throughput and success of the last 24 hours: a bar an hour, and the same in words.
import React from 'react';
import { Link } from 'react-router-dom';
import type { Status } from '../../../contract/status.ts';
import { counted, number } from '../../format/words.ts';
import { Empty } from '../../parts/small.tsx';
import { tabPath } from '../../api/urls.ts';
import { overviewTexts } from '../../texts/overview.ts';

/** Of the drawing, in its own units. */
const barWidth = 8;
const gap = 2;
const height = 48;
/** Few among many are seen. */
const leastHeight = 3;

const minutesPerHour = 60;

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

export function Day({ rates }: { readonly rates: Status['rates'] }): JSX.Element {
  const { day, hour, hours } = rates;
  const summary = overviewTexts.daySummary(counted(day.pushed, 'change'), number(day.failed));
  const isEmpty = hours.every(({ pushed, unchanged, failed }) => pushed + unchanged + failed === 0);
  return (
    <section className="plexsync-day">
      <h2 className="h5">{overviewTexts.dayTitle}</h2>
      <Chart hours={hours} label={summary} />
      {isEmpty ? (
        <Empty>{overviewTexts.dayEmpty}</Empty>
      ) : (
        <p className="plexsync-day-words">
          <Link to={tabPath('history')}>{summary}</Link>
          {day.successShare !== null && `; ${overviewTexts.daySuccess(percent(day.successShare))}`}
          {hour.scenesPerMinute > 0 &&
            `; ${overviewTexts.dayRates(number(Math.round(hour.scenesPerMinute * minutesPerHour)))}`}
          .
        </p>
      )}
    </section>
  );
}

/** "99.8 %"; 100 only where it is all. */
function percent(share: number): string {
  const tenths = share === 1 ? 1_000 : Math.min(999, Math.round(share * 1_000));
  return `${tenths % 10 === 0 ? tenths / 10 : (tenths / 10).toFixed(1)} %`;
}

interface ChartProps {
  readonly hours: Status['rates']['hours'];
  readonly label: string;
}

function Chart({ hours, label }: ChartProps): JSX.Element {
  const highest = Math.max(1, ...hours.map(({ pushed, failed }) => pushed + failed));
  const tall = (count: number): number =>
    count === 0 ? 0 : Math.max(leastHeight, (count / highest) * (height - leastHeight));
  return (
    <svg
      className="plexsync-chart"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${hours.length * (barWidth + gap)} ${height}`}
      preserveAspectRatio="none"
    >
      {hours.map(({ at, pushed, unchanged, failed }, index) => {
        const x = index * (barWidth + gap);
        const good = tall(pushed);
        const bad = tall(failed);
        return (
          <g key={at}>
            <title>
              {overviewTexts.hour(
                time.format(at),
                number(pushed),
                number(unchanged),
                number(failed),
              )}
            </title>
            {/* What the pointer finds, also where there is no bar. */}
            <rect x={x} y={0} width={barWidth + gap} height={height} fillOpacity={0} />
            <rect className="plexsync-bar-floor" x={x} y={height - 1} width={barWidth} height={1} />
            <rect className="plexsync-bar" x={x} y={height - good} width={barWidth} height={good} />
            <rect
              className="plexsync-bar-failed"
              x={x}
              y={Math.max(0, height - good - bad)}
              width={barWidth}
              height={bad}
            />
          </g>
        );
      })}
    </svg>
  );
}
