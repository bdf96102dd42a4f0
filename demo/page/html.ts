// The page as HTML, written on the server; every text from a scene passes through `escaped`.
import { clockTime, seconds } from '../events.ts';
import type { Mark } from '../mark.ts';
import type { SideBySide } from '../show.ts';
import type { SceneView } from '../view.ts';

export interface Row extends SideBySide {
  readonly sceneId: number;
  /** Unix ms since when a change is not in Plex; null = all is. */
  readonly waitingSince: number | null;
  readonly changedAt: number;
  /** How long the last change took, in ms, if it was seen. */
  readonly afterMs: number | undefined;
}

export interface PageContent {
  readonly mark: Mark;
  readonly summary: string;
  readonly plexAway: boolean;
  readonly rows: readonly Row[];
  /** Scenes changed so far, shown or not. */
  readonly changedScenes: number;
  readonly all: boolean;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

export function pageHtml(content: PageContent): string {
  const { mark, summary, plexAway, rows, changedScenes, all } = content;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>PlexSync demo</title>
<link rel="stylesheet" href="/page.css">
<link rel="icon" href="data:,">
<noscript><meta http-equiv="refresh" content="2"></noscript>
<script src="/page.js" defer></script>
</head>
<body>
<header class="top">
<h1>PlexSync demo</h1>
<div id="mark" class="mark ${mark.mood}">
<p><span id="sign" class="sign" aria-hidden="true">${mark.sign}</span>
<span><strong id="word">${escaped(mark.word)}.</strong>
<span id="sentence">${escaped(mark.sentence)}</span></span></p>
<div class="buttons">
${button('edit', 'Edit a scene')}
${button('edit-many', 'Edit 50 at once')}
${button('stop-plex', 'Stop Plex', plexAway, 'danger')}
${button('start-plex', 'Start Plex', !plexAway)}
</div>
</div>
<p id="told" class="told" aria-live="polite"></p>
</header>
<main>
<p class="summary"><span id="summary">${escaped(summary)}</span>
<a id="other" href="${all ? '/' : '/?all'}">${escaped(linkText(changedScenes, all))}</a></p>
<table>
<thead><tr><th scope="col">Scene</th><th scope="col">Stash</th><th scope="col">Plex</th></tr></thead>
<tbody id="rows">
${rows.map((row) => `<tr>${rowHtml(row)}</tr>`).join('\n')}
</tbody>
</table>
<p id="empty" class="empty"${rows.length > 0 ? ' hidden' : ''}>No scene was changed yet. Those that are changed appear here, as Stash and as Plex show them.</p>
<p class="legend"><span class="differs"><span class="sign">≠</span> marked</span> is what the other side does not have, or has otherwise.</p>
</main>
</body>
</html>
`;
}

function linkText(changedScenes: number, all: boolean): string {
  return all ? 'Show the last ones only' : `Show all ${changedScenes} changed scenes`;
}

/** The cells of a scene's row. */
function rowHtml(row: Row): string {
  const { sceneId, stash, plex, waitingSince, changedAt, afterMs } = row;
  const inStep = waitingSince === null;
  const state = inStep
    ? `<span class="state good"><span class="sign">●</span> in Plex${afterMs === undefined ? '' : ` after ${seconds(afterMs)}`}</span>`
    : `<span class="state busy"><span class="sign">◐</span> waits since ${clockTime(waitingSince)}</span>`;
  return `<th scope="row"><span class="number">Scene ${sceneId}</span>${state}<span class="time">changed ${clockTime(changedAt)}</span></th>
<td data-side="Stash">${cellHtml(stash, plex)}</td>
<td data-side="Plex">${cellHtml(plex, stash)}</td>`;
}

function cellHtml(view: SceneView, other: SceneView): string {
  const text = (field: 'title' | 'date' | 'studio' | 'details'): string =>
    part(view[field], `no ${field}`, view[field] !== other[field]);
  const names = (field: 'performers' | 'tags'): string =>
    view[field].length === 0
      ? part('', `no ${field}`, other[field].length > 0)
      : view[field].map((name) => part(name, '', !other[field].includes(name), 'name')).join(' ');
  return `<div class="title">${text('title')}</div>
<div>${text('date')} ${text('studio')}</div>
<div>${names('performers')}</div>
<div class="tags">${names('tags')}</div>
<div class="details">${text('details')}</div>`;
}

function part(text: string, ifEmpty: string, differs: boolean, kind = 'text'): string {
  const shown = text === '' ? `<i>${escaped(ifEmpty)}</i>` : escaped(text);
  const sign = differs ? '<span class="sign">≠</span> ' : '';
  const whole = text === '' ? '' : ` title="${escaped(text)}"`;
  return `<span class="${kind}${differs ? ' differs' : ''}"${whole}>${sign}${shown}</span>`;
}

function button(action: string, text: string, hidden = false, kind = 'primary'): string {
  return `<form method="post" action="/${action}" id="${action}"${hidden ? ' hidden' : ''}><button class="${kind}">${text}</button></form>`;
}
