// Texts in the language of the page: TEXTS has the translations, by the English text.

function _(text, values = {}) {
  return (TEXTS[text] ?? text).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
