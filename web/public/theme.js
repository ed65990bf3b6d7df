// Runs before the first paint, so that a dark page never flashes white. Same key as src/lib/theme.ts.
(function () {
  var choice = null;
  try {
    choice = localStorage.getItem('automl.theme');
  } catch {
    // Storage may be forbidden; the system's theme then applies.
  }
  var dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
