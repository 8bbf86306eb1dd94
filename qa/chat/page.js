// Runs once, in the page's head: `trigger` reaches the server, `upload` sends one file, `element` is the head.
const EVENTS = ['example', 'retry', 'edit', 'correct', 'leave', 'stop', 'new', 'copy', 'export', 'right', 'wrong',
  'better', 'cite', 'article', 'sources', 'limit', 'set', 'library', 'cancel'];
const AT_ONCE = 4;

// The conversation's name: this tab's own, so that a reload finds it and nobody else does.
let name = sessionStorage.getItem('byline');
if (!name) {
  name = Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
  sessionStorage.setItem('byline', name);
}

// Buttons say which event they are, and bring the fields beside them.
document.addEventListener('click', event => {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.dataset.view) return show(button.dataset.view);
  if (!EVENTS.includes(button.dataset.event)) return;
  const fields = {};
  for (const field of button.closest('[data-form]')?.querySelectorAll('input') ?? []) {
    if (field.type === 'checkbox') (fields[field.name] ??= []).push(...field.checked ? [field.value] : []);
    else if (field.type !== 'radio' || field.checked) fields[field.name] = field.value;
  }
  if (!button.closest('#source')) window.bylineOpener = button;
  if (button.dataset.event === 'cancel') sending = 0;
  if (['example', 'retry', 'edit', 'correct', 'new'].includes(button.dataset.event)) show('ask');
  trigger(button.dataset.event, {...fields, ...button.dataset});
});
document.addEventListener('keydown', event => {
  const form = event.key === 'Enter' && event.target.matches('[data-form] input') && event.target.closest('[data-form]');
  if (form) form.querySelector('button.go')?.click();
});

// Three views; the address remembers which.
function show(view) {
  const known = ['ask', 'library', 'settings'].includes(view) ? view : 'ask';
  if (document.body.dataset.view !== known) window.scrollTo(0, 0);
  document.body.dataset.view = known;
  history.replaceState(null, '', known === 'ask' ? location.pathname : `#${known}`);
  for (const one of element.querySelectorAll('nav button')) {
    if (one.dataset.view === known) one.setAttribute('aria-current', 'page');
    else one.removeAttribute('aria-current');
  }
  if (known === 'library') trigger('library', {});
}

// Files: chosen or dropped, folders walked through, sent a few at a time.
let sending = 0;
const most = name => Number(document.querySelector('.drop')?.dataset[name] ?? 0);
const some = names => names.slice(0, 5).join(', ') + (names.length > 5 ? ' …' : '');
const say = words => { const line = document.querySelector('.sending'); if (line) line.textContent = words; };
async function inside(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const reader = entry.createReader(), found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    for (const one of some) if (!one.name.startsWith('.') && found.length <= most('files')) found.push(...await inside(one));
  }
}
async function send(chosen) {
  if (sending) return say('Files are being sent already: wait until that is done, or cancel it.');
  if (!chosen.length) return say('There was nothing in it to add.');
  const large = chosen.filter(file => file.size > most('each')).map(file => file.name);
  const files = chosen.filter(file => file.size <= most('each'));
  const told = large.length ? `Larger than ${most('each') / 1024 ** 2} MB, so not sent: ${some(large)}. ` : '';
  if (files.length > most('files')) return say(`That is more than ${most('files')} files: add fewer in one go.`);
  if (files.reduce((sum, file) => sum + file.size, 0) > most('all')) {
    return say(`That is more than ${most('all') / 1024 ** 2} MB: add fewer in one go, or use the command.`);
  }
  const run = sending = Date.now(), sent = [], failed = [], waiting = [...files];
  const work = async () => {
    for (let file; run === sending && (file = waiting.shift());) {
      try { sent.push({path: (await upload(file)).path, name: file.name}); } catch { failed.push(file.name); }
      say(`${told}Sending: ${sent.length + failed.length} of ${files.length}`);
    }
  };
  await Promise.all(Array.from({length: AT_ONCE}, work));
  if (run !== sending) return say('Cancelled.');
  sending = 0;
  say(told + (failed.length ? `Not sent, as Byline does not answer: ${some(failed)}` : ''));
  if (sent.length) trigger('bring', {files: sent});
}
document.addEventListener('change', event => {
  if (!event.target.matches('.drop input')) return;
  send([...event.target.files].filter(file => !/(^|\/)\./.test(file.webkitRelativePath || file.name)));
  event.target.value = '';
});
document.addEventListener('dragover', event => { if (event.target.closest('#library')) event.preventDefault(); });
document.addEventListener('dragenter', event => {
  document.querySelector('.drop')?.classList.toggle('over', Boolean(event.target.closest?.('.drop')));
});
document.addEventListener('drop', async event => {
  if (!event.target.closest('#library') || !document.querySelector('.drop')) return;
  event.preventDefault();
  document.querySelector('.drop').classList.remove('over');
  const entries = [...event.dataTransfer.items].map(item => item.webkitGetAsEntry()).filter(Boolean);
  const files = entries.length ? (await Promise.all(entries.map(inside))).flat() : [...event.dataTransfer.files];
  send(files);
});

// A new question is scrolled to.
let shown = null;
window.bylineFollow = live => {
  const turn = live.querySelector('.turn');
  if (turn && turn.id !== shown) turn.scrollIntoView({block: 'start'});
  shown = turn ? turn.id : null;
};

// What the server hands over to be copied or saved.
window.bylineTake = async words => {
  if (!words) return;
  const given = JSON.parse(words);
  if (given.save !== undefined) {
    const link = Object.assign(document.createElement('a'), {download: given.name});
    link.href = URL.createObjectURL(new Blob([given.save], {type: 'text/markdown'}));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    return;
  }
  try {
    await navigator.clipboard.writeText(given.copy);
  } catch { // not allowed, as on a page without https
    const box = Object.assign(document.createElement('textarea'), {value: given.copy});
    document.body.append(box);
    box.select();
    document.execCommand('copy');
    box.remove();
  }
  const button = window.bylineOpener;
  if (button?.dataset.event === 'copy') {
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  }
};

show(location.hash.slice(1));
trigger('hello', {name});
