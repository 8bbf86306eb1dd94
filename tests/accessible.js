// What keeps people out, of what is visible now: a list of sentences, empty when nothing does. A structural check with
// the rules of WCAG 2.1 AA that need no judgement: names, labels, ids, roles, headings, contrast.
(() => {
  const wrong = [];
  const what = one => `<${one.tagName.toLowerCase()} id="${one.id}" class="${one.className}"> ${one.textContent.slice(0, 40)}`;
  const visible = one => one.checkVisibility({visibilityProperty: true, opacityProperty: true}) && one.getClientRects().length;
  const all = selector => [...document.querySelectorAll(selector)].filter(visible);
  const name = one => (one.getAttribute('aria-label') || [...(one.labels ?? [])].map(l => l.textContent).join(' ')
    || (one.getAttribute('aria-labelledby') ?? '').split(' ').map(id => document.getElementById(id)?.textContent ?? '').join(' ')
    || one.textContent || one.title || '').trim();

  if (!document.documentElement.lang) wrong.push('the page names no language');
  if (!document.title) wrong.push('the page has no title');
  for (const one of all('button, a[href], input, select, textarea, summary, progress, [role=dialog], [role=img], [tabindex="0"]')) {
    if (!name(one)) wrong.push(`no name: ${what(one)}`);
    if (one.tabIndex > 0) wrong.push(`tab order is forced: ${what(one)}`);
  }
  for (const one of all('[role=button], [onclick]')) if (one.tabIndex < 0) wrong.push(`not for the keyboard: ${what(one)}`);
  for (const one of document.querySelectorAll('[aria-labelledby], [aria-describedby], [aria-controls]')) {
    for (const attribute of ['aria-labelledby', 'aria-describedby', 'aria-controls']) {
      for (const id of (one.getAttribute(attribute) ?? '').split(' ').filter(Boolean)) {
        if (!document.getElementById(id)) wrong.push(`${attribute} names nothing: ${what(one)}`);
      }
    }
  }
  const ids = [...document.querySelectorAll('[id]')].map(one => one.id).filter(Boolean);
  for (const id of new Set(ids.filter((id, place) => ids.indexOf(id) !== place))) wrong.push(`id twice: ${id}`);
  for (const one of all('img')) if (!one.hasAttribute('alt')) wrong.push(`no text for: ${what(one)}`);
  for (const one of all('table')) if (!one.querySelector('th[scope]')) wrong.push(`a table without heads: ${what(one)}`);
  let level = 0;
  for (const one of all('h1, h2, h3, h4')) {
    const now = Number(one.tagName[1]);
    if (now > level + 1) wrong.push(`heading jumps from ${level} to ${now}: ${what(one)}`);
    level = now;
  }
  if (all('h1').length !== 1) wrong.push('there must be one h1');

  // Contrast: 4.5 to 1, or 3 to 1 for large text.
  const parse = colour => {
    const found = colour.match(/[\d.]+/g).map(Number);
    return {rgb: colour.startsWith('color(') ? found.slice(0, 3).map(n => 255 * n) : found.slice(0, 3), a: found[3] ?? 1};
  };
  const luminance = rgb => {
    const [r, g, b] = rgb.map(n => n / 255).map(n => n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = one => {
    for (let at = one; at; at = at.parentElement) {
      const {rgb, a} = parse(getComputedStyle(at).backgroundColor);
      if (a > 0.5) return rgb;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const one = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !one || !visible(one) || one.closest('script, style, svg, .wait')) continue;
    const style = getComputedStyle(one), size = parseFloat(style.fontSize);
    const [light, dark] = [luminance(parse(style.color).rgb), luminance(behind(one))].sort((a, b) => b - a);
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < least) wrong.push(`contrast ${ratio.toFixed(1)} to 1: ${what(one)}`);
  }
  return [...new Set(wrong)];
})()
