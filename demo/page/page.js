// Keeps the page true: fetches it twice a second and puts what is new in its place. Without this
// script the page loads itself anew.

let lastSeen = new Date();

/** @param {Document} page @param {string} id */
function part(page, id) {
  const found = page.getElementById(id);
  if (found === null) throw new Error(`the page lacks ${id}`);
  return found;
}

async function refresh() {
  const answer = await fetch(location.href, { signal: AbortSignal.timeout(5000) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  // Texts are escaped by the server; what is parsed here runs no script.
  const fresh = new DOMParser().parseFromString(text, 'text/html');
  lastSeen = new Date();
  show(
    part(fresh, 'mark').className,
    ['sign', 'word', 'sentence'].map((id) => part(fresh, id).textContent),
  );
  for (const id of ['summary', 'other']) place(id, part(fresh, id).textContent);
  part(document, 'empty').hidden = part(fresh, 'empty').hidden;
  swap(part(fresh, 'stop-plex').hidden);
  placeRows(part(document, 'rows'), part(fresh, 'rows'));
}

/** @param {string} id @param {string} text */
function place(id, text) {
  const target = part(document, id);
  if (target.textContent !== text) target.textContent = text;
}

/** @param {string} className @param {string[]} texts */
function show(className, [sign = '', word = '', sentence = '']) {
  part(document, 'mark').className = className;
  // Read aloud when the state is another, not at each tick of a second.
  if (part(document, 'word').textContent !== word) place('told', `${word} ${sentence}`);
  place('sign', sign);
  place('word', word);
  place('sentence', sentence);
}

/**
 * What is the same is left alone, so that a selection stays.
 * @param {HTMLElement} old @param {HTMLElement} fresh
 */
function placeRows(old, fresh) {
  [...fresh.children].forEach((row, index) => {
    const there = old.children[index];
    if (there === undefined) old.append(row);
    else if (there.innerHTML !== row.innerHTML) there.innerHTML = row.innerHTML;
  });
}

/**
 * One of both buttons is there; the focus goes on to the one that comes.
 * @param {boolean} plexAway
 */
function swap(plexAway) {
  const come = part(document, plexAway ? 'start-plex' : 'stop-plex');
  const go = part(document, plexAway ? 'stop-plex' : 'start-plex');
  const focused = go.contains(document.activeElement);
  come.hidden = false;
  go.hidden = true;
  if (focused) come.querySelector('button')?.focus();
}

/** @param {unknown} error */
function complain(error) {
  // With a TypeError or a DOMException fetch says that nobody answered.
  const told = error instanceof Error && error.name === 'Error';
  const reason = told ? error.message : 'The demo does not answer, it may have ended';
  const seen = `What you see is from ${lastSeen.toLocaleTimeString()}.`;
  show('mark unknown', ['◌', 'Old.', `${reason}. ${seen}`]);
}

/** @param {HTMLFormElement} form */
async function press(form) {
  if (form.ariaBusy === 'true') return;
  form.ariaBusy = 'true';
  try {
    const answer = await fetch(form.action, { method: 'POST', redirect: 'manual' });
    if (answer.status >= 400) throw new Error(await answer.text());
    await refresh();
  } catch (error) {
    complain(error);
  } finally {
    form.ariaBusy = 'false';
  }
}

for (const form of document.forms) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void press(form);
  });
}

async function watch() {
  await refresh().catch(complain);
  setTimeout(() => void watch(), 500);
}
void watch();
